"""What holds of every plan, whatever happens to the visits (Hypothesis)."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from glede.journeys.facts import By, Change, History, Person, Visit
from glede.journeys.planner import plan
from glede.journeys.tests.making import HOUSE, JOURNEY, OSLO, facts, on_wall, planned, row, told
from glede.kernel.clock import at_wall

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAYS = st.dates(date(2026, 2, 1), date(2027, 12, 20))
HOURS = st.builds(time, st.integers(8, 17), st.sampled_from((0, 15, 30, 45)))
BYS: tuple[By, ...] = ("patient", "practice", "list")
BY = st.sampled_from(BYS)


@st.composite
def people(draw: st.DrawFn) -> Person:
    """A person with any routine and any needs."""
    start = draw(st.integers(0, 20))
    has_hours = draw(st.booleans())
    return Person(
        id=UUID(int=1),
        zone=OSLO,
        hours_from=time(start) if has_hours else None,
        hours_to=time(draw(st.integers(start + 1, 23))) if has_hours else None,
        days=draw(st.frozensets(st.integers(0, 6), max_size=3)),
        channel="sms",
        channel_because="first_choice",
        has_phone=draw(st.booleans()),
        is_anxious=draw(st.booleans()),
        likes_calls=draw(st.booleans()),
    )


@st.composite
def visits(draw: st.DrawFn, number: int = 10) -> Visit:
    """A visit with up to three changes of its time, any of them by anybody."""
    places = draw(st.lists(st.tuples(DAYS, HOURS), min_size=1, max_size=4))
    starts = [at_wall(day, at, OSLO) for day, at in places]
    kind = draw(st.sampled_from(("booked", "imported")))
    ahead = timedelta(hours=draw(st.integers(1, 24 * 40)))
    at = min(starts) - ahead
    changes = [Change(kind, "list" if kind == "imported" else "patient", at, starts[0].isoformat())]
    for start in starts[1:]:
        at += timedelta(minutes=draw(st.integers(1, 300)))
        changes.append(Change("moved", draw(BY), at, start.isoformat()))
    is_done = draw(st.booleans())
    return Visit(
        id=UUID(int=number), version=len(changes), order=str(number), day=places[-1][0], slot=starts[-1].isoformat(),
        zone=OSLO, starts_at=starts[-1], deadline=starts[-1], state="done" if is_done else "booked",
        changes=tuple(changes), is_first=draw(st.booleans()),
        done_at=starts[-1] + timedelta(minutes=40) if is_done else None,
    )  # fmt: skip


GROUPS = st.integers(1, 4).flatmap(lambda n: st.tuples(*(visits(10 + i) for i in range(n))))


@given(people(), GROUPS)
def test_never_two_messages_a_day_to_one_person(person: Person, some: tuple[Visit, ...]) -> None:
    touches = planned(*some, person=person, now=START)
    days = Counter(
        on_wall(t)[0] for t in touches if t.row in {"5", "6", "12"} and t.act == "message" and "yields_to" not in t.why
    )
    assert all(count == 1 for count in days.values())


@given(people(), GROUPS)
def test_the_keys_of_a_plan_are_its_own(person: Person, some: tuple[Visit, ...]) -> None:
    keys = [t.key for t in planned(*some, person=person, now=START)]
    assert len(keys) == len(set(keys))


@given(people(), GROUPS, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_and_the_hour_of_planning_change_nothing(person, some, chance) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    first = planned(*some, person=person, now=START)
    assert planned(*some, person=person, now=START) == first
    assert sorted(planned(*shuffled, person=person, now=START + timedelta(minutes=1)), key=_key) == sorted(
        first, key=_key
    )


def _key(touch):
    return touch.row, touch.subject, touch.occurrence


@given(people(), visits())
def test_nothing_before_the_visit_is_due_after_it_or_outside_the_hours(person: Person, some: Visit) -> None:
    some = replace(some, state="booked", done_at=None)
    for touch in planned(some, person=person, now=START):
        assert touch.due_at < some.deadline
        assert touch.late_after is not None
        assert touch.late_after >= touch.due_at or touch.row in {"2", "8"}
        if touch.row == "6" and touch.why["at"] in {"usual_hour", "their_hours", "their_days"}:
            assert HOUSE.hours_from <= on_wall(touch)[1] < HOUSE.hours_to


@given(people(), visits())
def test_a_reminder_stands_on_the_eve_by_the_wall(person: Person, some: Visit) -> None:
    some = replace(some, state="booked", done_at=None)
    for touch in row(planned(some, person=person, now=START), "6"):
        day, at = on_wall(touch)
        if touch.why["at"] == "usual_hour":
            assert (day, at) == (some.day - timedelta(days=1), time(15))
        assert some.day - timedelta(days=3) <= day <= some.day


@given(people(), visits(), DAYS, HOURS, BY)
def test_a_move_takes_the_reminder_along(person: Person, some: Visit, day: date, at: time, by) -> None:
    some = replace(some, state="booked", done_at=None)
    starts_at = at_wall(day, at, OSLO)
    when = some.changes[-1].at + timedelta(hours=1)
    later = replace(
        some, day=day, slot=starts_at.isoformat(), starts_at=starts_at, deadline=starts_at, version=some.version + 1,
        changes=(*some.changes, Change("moved", by, when, starts_at.isoformat())),
    )  # fmt: skip
    touches = planned(later, person=person, now=START)
    assert all(t.subject_version == later.version for t in touches)
    assert all(t.why["slot"] == later.slot for t in touches)
    if starts_at - when > timedelta(days=5):
        assert len(row(touches, "6")) == 1


@given(people(), visits())
def test_what_was_told_is_never_told_again(person: Person, some: Visit) -> None:
    now = START
    history = History()
    seen = set()
    for touch in planned(some, person=person, now=now):
        history = replace(history, told=(*history.told, told(touch)))
        seen.add((touch.row, touch.occurrence))
    again = plan(JOURNEY, facts(some, person=person), history, now)
    assert not {(t.row, t.occurrence) for t in again} & seen


@given(people(), visits())
def test_a_confirmation_of_the_visit_adds_nothing(person: Person, some: Visit) -> None:
    some = replace(some, state="booked", done_at=None)
    before = {t.key: t for t in planned(some, person=person, now=START)}
    after = {t.key: t for t in planned(replace(some, state="confirmed", is_confirmed=True), person=person, now=START)}
    assert after.items() <= before.items() or all(before[k].due_at == t.due_at for k, t in after.items())


@given(people(), GROUPS)
def test_moments_are_aware_and_in_utc(person: Person, some: tuple[Visit, ...]) -> None:
    for touch in planned(*some, person=person, now=START):
        assert touch.due_at.tzinfo is not None
        assert touch.late_after is None or touch.late_after.tzinfo is not None
