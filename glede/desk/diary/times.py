"""Free times as the desk offers them, when booking and when moving."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from glede.desk.access import DeskRequest
from glede.diary import queries as diary
from glede.diary.requests import TimesWanted
from glede.kernel.clock import day_of
from glede.kernel.words import short_day_words, time_words
from glede.staff.queries import practitioners

DAYS, SHOWN, FIRST = 14, 24, 3


@dataclass(frozen=True)
class Offered:
    """One time to press."""

    value: str
    day: str
    time: str
    who: str
    key: str
    on: date
    starts_at: datetime
    practitioner_id: UUID | None


@dataclass(frozen=True)
class Search:
    """What was asked of the diary, and what it offers."""

    first: list[Offered]
    more: list[Offered]
    chairs: list[Any]
    practitioner_id: UUID | None
    from_: date
    earliest: date
    is_urgent: bool = False


def search(
    request: DeskRequest, service_id: UUID | None, *, practitioner_id: UUID | None = None, **asked: Any
) -> Search:
    """Return free times by what the address asks: ``with`` (a practitioner) and ``from`` (a day).

    ``asked`` are other fields of ``TimesWanted``: whom they are for, how long.
    """
    chairs = practitioners(request.practice.pk)
    chosen = read_uuid(request.GET.get("with")) or practitioner_id
    chosen = chosen if chosen in {c.id for c in chairs} else None
    today = day_of(request.now, request.practice.zone)
    from_ = max(today, read_day(request.GET.get("from")) or today)
    wanted = TimesWanted(
        from_day=from_, days=DAYS, service_id=service_id, practitioner_id=chosen, limit=SHOWN * 4,
        is_urgent=is_urgent(request), **asked,
    )  # fmt: skip
    offers = diary.slots(request.practice.pk, wanted, now=request.now)
    names = {c.id: c.given_name for c in chairs}
    shown = [_offered(offer, names, n) for n, offer in enumerate(_spread(offers))]
    return Search(shown[:FIRST], shown[FIRST:SHOWN], chairs, chosen, from_, today, wanted.is_urgent)


def is_urgent(request: DeskRequest) -> bool:
    """Return True where the tick says that it cannot wait: a time kept for that will do."""
    return "urgent" in request.GET or "urgent" in request.POST


def _spread(offers: list[Any]) -> list[Any]:
    """Return the offers, the three first on different hours, so that they are a real choice."""
    first: list[Any] = []
    for offer in offers:
        if len(first) < FIRST and all(abs(offer.starts_at - f.starts_at) >= timedelta(hours=1) for f in first):
            first.append(offer)
    return first + [o for o in offers if o not in first]


def _offered(offer: Any, names: dict[UUID, str], n: int) -> Offered:
    who = names.get(offer.practitioner_id, "")
    value = f"{offer.day.isoformat()}T{offer.wall_time:%H:%M}|{offer.practitioner_id or ''}"
    hour = time_words(offer.wall_time, "en", "staff")
    key = str(n + 1) if n < FIRST else ""
    day = short_day_words(offer.day, get_language() or "en")
    return Offered(value, day, hour, who, key, offer.day, offer.starts_at, offer.practitioner_id)


def read_slot(text: str) -> tuple[date, time, UUID | None] | None:
    """Return the day, the time and the practitioner that a pressed time stands for, or None."""
    moment, _, who = text.partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return at.date(), at.time(), read_uuid(who)


def read_uuid(text: str | None) -> UUID | None:
    """Return the id written in ``text``, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def read_day(text: str | None) -> date | None:
    """Return the day written in ``text``, or None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
