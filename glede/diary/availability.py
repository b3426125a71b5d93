"""Which times are free: from opening hours, people's hours and leave, what is held or kept, and the need. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from operator import itemgetter
from typing import Final
from uuid import UUID

from glede.diary.apart import Away, Kept, without
from glede.diary.gaps import Gap, fits, gaps, merge, starts, straight_after, touching
from glede.kernel.clock import zone_info
from glede.kernel.periods import Period, Span, WeeklyHours

GRID_MINUTES: Final = 10
LONG_APART: Final = timedelta(hours=2)


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

    ``practitioner_id`` is None where the practice keeps one diary for all. ``then`` is where what follows it would lie.
    """

    day: date
    wall_time: time
    practitioner_id: UUID | None
    starts_at: datetime
    then: "Offer | None" = None

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
    rooms and devices it takes beside the clinician. What ``is_urgent`` may take what is kept free for it. ``then`` is
    what follows with somebody else.
    """

    minutes: int
    buffer_minutes: int = 0
    grid_minutes: int = GRID_MINUTES
    more_time: tuple[str, ...] = ()
    asks_for: tuple[str, ...] = ()
    is_urgent: bool = False
    then: "Then | None" = None

    @property
    def length(self) -> timedelta:
        """The visit itself."""
        return timedelta(minutes=self.minutes)

    @property
    def held(self) -> timedelta:
        """The visit and the time after it."""
        return timedelta(minutes=self.minutes + self.buffer_minutes)


@dataclass(frozen=True, slots=True)
class Then:
    """What follows a visit with another clinician: of which service, how long, begun within so many minutes."""

    service_id: UUID | None
    need: Need
    within: int


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
    ``others`` are the chairs, and ``beside_then`` the rooms and devices, of what follows the visit.
    """

    hours: WeeklyHours
    chairs: Sequence[Chair]
    busy: Busy
    need: Need
    window: Window
    beside: tuple[tuple[UUID, ...], ...] = ()
    others: Sequence[Chair] = ()
    beside_then: tuple[tuple[UUID, ...], ...] = ()


def part_of(at: time) -> Part:
    """Return the part of the day: morning until noon, evening from 16:00."""
    if at < NOON:
        return Part.MORNING
    return Part.AFTERNOON if at < EVENING else Part.EVENING


def free_times(search: Search) -> Iterator[Offer]:
    """Yield the free times in order, each once, with the chair that has least to do that day.

    A time is free where the visit ends before the span closes and the time kept after it touches
    nothing that is held. Times the clock skips or shows twice are offered at most once. Where something
    follows the visit, a time is free only where both fit.
    """
    for of_day in _days(search, search.window.each_day()):
        yield from _of_day(of_day, _followers(of_day) if search.need.then else None)


def second_part(search: Search, day: date, start: datetime, chair: Chair) -> Offer | None:
    """Return where what follows would lie, where the visit begins on ``day`` at ``start`` with ``chair``."""
    follows = (follow for of_day in _days(search, [day]) if (follow := _followers(of_day)) is not None)
    return next((follow(start, chair) for follow in follows), None)


def _days(search: Search, days: Iterable[date]) -> Iterator["_Day"]:
    """Yield those of ``days`` on which the practice opens."""
    chairs = (*search.chairs, *search.others)
    held = {chair.id: merge(search.busy.get(chair.id, ())) for chair in chairs}
    groups = (*search.beside, *search.beside_then)
    held |= {ref: merge(search.busy.get(ref, ())) for group in groups for ref in group}
    weeks = {chair.id: _own_week(chair, search.hours) for chair in chairs}
    for day in days:
        opened = search.hours.periods_on(day)
        if opened:
            yield _Day(day, search, {key: _cut(opened, week, day) for key, week in weeks.items()}, held)


@dataclass(frozen=True, slots=True)
class _Day:
    """One open day of a search: ``spans`` by chair, before leave, and what is ``held`` by chair, room and device."""

    day: date
    search: Search
    spans: Mapping[UUID, list[Period]]
    held: Busy

    def free_of(self, chair: Chair, need: Need) -> tuple[Sequence[Period], Sequence[Period], float]:
        """Return when ``chair`` works, what of it a visit cannot take, and how many minutes are held."""
        spans = _there(self.spans[chair.id], self.day, self.search.hours, chair)
        if not spans:
            return (), (), 0
        # The time after a visit may run past closing time, and into whoever comes then.
        taken = touching(self.held[chair.id], spans[0].start, spans[-1].end + need.held - need.length)
        kept = [] if need.is_urgent else kept_periods(self.day, self.search.hours, chair, _asked_at(self.search))
        return spans, merge([*taken, *kept]) if kept else taken, sum(period.minutes for period in taken)


_Follow = Callable[[datetime, Chair], Offer | None]


def _of_day(of_day: _Day, follow: _Follow | None) -> Iterator[Offer]:
    search = of_day.search
    found: dict[datetime, list[tuple[float, int]]] = {}
    grid = timedelta(minutes=search.need.grid_minutes)
    for place, chair in enumerate(search.chairs):
        spans, taken, burden = of_day.free_of(chair, search.need)
        for start in starts(spans, taken, search.need, grid=grid, earliest=search.window.earliest):
            found.setdefault(start, []).append((burden, place))
    zone, window = zone_info(search.hours.zone), search.window
    for start in sorted(found):
        local = start.astimezone(zone)
        at = local.time()
        if part_of(at) not in window.parts or not _may_begin(of_day, search.need, search.beside, local):
            continue
        if follow is None:
            yield Offer(of_day.day, at, search.chairs[min(found[start])[1]].practitioner_id, start)
            continue
        chairs = (search.chairs[place] for _, place in sorted(found[start]))
        pairs = ((chair, then) for chair in chairs if (then := follow(start, chair)) is not None)
        for chair, then in islice(pairs, 1):
            yield Offer(of_day.day, at, chair.practitioner_id, start, then)


def _followers(of_day: _Day) -> _Follow | None:
    """Return what says where the second part would lie after a first one that begins then, at that chair."""
    search, first, then = of_day.search, of_day.search.need, of_day.search.need.then
    zone = zone_info(search.hours.zone)
    if then is None:
        return None
    there = sorted((_gaps_of(of_day, chair, then.need) for chair in search.others), key=itemgetter(0))
    # What both ask for may be the same room, which is held a little longer than the visit.
    begins = first.held if set(first.asks_for) & set(then.need.asks_for) else first.length

    def follow(start: datetime, chair: Chair) -> Offer | None:
        last = start + first.length + timedelta(minutes=then.within)
        for at in straight_after(start + begins, last, timedelta(minutes=GRID_MINUTES)):
            local = at.astimezone(zone)
            if _may_begin(of_day, then.need, search.beside_then, local):
                for _, other, gaps_there in there:
                    if other.id != chair.id and any(fits(gap, at, then.need) for gap in gaps_there):
                        return Offer(of_day.day, local.time(), other.practitioner_id, at)
        return None

    return follow


def _gaps_of(of_day: _Day, chair: Chair, need: Need) -> tuple[float, Chair, list[Gap]]:
    spans, taken, burden = of_day.free_of(chair, need)
    return burden, chair, [gap for span in spans for gap in gaps(span, taken)]


def _may_begin(of_day: _Day, need: Need, beside: Sequence[Sequence[UUID]], local: datetime) -> bool:
    """Return whether the person, the clock on the wall and the rooms allow a visit to begin then."""
    between = of_day.search.window.between
    return (
        local.fold == 0 and _suits(local, need, between) and _has_room(local.astimezone(UTC), need, beside, of_day.held)
    )


def _has_room(start: datetime, need: Need, beside: Sequence[Sequence[UUID]], held: Busy) -> bool:
    until = start + need.held
    return all(any(not touching(held[ref], start, until) for ref in group) for group in beside)


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
