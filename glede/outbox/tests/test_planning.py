"""What is owed is written down once, follows what changes, and never touches what has ended."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glede.kernel.actor import SYSTEM
from glede.ledger import operations as ledger
from glede.outbox.models import Attempt, Message, Touch
from glede.outbox.operations import (
    AlreadyLeft,
    NoSuchMessage,
    Planned,
    end_rehearsal,
    hold_message,
    plan_touches,
    send_now,
    skip_touches,
    stop_message,
)
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, a_visit, make_live, messages, planned, touches
from glede.practices import scope
from tests.cast import House, open_nordlys

HOUR = timedelta(hours=1)


def test_the_same_touch_is_planned_once(house: House, email: Scripted) -> None:
    touch = a_touch(house)
    first = plan_touches(practice_id=house.id, touches=[touch], by=SYSTEM, now=NOON)
    again = plan_touches(practice_id=house.id, touches=[touch], by=SYSTEM, now=NOON)
    assert (first, again) == (Planned(added=1), Planned(left=1))
    assert len(messages(house)) == 1


def test_a_new_hour_moves_what_has_not_begun(house: House, email: Scripted) -> None:
    touch = a_touch(house)
    planned(house, touch)
    moved = replace(touch, due_at=NOON + HOUR, late_after=NOON + 2 * HOUR, why={"at": "later"})
    assert plan_touches(practice_id=house.id, touches=[moved], by=SYSTEM, now=NOON) == Planned(changed=1)
    message = messages(house)[0]
    assert (message.due_at, message.touch.why) == (NOON + HOUR, {"at": "later"})


def test_what_has_left_or_ended_is_never_planned_again(live: House, email: Scripted) -> None:
    gone, ended = a_touch(live), a_touch(live, "lea")
    planned(live, gone, ended)
    stop_message(practice_id=live.id, message_id=messages(live)[1].id, by=live.by("ingrid"), now=NOON)
    send_due(live.id, now=NOON)
    later = [replace(t, due_at=NOON + HOUR) for t in (gone, ended)]
    assert plan_touches(practice_id=live.id, touches=later, by=SYSTEM, now=NOON) == Planned(left=2)
    assert {t.fate for t in touches(live)} == {"done", "skipped"}
    assert send_due(live.id, now=NOON + 2 * HOUR).taken == 0


def test_planning_many_takes_a_fixed_number_of_statements(house: House, email: Scripted) -> None:
    few, many = [a_touch(house)], [a_touch(house) for _ in range(40)]
    with CaptureQueriesContext(connection) as for_few:
        planned(house, *few)
    with CaptureQueriesContext(connection) as for_many:
        planned(house, *many)
    assert len(for_many) == len(for_few)


def test_skipping_says_why_and_leaves_the_others(house: House, email: Scripted) -> None:
    visit = a_visit(house)
    mine, other = a_touch(house, subject=visit), a_touch(house, "lea")
    planned(house, mine, other)
    assert skip_touches(practice_id=house.id, subject=visit, reason="cancelled", by=SYSTEM, now=NOON) == 1
    assert skip_touches(practice_id=house.id, keys=[other.key], reason="answered", by=SYSTEM, now=NOON) == 1
    assert skip_touches(practice_id=house.id, keys=[], reason="answered", by=SYSTEM, now=NOON) == 0
    assert {t.reason for t in touches(house)} == {"cancelled", "answered"}


def test_what_was_rehearsed_is_planned_anew_when_live(house: House, email: Scripted, inside: None) -> None:
    touch = a_touch(house)
    planned(house, touch)
    make_live(house)
    assert send_due(house.id, now=NOON).taken == 0
    assert end_rehearsal(practice_id=house.id, by=house.by("sofie"), now=NOON) == 1
    planned(house, touch)
    assert send_due(house.id, now=NOON).accepted == 1
    assert [(t.live, t.fate) for t in touches(house)] == [(False, "done"), (True, "done")]
    assert len(email.sent) == 1


def test_held_by_a_colleague_it_waits_and_sent_now_it_goes(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    message = messages(live)[0]
    hold_message(practice_id=live.id, message_id=message.id, until=NOON + HOUR, by=live.by("ingrid"), now=NOON)
    assert send_due(live.id, now=NOON).taken == 0
    send_now(practice_id=live.id, message_id=message.id, by=live.by("ingrid"), now=NOON)
    assert send_due(live.id, now=NOON).accepted == 1
    with pytest.raises(AlreadyLeft):
        stop_message(practice_id=live.id, message_id=message.id, by=live.by("ingrid"), now=NOON)


def test_a_stopped_message_never_goes(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    stop_message(practice_id=live.id, message_id=messages(live)[0].id, by=live.by("ingrid"), now=NOON)
    assert send_due(live.id, now=NOON).taken == 0
    assert touches(live)[0].reason == "stopped"


def test_another_practice_neither_sees_nor_stops_a_message(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    nordlys = open_nordlys("nils")
    with pytest.raises(NoSuchMessage):
        stop_message(practice_id=nordlys.id, message_id=messages(live)[0].id, by=nordlys.by("runa"), now=NOON)
    assert (messages(nordlys), touches(nordlys)) == ([], [])
    assert send_due(nordlys.id, now=NOON).taken == 0


def test_when_the_record_cannot_be_written_nothing_of_the_act_remains(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(live, a_touch(live))
    message = messages(live)[0]

    def fail(*_: object) -> None:
        raise RuntimeError("no ledger")

    monkeypatch.setattr(ledger, "_write_events", fail)
    with pytest.raises(RuntimeError, match="no ledger"):
        stop_message(practice_id=live.id, message_id=message.id, by=live.by("ingrid"), now=NOON)
    assert (messages(live)[0].state, touches(live)[0].fate) == ("planned", "open")


def test_at_most_one_message_of_a_touch_is_not_final(house: House, email: Scripted) -> None:
    planned(house, a_touch(house))
    first = messages(house)[0]
    with pytest.raises(IntegrityError), scope.transaction(house.id):
        Message.objects.create(
            practice_id=house.id, touch_id=first.touch_id, n=2, lane="reminder", live=False, due_at=NOON
        )


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "skipped"},
        {"state": "sending"},
        {"state": "accepted"},
        {"state": "lost"},
        {"reason": "late"},
        {"held_until": NOON},
        {"state": "unknown"},
    ],
)
def test_a_state_without_its_time_and_reason_is_refused(
    house: House, email: Scripted, broken: dict[str, object]
) -> None:
    planned(house, a_touch(house))
    with pytest.raises(IntegrityError), scope.transaction(house.id):
        Message.objects.update(**broken)


def test_attempts_are_only_ever_added_to(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    send_due(live.id, now=NOON)
    with pytest.raises(Exception, match=r"append-only|permission denied"), scope.transaction(live.id):
        Attempt.objects.update(words="never happened")


STEPS = st.lists(st.sampled_from(["plan", "later", "send", "stop", "hold", "now", "skip", "hour"]), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_it_leaves_at_most_once_and_ends_with_one_fate(
    live: House, email: Scripted, steps: list[str]
) -> None:
    state = SimpleNamespace(now=NOON, touch=a_touch(live, late_after=NOON + 9 * HOUR))
    planned(live, state.touch)
    for step in steps:
        one_step(live, state, step)
    mine = [m for m in messages(live) if m.touch.subject_id == state.touch.subject.id]
    assert len(mine) == 1
    assert sum(e.message_id == mine[0].id for e in email.sent) == (mine[0].state == "accepted")
    assert (mine[0].touch.fate == "open") == (mine[0].state in {"planned", "ready"})


def one_step(live: House, state: SimpleNamespace, step: str) -> None:
    message = next(m for m in messages(live) if m.touch.subject_id == state.touch.subject.id)
    whom = {"practice_id": live.id, "message_id": message.id, "by": live.by("ingrid"), "now": state.now}
    acts = {
        "plan": lambda: planned(live, state.touch, now=state.now),
        "later": lambda: planned(live, replace(state.touch, due_at=state.now + HOUR), now=state.now),
        "send": lambda: send_due(live.id, now=state.now),
        "stop": lambda: stop_message(**whom),
        "hold": lambda: hold_message(**whom, until=state.now + HOUR),
        "now": lambda: send_now(**whom),
        "skip": lambda: skip_touches(
            practice_id=live.id, subject=state.touch.subject, reason="not_needed", by=SYSTEM, now=state.now
        ),
        "hour": lambda: setattr(state, "now", state.now + timedelta(minutes=20)),
    }
    try:
        acts[step]()
    except AlreadyLeft:
        assert message.state not in {"planned", "ready"}


def test_every_touch_has_a_key_of_its_own(house: House, email: Scripted) -> None:
    visit = a_visit(house)
    one = a_touch(house, subject=visit)
    planned(house, one, replace(one, occurrence=2), replace(one, row="12"), replace(one, subject_version=2))
    with scope.transaction(house.id):
        assert Touch.objects.count() == 4
