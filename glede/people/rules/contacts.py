"""Which contacts come, stay and end when somebody says how a person is reached now."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from glede.kernel.contact import email_key, is_landline, phone_e164
from glede.people.values import ContactKind

OURS = frozenset({"staff", "patient"})


@dataclass(frozen=True, slots=True)
class Normal:
    """One address in its normal form, with the words it was given in."""

    kind: ContactKind
    value: str
    address: str
    takes_texts: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """A contact on file: in force where ``ended_by`` is None."""

    id: UUID
    kind: str
    address: str
    added_by: str
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class ContactChanges:
    """What a list's newer word about contacts comes to."""

    added: tuple[Normal, ...]
    ended: tuple[UUID, ...]


def normal(kind: ContactKind, value: str, country: str) -> Normal | None:
    """Return the contact in its normal form, or None where it cannot be one. Phones as dialled in ``country``."""
    words = " ".join(value.split())[:254]
    address = email_key(words) if kind == "email" else phone_e164(words, country)
    return Normal(kind, words, address, kind == "email" or not is_landline(address)) if address else None


def from_list(known: Iterable[Known], wanted: Iterable[Normal]) -> ContactChanges:
    """Return what to add and end when a list names ``wanted``.

    A list ends only what a list brought, and only where it names another of that kind; it never brings
    back what a colleague or the person ended.
    """
    held = list(known)
    named = list({(n.kind, n.address): n for n in wanted}.values())
    in_force = {(k.kind, k.address) for k in held if k.ended_by is None}
    refused = {(k.kind, k.address) for k in held if k.ended_by in OURS}
    added = tuple(n for n in named if (n.kind, n.address) not in in_force | refused)
    kinds = {n.kind for n in named}
    keep = {(n.kind, n.address) for n in named}
    ended = tuple(
        k.id
        for k in held
        if k.ended_by is None and k.added_by == "import" and k.kind in kinds and (k.kind, k.address) not in keep
    )
    return ContactChanges(added, ended)
