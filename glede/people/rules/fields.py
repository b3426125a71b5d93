"""What changes when somebody says something new about a person, and what an import may not touch."""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from glede.people.values import PersonForm

# The fields whose earlier words are kept; the rest of a person are rows of their own.
FIELDS = (
    "given_name", "family_name", "how_to_say", "birth_date", "language", "style", "zone", "external_id", "source",
    "known_since", "deceased_on", "safeguarded_since", "guardian_id", "household_id",
    "street", "postcode", "city",
)  # fmt: skip
OURS = frozenset({"staff", "patient"})

Value = str | date | UUID | None


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as text; blank is "not known"."""

    field: str
    was: str
    value: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to change, and which fields an import wished otherwise but were set here."""

    made: tuple[Change, ...]
    kept_ours: tuple[str, ...]


def as_text(value: object) -> str:
    """Return a field's value as it stands in the history: ISO dates, blank for nothing."""
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def changes(current: Mapping[str, Value], wanted: Mapping[str, Value], *, role: str, ours: Collection[str]) -> Changes:
    """Return the fields to change. An import never blanks a field and never overwrites one set here.

    ``current`` and ``wanted`` map names of ``FIELDS`` to values; ``ours`` names the fields a colleague
    or the person set; ``role`` is the role of who asks.
    """
    made, kept = [], []
    for field, value in wanted.items():
        was, new = as_text(current[field]), as_text(value)
        if was == new or (role == "import" and not new):
            continue
        if role == "import" and field in ours:
            kept.append(field)
        else:
            made.append(Change(field, was, new))
    return Changes(tuple(made), tuple(kept))


def fields_set_here(current: Mapping[str, object], added_by: str, last: Mapping[str, str]) -> frozenset[str]:
    """Return the fields whose present value a colleague or the person themselves set.

    ``last`` gives the role that changed a field last; a field never changed was set by who added the person.
    """
    return frozenset(
        name for name in FIELDS if (last[name] in OURS if name in last else added_by in OURS and bool(current[name]))
    )


def form_fields(form: PersonForm) -> dict[str, Value]:
    """Return the fields a form speaks of, trimmed to what a column holds; contacts are no fields."""
    return {
        "given_name": _words(form.given_name),
        "family_name": _words(form.family_name),
        "how_to_say": _words(form.how_to_say),
        "birth_date": form.birth_date,
        "language": form.language.strip()[:8],
        "style": form.style or "",
        "external_id": form.external_id.strip()[:120],
        "source": form.source.strip()[:60],
        "known_since": form.known_since,
        "deceased_on": form.deceased_on,
        "street": " ".join(form.street.split())[:200],
        "postcode": " ".join(form.postcode.split())[:20],
        "city": " ".join(form.city.split())[:80],
    }


def _words(text: str) -> str:
    return " ".join(text.split())[:120]


def personal_part(values: Mapping[str, object]) -> bytes:
    """Return the canonical bytes of what was said about a person: sorted JSON without blanks."""
    held = {name: as_text(value) for name, value in values.items() if as_text(value)}
    return json.dumps(held, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def commitment(key: bytes, values: Mapping[str, object]) -> str:
    """Return HMAC-SHA-256 over the personal part under the person's own key, in hex.

    It stands in the event instead of the words: whoever holds the key can prove the words, and once
    the key is destroyed nobody can tie the event to a person (docs/privacy.md#erasure).
    """
    return hmac.new(key, personal_part(values), hashlib.sha256).hexdigest()


def salted_hash(pepper: bytes, kind: str, address: str) -> bytes:
    """Return the hash by which a refusal outlives an erasure; without ``pepper`` it cannot be guessed."""
    return hmac.new(pepper, f"{kind}\x1f{address}".encode(), hashlib.sha256).digest()
