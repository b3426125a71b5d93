"""The engine: twice is once, all or nothing, one practice at a time, real clocks and virtual ones."""

import copy
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glede.diary import operations as diary
from glede.journeys import document, tasks
from glede.journeys.gathering import Setting
from glede.journeys.models import Enrolment
from glede.journeys.operations import (
    ClockGoesBack,
    NotVirtual,
    advance,
    change_journey,
    follow,
    following,
    is_behind,
    planning,
)
from glede.journeys.operations.cursors import FOLLOWED as CURSOR
from glede.journeys.queries import messages_listed, person_next, row_names, step_of
from glede.journeys.tests.stories import NEXT_THURSDAY, NEXT_WEDNESDAY, book, do, messages, move, oslo, tick, touches
from glede.kernel import failpoints
from glede.kernel.failpoints import FailpointReached
from glede.ledger.models import Cursor
from glede.ledger.queries import cursor_at, last_seq, verify
from glede.outbox.models import Message, Touch
from glede.people import operations as people
from glede.people.values import Wishes
from glede.practices import scope
from glede.practices.operations import change_settings, go_live
from tests.cast import House, open_nordlys, open_solberg


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("emily", "jonas", is_virtual=True)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the connection of the test: a task would begin with a fresh one."""
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)


@pytest.fixture
def real(db: None) -> House:
    """The house by the real clock."""
    return open_solberg("emily", "jonas")


def snapshot(house: House) -> list[tuple[Any, ...]]:
    with scope.transaction(house.id):
        rows = Touch.objects.filter(practice_id=house.id).order_by("id")
        return list(rows.values_list("id", "row", "subject_version", "occurrence", "due_at", "fate", "reason", "act"))


def test_following_twice_is_following_once(house: House) -> None:
    visit = book(house, "emily")
    follow(house.id, now=house.now)
    first = snapshot(house)
    with scope.transaction(house.id):
        Cursor.objects.filter(practice_id=house.id, name=CURSOR).update(seq=0)
    follow(house.id, now=house.now)
    assert snapshot(house) == first
    do(diary.confirm_appointment, house, visit, now=house.now)
    follow(house.id, now=house.now)
    assert snapshot(house) == first


def test_an_idle_follower_reads_nothing(house: House) -> None:
    book(house, "emily")
    assert follow(house.id, now=house.now) > 0
    assert follow(house.id, now=house.now) == 0
    assert cursor_at(house.id, CURSOR) == last_seq(house.id)


def planned_for(monkeypatch: pytest.MonkeyPatch, then: Callable[[], Any] = lambda: None) -> list[set[UUID]]:
    """Note for whom is planned, event by event; ``then`` is done after the first."""
    found: list[set[UUID]] = []

    def noted(setting: Setting, people: set[UUID], *, now: datetime) -> None:
        planning.replan(setting, people, now=now)
        found.append(set(people))
        if len(found) == 1:
            then()

    monkeypatch.setattr(following, "BATCH", 1)
    monkeypatch.setattr(following, "replan", noted)
    return found


def test_whoever_was_planned_for_since_it_happened_is_not_planned_for_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(house.id, now=house.now)
    visit = book(house, "emily")
    move(house, visit, NEXT_WEDNESDAY, "11:00", by="emily", now=house.now)
    found = planned_for(monkeypatch)
    assert follow(house.id, now=house.now) == 2
    assert found == [{house.people["emily"]}]
    assert [touch.subject_version for touch in touches(house, "6")] == [2]


def test_what_happens_after_the_plan_is_planned_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(house.id, now=house.now)
    visit = book(house, "emily")
    found = planned_for(monkeypatch, lambda: move(house, visit, NEXT_WEDNESDAY, "11:00", by="emily", now=house.now))
    follow(house.id, now=house.now)
    assert found == [{house.people["emily"]}] * 2
    assert [touch.subject_version for touch in touches(house, "6") if touch.fate == "open"] == [2]


def test_a_step_that_dies_leaves_nothing_and_is_done_again(house: House) -> None:
    book(house, "emily")
    failpoints.arm("journeys.before_cursor:raise")
    try:
        with pytest.raises(FailpointReached):
            follow(house.id, now=house.now)
    finally:
        failpoints.arm("")
    assert snapshot(house) == []
    assert cursor_at(house.id, CURSOR) == 0
    follow(house.id, now=house.now)
    assert len(snapshot(house)) == 2


def test_when_the_record_cannot_be_written_nothing_of_it_remains(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from glede.ledger import operations as ledger

    visit = book(house, "emily")
    follow(house.id, now=house.now)
    do(diary.cancel_appointment, house, visit, reason="time", by="emily", now=house.now)
    before, at = snapshot(house), cursor_at(house.id, CURSOR)

    def broken(*_: Any) -> Any:
        raise OSError("no space left on device")

    monkeypatch.setattr(ledger, "_write_events", broken)
    with pytest.raises(OSError, match="no space"):
        follow(house.id, now=house.now)
    assert (snapshot(house), cursor_at(house.id, CURSOR)) == (before, at)


def test_the_other_practice_sees_nothing(house: House) -> None:
    other = open_nordlys(is_virtual=True)
    book(house, "emily")
    follow(house.id, now=house.now)
    follow(other.id, now=other.now)
    assert snapshot(other) == []
    assert messages_listed(other.id) == []
    assert person_next(other.id, house.people["emily"], now=other.now) == []
    assert step_of(other.id, house.people["emily"], now=other.now) == 1
    with scope.transaction(other.id):
        assert not Touch.objects.exists()
        assert not Enrolment.objects.exists()


def test_a_wish_for_another_hour_moves_what_is_still_to_go(house: House) -> None:
    book(house, "emily")
    follow(house.id, now=house.now)
    assert touches(house, "6")[0].due_at == oslo(NEXT_WEDNESDAY, "15:00")
    wishes = Wishes(hours=(time(17), time(19)))
    people.set_preference(
        practice_id=house.id, patient_id=house.people["emily"], wishes=wishes, by=house.by("emily"), now=house.now
    )
    follow(house.id, now=house.now)
    (touch,) = touches(house, "6")
    assert touch.due_at == oslo(NEXT_WEDNESDAY, "17:00")


def test_when_the_practice_changes_its_hours_everybody_is_planned_for_anew(house: House) -> None:
    book(house, "emily")
    follow(house.id, now=house.now)
    change_settings(
        practice_id=house.id, changes={"hours_from": time(9), "hours_to": time(14)}, by=house.by("sofie"), now=house.now
    )
    follow(house.id, now=house.now)
    assert touches(house, "6")[0].due_at == oslo(NEXT_WEDNESDAY, "13:00")


def test_going_live_plans_anew_and_sends_nothing_of_before(real: House) -> None:
    book(real, "emily")
    follow(real.id, now=real.now)
    switched = real.now + timedelta(hours=1)
    go_live(practice_id=real.id, by=real.by("sofie"), now=switched)
    follow(real.id, now=switched)
    with scope.transaction(real.id):
        rehearsed = Touch.objects.filter(live=False)
        live = Touch.objects.filter(live=True)
        assert not rehearsed.filter(fate="open").exists()
        assert set(live.values_list("row", flat=True)) == {"6"}
        assert all(due > switched for due in live.values_list("due_at", flat=True))


def test_a_changed_journey_keeps_or_moves_those_under_way(house: House) -> None:
    book(house, "emily")
    follow(house.id, now=house.now)
    raw = copy.deepcopy(document.default_raw())
    (reminder,) = [row for row in raw["rows"] if row["row"] == "6"]
    reminder["when"]["at"] = "11:00"
    change_journey(practice_id=house.id, raw=raw, by=house.by("sofie"), now=house.now)
    follow(house.id, now=house.now)
    assert touches(house, "6")[0].due_at == oslo(NEXT_WEDNESDAY, "15:00")
    book(house, "jonas", clock="11:00")
    follow(house.id, now=house.now)
    assert {t.due_at for t in touches(house, "6")} == {oslo(NEXT_WEDNESDAY, "11:00"), oslo(NEXT_WEDNESDAY, "15:00")}
    raw = copy.deepcopy(raw)
    (reminder,) = [row for row in raw["rows"] if row["row"] == "6"]
    reminder["when"]["at"] = "12:00"
    change_journey(practice_id=house.id, raw=raw, under_way="move", by=house.by("sofie"), now=house.now)
    follow(house.id, now=house.now)
    assert {t.due_at for t in touches(house, "6")} == {oslo(NEXT_WEDNESDAY, "12:00")}
    assert {t.journey_version for t in touches(house, "6")} == {2}
    assert row_names(house.id)["6"]["en"] == "The day before"


def test_a_virtual_practice_is_moved_by_hand_alone(house: House, real: House) -> None:
    book(house, "emily")
    tasks.follow_practice(practice_id=str(house.id))
    assert snapshot(house) == []
    with pytest.raises(NotVirtual):
        advance(real.id, to=real.now)
    tick(house, date(2026, 11, 25), "09:00")
    with pytest.raises(ClockGoesBack):
        tick(house, date(2026, 11, 24), "09:00")


def test_the_worker_wakes_the_follower_of_whoever_is_behind(real: House, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(tasks, "practice_now", lambda _: real.now)
    monkeypatch.setattr(tasks.follow_practice, "defer", lambda *, practice_id: woken.append(practice_id))
    book(real, "emily")
    tasks.follow_all(timestamp=0)
    assert woken == [str(real.id)]
    tasks.follow_practice(practice_id=str(real.id))
    assert {row[1] for row in snapshot(real)} == {"2", "6"}
    tasks.follow_all(timestamp=0)
    assert len(woken) == 1
    assert is_behind(real.practice, now=real.now + timedelta(days=1))


def test_ticking_in_steps_or_in_one_go_gives_the_same(db: None) -> None:
    stories = []
    for step in (None, 7):
        house = open_solberg("emily", "jonas", is_virtual=True)
        book(house, "emily")
        book(house, "jonas", clock="11:00")
        if step:
            for day in range(9):
                tick(house, date(2026, 11, 25) + timedelta(days=day), "07:13")
        tick(house, date(2026, 12, 4), "09:00", assume_attended=True)
        told = [(m.sent_at, m.touch.row, m.channel, m.body.partition("https://")[0]) for m in messages(house)]
        stories.append(sorted(told))
        assert verify(house.id).ok
    assert stories[0] == stories[1]


def test_killed_on_the_way_the_clock_goes_on_where_it_stands(house: House) -> None:
    book(house, "emily")
    failpoints.arm("journeys.clock_moved:raise@3")
    try:
        with pytest.raises(FailpointReached):
            tick(house, date(2026, 12, 4), "09:00")
    finally:
        failpoints.arm("")
    tick(house, date(2026, 12, 4), "09:00")
    assert [m.touch.row for m in messages(house)] == ["2", "6"]


def test_what_was_said_before_a_kill_was_said_at_its_own_hour(db: None) -> None:
    stories = []
    for way in ("", "settle.before_commit:raise@1"):
        house = open_solberg("emily", "jonas", is_virtual=True)
        book(house, "emily")
        book(house, "jonas", clock="11:00")
        failpoints.arm(way)
        try:
            with pytest.raises(FailpointReached) if way else nullcontext():
                tick(house, date(2026, 12, 4), "09:00")
        finally:
            failpoints.arm("")
        tick(house, date(2026, 12, 4), "09:00")
        stories.append(sorted((m.touch.row, m.channel, m.sent_at) for m in messages(house)))
    assert stories[0] == stories[1]


def test_every_touch_that_fell_due_has_a_fate(house: House) -> None:
    book(house, "emily")
    book(house, "jonas", clock="11:00")
    report = tick(house, date(2026, 12, 4), "09:00", assume_attended=True)
    with scope.transaction(house.id):
        assert not Touch.objects.filter(practice_id=house.id, fate="open").exists()
        assert not Message.objects.filter(practice_id=house.id, state__in=["planned", "ready", "sending"]).exists()
    listed = messages_listed(house.id)
    assert len(listed) == report.planned
    assert {line["state"] for line in listed} <= {"rehearsed", "skipped", "handed"}


def test_what_a_person_gets_next_is_told_with_its_words_and_why(house: House) -> None:
    book(house, "emily")
    tick(house, date(2026, 11, 25), "09:00")
    coming = person_next(house.id, house.people["emily"], now=oslo(date(2026, 11, 25), "09:00"))
    assert [(c.row, c.act) for c in coming] == [("5", "call"), ("6", "message")]
    assert "seeing you tomorrow" in coming[1].text
    assert coming[1].why["at"] == "usual_hour"


def test_the_step_of_a_person_follows_from_the_record(house: House) -> None:
    emily = house.people["emily"]
    assert step_of(house.id, emily, now=house.now) == 1
    visit = book(house, "emily")
    assert step_of(house.id, emily, now=house.now) == 3
    assert step_of(house.id, emily, now=oslo(date(2026, 11, 28), "09:00")) == 4
    assert step_of(house.id, emily, now=oslo(NEXT_WEDNESDAY, "09:00")) == 5
    do(diary.arrive_appointment, house, visit, now=oslo(NEXT_THURSDAY, "09:55"))
    assert step_of(house.id, emily, now=oslo(NEXT_THURSDAY, "10:00")) == 6
    do(diary.finish_appointment, house, visit, now=oslo(NEXT_THURSDAY, "10:40"))
    assert step_of(house.id, emily, now=oslo(NEXT_THURSDAY, "11:00")) == 9
    assert step_of(house.id, emily, now=oslo(date(2027, 2, 1), "11:00")) == 10


ACTS = st.lists(st.sampled_from(["confirm", "move", "note", "wish", "tick"]), min_size=1, max_size=5)


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_whatever_happens_following_again_changes_nothing(db: None, acts: list[str]) -> None:
    house = open_solberg("emily", is_virtual=True)
    visit = book(house, "emily")
    now = house.now
    for number, act in enumerate(acts):
        now += timedelta(minutes=17)
        _do(house, visit, act, number, now)
        follow(house.id, now=now)
        before = snapshot(house)
        with scope.transaction(house.id):
            Cursor.objects.filter(practice_id=house.id, name=CURSOR).update(seq=0)
        follow(house.id, now=now)
        assert snapshot(house) == before
    open_ones = [t for t in touches(house, "6") if t.fate == "open"]
    assert len(open_ones) == 1


def _do(house: House, visit: Any, act: str, number: int, now: Any) -> None:
    emily = house.people["emily"]
    if act == "confirm":
        do(diary.confirm_appointment, house, visit, by="emily", now=now)
    elif act == "move":
        move(house, visit, NEXT_THURSDAY + timedelta(days=7 * number + 7), "14:00", by="emily", now=now)
    elif act == "note":
        people.write_note(practice_id=house.id, patient_id=emily, words="x", on=None, by=house.by("ingrid"), now=now)
    elif act == "wish":
        people.set_preference(
            practice_id=house.id, patient_id=emily, wishes=Wishes(quiet_all=False), by=house.by("emily"), now=now
        )
