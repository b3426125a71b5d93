"""A visit in two parts: an examination, then choosing glasses with somebody else."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import errors, linked, operations, queries
from glede.diary.availability import Chair, Need, Search, Then, Window, free_times, second_part
from glede.diary.gaps import merge, touching
from glede.diary.models import Appointment
from glede.diary.requests import TimesWanted
from glede.diary.rules import Change, State
from glede.diary.tests.stories import (
    FRIDAY,
    OSLO,
    THURSDAY,
    book,
    cancel,
    do,
    follow,
    fresh,
    held,
    move,
    oslo,
    proved,
    wish,
)
from glede.kernel.periods import Period, Span, WeeklyHours
from glede.practices import scope
from glede.staff.models import Practitioner
from tests.cast import SERVICES, House, open_solberg

db = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    found = open_solberg("kari", "jonas", "tor")
    follow(found)
    return found


def part_of(house: House, visit: UUID) -> Appointment:
    with scope.transaction(house.id):
        return Appointment.objects.get(part_of_id=visit)


def times(house: House, days: int = 1, **more: Any) -> list[Any]:
    wanted = TimesWanted(from_day=THURSDAY, days=days, service_id=house.services["eye-test"], **more)
    return queries.slots(house.id, wanted, now=house.now)


@db
def test_both_parts_are_booked_with_two_people(house: House) -> None:
    visit = book(house, "kari", more_time=frozenset())
    part = part_of(house, visit.pk)
    assert part.patient_id == visit.patient_id
    assert part.practitioner_id not in {None, visit.practitioner_id}
    assert visit.ends_at <= part.starts_at <= visit.ends_at + timedelta(minutes=30)
    assert part.service_id == house.services["collect"]
    assert len(held(house)) == 2
    proved(house)


@db
def test_neither_is_booked_where_nobody_is_free_for_the_second(house: House) -> None:
    eye_test = SERVICES["eye-test"]
    others = [chair for name, chair in house.chairs.items() if name != "amal"]
    for chair, who in zip(others, ("jonas", "tor", "jonas"), strict=False):
        book(house, who, "10:00", practitioner_id=chair, service_id=None, minutes=120)
    before = held(house)
    with pytest.raises(errors.TimeTaken) as taken:
        book(house, "kari", "10:10", more_time=frozenset())
    assert held(house) == before
    assert len(taken.value.alternatives) == 3
    for offer in taken.value.alternatives:
        assert offer.then is not None
        ends = offer.starts_at + timedelta(minutes=eye_test.minutes)
        assert ends <= offer.then.starts_at <= ends + timedelta(minutes=30)
    proved(house)


@db
def test_every_time_offered_can_be_booked(house: House) -> None:
    for who, clock, chair in (("jonas", "09:40", "amal"), ("tor", "11:00", None)):
        book(house, who, clock, practitioner_id=house.chairs[chair] if chair else None, service_id=None, minutes=50)
    offers = times(house, patient_id=house.people["kari"])
    assert offers
    for offer in offers[:: max(1, len(offers) // 6)]:
        visit = book(house, "kari", f"{offer.wall_time:%H:%M}", practitioner_id=offer.practitioner_id)
        part = part_of(house, visit.pk)
        assert offer.then is not None
        assert (part.starts_at, part.practitioner_id) == (offer.then.starts_at, offer.then.practitioner_id)
        cancel(house, visit.pk)


@db
def test_one_day_takes_as_many_statements_as_sixty(house: House) -> None:
    counted = []
    for days in (1, 60):
        with CaptureQueriesContext(
            connection,
        ) as said:
            times(house, days=days)
        counted.append(len(said))
    assert counted[0] == counted[1]


@db
def test_both_move_and_the_old_times_stay_where_one_cannot_be_had(house: House) -> None:
    visit = book(house, "kari", more_time=frozenset())
    moved = move(house, visit.pk, "13:00")
    part = part_of(house, visit.pk)
    assert moved.ends_at <= part.starts_at <= moved.ends_at + timedelta(minutes=30)
    assert (part.state, part.moved_by) == ("booked", "staff")
    others = [chair for name, chair in house.chairs.items() if name != "amal"]
    for chair in others:
        book(house, "tor", "10:00", day=FRIDAY, practitioner_id=chair, service_id=None, minutes=150)
    before = held(house)
    with pytest.raises(errors.TimeTaken):
        move(house, visit.pk, "10:20", day=FRIDAY)
    assert held(house) == before
    assert fresh(house, visit.pk).starts_at == moved.starts_at
    proved(house)


@db
def test_both_move_to_times_that_overlap_their_own(house: House) -> None:
    visit = book(house, "kari", more_time=frozenset())
    moved = move(house, visit.pk, "10:10")
    assert part_of(house, visit.pk).starts_at >= moved.ends_at
    proved(house)


@db
def test_the_second_moved_alone_is_a_visit_of_its_own(house: House) -> None:
    visit = book(house, "kari", more_time=frozenset())
    part = part_of(house, visit.pk)
    moved = move(house, part.pk, "13:00", day=FRIDAY)
    assert moved.part_of_id is None
    assert fresh(house, visit.pk).starts_at == visit.starts_at
    cancel(house, visit.pk)
    assert fresh(house, part.pk).state == "booked"
    proved(house)


@db
@pytest.mark.parametrize("which", ["first", "second"])
def test_both_are_cancelled_and_come_back_together(house: House, which: str) -> None:
    visit = book(house, "kari", more_time=frozenset())
    part = part_of(house, visit.pk)
    pressed = visit.pk if which == "first" else part.pk
    cancel(house, pressed)
    assert held(house) == []
    assert {fresh(house, one).state for one in (visit.pk, part.pk)} == {"cancelled"}
    do(operations.reinstate_appointment, house, pressed)
    assert {fresh(house, one).state for one in (visit.pk, part.pk)} == {"booked"}
    assert len(held(house)) == 2
    proved(house)


@db
def test_neither_comes_back_where_the_time_of_one_is_gone(house: House) -> None:
    visit = book(house, "kari", more_time=frozenset())
    part = part_of(house, visit.pk)
    cancel(house, visit.pk)
    at = part.wall_time or time()
    book(house, "tor", f"{at:%H:%M}", practitioner_id=part.practitioner_id, service_id=None, minutes=10)
    before = held(house)
    with pytest.raises(errors.TimeTaken):
        do(operations.reinstate_appointment, house, visit.pk)
    assert held(house) == before
    assert fresh(house, visit.pk).state == "cancelled"
    proved(house)


@db
def test_coming_and_being_done_are_each_parts_own(house: House) -> None:
    visit = book(house, "kari", more_time=frozenset())
    part = part_of(house, visit.pk)
    do(operations.confirm_appointment, house, visit.pk)
    assert fresh(house, part.pk).state == "confirmed"
    do(operations.arrive_appointment, house, visit.pk, now=oslo("10:00"))
    do(operations.finish_appointment, house, visit.pk, now=oslo("10:30"))
    assert fresh(house, part.pk).state == "confirmed"
    cancel(house, part.pk, now=oslo("10:31"))
    assert fresh(house, visit.pk).state == "done"
    proved(house)


@db
def test_one_clinician_alone_is_booked_without_what_follows() -> None:
    alone = open_solberg("kari")
    follow(alone)
    for name, chair in list(alone.chairs.items()):
        if name != "amal":
            leaves(alone, chair)
    visit = book(alone, "kari")
    with scope.transaction(alone.id):
        assert not Appointment.objects.filter(part_of_id=visit.pk).exists()
    assert times(alone)


def leaves(house: House, chair: UUID) -> None:
    with scope.transaction(house.id):
        Practitioner.objects.filter(pk=chair).update(ended_at=house.now)


@db
def test_a_squeezed_in_visit_has_no_second_part(house: House) -> None:
    visit = operations.squeeze_in(
        practice_id=house.id, request=wish(house, "kari"), reason="urgent", by=house.by("ingrid"), now=house.now
    )
    with scope.transaction(house.id):
        assert not Appointment.objects.filter(part_of_id=visit.pk).exists()


# The rules, from values alone.

STATES = st.sampled_from(list(State))


@given(st.sampled_from(list(Change)), STATES, STATES, st.booleans())
def test_what_goes_along_never_wakes_what_is_over(change: Change, this: State, other: State, is_second: bool) -> None:
    along = linked.goes_along(change, linked.Side(this, None, is_second), linked.Side(other, None, not is_second))
    if along and change != Change.REINSTATED:
        assert other in {State.BOOKED, State.CONFIRMED}
    if change in {Change.ARRIVED, Change.STARTED, Change.DONE, Change.MISSED}:
        assert not along


DAY = date(2026, 11, 26)
WEEK = WeeklyHours((Span(3, time(9), time(12)), Span(3, time(12, 30), time(16))), frozenset(), OSLO)
CHAIRS = (Chair(UUID(int=1), UUID(int=1)), Chair(UUID(int=2), UUID(int=2)), Chair(UUID(int=3), UUID(int=3)))
ROOM = UUID(int=9)
HELD = st.lists(
    st.tuples(st.sampled_from([chair.id for chair in CHAIRS] + [ROOM]), st.integers(0, 83), st.integers(1, 24)),
    max_size=14,
)


@given(
    HELD, st.sampled_from([10, 25, 40]), st.sampled_from([0, 10]), st.sampled_from([10, 20, 35]),
    st.sampled_from([0, 5, 30, 60]), st.sampled_from(["", "first", "both"]),
)  # fmt: skip
def test_a_time_is_offered_exactly_where_both_fit(
    rows: list[tuple[UUID, int, int]], minutes: int, buffer: int, second: int, within: int, room: str
) -> None:
    start = oslo("09:00", DAY)
    busy: dict[UUID, list[Period]] = {}
    for ref, begin, length in rows:
        at = start + timedelta(minutes=5 * begin)
        busy.setdefault(ref, []).append(Period(at, at + timedelta(minutes=5 * length)))
    asks_for = ("room",) if room else ()
    then = Need(second, asks_for=asks_for if room == "both" else ())
    need = Need(minutes, buffer, asks_for=asks_for, then=Then(None, then, within))
    beside = ((ROOM,),) if room else ()
    search = Search(WEEK, CHAIRS, busy, need, Window(DAY, 1, start), beside, CHAIRS, beside if room == "both" else ())
    offers = list(free_times(search))
    alone = list(free_times(replace(search, need=replace(need, then=None))))
    for offer in offers:
        assert offer.then is not None
        ends = offer.starts_at + need.length
        assert offer.then.practitioner_id != offer.practitioner_id
        assert ends <= offer.then.starts_at <= ends + timedelta(minutes=within)
        taken = merge(busy.get(offer.then.practitioner_id or ROOM, ()))
        assert not touching(taken, offer.then.starts_at, offer.then.starts_at + then.held)
    offered = {offer.starts_at for offer in offers}
    for offer in alone:
        if offer.starts_at not in offered:
            there = (
                second_part(search, DAY, offer.starts_at, chair) for chair in CHAIRS if _is_free(search, chair, offer)
            )
            assert not any(there)


def _is_free(search: Search, chair: Chair, offer: Any) -> bool:
    return not touching(merge(search.busy.get(chair.id, ())), offer.starts_at, offer.starts_at + search.need.held)
