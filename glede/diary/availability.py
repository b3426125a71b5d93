"""Which times are free: from opening hours, people's hours and leave, what is held or kept, and the need. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from typing import Final
from uuid import UUID

from glede.diary.apart import Away, Kept, without
from glede.kernel.clock import zone_info
from glede.kernel.periods import Period, Span, WeeklyHours

GRID_MINUTES: Final = 10
LONG_APART: Final = timedelta(hours=2)
_START, _END = attrgetter("start"), attrgetter("end")


class Part(StrEnum):
    """A part of the day, by the clock on the wall."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


NOON: Final = time(12)
EVENING: Final = time(16)  # "after 4pm", as people with a day's work ask for it


@dataclass(frozen=True, slots=True)
class Offer:
    """A free time. The wall time is what a person is told; ``starts_at`` is the same in UTC.

    ``practitioner_id`` is None where the practice keeps one diary for all.
    """

    day: date
    wall_time: time
    practitioner_id: UUID | None
    starts_at: datetime

    @property
    def part(self) -> Part:
        """The part of the day it lies in."""
        return part_of(self.wall_time)


@dataclass(frozen=True, slots=True)
class Chair:
    """Whose time can be taken. ``hours`` None means whenever the practice is open.

    ``away`` is when nobody is at it, ``kept`` what is kept free for what is urgent.
    """

    id: UUID
    practitioner_id: UUID | None
    hours: tuple[Span, ...] | None = None
    away: tuple[Away, ...] = ()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """How long a visit takes, and the time kept free after it, in minutes.

    ``more_time`` says why it takes longer than others of its service (``catalogue.rules.MoreTime``), ``asks_for`` which
    rooms and devices it takes beside the clinician. What ``is_urgent`` may take what is kept free for it.
    """

    minutes: int
    buffer_minutes: int = 0
    grid_minutes: int = GRID_MINUTES
    more_time: tuple[str, ...] = ()
    asks_for: tuple[str, ...] = ()
    is_urgent: bool = False

    @property
    def length(self) -> timedelta:
        """The visit itself."""
        return timedelta(minutes=self.minutes)

    @property
    def held(self) -> timedelta:
        """The visit and the time after it."""
        return timedelta(minutes=self.minutes + self.buffer_minutes)


@dataclass(frozen=True, slots=True)
class Window:
    """Where to look: ``days`` days from ``from_day`` on, nothing before ``earliest``.

    ``between`` are a person's own hours on the wall: the visit begins and ends within them. ``asked_at`` is when it is
    asked, by which kept times are released; None: ``earliest``.
    """

    from_day: date
    days: int
    earliest: datetime
    parts: frozenset[Part] = field(default_factory=lambda: frozenset(Part))
    between: tuple[time, time] | None = None
    asked_at: datetime | None = None

    def each_day(self) -> Iterator[date]:
        """Yield the days, in order."""
        return (self.from_day + timedelta(days=offset) for offset in range(self.days))


Busy = Mapping[UUID, Sequence[Period]]


@dataclass(frozen=True, slots=True)
class Search:
    """A question about free times: when it is open, whose time, what is held, how long, and where to look.

    ``beside`` are the rooms and devices that serve for each thing the visit asks for: one of each must be free.
    """

    hours: WeeklyHours
    chairs: Sequence[Chair]
    busy: Busy
    need: Need
    window: Window
    beside: tuple[tuple[UUID, ...], ...] = ()


def part_of(at: time) -> Part:
    """Return the part of the day: morning until noon, evening from 16:00."""
    if at < NOON:
        return Part.MORNING
    return Part.AFTERNOON if at < EVENING else Part.EVENING


def free_times(search: Search) -> Iterator[Offer]:
    """Yield the free times in order, each once, with the chair that has least to do that day.

    A time is free where the visit ends before the span closes and the time kept after it touches
    nothing that is held. Times the clock skips or shows twice are offered at most once.
    """
    held = [merge(search.busy.get(chair.id, ())) for chair in search.chairs]
    beside = {ref: merge(search.busy.get(ref, ())) for group in search.beside for ref in group}
    weeks = [_own_week(chair, search.hours) for chair in search.chairs]
    for day in search.window.each_day():
        opened = search.hours.periods_on(day)
        if opened:
            working = [
                _there(_cut(opened, week, day), day, search.hours, chair)
                for chair, week in zip(search.chairs, weeks, strict=True)
            ]
            yield from (offer for offer in _of_day(day, search, working, held) if _has_room(offer, search, beside))


def _of_day(
    day: date, search: Search, working: Sequence[Sequence[Period]], held: Sequence[Sequence[Period]]
) -> Iterator[Offer]:
    best: dict[datetime, tuple[float, int]] = {}
    for place, spans in enumerate(working):
        if not spans:
            continue
        # The time after a visit may run past closing time, and into whoever comes then.
        runs_to = spans[-1].end + search.need.held - search.need.length
        taken = _touching(held[place], spans[0].start, runs_to)
        burden = (sum(period.minutes for period in taken), place)
        kept = [] if search.need.is_urgent else kept_periods(day, search.hours, search.chairs[place], _asked_at(search))
        for start in _starts(spans, merge([*taken, *kept]) if kept else taken, search.need, search.window.earliest):
            if start not in best or burden < best[start]:
                best[start] = burden
    zone, window = zone_info(search.hours.zone), search.window
    for start in sorted(best):
        local = start.astimezone(zone)
        at = local.time()
        if local.fold == 0 and part_of(at) in window.parts and _suits(local, search.need, window.between):
            yield Offer(day, at, search.chairs[best[start][1]].practitioner_id, start)


def _has_room(offer: Offer, search: Search, held: Busy) -> bool:
    until = offer.starts_at + search.need.held
    return all(any(not _touching(held[ref], offer.starts_at, until) for ref in group) for group in search.beside)


def _suits(local: datetime, need: Need, between: tuple[time, time] | None) -> bool:
    if between is None:
        return True
    ends = (local.astimezone(UTC) + need.length).astimezone(local.tzinfo)
    return between[0] <= local.time() and ends.date() == local.date() and ends.time() <= between[1]


def working_periods(day: date, hours: WeeklyHours, chair: Chair) -> list[Period]:
    """Return when somebody works at ``chair`` on ``day``: the practice's hours, cut to their own, without leave."""
    return _there(_cut(hours.periods_on(day), _own_week(chair, hours), day), day, hours, chair)


def kept_periods(day: date, hours: WeeklyHours, chair: Chair, now: datetime) -> list[Period]:
    """Return what of ``day`` is kept at ``chair`` for what is urgent, as long as it is not released at ``now``."""
    return merge(period for kept in chair.kept for period in kept.on(day, hours.zone, now))


def _asked_at(search: Search) -> datetime:
    return search.window.asked_at or search.window.earliest


def _there(spans: list[Period], day: date, hours: WeeklyHours, chair: Chair) -> list[Period]:
    return without(spans, (gone for away in chair.away for gone in away.on(day, hours.zone))) if chair.away else spans


def _own_week(chair: Chair, hours: WeeklyHours) -> WeeklyHours | None:
    return None if chair.hours is None else WeeklyHours(chair.hours, frozenset(), hours.zone)


def _cut(opened: list[Period], week: WeeklyHours | None, day: date) -> list[Period]:
    if week is None or not opened:
        return opened
    own = week.periods_on(day)
    return [
        Period(max(a.start, b.start), min(a.end, b.end))
        for a in opened
        for b in own
        if max(a.start, b.start) < min(a.end, b.end)
    ]


def merge(periods: Iterable[Period]) -> list[Period]:
    """Return the same stretches of time, in order, none touching another."""
    merged: list[Period] = []
    for period in sorted(periods, key=_START):
        if merged and period.start <= merged[-1].end:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, period.end))
        else:
            merged.append(period)
    return merged


def _touching(merged: Sequence[Period], start: datetime, end: datetime) -> Sequence[Period]:
    # None of them overlaps another, so starts and ends both rise.
    return merged[bisect_right(merged, start, key=_END) : bisect_left(merged, end, key=_START)]


def _starts(spans: Sequence[Period], taken: Sequence[Period], need: Need, earliest: datetime) -> Iterator[datetime]:
    grid, length, held = timedelta(minutes=need.grid_minutes), need.length, need.held
    for span in spans:
        for gap, held_to in _gaps(span, taken):
            if gap.end - gap.start < length:
                continue
            last = gap.end - length if held_to is None else min(gap.end - length, held_to - held)
            start = on_grid(max(gap.start, earliest), grid)
            while start <= last:
                yield start
                start += grid


def _gaps(span: Period, taken: Sequence[Period]) -> Iterator[tuple[Period, datetime | None]]:
    # Each gap with the moment at which the next visit begins. The time after the last visit of a
    # span may run past closing time; it may never run into somebody's visit.
    start = span.start
    for period in taken:
        if period.start >= span.end:
            yield Period(start, span.end), period.start
            return
        if period.start > start:
            yield Period(start, min(period.start, span.end)), period.start
        start = max(start, period.end)
        if start >= span.end:
            return
    yield Period(start, span.end), None


def on_grid(moment: datetime, grid: timedelta) -> datetime:
    """Return the first moment from ``moment`` on that lies on the grid of the full hour."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour + -(-(moment - hour) // grid) * grid


def three_times(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Return the three soonest that are a real choice: the first, one well apart, one on another day.

    Well apart is another part of the day or two hours on. Where there is no such choice, whatever
    comes next fills the three.
    """
    pool = list(islice(offers, 2_000))
    chosen = pool[:1]
    if chosen:
        chosen += list(islice((o for o in pool if _apart(o, chosen[0])), 1))
        chosen += list(islice((o for o in pool if all(o.day != c.day for c in chosen)), 1))
    chosen += [offer for offer in pool if offer not in chosen][: 3 - len(chosen)]
    return tuple(sorted(chosen, key=lambda offer: offer.starts_at))


def _apart(offer: Offer, first: Offer) -> bool:
    return offer.starts_at - first.starts_at >= LONG_APART or offer.part != first.part


def nearest_three(offers: Iterable[Offer], wanted: datetime, practitioner_id: UUID | None = None) -> tuple[Offer, ...]:
    """Return the three nearest to the time that was lost, those with the same person first when as near."""

    def distance(offer: Offer) -> tuple[timedelta, bool, datetime]:
        return abs(offer.starts_at - wanted), offer.practitioner_id != practitioner_id, offer.starts_at

    return tuple(sorted(offers, key=distance)[:3])


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person is shown: the three soonest, and whether there are more of each kind."""

    soonest: tuple[Offer, ...]
    by_part: Mapping[Part, tuple[Offer, ...]]
    by_practitioner: Mapping[UUID, tuple[Offer, ...]]


def choice(offers: Sequence[Offer], own: Mapping[UUID, Sequence[Offer]]) -> Choice:
    """Return three times to choose from, three for each part of the day, three with each person.

    ``own`` holds each practitioner's free times, which ``offers`` names one person for.
    """
    return Choice(
        soonest=three_times(offers),
        by_part={part: three_times(o for o in offers if o.part == part) for part in Part},
        by_practitioner={key: three_times(times) for key, times in own.items()},
    )
