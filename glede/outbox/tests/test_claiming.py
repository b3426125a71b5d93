"""What the claim asks again before anything leaves."""

from datetime import timedelta

import pytest

from glede.kernel import failpoints
from glede.ledger.queries import events_of_patient
from glede.outbox.batches import Sent
from glede.outbox.models import Attempt
from glede.outbox.operations import release_held, resume, stop_all
from glede.outbox.sending import InsideTransaction, send_due
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, a_visit, make_live, messages, planned, tell, touches
from glede.people.operations import add_contact, hold_messages, opt_out, release_messages, set_preference
from glede.people.values import ContactForm, Wishes
from glede.practices import scope
from glede.promises.models import Promise
from tests.cast import House


@pytest.fixture(autouse=True)
def all_guards_on():
    """Whatever a test switches off is on again afterwards."""
    yield
    failpoints.remove_guards()


def promises(house: House) -> list[Promise]:
    with scope.transaction(house.id):
        return list(Promise.objects.order_by("made_at", "id"))


def test_a_due_reminder_is_rehearsed_before_a_practice_is_live(house: House, email: Scripted) -> None:
    planned(house, a_touch(house))
    sent = send_due(house.id, now=NOON)
    assert sent == Sent(taken=1, rehearsed=1), messages(house)[0].reason
    message = messages(house)[0]
    assert (message.state, message.touch.fate, message.channel) == ("rehearsed", "done", "email")
    assert message.body.startswith("Hello.")
    assert email.sent == []
    assert events_of_patient(house.id, house.people["mette"])[0].kind == "outbox.message.rehearsed"


def test_a_live_reminder_leaves_once_and_leaves_its_trace(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    assert send_due(live.id, now=NOON).accepted == 1
    assert send_due(live.id, now=NOON).taken == 0
    assert [e.to_address for e in email.sent] == ["mette.dahl@example.org"]
    with scope.transaction(live.id):
        assert list(Attempt.objects.order_by("id").values_list("kind", "fence")) == [
            ("intent", 1),
            ("begun", 1),
            ("outcome", 1),
        ]


def test_nothing_leaves_before_its_hour(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    assert send_due(live.id, now=NOON - timedelta(seconds=1)).taken == 0


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("diary.appointment.cancelled", "cancelled"),
        ("diary.appointment.moved", "moved"),
        ("diary.appointment.reinstated", "changed"),
    ],
)
def test_a_visit_that_changed_since_makes_its_reminder_moot(
    live: House, email: Scripted, kind: str, reason: str
) -> None:
    visit = a_visit(live)
    planned(live, a_touch(live, subject=visit))
    tell(live, visit, kind, moot=True)
    assert send_due(live.id, now=NOON).skipped == 1
    message = messages(live)[0]
    assert (message.state, message.reason, message.touch.fate) == ("skipped", reason, "skipped")
    assert email.sent == []


def test_a_confirmation_changes_nothing_about_the_reminder(live: House, email: Scripted) -> None:
    visit = a_visit(live)
    planned(live, a_touch(live, subject=visit))
    tell(live, visit, "diary.appointment.confirmed")
    assert send_due(live.id, now=NOON).accepted == 1


def test_a_new_address_after_the_reminder_sends_no_second_one(live: House, email: Scripted) -> None:
    touch = a_touch(live)
    planned(live, touch)
    send_due(live.id, now=NOON)
    add_contact(
        practice_id=live.id,
        patient_id=live.people["mette"],
        contact=ContactForm("email", "new@example.org"),
        by=live.by("ingrid"),
        now=NOON,
    )
    planned(live, touch)
    assert send_due(live.id, now=NOON + timedelta(minutes=1)).taken == 0
    assert len(email.sent) == 1


def test_whoever_said_stop_gets_nothing(live: House, email: Scripted) -> None:
    planned(live, a_touch(live, "mette"))
    say_stop(live, "mette")
    sent = send_due(live.id, now=NOON)
    assert (sent.accepted, email.sent) == (0, [])
    assert touches(live)[0].reason == "opted_out"


def test_without_the_guard_the_message_would_leave_after_stop(live: House, email: Scripted) -> None:
    planned(live, a_touch(live, "mette"))
    say_stop(live, "mette")
    failpoints.remove_guards("optout")
    assert send_due(live.id, now=NOON).accepted == 1


def say_stop(house: House, name: str) -> None:
    opt_out(
        practice_id=house.id,
        patient_id=house.people[name],
        channel="email",
        scope="all",
        how="phone",
        by=house.by("ingrid"),
        now=NOON,
    )


def test_without_an_address_a_colleague_rings(live: House, email: Scripted) -> None:
    planned(live, a_touch(live, "tor"))
    assert send_due(live.id, now=NOON).handed == 1
    promise = promises(live)[0]
    assert (promise.kind, promise.cause, promise.detail["reason"]) == ("call", "undelivered:6", "no_channel")
    assert promise.due_at > NOON
    message = messages(live)[0]
    assert (message.state, message.reason, message.touch.fate) == ("handed", "no_channel", "handed")
    assert message.promise_id == promise.pk


def test_too_late_is_a_call_and_not_a_message(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    late = NOON + timedelta(hours=4, seconds=1)
    assert send_due(live.id, now=late).handed == 1
    assert (promises(live)[0].cause, email.sent) == ("late:6", [])


def test_a_row_that_says_so_is_skipped_when_late(live: House, email: Scripted) -> None:
    planned(live, a_touch(live, why={"when_late": "skip"}))
    assert send_due(live.id, now=NOON + timedelta(hours=5)).skipped == 1
    assert messages(live)[0].reason == "late"


def test_a_touch_that_is_a_call_becomes_a_promise_when_due(live: House, email: Scripted) -> None:
    planned(live, a_touch(live, row="5", act="call", purpose="previsit", lane="care", channel="call"))
    assert send_due(live.id, now=NOON).handed == 1
    promise = promises(live)[0]
    assert (promise.cause, promise.due_at) == ("call:5", NOON + timedelta(hours=4))


def test_outside_the_hours_it_waits_until_they_begin(live: House, email: Scripted) -> None:
    night = NOON + timedelta(hours=12)
    planned(live, a_touch(live, due_at=night, late_after=None))
    assert send_due(live.id, now=night).held == 1
    message = messages(live)[0]
    assert (message.state, message.held_by) == ("ready", "hours")
    assert message.held_until is not None
    assert send_due(live.id, now=message.held_until - timedelta(seconds=1)).taken == 0
    assert send_due(live.id, now=message.held_until).accepted == 1


def test_a_pause_holds_and_is_named(live: House, email: Scripted) -> None:
    wishes = Wishes(pause_until=NOON.date() + timedelta(days=2))
    who = live.people["mette"]
    set_preference(practice_id=live.id, patient_id=who, wishes=wishes, by=live.by("ingrid"), now=NOON)
    planned(live, a_touch(live, row="12", purpose="thanks", lane="care", late_after=None))
    assert send_due(live.id, now=NOON).held == 1
    assert messages(live)[0].held_by == "paused"


def test_drops_hold_until_they_are_over_or_taken_back(live: House, email: Scripted) -> None:
    who, by = live.people["mette"], live.by("amal")
    over = NOON + timedelta(hours=6)
    hold = hold_messages(practice_id=live.id, patient_id=who, reason="drops", until=over, by=by, now=NOON)
    planned(live, a_touch(live, row="12", purpose="thanks", lane="care", late_after=None))
    assert send_due(live.id, now=NOON).held == 1
    assert (messages(live)[0].held_by, messages(live)[0].held_until) == ("drops", over)
    later = NOON + timedelta(hours=1)
    assert send_due(live.id, now=later).taken == 0
    release_messages(practice_id=live.id, hold_id=hold.pk, by=by, now=later)
    assert release_held(practice_id=live.id, patient_id=who, held_by="drops", by=by, now=later) == 1
    assert send_due(live.id, now=later).accepted == 1


def test_waiting_past_the_cut_off_becomes_a_call_at_once(live: House, email: Scripted) -> None:
    night = NOON + timedelta(hours=12)
    planned(live, a_touch(live, due_at=night, late_after=night + timedelta(hours=2)))
    assert send_due(live.id, now=night).handed == 1
    assert promises(live)[0].cause == "late:6"


def test_the_first_live_day_holds_for_a_quarter_of_an_hour(house: House, email: Scripted, inside: None) -> None:
    make_live(house, since=NOON)
    planned(house, a_touch(house))
    assert send_due(house.id, now=NOON).held == 1
    assert messages(house)[0].held_by == "first_day"
    assert send_due(house.id, now=NOON + timedelta(minutes=14)).taken == 0
    assert send_due(house.id, now=NOON + timedelta(minutes=15)).accepted == 1


def test_the_answer_to_ones_own_act_is_never_held(house: House, email: Scripted, inside: None) -> None:
    make_live(house, since=NOON)
    planned(house, a_touch(house, row="2", purpose="booking", answers_at=NOON - timedelta(minutes=2)))
    assert send_due(house.id, now=NOON).accepted == 1


def test_stop_all_stops_and_resume_lets_go(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    stop_all(practice_id=live.id, by=live.by("sofie"), now=NOON)
    assert send_due(live.id, now=NOON).taken == 0
    resume(practice_id=live.id, by=live.by("sofie"), now=NOON)
    assert send_due(live.id, now=NOON).accepted == 1


def test_lanes_go_in_their_order(live: House, email: Scripted) -> None:
    planned(live, a_touch(live, "lea", lane="care"), a_touch(live), a_touch(live, "emily", lane="safety"))
    send_due(live.id, now=NOON, limit=2)
    assert [e.to_address for e in email.sent] == ["emily.clarke@example.org", "mette.dahl@example.org"]


def test_a_message_with_nothing_to_say_is_skipped(live: House, email: Scripted, monkeypatch) -> None:
    monkeypatch.setattr("glede.outbox.composing._composers", {})
    planned(live, a_touch(live))
    assert send_due(live.id, now=NOON).skipped == 1
    assert messages(live)[0].reason == "nothing_to_say"


def test_live_messages_are_never_sent_inside_a_transaction(house: House, email: Scripted) -> None:
    make_live(house)
    planned(house, a_touch(house))
    with pytest.raises(InsideTransaction):
        send_due(house.id, now=NOON)
