"""Free times as patients choose among them: as cards, by the half hour, and other sets one press away."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from glede.diary.availability import Offer
from glede.diary.rules import PATIENT_DAYS_AHEAD
from glede.kernel.clock import day_of
from glede.kernel.words import day_words, time_words
from glede.portal import wording
from glede.portal.diary.forms import slot_value

NOTICE: Final = timedelta(hours=1)
DAYS: Final = 28
DAYS_A_PAGE: Final = 3
HALF: Final = 30
POOL: Final = 2_000


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """A free time as a card shows it."""

    value: str
    day: str
    hour: str
    who: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """Another set of times, one press away."""

    label: str
    query: str


def times(offers: Iterable[Offer], names: Mapping[UUID, str]) -> Iterator[OfferedTime]:
    """Yield free times as cards, the first chosen, each with the name of whom it is with."""
    tongue = wording.tongue()
    for place, offer in enumerate(offers):
        yield OfferedTime(
            slot_value(offer),
            day_words(offer.day, tongue),
            time_words(offer.wall_time, tongue),
            names.get(offer.practitioner_id, "") if offer.practitioner_id else "",
            is_chosen=place == 0,
        )


def by_half_hours(offers: Iterable[Offer]) -> list[Offer]:
    """Return the times of the first days that have any, one for each half hour."""
    chosen: dict[tuple[date, int, bool], Offer] = {}
    days: set[date] = set()
    for offer in offers:
        days.add(offer.day)
        if len(days) > DAYS_A_PAGE:
            break
        chosen.setdefault((offer.day, offer.wall_time.hour, offer.wall_time.minute >= HALF), offer)
    return list(chosen.values())


def first_day(request: HttpRequest, now: datetime, zone: str) -> date:
    """Return from which day on the reader asks for times: today, or a later one that may be booked."""
    today = day_of(now, zone)
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return today
    return min(max(asked, today), today + timedelta(days=PATIENT_DAYS_AHEAD))
