"""What becomes of a message after the call, and of those whose worker went silent."""

from argparse import Namespace
from datetime import timedelta

import pytest
from django.conf import settings

from glede.config.commands import worker
from glede.config.terminal import Refused as Refusal
from glede.config.terminal import Terminal
from glede.kernel.failpoints import FailpointReached, arm, remove_guards
from glede.outbox import limits
from glede.outbox.batches import Ended
from glede.outbox.models import Attempt, Message
from glede.outbox.operations import begin, claim_batch, expire_leases, reconcile, settle
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, messages, planned, touches
from glede.outbox.transports import Accepted, Refused, Unknown
from glede.practices import scope
from glede.promises.models import Promise
from tests.cast import House

SOON = NOON + timedelta(seconds=61)
LATER = NOON + timedelta(minutes=4)


@pytest.fixture(autouse=True)
def nothing_armed():
    """Whatever a test arms is silent again afterwards."""
    yield
    arm("")
    remove_guards()


def causes(house: House) -> list[str]:
    with scope.transaction(house.id):
        return list(Promise.objects.order_by("made_at", "id").values_list("cause", flat=True))


def attempts(house: House) -> list[tuple[str, int, str]]:
    with scope.transaction(house.id):
        return list(Attempt.objects.order_by("id").values_list("kind", "fence", "outcome"))


def test_a_temporary_refusal_is_tried_again_later(live: House, email: Scripted) -> None:
    email.answers = [Refused(is_permanent=False, words="450 try later")]
    planned(live, a_touch(live))
    assert send_due(live.id, now=NOON).refused == 1
    message = messages(live)[0]
    assert (message.state, message.tries) == ("ready", 1)
    assert message.due_at >= NOON + timedelta(minutes=1)
    assert send_due(live.id, now=message.due_at).accepted == 1
    assert email.sent[0].message_ref == email.sent[1].message_ref


def test_a_wrong_address_becomes_a_call(live: House, email: Scripted) -> None:
    email.answers = [Refused(is_permanent=True, reason="refused", words="550 no such user")]
    planned(live, a_touch(live))
    assert send_due(live.id, now=NOON).failed == 1
    message = messages(live)[0]
    assert (message.state, message.reason, touches(live)[0].fate) == ("failed", "refused", "handed")
    assert causes(live) == ["undelivered:6"]


def test_a_wrong_address_goes_on_to_the_next_channel(live: House, email: Scripted, sms: Scripted) -> None:
    sms.answers = [Refused(is_permanent=True, reason="refused")]
    planned(live, a_touch(live, "emily"))
    send_due(live.id, now=NOON)
    assert send_due(live.id, now=NOON + timedelta(minutes=1)).accepted == 1
    assert [(m.n, m.channel, m.state) for m in messages(live)] == [(1, "sms", "failed"), (2, "email", "accepted")]
    assert [e.to_address for e in email.sent] == ["emily.clarke@example.org"]
    assert email.sent[0].message_ref != sms.sent[0].message_ref
    assert causes(live) == []


def test_a_closed_channel_gives_the_whole_batch_back(live: House, email: Scripted) -> None:
    email.answers = [Refused(is_permanent=False, words="no route", is_ours=True)]
    planned(live, *(a_touch(live, name) for name in ("mette", "lea", "emily")))
    sent = send_due(live.id, now=NOON)
    assert (sent.refused, len(email.sent)) == (3, 1)
    assert {m.state for m in messages(live)} == {"ready"}


def test_a_channel_that_is_not_set_up_loses_nothing(live: House, email: Scripted) -> None:
    email.is_on = False
    planned(live, a_touch(live))
    send_due(live.id, now=NOON)
    assert (messages(live)[0].state, email.sent) == ("ready", [])


def test_an_answer_nobody_heard_is_never_sent_again(live: House, email: Scripted) -> None:
    email.answers = [Unknown("time-out")]
    planned(live, a_touch(live))
    assert send_due(live.id, now=NOON).unknown == 1
    assert reconcile(practice_id=live.id, now=SOON).total() == 0
    assert send_due(live.id, now=SOON).taken == 0
    assert reconcile(practice_id=live.id, now=LATER)["handed"] == 1
    assert causes(live) == ["in_doubt:6"]
    assert messages(live)[0].reason == "in_doubt"
    assert len(email.sent) == 1


def test_a_worker_that_dies_after_the_claim_gives_its_messages_back(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    claim_batch(practice_id=live.id, lane=None, limit=10, now=NOON)
    assert send_due(live.id, now=NOON).taken == 0
    assert expire_leases(practice_id=live.id, now=NOON + timedelta(seconds=59)) == 0
    assert expire_leases(practice_id=live.id, now=SOON) == 1
    assert send_due(live.id, now=SOON).accepted == 1


def test_a_worker_that_dies_in_the_call_leaves_one_in_doubt(live: House, email: Scripted) -> None:
    planned(live, a_touch(live), a_touch(live, "lea"))
    arm("send.after_accept:raise@2")
    with pytest.raises(FailpointReached):
        send_due(live.id, now=NOON)
    assert expire_leases(practice_id=live.id, now=SOON) == 2
    assert sorted(m.state for m in messages(live)) == ["accepted", "unknown"]
    assert reconcile(practice_id=live.id, now=LATER)["handed"] == 1
    assert len(email.sent) == 2


def test_a_lease_that_is_not_taken_over_loses_messages(live: House, email: Scripted) -> None:
    remove_guards("lease")
    planned(live, a_touch(live))
    claim_batch(practice_id=live.id, lane=None, limit=10, now=NOON)
    expire_leases(practice_id=live.id, now=LATER)
    assert send_due(live.id, now=LATER).taken == 0


def test_a_worker_that_wakes_too_late_sends_nothing(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    asleep = claim_batch(practice_id=live.id, lane=None, limit=10, now=NOON)
    expire_leases(practice_id=live.id, now=SOON)
    assert send_due(live.id, now=SOON).accepted == 1
    item = asleep.outgoing[0]
    assert not begin(live.id, item, None, is_live=True, at=SOON)
    late = [Ended(item.message_id, item.fence, Refused(is_permanent=True, reason="refused"), SOON)]
    assert settle(practice_id=live.id, ended=late, untold=late[0], is_live=True, now=SOON).total() == 0
    assert messages(live)[0].state == "accepted"


def test_without_the_fence_a_worker_that_wakes_too_late_sends_twice(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    asleep = claim_batch(practice_id=live.id, lane=None, limit=10, now=NOON)
    expire_leases(practice_id=live.id, now=SOON)
    send_due(live.id, now=SOON)
    remove_guards("fence")
    assert begin(live.id, asleep.outgoing[0], None, is_live=True, at=SOON)


def test_a_late_yes_settles_what_was_in_doubt(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    batch = claim_batch(practice_id=live.id, lane=None, limit=10, now=NOON)
    item = batch.outgoing[0]
    assert begin(live.id, item, None, is_live=True, at=NOON)
    expire_leases(practice_id=live.id, now=SOON)
    assert messages(live)[0].state == "unknown"
    yes = [Ended(item.message_id, item.fence, Accepted("250 ok"), SOON)]
    settle(practice_id=live.id, ended=yes, untold=yes[0], is_live=True, now=SOON)
    assert messages(live)[0].state == "unknown"
    assert reconcile(practice_id=live.id, now=SOON)["accepted"] == 1
    assert (messages(live)[0].state, causes(live)) == ("accepted", [])


def test_an_outcome_recorded_before_the_worker_died_counts(live: House, email: Scripted) -> None:
    planned(live, a_touch(live), a_touch(live, "lea"))
    arm("settle.before_commit:raise")
    with pytest.raises(FailpointReached):
        send_due(live.id, now=NOON)
    arm("")
    expire_leases(practice_id=live.id, now=SOON)
    assert sorted(m.state for m in messages(live)) == ["accepted", "unknown"]


def test_the_rows_tell_the_whole_story(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    send_due(live.id, now=NOON)
    assert attempts(live) == [("intent", 1, ""), ("begun", 1, ""), ("outcome", 1, "accepted")]
    with scope.transaction(live.id):
        message = Message.objects.get()
    assert (message.fence, message.lease_until, message.sent_at is not None) == (1, None, True)


def test_a_lease_that_holds_no_call_is_refused_before_it_keeps_everything(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(live, a_touch(live))
    monkeypatch.setattr(email, "deadline_seconds", 10.0)
    monkeypatch.setattr(settings, "GLEDE_LEASE_SECONDS", 9)
    send_due(live.id, now=NOON)
    assert (messages(live)[0].state, email.sent) == ("ready", [])
    with pytest.raises(Refusal, match=r"is 9\. One call may take 10: write 20"):
        worker.run(Namespace(once=True), Terminal(is_json=False))
    monkeypatch.setattr(settings, "GLEDE_LEASE_SECONDS", 20)
    assert limits.refusals() == []
