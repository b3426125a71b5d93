"""Walk-ins, squeeze-ins, and a clinician who runs late."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import errors, operations
from glede.diary.delays import STEP_MINUTES, WORTH_TELLING, Coming, carried_on
from glede.diary.models import Claim
from glede.diary.queries import appointment_for, count_squeezed, day, delays_on, free_times, history_of, squeeze_times
from glede.diary.tests.stories import THURSDAY, book, cancel, do, fresh, kinds, move, oslo, proved, wish
from glede.kernel.clock import day_of
from glede.practices import scope
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", "tor", "mette")


def squeeze(house: House, who: str, clock: str, by: str = "ingrid", reason: str = "urgent", **more: object) -> UUID:
    request = wish(house, who, clock, minutes=20, **more)
    visit = operations.squeeze_in(
        practice_id=house.id, request=request, reason=reason, words="flashes since noon", by=house.by(by),
        now=house.now,
    )  # fmt: skip
    return visit.pk


def test_who_walks_in_is_here_and_holds_nobodys_time(house: House) -> None:
    walk_in: dict[str, Any] = {"practice_id": house.id, "patient_id": house.people["jonas"], "now": house.now}
    visit = operations.receive_walk_in(by=house.by("ingrid"), **walk_in)
    assert (visit.state, visit.source, visit.wall_time, visit.practitioner_id) == ("arrived", "walk_in", None, None)
    assert kinds(house, visit.pk) == ["appointment.booked", "appointment.arrived"]
    with scope.transaction(house.id):
        assert not Claim.objects.filter(appointment=visit).exists()
    with pytest.raises(errors.NotByPatients):
        operations.receive_walk_in(by=house.by("jonas"), **walk_in)
    do(operations.start_appointment, house, visit.pk)
    do(operations.finish_appointment, house, visit.pk)
    proved(house)


def test_one_is_squeezed_in_beside_another_and_the_next_is_told_what_is_left(house: House) -> None:
    book(house, "kari", "10:00")
    squeezed = squeeze(house, "jonas", "10:10")
    assert (fresh(house, squeezed).source, fresh(house, squeezed).buffer_minutes) == ("squeeze_in", 0)
    with pytest.raises(errors.TimeTaken) as refusal:
        squeeze(house, "tor", "10:20")
    assert [f"{offer.wall_time:%H:%M}" for offer in refusal.value.alternatives] == ["10:30", "10:40", "09:50"]
    chair = next(c for c in day(house.id, THURSDAY).chairs if c.practitioner_id == house.chairs["amal"])
    assert [(v.given_name, v.is_beside) for v in chair.visits] == [("Kari", False), ("Jonas", True)]
    (line,) = history_of(house.id, squeezed)
    assert (line.reason, line.words) == ("urgent", "flashes since noon")
    assert count_squeezed(house.id, since=house.now) == {"urgent": 1}
    proved(house)


def test_the_lane_is_for_colleagues_who_say_why(house: House) -> None:
    with pytest.raises(errors.NotByPatients):
        squeeze(house, "jonas", "10:10", by="jonas")
    for reason in ("", "list", "time"):
        with pytest.raises(errors.UnknownReason):
            squeeze(house, "jonas", "10:10", reason=reason)
    with pytest.raises(errors.OutsideHours):
        squeeze(house, "jonas", "05:00")


def test_no_patient_is_offered_a_time_that_only_the_lane_has(house: House) -> None:
    for who, clock in (("kari", "10:00"), ("tor", "11:00")):
        book(house, who, clock)
    squeeze(house, "jonas", "10:45")
    given: dict[str, Any] = {"from_": THURSDAY, "days": 1, "now": house.now, "practitioner_id": house.chairs["amal"]}
    offered = {f"{o.wall_time:%H:%M}" for o in free_times(house.id, house.services["lens-check"], **given)}
    assert not offered & {"10:00", "10:10", "10:30", "10:40", "10:50", "11:00", "11:30"}
    lane = squeeze_times(house.id, house.chairs["amal"], 20, day=THURSDAY, now=house.now)
    times = {f"{o.wall_time:%H:%M}" for o in lane}
    assert {"10:00", "10:20", "11:10"} <= times
    assert not times & {"10:30", "10:40", "10:50", "11:00"}


def test_a_squeezed_visit_comes_back_to_its_lane_and_moves_to_the_chair(house: House) -> None:
    book(house, "kari", "10:00")
    squeezed = squeeze(house, "jonas", "10:10")
    cancel(house, squeezed)
    do(operations.reinstate_appointment, house, squeezed)
    with scope.transaction(house.id):
        assert Claim.objects.get(appointment=squeezed, is_active=True).kind == "lane"
    move(house, squeezed, "14:00")
    with scope.transaction(house.id):
        assert Claim.objects.get(appointment=squeezed, is_active=True).kind == "staff"
    proved(house)


MOMENT = datetime(2026, 11, 24, 8, tzinfo=UTC)


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(5, 60)), max_size=12), st.integers(1, 180), st.integers(0, 60)
)
def test_a_delay_never_grows_and_gaps_take_it_up(plan: list[tuple[int, int]], minutes: int, more: int) -> None:
    coming, at = [], MOMENT
    for n, (gap, length) in enumerate(plan):
        at += timedelta(minutes=gap)
        coming.append(Coming(UUID(int=n), at, length))
        at += timedelta(minutes=length)
    told = carried_on(coming, minutes)
    delays = list(told.values())
    assert delays == sorted(delays, reverse=True)
    assert all(WORTH_TELLING < delay < minutes + STEP_MINUTES and delay % STEP_MINUTES == 0 for delay in delays)
    assert told.keys() <= carried_on(coming, minutes + more).keys()


def test_those_still_to_come_are_noted_once_each_and_a_free_hour_takes_it_up(house: House) -> None:
    today = day_of(house.now, "Europe/Oslo")
    first, second, third = (
        book(house, who, clock, day=today).pk
        for who, clock in (("kari", "10:00"), ("jonas", "10:50"), ("tor", "14:00"))
    )
    said: dict[str, Any] = {"practice_id": house.id, "practitioner_id": house.chairs["amal"], "by": house.by("ingrid")}
    now = oslo("09:30", today)
    assert delays_on(house.id, house.chairs["amal"], 30, now=now) == {first: 30, second: 20}
    for _press in range(2):
        operations.tell_delay(minutes=30, now=now, **said)
    assert appointment_for(house.id, first).delay_minutes == 30
    assert [kinds(house, v).count("appointment.delayed") for v in (first, second, third)] == [1, 1, 0]
    move(house, first, "15:00", day=today)
    assert appointment_for(house.id, first).delay_minutes is None
    with pytest.raises(errors.NotByPatients):
        operations.tell_delay(minutes=30, now=now, **{**said, "by": house.by("kari")})
    proved(house)
