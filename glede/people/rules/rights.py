"""What somebody may ask for behind their link, by when it is owed, and what a correction may change."""

import calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from glede.people.rules.contacts import normal

# What a person can ask to have put right, and the fields of ours it is about.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("given_name", "family_name"),
    "birth_date": ("birth_date",),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("street", "postcode", "city"),
}
LIMITS: Final = {"given_name": 120, "family_name": 120, "street": 200, "postcode": 20, "city": 80}
WEEK: Final = timedelta(days=7)  # our own: a wrong number or name is put right before a letter goes astray
REVEALED_DAYS: Final = 30  # our own: so long the link shows who looked, once it was answered
OLDEST: Final = date(1890, 1, 1)


class UnreadableCorrection(ValueError):
    """What somebody wants instead cannot be that: the first argument says which field."""


def due(kind: str, asked_at: datetime) -> datetime:
    """Return by when a request is owed: a month by law (GDPR article 12), and a week where something is wrong."""
    if kind == "correction":
        return asked_at + WEEK
    year, month = (asked_at.year + 1, 1) if asked_at.month == 12 else (asked_at.year, asked_at.month + 1)
    return asked_at.replace(year=year, month=month, day=min(asked_at.day, calendar.monthrange(year, month)[1]))


def proposed(field: str, given: Mapping[str, str], *, country: str, today: date) -> dict[str, str]:
    """Return what should stand there, in the form we keep. Raises ``UnreadableCorrection``."""
    told = {name: " ".join(given.get(name, "").split()) for name in FIELDS[field]}
    if not any(told.values()):
        raise UnreadableCorrection(field)
    if field in {"phone", "email"}:
        contact = normal(field, told[field], country)  # type: ignore[arg-type]
        if contact is None:
            raise UnreadableCorrection(field)
        return {field: contact.address}
    if field == "birth_date":
        return {field: _birth_date(told[field], today)}
    return {name: words[: LIMITS[name]] for name, words in told.items()}


def _birth_date(words: str, today: date) -> str:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %m %Y"):
        try:
            found = datetime.strptime(words, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
        if OLDEST <= found <= today:
            return found.isoformat()
    raise UnreadableCorrection("birth_date")


def before(field: str, known: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands there now, as words."""
    return {name: str(known.get(name) or "") for name in FIELDS[field]}
