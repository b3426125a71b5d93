"""The board, the person's messages and the story of one."""

from datetime import timedelta

import pytest

from glede.outbox import queries, tasks
from glede.outbox.operations import NoSuchToken, hold_message, stop_message, unsubscribe
from glede.outbox.rules import Lane
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, messages, planned
from glede.outbox.unsubscribing import read_unsubscribe_token, unsubscribe_token
from glede.outbox.words import REASONS, reason_words
from glede.people.queries import reach
from tests.cast import House, open_nordlys

DAY = timedelta(days=1)


@pytest.fixture
def busy(live: House) -> House:
    """One that goes, one held, one stopped, one that became a call, one still to come."""
    planned(live, a_touch(live), a_touch(live, "lea"), a_touch(live, "emily"), a_touch(live, "tor"))
    planned(live, a_touch(live, row="12", due_at=NOON + timedelta(hours=2), lane="care", purpose="thanks"))
    by_person = {m.touch.patient_id: m for m in messages(live) if m.touch.row == "6"}
    held, stopped = by_person[live.people["lea"]], by_person[live.people["emily"]]
    ingrid = live.by("ingrid")
    hold_message(practice_id=live.id, message_id=held.id, until=NOON + timedelta(hours=1), by=ingrid, now=NOON)
    stop_message(practice_id=live.id, message_id=stopped.id, by=ingrid, now=NOON)
    send_due(live.id, now=NOON)
    return live


def test_the_board_counts_every_fate_once(busy: House, email: Scripted) -> None:
    board = queries.board(busy.id, since=NOON - DAY, until=NOON + DAY, now=NOON)
    told = {name: count for name, count in board.counts.items() if count}
    assert told == {"sent": 1, "held": 1, "stopped": 1, "became_a_call": 1, "will_go": 1}
    assert len(board.lines) == 5
    held = queries.board(busy.id, since=NOON - DAY, until=NOON + DAY, now=NOON, fate="held")
    assert [line.held_by for line in held.lines] == ["staff"]


def test_the_equation_holds(busy: House, email: Scripted) -> None:
    found = queries.conservation(busy.id)
    assert found.planned == 5
    assert found.holds


def test_one_message_tells_its_story(busy: House, email: Scripted) -> None:
    sent = next(m for m in messages(busy) if m.state == "accepted")
    story = queries.message_for(busy.id, sent.id, now=NOON)
    assert [t.kind for t in story.tries] == ["intent", "begun", "outcome"]
    assert story.line.fate == "sent"
    with pytest.raises(queries.NoSuchTouch):
        queries.message_for(open_nordlys("nils").id, sent.id, now=NOON)


def test_a_persons_messages_are_theirs_alone(busy: House, email: Scripted) -> None:
    mette = busy.people["mette"]
    assert [line.row for line in queries.of_patient(busy.id, [mette], now=NOON)] == ["12", "6"]
    assert [line.row for line in queries.next_for_patient(busy.id, [mette], now=NOON)] == ["12"]
    assert queries.of_patient(open_nordlys("nils").id, [mette], now=NOON) == []


def test_the_rows_for_machines_tell_each_fate(busy: House, email: Scripted) -> None:
    rows = list(queries.outbox_rows(busy.id))
    assert sorted(row["fate"] for row in rows) == ["done", "handed", "open", "open", "skipped"]
    assert next(row for row in rows if row["fate"] == "handed")["promise"]


def test_the_sweep_knows_what_is_due_and_in_which_lane(busy: House, email: Scripted) -> None:
    assert queries.best_lane_due(busy.id, now=NOON) is None
    assert queries.best_lane_due(busy.id, now=NOON + timedelta(hours=1)) is Lane.REMINDER
    assert queries.next_due_at(busy.id) == NOON + timedelta(hours=1)


def test_the_tasks_do_what_the_rows_say(live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(live, a_touch(live))
    monkeypatch.setattr(tasks, "practice_now", lambda _: NOON)
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    tasks.sweep(timestamp=0)
    tasks.settle(timestamp=0)
    tasks.send(practice_id=str(live.id))
    assert messages(live)[0].state == "accepted"


def test_one_click_stops_marketing_on_that_channel_alone(busy: House, email: Scripted) -> None:
    sent = next(m for m in messages(busy) if m.state == "accepted")
    token = unsubscribe_token(busy.id, sent.id)
    for _ in range(3):
        unsubscribe(token=token, now=NOON)
    mette = busy.people["mette"]
    assert reach(busy.id, [mette])[mette].opted_out == {("email", "marketing")}


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 68, "ø"])
def test_a_made_up_token_does_nothing(db: None, token: str) -> None:
    assert read_unsubscribe_token(token) is None
    with pytest.raises(NoSuchToken):
        unsubscribe(token=token, now=NOON)


def test_every_reason_has_words() -> None:
    assert all(reason_words(reason) for reason in REASONS)
    assert reason_words("hours_of_law")
    assert reason_words("never heard of")
