"""A clinician is away: nobody is booked then on any way, and whoever stands there is moved by a colleague."""

import threading
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError

from glede.diary import errors, operations
from glede.diary.operations import NewLeave, Taken, booking, end_leave, planning, take_leave, undo_leave
from glede.diary.operations import leave as leaving
from glede.diary.queries import day, free_times, slots, squeeze_times, three_times
from glede.diary.queries.leaves import leaves
from glede.diary.requests import TimesWanted
from glede.diary.tests.stories import FRIDAY, THURSDAY, book, bring, cancel, do, listed, move, oslo, proved, wish
from glede.diary.tests.test_races import at_once, crowd
from glede.kernel.ref import Ref
from glede.practices.operations import ChangedSince
from glede.promises.queries import open_about
from tests.cast import House, open_solberg

NINE_TO_NOON: dict[str, Any] = {"from_time": time(9), "to_time": time(12)}


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("kari", "jonas")


def leave(house: House, first: date = THURSDAY, last: date | None = None, who: str = "amal", **hours: time) -> Taken:
    new = NewLeave(house.chairs[who], "sick", first, last or first, **hours)
    taken = take_leave(practice_id=house.id, new=new, by=house.by("sofie"), now=house.now)
    assert taken is not None
    return taken


def owed(house: House, visit: UUID) -> list[str]:
    return [one.cause for one in open_about(house.id, Ref("appointment", visit)) if one.kind == "settle"]


def clocks(house: House, first: date = THURSDAY, who: str = "amal") -> list[str]:
    wanted = TimesWanted(from_day=first, days=1, minutes=30, practitioner_id=house.chairs[who])
    return [f"{offer.wall_time:%H:%M}" for offer in slots(house.id, wanted, now=house.now)]


def test_no_way_offers_a_time_with_somebody_who_is_away(house: House) -> None:
    leave(house, THURSDAY, THURSDAY + timedelta(days=60))
    amal, service = house.chairs["amal"], house.services["eye-test"]
    found = {one.practitioner_id for one in free_times(house.id, service, from_=THURSDAY, days=30, now=house.now)}
    assert found
    assert amal not in found
    assert squeeze_times(house.id, amal, 10, day=THURSDAY, now=house.now) == []
    assert all(one.day < THURSDAY for one in three_times(house.id, service, now=house.now).by_practitioner[amal])


def test_part_of_a_day_is_free_around_the_leave(house: House) -> None:
    leave(house, **NINE_TO_NOON)
    assert clocks(house)[0] == "12:00"
    leave(house, from_time=time(14), to_time=time(15))
    assert {"13:30", "15:00"} <= set(clocks(house))
    assert not {"13:40", "14:00", "14:50"} & set(clocks(house))


TRIES: list[Callable[[House, UUID], Any]] = [
    lambda house, _: book(house, "jonas", "11:00"),
    lambda house, _: book(house, "jonas", "11:00", by="jonas"),
    lambda house, visit: move(house, visit, "11:00", practitioner_id=house.chairs["amal"]),
    lambda house, _: operations.squeeze_in(
        practice_id=house.id, request=wish(house, "jonas", "11:00"), reason="urgent", by=house.by("ingrid"),
        now=house.now,
    ),
]  # fmt: skip


@pytest.mark.parametrize("attempt", TRIES, ids=["desk", "patient", "move", "squeeze"])
def test_every_way_of_booking_refuses_it_by_name(house: House, attempt: Callable[[House, UUID], Any]) -> None:
    visit = book(house, "kari", "11:00", day=FRIDAY)
    leave(house)
    with pytest.raises(errors.Away) as refused:
        attempt(house, visit.pk)
    assert len(refused.value.alternatives) == 3
    assert all((one.practitioner_id, one.day) != (house.chairs["amal"], THURSDAY) for one in refused.value.alternatives)
    proved(house)


def test_anybody_is_whoever_is_there(house: House) -> None:
    leave(house)
    assert book(house, "kari", "11:00", practitioner_id=None).practitioner_id == house.chairs["jon"]


def test_visits_stand_and_are_owed_another_time_until_each_has_one(house: House) -> None:
    kari, jonas = (book(house, who, clock) for who, clock in (("kari", "10:00"), ("jonas", "11:00")))
    outside = book(house, "jonas", "13:00")
    assert leave(house, **NINE_TO_NOON).visits == 2
    assert [owed(house, one.pk) for one in (kari, jonas, outside)] == [["leave"], ["leave"], []]
    move(house, kari.pk, "12:10")
    cancel(house, jonas.pk)
    assert owed(house, kari.pk) == owed(house, jonas.pk) == []
    do(operations.reinstate_appointment, house, jonas.pk)
    assert owed(house, jonas.pk) == ["leave"], "nothing is lost: it has its time back, and is to be moved"
    proved(house)


def test_the_day_shows_who_is_away_around_the_visits_that_stand(house: House) -> None:
    book(house, "kari", "10:00")
    leave(house, **NINE_TO_NOON)
    chair = next(one for one in day(house.id, THURSDAY).chairs if one.practitioner_id == house.chairs["amal"])
    away = [(one.kind, one.period.start, one.period.end) for one in chair.stretches]
    assert away == [("away", oslo("09:00"), oslo("10:00")), ("away", oslo("10:45"), oslo("12:00"))]
    assert [(one.start, one.end) for one in chair.free] == [(oslo("12:00"), oslo("17:00"))]


def test_what_a_list_brings_into_a_leave_is_owed_too(house: House) -> None:
    leave(house)
    assert bring(house, listed(house, "A1", "10:00", practitioner_id=house.chairs["amal"])) == [("added", "")]
    visit = day(house.id, THURSDAY).visits[0].appointment_id
    assert owed(house, visit) == ["leave"]
    moved = listed(house, "A1", "10:00", day=FRIDAY, practitioner_id=house.chairs["amal"])
    assert bring(house, moved) == [("moved", "")]
    assert owed(house, visit) == []


def test_a_leave_withdrawn_or_undone_gives_the_day_back_and_takes_back_the_promises(house: House) -> None:
    visit = book(house, "kari", "10:00")
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("sofie"), "now": house.now}
    taken, morning = leave(house), leave(house, **NINE_TO_NOON)
    end_leave(leave_id=taken.leave_id, **given)
    assert owed(house, visit.pk) == ["leave"], "the morning still holds"
    change = end_leave(leave_id=morning.leave_id, **given)
    assert (owed(house, visit.pk), clocks(house)[0], leaves(house.id, from_=THURSDAY)) == ([], "09:00", [])
    assert end_leave(leave_id=morning.leave_id, **given) is None
    assert change is not None
    undo_leave(change_id=change, **given)
    assert (owed(house, visit.pk), clocks(house)[0]) == (["leave"], "12:00")
    with pytest.raises(ChangedSince):
        undo_leave(change_id=change, **given)


BAD: list[dict[str, Any]] = [
    {"kind": "hangover"}, {"last_on": THURSDAY - timedelta(days=1)}, {"last_on": THURSDAY + timedelta(days=366)},
    {"from_time": time(9)}, {"from_time": time(12), "to_time": time(12)},
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_leave_that_is_none_is_refused(house: House, bad: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "practitioner_id": house.chairs["amal"],
        "kind": "other",
        "first_on": THURSDAY,
        "last_on": THURSDAY,
    }
    with pytest.raises(errors.BadLeave):
        take_leave(practice_id=house.id, new=NewLeave(**(right | bad)), by=house.by("sofie"), now=house.now)


def test_the_same_leave_twice_is_one(house: House) -> None:
    leave(house)
    new = NewLeave(house.chairs["amal"], "holiday", THURSDAY, THURSDAY)
    assert take_leave(practice_id=house.id, new=new, by=house.by("sofie"), now=house.now) is None


def book_while_leave_is_taken(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Book; once the booking has read who is there, and before its turn on the chair, take leave."""
    read: list[bool] = []
    plan = planning.plan_for

    def plan_and_wait(*given: Any) -> Any:
        found = plan(*given)
        if not read:
            read.append(True)
            [taken] = at_once(1, lambda _: leave(house))
            assert taken.visits == 0, "nobody stands there yet"
        return found

    with monkeypatch.context() as patched:
        patched.setattr(booking, "plan_for", plan_and_wait)
        [answer] = at_once(1, lambda _: book(house, "kari"))
    return answer


@pytest.mark.slow
def test_who_books_while_leave_is_taken_hears_it(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = open_solberg("kari")
    answer = book_while_leave_is_taken(house, monkeypatch)
    assert isinstance(answer, errors.Away)
    assert all((one.practitioner_id, one.day) != (house.chairs["amal"], THURSDAY) for one in answer.alternatives)
    proved(house)


@pytest.mark.slow
def test_without_asking_again_the_visit_would_stand_in_a_leave_and_nobody_know(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_solberg("kari")
    monkeypatch.setattr(booking, "leave_at", lambda *_: None)
    visit = book_while_leave_is_taken(house, monkeypatch)
    assert owed(house, visit.pk) == []


@pytest.mark.slow
def test_who_takes_leave_while_somebody_books_waits_and_hears_of_the_visit(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, answers = open_solberg("kari"), list[Any]()
    away = threading.Thread(target=lambda: answers.extend(at_once(1, lambda _: leave(house))))

    def meanwhile(point: str) -> None:
        if point == "diary.book.before_event":
            away.start()
            away.join(0.3)
            assert answers == [], "it waits for the turn on the chair"

    monkeypatch.setattr(booking, "fp", meanwhile)
    visit = book(house, "kari")
    away.join(30)
    assert [taken.visits for taken in answers] == [1]
    assert owed(house, visit.pk) == ["leave"]


def heard(act: Callable[[], Any]) -> Any:
    try:
        return at_once(1, lambda _: act())[0]
    except OperationalError as error:
        return error


def move_out_while(house: House, act: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Move a visit out of a leave; once its promise is kept, and before its turn on the chair, let ``act`` begin."""
    visit, answers = book(house, "kari", "10:00"), list[Any]()
    leave(house, **NINE_TO_NOON)
    meanwhile = threading.Thread(target=lambda: answers.append(heard(act)))
    plan = planning.plan_for

    def plan_and_let_begin(*given: Any) -> Any:
        if meanwhile.ident is None:
            meanwhile.start()
            meanwhile.join(0.5)
        return plan(*given)

    monkeypatch.setattr(booking, "plan_for", plan_and_let_begin)
    moved = heard(lambda: move(house, visit.pk, "14:00").wall_time)
    meanwhile.join(30)
    return [moved, *answers, owed(house, visit.pk)]


@pytest.mark.slow
def test_who_takes_more_leave_does_not_wait_for_who_is_moving_a_visit_out_of_it(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_solberg("kari")
    two_hours: dict[str, Any] = {"from_time": time(10), "to_time": time(12)}
    moved_to, more, left = move_out_while(house, lambda: leave(house, **two_hours), monkeypatch)
    assert (moved_to, more.visits, left) == (time(14), 1, [])
    proved(house)


@pytest.mark.slow
def test_without_leaving_alone_what_is_owed_already_they_would_wait_for_each_other(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, known = open_solberg("kari"), leaving._owed_about

    def forget(*given: Any) -> Any:
        return [] if threading.current_thread() is not threading.main_thread() and going.is_set() else known(*given)

    going = threading.Event()

    def more() -> Taken:
        going.set()
        return leave(house, from_time=time(10), to_time=time(11))

    monkeypatch.setattr(leaving, "_owed_about", forget)
    *both, _left = move_out_while(house, more, monkeypatch)
    assert [type(one) for one in both].count(OperationalError) == 1
    assert "deadlock" in str(both)


@pytest.mark.slow
def test_a_leave_withdrawn_while_a_visit_is_moved_out_of_it_keeps_the_promise_once(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_solberg("kari")

    def withdraw() -> Any:
        (standing,) = leaves(house.id, from_=THURSDAY)
        return end_leave(practice_id=house.id, leave_id=standing.id, by=house.by("sofie"), now=house.now)

    moved_to, change, left = move_out_while(house, withdraw, monkeypatch)
    assert (moved_to, change is None, left) == (time(14), False, [])
    proved(house)


def cancelled_while_leave_is_taken(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cancel a visit once whoever takes leave has read that it stands, and before they promise to move it."""
    visit, owe = book(house, "kari", "10:00"), leaving._owe

    def cancel_first(acting: Any, visits: Any) -> None:
        if threading.current_thread() is threading.main_thread():
            at_once(1, lambda _: cancel(house, visit.pk))
        owe(acting, visits)

    monkeypatch.setattr(leaving, "_owe", cancel_first)
    leave(house, **NINE_TO_NOON)
    return owed(house, visit.pk)


@pytest.mark.slow
def test_who_cancels_while_leave_is_taken_leaves_no_promise_behind(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_solberg("kari")
    assert cancelled_while_leave_is_taken(house, monkeypatch) == []
    proved(house)


@pytest.mark.slow
def test_without_looking_again_a_promise_would_stand_about_a_visit_that_is_off(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_solberg("kari")
    monkeypatch.setattr(leaving, "_take_back_what_is_in_vain", lambda *_given, **_named: None)
    assert cancelled_while_leave_is_taken(house, monkeypatch) == ["leave"]


@pytest.mark.slow
def test_whoever_books_and_goes_on_leave_in_one_moment_see_each_other(own_database: str) -> None:
    house = open_solberg("kari")
    people = crowd(house, 12)
    starts = [time(9 + n // 2, n % 2 * 30) for n in range(12)]

    def one(number: int) -> Any:
        if number == 6:
            return leave(house)
        clock = starts[number].isoformat("minutes")
        return book(house, people[number], clock, minutes=20, service_id=None)

    answers = at_once(12, one)
    taken = next(answer for answer in answers if isinstance(answer, Taken))
    booked = [answer for answer in answers if not isinstance(answer, Taken | errors.Refused)]
    assert all(isinstance(answer, errors.Away) for answer in answers if isinstance(answer, errors.Refused))
    assert taken.visits == len(booked)
    assert all(owed(house, visit.pk) == ["leave"] for visit in booked)
    proved(house)
