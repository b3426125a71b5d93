"""Three layers of hours, one inside the other: the law, the practice, the person (docs/rules.md#hours).

All on the wall clock of the person's zone, at minute grain, half-open: 09:00-20:00 holds 19:59 and not 20:00.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from glede.kernel.clock import at_wall, wall, zone_info
from glede.kernel.periods import Period
from glede.outbox.policy.book import LIMITS, Edition, Week, holidays
from glede.outbox.policy.narrowing import Narrowing
from glede.outbox.policy.question import Person, Place
from glede.outbox.policy.vocabulary import Reason
from glede.outbox.reading import MINUTES_A_DAY

ALWAYS: Final[Week] = ((0, MINUTES_A_DAY),) * 7
# Two months hold every holiday and closure; hours that meet nowhere in them meet never.
SEARCH_DAYS: Final = 62

MIDNIGHT: Final = time(0)

Local = tuple[int, int]
Law = tuple[Edition, str, bool, bool, str, str]
Practice = tuple[time, time, bool, Narrowing]
Routine = tuple[frozenset[int], time | None, time | None]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The hours of one message: each layer's week, and the week that lies in all three."""

    law: Week
    practice: Week
    person: Week
    week: Week
    not_on: tuple[str, ...]

    def is_open(self, local: datetime, closed_on: frozenset[date]) -> bool:
        """Return True where all layers are open at ``local``, a moment in the person's zone."""
        return _holds(self.week, local) and not self._is_off(local.date(), closed_on)

    def shut(self, local: datetime, closed_on: frozenset[date]) -> tuple[Reason, ...]:
        """Return the layers that are shut at ``local``, the law first."""
        day = local.date()
        found = []
        if not _holds(self.law, local) or self._is_holiday(day):
            found.append(Reason.HOURS_OF_LAW)
        if not _holds(self.practice, local) or day in closed_on:
            found.append(Reason.HOURS_OF_PRACTICE)
        if not _holds(self.person, local):
            found.append(Reason.HOURS_OF_PERSON)
        return tuple(found)

    def span_on(self, day: date, closed_on: frozenset[date]) -> Local | None:
        """Return from and to in minutes on ``day``, or None where nothing may leave."""
        return None if self._is_off(day, closed_on) else self.week[day.weekday()]

    def _is_off(self, day: date, closed_on: frozenset[date]) -> bool:
        return day in closed_on or self._is_holiday(day)

    def _is_holiday(self, day: date) -> bool:
        return bool(self.not_on) and day in holidays(self.not_on, day.year)


def frame_for(
    edition: Edition, channel: str, person: Person, place: Place, *, is_marketing: bool, law_alone: bool = False
) -> Frame:
    """Return the hours in which a message to ``person`` may leave."""
    region = person.region or ("" if person.country and person.country != place.country else place.region)
    law = (edition, str(channel), is_marketing, person.is_customer, region, person.zone)
    if law_alone:
        return _frame_by(law, None, None)
    practice = (place.hours_from, place.hours_to, is_marketing, place.narrowed)
    return _frame_by(law, practice, (person.days, person.hours_from, person.hours_to))


def by_law_only(frame: Frame) -> Frame:
    """Return ``frame`` with the law's layer alone."""
    return _frame(frame.law, frame.not_on, ALWAYS, ALWAYS)


def first_open(frame: Frame, moment: datetime, zone: str, closed_on: frozenset[date]) -> datetime | None:
    """Return ``moment`` where it lies in all layers, else the next moment that does; None where there is none."""
    local = wall(moment, zone)
    if frame.is_open(local, closed_on):
        return moment
    today = local.date()
    for offset in range(SEARCH_DAYS):
        day = today + timedelta(days=offset)
        span = frame.span_on(day, closed_on)
        if span is None:
            continue
        for opening in _openings(day, span[0], zone):
            if opening > moment and frame.is_open(wall(opening, zone), closed_on):
                return opening
    return None


def period_on(frame: Frame, day: date, zone: str, closed_on: frozenset[date]) -> Period | None:
    """Return the stretch of ``day`` in which a message may leave, or None."""
    span = frame.span_on(day, closed_on)
    if span is None:
        return None
    begins = at_wall(day, _time(span[0]), zone)
    full_day = span[1] == MINUTES_A_DAY
    ends = at_wall(day + timedelta(days=1), time(0), zone) if full_day else at_wall(day, _time(span[1]), zone)
    return Period(begins, ends) if begins < ends else None


def next_midnight(moment: datetime, zone: str) -> datetime:
    """Return the first moment of the next calendar day in ``zone``."""
    return at_wall(wall(moment, zone).date() + timedelta(days=1), time(0), zone)


@lru_cache(maxsize=8192)
def _openings(day: date, minute: int, zone: str) -> tuple[datetime, ...]:
    first = at_wall(day, _time(minute), zone)
    # Where clocks go back the same wall time comes a second time: fold 1.
    second = datetime.combine(day, _time(minute), zone_info(zone)).replace(fold=1).astimezone(UTC)
    return (first,) if second == first else (first, second)


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _holds(week: Week, local: datetime) -> bool:
    span = week[local.weekday()]
    return span is not None and span[0] <= local.hour * 60 + local.minute < span[1]


@lru_cache(maxsize=8192)
def _frame_by(law: Law, practice: Practice | None, person: Routine | None) -> Frame:
    week, not_on = _law(*law)
    return _frame(week, not_on, _practice(*practice) if practice else ALWAYS, _routine(*person) if person else ALWAYS)


def _frame(law: Week, not_on: tuple[str, ...], practice: Week, person: Week) -> Frame:
    return Frame(law, practice, person, _meet(_meet(law, practice), person), not_on)


def _law(
    edition: Edition, channel: str, is_marketing: bool, is_customer: bool, *where: str
) -> tuple[Week, tuple[str, ...]]:
    region, zone = where
    week: Week = ALWAYS
    not_on: tuple[str, ...] = ()
    for hours in edition.hours:
        if hours.applies(channel, is_marketing=is_marketing, is_customer=is_customer, region=region, zone=zone):
            week, not_on = _meet(week, hours.week), (*not_on, *hours.not_on)
    return week, not_on


def _practice(hours_from: time, hours_to: time, is_marketing: bool, narrowed: Narrowing) -> Week:
    span = _span(hours_from, hours_to)
    week: Week = tuple(None if day in narrowed.quiet_days else span for day in range(7))
    if not is_marketing:
        return week
    own: Week = (_span(narrowed.marketing_from or MIDNIGHT, narrowed.marketing_to or MIDNIGHT),) * 7
    return _meet(_meet(week, LIMITS.marketing_week), own)


def _routine(days: frozenset[int], hours_from: time | None, hours_to: time | None) -> Week:
    span = _span(hours_from or time(0), hours_to or time(0))
    return tuple(span if not days or day in days else None for day in range(7))


def _span(begins: time, ends: time) -> Local | None:
    first, last = begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute
    last = last or MINUTES_A_DAY
    return (first, last) if first < last else None


def _meet(one: Week, other: Week) -> Week:
    return tuple(_overlap(a, b) for a, b in zip(one, other, strict=True))


def _overlap(one: Local | None, other: Local | None) -> Local | None:
    if one is None or other is None:
        return None
    begins, ends = max(one[0], other[0]), min(one[1], other[1])
    return (begins, ends) if begins < ends else None
