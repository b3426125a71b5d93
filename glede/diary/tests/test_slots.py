"""The first free times: by service, person, length and hours, true on every day, for one day's statements."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from glede.diary import operations, queries
from glede.diary.apart import Away, Kept
from glede.diary.availability import Chair, Need, Offer, Part, Search, Window, free_times, part_of, working_periods
from glede.diary.requests import TimesWanted, TimeToHold
from glede.diary.tests.stories import FRIDAY, THURSDAY, book, do, listed, oslo
from glede.kernel.actor import IMPORT, STRANGER
from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Hours, Period, Span, WeeklyHours
from glede.practices.operations import NewException, add_exception
from tests.cast import House, open_solberg
from tests.depth import count

OSLO = "Europe/Oslo"
CHANGES = [date(2026, 3, 28), date(2026, 10, 24), date(2027, 3, 27), date(2026, 11, 26)]


def naive(search: Search) -> list[Offer]:
    """Every grid point of every day tried with everybody, minute by minute: slow, and plainly right."""
    return [offer for day in search.window.each_day() for offer in naive_day(day, search)]


def naive_day(day: date, search: Search) -> Iterator[Offer]:
    moment, end = at_wall(day, time(0), OSLO), at_wall(day + timedelta(days=1), time(0), OSLO)
    while moment < end:
        free = [(burden(day, chair, search), n) for n, chair in enumerate(search.chairs) if fits(moment, chair, search)]
        local = wall(moment, OSLO)
        if free and not local.fold and part_of(local.time()) in search.window.parts:
            yield Offer(day, local.time(), search.chairs[min(free)[1]].practitioner_id, moment)
        moment += timedelta(minutes=search.need.grid_minutes)


def fits(moment: datetime, chair: Chair, search: Search) -> bool:
    ends = moment + search.need.length
    if moment < search.window.earliest or not suits(moment, ends, search.window):
        return False
    there = replace(chair, away=())
    spans = working_periods(wall(moment, OSLO).date(), search.hours, there)
    inside = any(span.start <= moment and ends <= span.end for span in spans)
    wanted = Period(moment, moment + search.need.held)
    held = any(wanted.overlaps(period) for period in search.busy.get(chair.id, ()))
    gone = any(is_gone(minute, chair) for minute in minutes_of(Period(moment, ends)))
    return inside and not held and not gone and not is_kept(wanted, chair, search)


def is_gone(minute: int, chair: Chair) -> bool:
    """Whether they are away, as a clock on the wall says in that minute."""
    there = wall(datetime.fromtimestamp(minute * 60, UTC), OSLO)
    return any(
        one.first_on <= there.date() <= one.last_on
        and (one.from_time or time(0)) <= there.time() < (one.to_time or time.max)
        for one in chair.away
    )


def is_kept(wanted: Period, chair: Chair, search: Search) -> bool:
    if search.need.is_urgent:
        return False
    return any(kept_in(minute, one, search) for minute in minutes_of(wanted) for one in chair.kept)


def kept_in(minute: int, kept: Kept, search: Search) -> bool:
    there = wall(datetime.fromtimestamp(minute * 60, UTC), OSLO)
    if there.weekday() != kept.weekday or not kept.opens <= there.time() < kept.closes:
        return False
    if kept.release_days is None or kept.release_at is None:
        return True
    asked = wall(search.window.asked_at or search.window.earliest, OSLO).replace(tzinfo=None)
    return asked < datetime.combine(there.date() - timedelta(days=kept.release_days), kept.release_at)


def suits(moment: datetime, ends: datetime, window: Window) -> bool:
    if window.between is None:
        return True
    begin, end = wall(moment, OSLO), wall(ends, OSLO)
    return window.between[0] <= begin.time() and begin.date() == end.date() and end.time() <= window.between[1]


def burden(day: date, chair: Chair, search: Search) -> int:
    spans = working_periods(day, search.hours, chair)
    if not spans:
        return 0
    until = spans[-1].end + search.need.held - search.need.length
    held = set()
    for period in search.busy.get(chair.id, ()):
        joined = [p for p in search.busy[chair.id] if p.start <= period.end and period.start <= p.end]
        touches = any(p.start < until and spans[0].start < p.end for p in whole(joined, search.busy[chair.id]))
        held |= minutes_of(period) if touches else set()
    return len(held)


def whole(some: Sequence[Period], every: Sequence[Period]) -> Sequence[Period]:
    """All that touches what is given, and what touches that."""
    more = [p for p in every if any(p.start <= q.end and q.start <= p.end for q in some)]
    return more if len(more) == len(some) else whole(more, every)


def minutes_of(period: Period) -> set[int]:
    first = int(period.start.timestamp()) // 60
    return set(range(first, first + int(period.minutes)))


def spans() -> st.SearchStrategy[tuple[Span, ...]]:
    hours = st.lists(st.integers(0, 23), min_size=2, max_size=6, unique=True).map(sorted)
    return hours.map(
        lambda marks: tuple(
            Span(day, time(a), time(b)) for day in range(7) for a, b in zip(marks[::2], marks[1::2], strict=False)
        )
    )


def hours() -> st.SearchStrategy[tuple[time, time]]:
    # Not in the hours the clocks change in: there the wall cannot say which of two moments is meant.
    marks = st.lists(st.sampled_from([0, 1, 4, 6, 9, 10, 12, 15, 18, 22]), min_size=2, max_size=2, unique=True)
    return marks.map(lambda two: (time(min(two)), time(max(two), 30)))


@st.composite
def leave(draw: st.DrawFn, first: date) -> Away:
    begins = first + timedelta(days=draw(st.integers(-1, 2)))
    part = draw(st.none() | hours())
    return Away(begins, begins + timedelta(days=draw(st.integers(0, 2))), *(part or (None, None)))


@st.composite
def keeping(draw: st.DrawFn) -> Kept:
    release = draw(st.none() | st.tuples(st.integers(0, 3), st.sampled_from([time(6), time(12)])))
    return Kept(draw(st.integers(0, 6)), *draw(hours()), *(release or (None, None)))


@st.composite
def searches(draw: st.DrawFn) -> Search:
    first = draw(st.sampled_from(CHANGES))
    noon = at_wall(first, time(0), OSLO)
    # In steps of five minutes over three days, whatever the clocks do meanwhile.
    period = st.tuples(st.integers(0, 800), st.integers(1, 60)).map(
        lambda at: Period(noon + timedelta(minutes=5 * at[0]), noon + timedelta(minutes=5 * sum(at)))
    )
    chairs = tuple(
        Chair(
            UUID(int=n),
            UUID(int=n),
            draw(st.none() | spans()),
            tuple(draw(st.lists(leave(first), max_size=2))),
            tuple(draw(st.lists(keeping(), max_size=4))),
        )
        for n in range(1, draw(st.integers(1, 3)) + 1)
    )
    between = draw(st.none() | st.sampled_from([(time(9), time(14, 30)), (time(1), time(4))]))
    parts = draw(st.sampled_from([frozenset(Part), frozenset({Part.MORNING})]))
    earliest = noon + timedelta(minutes=draw(st.integers(-60, 2000)))
    return Search(
        hours=WeeklyHours(draw(spans()), draw(st.sampled_from([frozenset(), frozenset({first})])), OSLO),
        chairs=chairs,
        busy={chair.id: draw(st.lists(period, max_size=8)) for chair in chairs},
        need=Need(
            draw(st.integers(5, 200)),
            draw(st.integers(0, 30)),
            draw(st.sampled_from([5, 10, 15, 30])),
            is_urgent=draw(st.booleans()),
        ),
        window=Window(
            first, 3, earliest, parts, between, earliest - timedelta(minutes=draw(st.sampled_from([0, 0, 90, 900])))
        ),
    )


@settings(max_examples=count(300), deadline=None)
@given(searches())
def test_what_is_found_is_what_trying_every_minute_finds(search: Search) -> None:
    assert list(free_times(search)) == naive(search)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_long_visit_in_a_short_grid_across_a_change_of_clocks_is_as_long_as_any(day: date) -> None:
    night = WeeklyHours(tuple(Span(d, time(0), time(6)) for d in range(7)), frozenset(), OSLO)
    search = Search(
        night, (Chair(UUID(int=1), None),), {}, Need(270, 0, 5), Window(day, 1, datetime(2020, 1, 1, tzinfo=UTC))
    )
    last = list(free_times(search))[-1]
    assert wall(last.starts_at + timedelta(minutes=270), OSLO).time() == time(6)
    assert last.wall_time == (time(0, 30) if day.month == 3 else time(2, 30))


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("kari", "jonas")


def clocks(house: House, days: int = 1, first: date = THURSDAY, **more: object) -> list[str]:
    wanted = TimesWanted(from_day=first, days=days, **{"practitioner_id": house.chairs["amal"], **more})  # type: ignore[arg-type]
    return [f"{offer.wall_time:%H:%M}" for offer in queries.slots(house.id, wanted, now=house.now)]


def test_the_length_and_the_persons_own_hours_are_asked(house: House) -> None:
    assert clocks(house, minutes=120, between=(time(10), time(12, 20))) == ["10:00", "10:10", "10:20"]
    assert clocks(house, minutes=121, between=(time(10), time(12))) == []
    assert clocks(house, limit=1) == ["09:00"]


def test_while_a_visit_runs_nothing_is_offered_until_its_time_is_over(house: House) -> None:
    visit = book(house, "kari", "10:00")
    do(operations.arrive_appointment, house, visit.pk, now=oslo("09:55"))
    do(operations.start_appointment, house, visit.pk, now=oslo("10:00"))
    house.now = oslo("10:07")
    assert clocks(house)[0] == "10:50", "ten minutes' steps, after the visit and the time kept free behind it"
    do(operations.finish_appointment, house, visit.pk, now=oslo("10:07"))
    assert clocks(house)[0] == "10:50", "time held is given back by nobody's guess"


def test_a_day_whose_break_covers_everything_has_none(house: House) -> None:
    add_exception(
        practice_id=house.id,
        new=NewException(THURSDAY, THURSDAY, (Hours(time(9), time(11)), Hours(time(15), time(17)))),
        by=house.by("sofie"), now=house.now,
    )  # fmt: skip
    noon = [Span(day, time(11), time(15)) for day in range(5)]
    operations.set_working_hours(
        practice_id=house.id, practitioner_id=house.chairs["amal"], spans=noon, by=house.by("sofie"), now=house.now
    )
    assert clocks(house) == []
    assert clocks(house, first=FRIDAY)[0] == "11:00"


def hold(house: House, clock: str, day: date = THURSDAY) -> None:
    """Keep a time of fifty minutes and the five after it."""
    asked = TimeToHold(
        day=day, wall_time=time.fromisoformat(clock), service_id=house.services["first-eye-test"],
        practitioner_id=house.chairs["amal"],
    )  # fmt: skip
    operations.hold_time(practice_id=house.id, request=asked, by=STRANGER, now=house.now)


def go_away(house: House, day: date, *hours: time) -> None:
    new = operations.NewLeave(house.chairs["amal"], "course", day, day, *hours)
    operations.take_leave(practice_id=house.id, new=new, by=house.by("sofie"), now=house.now)


def keep(house: House, *kept: Kept) -> None:
    new = operations.NewUrgentTimes(house.chairs["amal"], kept)
    operations.keep_urgent_times(practice_id=house.id, new=new, by=house.by("sofie"), now=house.now)


def test_a_day_that_leave_what_is_kept_and_a_held_time_cover_has_none_until_the_hold_is_over(house: House) -> None:
    go_away(house, THURSDAY, time(9), time(12))
    keep(house, Kept(THURSDAY.weekday(), time(12, 55), time(17)))
    hold(house, "12:00")
    assert clocks(house, minutes=5) == []
    assert clocks(house, minutes=5, is_urgent=True)[0] == "13:00"
    house.now += timedelta(minutes=10)
    assert clocks(house, minutes=50) == ["12:00"]
    assert clocks(house, minutes=60) == [], "a long visit does not fit between the leave and what is kept"


def test_while_a_visit_runs_a_held_time_after_it_is_nobodys(house: House) -> None:
    visit = book(house, "kari", "10:00")
    do(operations.arrive_appointment, house, visit.pk, now=oslo("09:55"))
    do(operations.start_appointment, house, visit.pk, now=oslo("10:00"))
    house.now = oslo("10:07")
    hold(house, "10:50")
    assert clocks(house)[0] == "11:50"
    house.now += timedelta(minutes=10)
    assert clocks(house)[0] == "10:50"


@pytest.mark.parametrize("monday", [date(2027, 3, 29), date(2026, 10, 26)])
def test_after_the_clocks_change_leave_holds_and_what_is_kept_lie_by_the_wall(house: House, monday: date) -> None:
    house.now = at_wall(monday - timedelta(days=3), time(8), OSLO)
    go_away(house, monday, time(10), time(11))
    keep(house, Kept(0, time(12), time(13)))
    hold(house, "14:00", monday)
    found = clocks(house, first=monday, minutes=60)
    free = {(9, 0), (11, 0), (13, 0), *((h, m) for h in (15,) for m in range(0, 60, 10)), (16, 0)}
    assert found == [f"{h:02}:{m:02}" for h, m in sorted(free)]


def test_sixty_days_cost_the_statements_of_one_however_much_is_held(house: House) -> None:
    def statements(days: int) -> int:
        with CaptureQueriesContext(connection) as sent:
            clocks(house, days, practitioner_id=None)
        return len(sent)

    empty = statements(1)
    rows = [
        listed(house, f"A{day}-{hour}", f"{hour}:00", day=THURSDAY + timedelta(days=day), practitioner_id=chair)
        for day in range(20)
        for hour in (10, 13)
        for chair in house.chairs.values()
    ]
    operations.import_appointments(practice_id=house.id, rows=rows, by=IMPORT, now=house.now)
    for n in range(0, 15, 7):
        go_away(house, THURSDAY + timedelta(days=n), time(9), time(10))
        hold(house, "11:00", THURSDAY + timedelta(days=n))
    keep(house, *(Kept(weekday, time(16), time(17)) for weekday in range(5)))
    assert statements(1) == statements(60) == empty
