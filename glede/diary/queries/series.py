"""A series before it is booked, date by date, and as it stands after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from glede.diary import availability, errors, rules, series
from glede.diary.availability import Chair, Offer, Search, Window
from glede.diary.facts import VisitFacts
from glede.diary.models import Appointment, Series
from glede.diary.queries.facts import facts_for
from glede.diary.queries.needs import need_of
from glede.diary.queries.times import Setting, only, search_in, setting_of
from glede.diary.series import Chosen, Rule, Unit
from glede.kernel.clock import at_wall, day_of
from glede.kernel.periods import Period
from glede.practices import scope

WEEK = 7


@dataclass(frozen=True, slots=True)
class Date:
    """One visit of a series not booked yet. ``why`` is "" where the time is free, else what stands against it.

    That is taken, kept, closed, outside, away, past or no_such_time. ``nearest`` are up to three others of that week.
    """

    number: int
    day: date
    wall_time: time
    why: str
    nearest: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a series is asked for: whose visits, of which service, with whom, and at which time on the wall."""

    patient_id: UUID
    service_id: UUID | None
    practitioner_id: UUID | None
    wall_time: time


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A series as it stands: the visits booked, by their number, and what is not booked yet."""

    id: UUID
    wanted: Wanted
    rule: Rule
    is_booked: bool
    is_ended: bool
    visits: Mapping[int, VisitFacts]
    missing: tuple[Date, ...]


def preview(practice_id: UUID, wanted: Wanted, rule: Rule, *, now: datetime) -> list[Date]:
    """Return each date of a series with whether its time is free, and the nearest others of its week.

    As many statements for fifty dates as for two. Raises ``BadSeries``, ``UnknownService``, ``UnknownPractitioner``.
    """
    days = series.days(rule)
    chosen = [Chosen(n, day, wanted.wall_time, wanted.practitioner_id) for n, day in enumerate(days, start=1)]
    return _dates(practice_id, wanted, chosen, now=now)


def _dates(practice_id: UUID, wanted: Wanted, chosen: Iterable[Chosen], *, now: datetime) -> list[Date]:
    asked = list(chosen)
    if not asked:
        return []
    with scope.transaction(practice_id, read_only=True):
        setting = setting_of(practice_id)
        need = need_of(practice_id, wanted.service_id, patient_id=wanted.patient_id, day=asked[0].day)
        need = replace(need, grid_minutes=_grid(wanted.wall_time))
        first = min(one.day for one in asked) - timedelta(days=WEEK)
        last = max(one.day for one in asked) + timedelta(days=WEEK)
        search = search_in(setting, need, Window(first, (last - first).days + 1, now))
    search = only(search, wanted.practitioner_id)
    return [_date(one, search, setting, now) for one in asked]


def _grid(at: time) -> int:
    return next(step for step in (availability.GRID_MINUTES, 5, 1) if at.minute % step == 0)


def _date(one: Chosen, search: Search, setting: Setting, now: datetime) -> Date:
    zone = setting.practice.zone
    monday = max(one.day - timedelta(days=one.day.weekday()), day_of(now, zone))
    start, end = at_wall(monday, time(0), zone), at_wall(monday + timedelta(days=WEEK), time(0), zone)
    wide = {ref: [p for p in periods if p.end > start and p.start < end] for ref, periods in search.busy.items()}
    week = replace(search, busy=wide, window=replace(search.window, from_day=monday, days=WEEK))
    offers = [
        offer for offer in availability.free_times(week) if offer.day.isocalendar()[:2] == one.day.isocalendar()[:2]
    ]
    if any((offer.day, offer.wall_time) == (one.day, one.wall_time) for offer in offers):
        return Date(one.number, one.day, one.wall_time, "", ())
    nearest = availability.nearest_three(offers, at_wall(one.day, one.wall_time, zone), one.practitioner_id)
    return Date(one.number, one.day, one.wall_time, _against(one, search, setting, now), nearest)


def _against(one: Chosen, search: Search, setting: Setting, now: datetime) -> str:
    """Return what stands against a time that is not free."""
    need, zone = search.need, setting.practice.zone
    try:
        placed = rules.place(one.day, one.wall_time, zone, minutes=need.minutes)
    except errors.NoSuchTime:
        return "no_such_time"
    if placed.starts_at <= now:
        return "past"
    if not setting.hours.periods_on(one.day):
        return "closed"
    lies = Period(placed.starts_at, placed.ends_at)
    return min((_at_chair(chair, one, lies, setting, now) for chair in search.chairs), key=_NEAREST.index)


_NEAREST = ("taken", "kept", "away", "outside")


def _at_chair(chair: Chair, one: Chosen, lies: Period, setting: Setting, now: datetime) -> str:
    if rules.within(lies, availability.working_periods(one.day, setting.hours, chair)):
        kept = availability.kept_periods(one.day, setting.hours, chair, now)
        return "kept" if any(lies.overlaps(period) for period in kept) else "taken"
    there = availability.working_periods(one.day, setting.hours, replace(chair, away=()))
    return "away" if rules.within(lies, there) else "outside"


def series_facts(practice_id: UUID, series_id: UUID, *, now: datetime) -> SeriesFacts:
    """Return a series as it stands. Raises ``NoSuchSeries``; another practice's is unknown."""
    with scope.transaction(practice_id, read_only=True):
        row = Series.objects.filter(practice_id=practice_id, pk=series_id).first()
        if row is None:
            raise errors.NoSuchSeries
        keys = Appointment.objects.filter(practice_id=practice_id, series_id=series_id).values_list("id", flat=True)
        found = facts_for(practice_id, keys)
    visits = {visit.series_number: visit for visit in found if visit.series_number}
    wanted = Wanted(row.patient_id, row.service_id, row.practitioner_id, row.wall_time)
    left = [one for one in map(series.chosen_of, row.chosen) if one.number not in visits]
    try:
        missing = () if row.ended_at else tuple(_dates(practice_id, wanted, left, now=now))
    except (errors.UnknownService, errors.UnknownPractitioner):
        missing = tuple(Date(one.number, one.day, one.wall_time, "outside", ()) for one in left)
    rule = Rule(row.first_on, row.every, Unit(row.unit), row.count)
    is_booked, is_ended = row.booked_at is not None, row.ended_at is not None
    return SeriesFacts(row.pk, wanted, rule, is_booked, is_ended, visits, missing)
