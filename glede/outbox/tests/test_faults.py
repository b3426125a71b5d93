"""Faults that others tell of, lived through twice: as we are, and without what keeps us from them.

Each test ends as it should with its guard (``is_kept``), and as others report it without. What is told of each stands
in docs/reliability.md.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from glede.outbox import limits
from glede.outbox import operations as outbox
from glede.outbox.models import Campaign, Message
from glede.outbox.operations import asking, claiming
from glede.outbox.operations.planning import write_touches
from glede.outbox.policy import may_send
from glede.outbox.queries import of_patient
from glede.outbox.rules import LANES
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, messages, planned
from glede.outbox.tests.test_campaigns import EVERYBODY, agreed, given, made, unfolded
from glede.outbox.transports import Envelope, Outcome, Refused
from glede.outbox.unsubscribing import unsubscribe_token
from glede.people.operations import opt_out
from glede.people.queries import reach
from glede.practices import scope
from tests.cast import House

HOUR = timedelta(hours=1)
PEOPLE = ("mette", "lea", "emily")
both = pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])


def without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away that a touch is known by its key: whatever is written down is new."""
    numbers, write = count(1000), write_touches

    def anew(practice_id: UUID, touches: Any, **more: Any) -> tuple[int, int]:
        return write(practice_id, [replace(touch, occurrence=next(numbers)) for touch in touches], **more)

    for room in ("planning", "campaigning"):
        monkeypatch.setattr(f"glede.outbox.operations.{room}.write_touches", anew)


def copies(house: House) -> set[int]:
    """How many messages somebody has, over all who have any."""
    return set(Counter(m.touch.patient_id for m in messages(house)).values())


@both
def test_one_refused_address_costs_the_others_nothing(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:  # the batch as one: a refusal takes back what the others had
        monkeypatch.setattr("glede.outbox.sending.settle", lambda **_: None)
    email.answers = [Refused(is_permanent=False, words="554 sender rejected")]
    planned(live, *(a_touch(live, name, due_at=NOON - timedelta(seconds=9 - n)) for n, name in enumerate(PEOPLE)))
    for again in range(6):
        send_due(live.id, now=NOON + again * timedelta(minutes=5))
        with scope.transaction(live.id):
            Message.objects.filter(state="sending").update(state="ready", lease_until=None)
    got = Counter(envelope.to_address.partition(".")[0] for envelope in email.sent)
    assert got == ({"mette": 2, "lea": 1, "emily": 1} if is_kept else dict.fromkeys(PEOPLE, 6))


@both
def test_two_runs_over_one_campaign_write_to_each_once(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    agreed(live, "mette", "emily")
    campaign = made(live, "mette", "emily")
    unfolded(live, campaign)
    with scope.transaction(live.id):  # as a run sees it that began at the same place
        Campaign.objects.filter(pk=campaign).update(expanded=0)
    if not is_kept:
        without_keys(monkeypatch)
    outbox.unfold_campaign(**given(live, campaign))
    assert copies(live) == ({1} if is_kept else {2})


@both
def test_what_is_put_off_day_by_day_leaves_once(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:
        without_keys(monkeypatch)
    touch = a_touch(live)
    for days in range(5):
        due = NOON + timedelta(days=days)
        planned(live, replace(touch, due_at=due, late_after=None), now=due - HOUR)
        send_due(live.id, now=due - HOUR)
    send_due(live.id, now=NOON + timedelta(days=4))
    assert (len(email.sent) == 1) is is_kept


@both
def test_who_leaves_a_list_and_comes_back_is_not_written_to_again(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:
        without_keys(monkeypatch)
    touch = a_touch(live)
    more: dict[str, Any] = {"practice_id": live.id, "reason": "not_needed", "by": live.by("sofie")}
    for again in range(4):
        now = NOON + again * timedelta(minutes=1)
        planned(live, touch, now=now)
        send_due(live.id, now=now)
        outbox.skip_touches(subject=touch.subject, now=now, **more)
    assert len(email.sent) == (1 if is_kept else 4)


@both
def test_a_run_that_begins_while_another_sends_takes_none_of_its_messages(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    planned(live, *(a_touch(live, name) for name in PEOPLE))
    plainly, runs = email.send, count()

    def slowly(envelope: Envelope) -> Outcome:
        if next(runs) == 0:
            if not is_kept:  # as if nothing told that it is taken
                with scope.transaction(live.id):
                    Message.objects.filter(state="sending").update(state="ready", lease_until=None)
            send_due(live.id, now=NOON)
        return plainly(envelope)

    monkeypatch.setattr(email, "send", slowly)
    send_due(live.id, now=NOON)
    assert len(email.sent) == len({e.to_address for e in email.sent}) + (0 if is_kept else 1)


@both
def test_stopped_and_resumed_ten_times_everybody_gets_it_once(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:
        without_keys(monkeypatch)
    owed = [a_touch(live, name) for name in PEOPLE]
    for again in range(10):
        by: dict[str, Any] = {
            "practice_id": live.id,
            "by": live.by("sofie"),
            "now": NOON + again * timedelta(seconds=1),
        }
        outbox.stop_all(**by)
        planned(live, *owed, now=by["now"])  # as the follower does meanwhile
        assert send_due(live.id, now=by["now"]).taken == 0
        outbox.resume(**by)
        send_due(live.id, now=by["now"], limit=1)
    got = Counter(e.to_address for e in email.sent)
    assert (set(got.values()) == {1} and len(got) == len(PEOPLE)) is is_kept


@both
def test_what_is_due_goes_before_what_is_for_many(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:
        monkeypatch.setattr(claiming, "LANES", LANES[::-1])
    agreed(live, *EVERYBODY)
    unfolded(live, made(live, "mette", "emily"))
    planned(live, a_touch(live, "lea"))
    send_due(live.id, now=NOON, limit=1)
    assert [m.lane for m in messages(live) if m.state == "accepted"] == ["reminder" if is_kept else "marketing"]


@both
def test_no_more_is_held_at_once_than_a_portion_however_long_the_list(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    """The rows held at once, counted; the benches measure what they weigh at 10,000 and at 100,000."""
    held: list[int] = []
    write, claim = write_touches, outbox.claim_batch

    def written(practice_id: UUID, touches: Any, **more: Any) -> tuple[int, int]:
        held.append(len(touches))
        return write(practice_id, touches, **more)

    def claimed(**more: Any) -> Any:
        batch = claim(**more)
        held.append(batch.taken)
        return batch

    monkeypatch.setattr("glede.outbox.operations.campaigning.write_touches", written)
    monkeypatch.setattr("glede.outbox.sending.claim_batch", claimed)
    monkeypatch.setattr(limits, "BATCH_MOST", 2 if is_kept else 1000)
    agreed(live, *EVERYBODY)
    unfolded(live, made(live), portion=2 if is_kept else 1000)
    while send_due(live.id, now=NOON).taken:
        pass
    assert sum(held) == 2 * len(EVERYBODY)
    assert max(held) == (2 if is_kept else len(EVERYBODY))


@both
def test_nothing_leaves_in_the_night(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:  # a check of the hours that checks nothing
        monkeypatch.setattr(asking, "may_send", lambda asked, _: may_send(asked, NOON))
    night = NOON + 12 * HOUR
    planned(live, a_touch(live, due_at=night, late_after=None))
    send_due(live.id, now=night)
    assert len(email.sent) == (0 if is_kept else 1)


@both
def test_leaving_news_by_mail_leaves_nothing_else(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:
        wide = {"channel": "*", "scope": "all"}
        monkeypatch.setattr("glede.outbox.operations.unsubscribing.opt_out", lambda **told: opt_out(**{**told, **wide}))
    agreed(live, "mette")
    unfolded(live, made(live, "mette"))
    send_due(live.id, now=NOON)
    mette = live.people["mette"]
    (line,) = of_patient(live.id, [mette], now=NOON)
    outbox.unsubscribe(token=unsubscribe_token(live.id, line.message_id), now=NOON)
    assert (reach(live.id, [mette])[mette].opted_out == {("email", "marketing")}) is is_kept
    planned(live, a_touch(live), now=NOON + HOUR)
    assert send_due(live.id, now=NOON + HOUR).accepted == (1 if is_kept else 0)
