"""Name those who see patients, and take bookings for them or no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.practices.operations import GONE, STANDS, NoSuchChange, change_to_undo, record_change
from glede.practices.recording import Act, act
from glede.staff.models import Membership, Practitioner
from glede.staff.operations.colleagues import NoSuchColleague


class NoSuchPractitioner(LookupError):
    """Nobody of the practice is known by this id."""


@dataclass(frozen=True)
class NewPractitioner:
    """What is asked of somebody patients are booked with."""

    display_name: str
    given_name: str
    title: str = ""
    membership_id: UUID | None = None
    external_id: str = ""
    sort: int = 0


def add_practitioner(*, practice_id: UUID, new: NewPractitioner, by: Actor, now: datetime) -> Practitioner:
    """Name somebody patients can be booked with."""
    with act(practice_id, by=by, now=now) as adding:
        row = Practitioner.objects.create(practice_id=practice_id, **vars(new))
        adding.lock(Ref("practitioner", row.pk))
        _note(adding, row.pk, "added", before=GONE, after=STANDS)
    return row


NAMED = frozenset({"display_name", "given_name", "title", "sort", "external_id", "membership_id"})


def change_practitioner(
    *,
    practice_id: UUID,
    practitioner_id: UUID,
    changes: dict[str, Any],
    undoes: UUID | None = None,
    by: Actor,
    now: datetime,
) -> UUID | None:
    """Change how a practitioner is named and as whom they sign in; return the change, None where nothing differs.

    Raises ``NoSuchPractitioner``, ``NoSuchColleague``, and ``ValueError`` for a field that says something else.
    """
    with act(practice_id, by=by, now=now) as changing:
        before, after = name_practitioner(changing, practitioner_id, changes)
        if not after:
            return None
        return _note(changing, practitioner_id, "changed", before=before, after=after, undoes=undoes)


def name_practitioner(
    changing: Act, practitioner_id: UUID, changes: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write how a practitioner is named, and return what it was and is, by field, as far as it differs.

    It is a part of an act, which records it. Raises as ``change_practitioner``.
    """
    if changes.keys() - NAMED:
        raise ValueError(f"Not said of a practitioner: {', '.join(sorted(changes.keys() - NAMED))}")
    changing.lock(Ref("practitioner", practitioner_id))
    row = Practitioner.objects.filter(practice_id=changing.practice_id, pk=practitioner_id).first()
    if row is None:
        raise NoSuchPractitioner(str(practitioner_id))
    said = {name: _said(getattr(row, name)) for name in sorted(changes)}
    before = {name: value for name, value in said.items() if value != _said(changes[name])}
    after = {name: _said(changes[name]) for name in before}
    _check_here(changing.practice_id, after.get("membership_id"))
    for name, value in after.items():
        setattr(row, name, value)
    row.save(update_fields=list(after))
    return before, after


def _said(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _check_here(practice_id: UUID, membership_id: str | None) -> None:
    rows = Membership.objects.filter(practice_id=practice_id)
    if membership_id is not None and not rows.filter(pk=membership_id).exists():
        raise NoSuchColleague(membership_id)


def end_practitioner(
    *, practice_id: UUID, practitioner_id: UUID, undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID | None:
    """Take no more bookings for a practitioner; what is booked stands. Returns the change, None where it stood so."""
    with act(practice_id, by=by, now=now) as ending:
        ending.lock(Ref("practitioner", practitioner_id))
        if not Practitioner.objects.filter(pk=practitioner_id, ended_at=None).update(ended_at=now):
            return None
        return _note(ending, practitioner_id, "ended", before=STANDS, after=GONE, undoes=undoes)


def bring_back_practitioner(
    *, practice_id: UUID, practitioner_id: UUID, undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID | None:
    """Take bookings for a practitioner again. Returns the change, None where it stood so."""
    with act(practice_id, by=by, now=now) as bringing:
        bringing.lock(Ref("practitioner", practitioner_id))
        if not Practitioner.objects.filter(pk=practitioner_id, ended_at__isnull=False).update(ended_at=None):
            return None
        return _note(bringing, practitioner_id, "brought_back", before=GONE, after=STANDS, undoes=undoes)


def undo_practitioner(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let a practitioner be again what they were before a change. Raises ``NoSuchChange``, ``ChangedSince``."""
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id, "practitioner")
        if not change.before.keys() <= NAMED | {"stands"}:
            raise NoSuchChange(str(change_id))
        given: dict[str, Any] = {"practice_id": practice_id, "practitioner_id": change.subject_id, "undoes": change_id}
        given |= {"by": by, "now": now}
        if change.before == GONE:
            return end_practitioner(**given)
        if change.before == STANDS:
            return bring_back_practitioner(**given)
        return change_practitioner(changes=change.before, **given)


def _note(this: Act, practitioner_id: UUID, what: str, **change: Any) -> UUID:
    return record_change(this, Ref("practitioner", practitioner_id), f"staff.practitioner.{what}", **change)
