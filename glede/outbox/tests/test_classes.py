"""What nobody heard of is settled by its channel's class; each guard removed, somebody gets it twice or never."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from glede.kernel import clock
from glede.kernel.actor import PROVIDER
from glede.kernel.failpoints import FailpointReached, arm, remove_guards
from glede.outbox import composing, limits, sending, transports
from glede.outbox.composing import Content, Draft
from glede.outbox.models import Breaker
from glede.outbox.operations import Report, begin, envelopes, expire_leases, reconcile, take_report
from glede.outbox.rules import TRIES, WORDS_TRIES, Resolution, State
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import KEY_LIVES, KIND, NOON, Scripted, a_touch, messages, planned, write
from glede.outbox.transports import Accepted, Envelope, Outcome, Refused, Unknown
from glede.practices import scope
from glede.promises.models import Promise
from tests.cast import House

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TOO_FAST = Refused(is_permanent=False, words="429", is_ours=True)
SETTLED = NOON + timedelta(minutes=4)  # the lease and the horizon are over


class Taker(Scripted):
    """A provider that takes what it is given and may lose its answer; it knows keys for as long as it says."""

    def __init__(self, resolution: Resolution) -> None:
        super().__init__()
        self.resolution = resolution
        self.took: Counter[str] = Counter()
        self.known: dict[str, datetime] = {}
        self.lost_answers, self.now = 0, NOON

    def send(self, envelope: Envelope) -> Outcome:
        """Take it, once for each key that is known."""
        self.sent.append(envelope)
        is_known = self.resolution is Resolution.KEY and envelope.key in self.known
        if not (is_known and self.now - self.known[envelope.key] < KEY_LIVES):
            self.took[envelope.to_address] += 1
            self.known[envelope.key] = self.now
        if self.lost_answers:
            self.lost_answers -= 1
            return Unknown("time-out")
        return Accepted("1")


@pytest.fixture(autouse=True)
def nothing_removed() -> Iterator[None]:
    """Put every guard back."""
    yield
    arm("")
    remove_guards()


@pytest.fixture
def taker(live: House, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Taker:
    """The provider of the class a test asks for, whose first answer is lost."""
    found = Taker(request.param)
    found.lost_answers = 1
    monkeypatch.setitem(transports._transports, "email", found)
    return found


def of(resolution: Resolution) -> pytest.MarkDecorator:
    """Ask for a class."""
    return pytest.mark.parametrize("taker", [resolution], indirect=True)


def settle(house: House, taker: Taker, at: datetime, *, looked_up: bool = False) -> str:
    """Reconcile and send at a moment; return where the message stands then."""
    taker.now = at
    reconcile(practice_id=house.id, now=at, looked_up={"email"} if looked_up else ())
    send_due(house.id, now=at)
    return messages(house)[0].state


def rung(house: House) -> list[str]:
    """Why colleagues ring."""
    with scope.transaction(house.id):
        return list(Promise.objects.order_by("made_at", "id").values_list("cause", flat=True))


@of(Resolution.KEY)
def test_with_a_key_the_call_is_repeated_at_once_under_the_same_key(live: House, taker: Taker) -> None:
    planned(live, a_touch(live))
    send_due(live.id, now=NOON)
    assert settle(live, taker, NOON + SECOND) == "accepted"
    assert len(taker.sent) == 2
    assert list(taker.took.values()) == [1]
    assert taker.sent[0].key == taker.sent[1].key


@of(Resolution.KEY)
def test_control_with_a_key_of_each_try_they_get_it_twice(
    live: House, taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = iter(range(9))
    monkeypatch.setattr(envelopes, "provider_key", lambda *args, **more: f"try {next(made)}".ljust(40))
    planned(live, a_touch(live))
    send_due(live.id, now=NOON)
    settle(live, taker, NOON + SECOND)
    assert list(taker.took.values()) == [2]


@of(Resolution.KEY)
@pytest.mark.parametrize("guards_off", ["", "key_age"])
def test_a_key_that_may_be_forgotten_is_never_repeated(live: House, taker: Taker, guards_off: str) -> None:
    remove_guards(*filter(None, [guards_off]))
    planned(live, a_touch(live, late_after=NOON + timedelta(days=3)))
    send_due(live.id, now=NOON)
    state = settle(live, taker, NOON + KEY_LIVES + MINUTE)
    assert (state, list(taker.took.values())) == (("accepted", [2]) if guards_off else ("handed", [1]))
    assert rung(live) == ([] if guards_off else ["in_doubt:6"])


@of(Resolution.KEY)
def test_a_repeat_that_waited_too_long_in_the_queue_is_a_call(live: House, taker: Taker) -> None:
    planned(live, a_touch(live, late_after=NOON + timedelta(days=3)))
    send_due(live.id, now=NOON)
    reconcile(practice_id=live.id, now=NOON + SECOND)
    assert messages(live)[0].state == "ready"
    send_due(live.id, now=NOON + KEY_LIVES)
    assert (messages(live)[0].reason, list(taker.took.values())) == ("in_doubt", [1])


@of(Resolution.LOOK_UP)
@pytest.mark.parametrize("guards_off", ["", "look_up"])
def test_without_an_answer_to_the_look_up_nothing_is_tried_again(live: House, taker: Taker, guards_off: str) -> None:
    remove_guards(*filter(None, [guards_off]))
    planned(live, a_touch(live))
    send_due(live.id, now=NOON)
    state = settle(live, taker, SETTLED)
    assert (state, list(taker.took.values())) == (("accepted", [2]) if guards_off else ("unknown", [1]))


@of(Resolution.LOOK_UP)
def test_a_look_up_that_found_nothing_allows_another_try_after_the_horizon(live: House, taker: Taker) -> None:
    planned(live, a_touch(live))
    send_due(live.id, now=NOON)
    assert settle(live, taker, NOON + MINUTE, looked_up=True) == "unknown", "it may still come"
    assert settle(live, taker, SETTLED, looked_up=True) == "accepted"
    assert messages(live)[0].doubted_at is None


@of(Resolution.LOOK_UP)
def test_a_look_up_that_is_never_answered_becomes_a_call(live: House, taker: Taker) -> None:
    planned(live, a_touch(live, late_after=NOON + timedelta(days=1)))
    send_due(live.id, now=NOON)
    assert settle(live, taker, NOON + timedelta(hours=7)) == "handed"
    assert rung(live) == ["in_doubt:6"]


@of(Resolution.CALL_BACK)
def test_without_a_call_back_a_colleague_rings_after_the_horizon(live: House, taker: Taker) -> None:
    planned(live, a_touch(live), a_touch(live, "lea"))
    taker.lost_answers = 2
    send_due(live.id, now=NOON)
    first = messages(live)[0]
    report = Report(state=State.DELIVERED, provider_id="SM1")
    take_report(practice_id=live.id, message_id=first.pk, report=report, by=PROVIDER, now=NOON + MINUTE)
    settle(live, taker, SETTLED)
    assert [m.state for m in messages(live)] == ["delivered", "handed"]
    assert set(taker.took.values()) == {1}


@of(Resolution.KEY)
def test_a_call_back_settles_what_waits_to_be_repeated(live: House, taker: Taker) -> None:
    planned(live, a_touch(live))
    send_due(live.id, now=NOON)
    reconcile(practice_id=live.id, now=NOON + SECOND)
    report = Report(state=State.DELIVERED, provider_id="1")
    take_report(practice_id=live.id, message_id=messages(live)[0].pk, report=report, by=PROVIDER, now=NOON + SECOND)
    assert settle(live, taker, NOON + MINUTE) == "delivered"
    assert len(taker.sent) == 1


@of(Resolution.KEY)
@pytest.mark.parametrize("guards_off", ["", "doubt"])
def test_what_may_have_come_goes_no_other_way(
    live: House, taker: Taker, monkeypatch: pytest.MonkeyPatch, guards_off: str
) -> None:
    remove_guards(*filter(None, [guards_off]))
    texts = Taker(Resolution.KEY)
    monkeypatch.setitem(transports._transports, "sms", texts)
    planned(live, a_touch(live, "emily"))
    texts.lost_answers = 1
    send_due(live.id, now=NOON)
    texts.answers = []
    reconcile(practice_id=live.id, now=NOON + SECOND)
    monkeypatch.setattr(texts, "send", lambda envelope: Refused(is_permanent=True, reason="refused"))
    send_due(live.id, now=NOON + SECOND)
    send_due(live.id, now=NOON + MINUTE)
    got = sum(texts.took.values()) + sum(taker.took.values())
    assert got == (2 if guards_off else 1)
    assert rung(live) == ([] if guards_off else ["in_doubt:6"])


@pytest.mark.parametrize("guards_off", ["", "breaker"])
def test_an_hour_of_too_fast_costs_a_handful_of_calls_and_loses_nothing(
    live: House, email: Scripted, guards_off: str
) -> None:
    remove_guards(*filter(None, [guards_off]))
    names = ("mette", "lea", "emily", "jonas")
    planned(live, *(a_touch(live, name) for name in names), *(a_touch(live, name, row="7") for name in names))
    email.answers = [TOO_FAST] * 900
    for minute in range(60):
        send_due(live.id, now=NOON + minute * MINUTE, limit=2)
    asked = len(email.sent)
    email.answers = []
    for minute in range(60, 90):
        send_due(live.id, now=NOON + minute * MINUTE)
    if guards_off:
        assert asked > 2 * TRIES
        return
    assert asked <= TRIES - 4
    # Three of them have an address of mail; who has none is rung.
    assert {m.state for m in messages(live) if m.reason != "one_a_day" and m.channel} <= {"accepted", "skipped"}
    with scope.transaction(live.id):
        row = Breaker.objects.get()
        assert (row.failures, row.rests_until) == (0, None)


def test_a_channel_that_rests_is_tried_by_one_message_alone(live: House, email: Scripted) -> None:
    planned(live, *(a_touch(live, name) for name in ("mette", "lea", "emily")))
    email.answers = [TOO_FAST, TOO_FAST]
    send_due(live.id, now=NOON)
    assert send_due(live.id, now=NOON + 30 * SECOND).taken == 0
    send_due(live.id, now=NOON + 61 * SECOND)
    assert len(email.sent) == 2
    assert {m.held_by for m in messages(live)} == {"resting"}
    send_due(live.id, now=NOON + 4 * MINUTE)
    assert len(email.sent) == 3
    send_due(live.id, now=NOON + 4 * MINUTE)
    assert {m.state for m in messages(live)} == {"accepted"}


def test_three_lost_answers_in_a_row_let_a_channel_rest(live: House, email: Scripted) -> None:
    names = ("mette", "lea", "emily")
    planned(live, *(a_touch(live, name) for name in names), *(a_touch(live, name, row="7") for name in names))
    email.answers = [Unknown("time-out")] * 6
    send_due(live.id, now=NOON, limit=3)
    send_due(live.id, now=NOON + SECOND)
    assert len(email.sent) == 3


def test_what_cannot_wait_for_its_channel_goes_the_next_way(live: House, email: Scripted, sms: Scripted) -> None:
    sms.answers = [TOO_FAST]
    planned(live, a_touch(live, "tor"), a_touch(live, "emily", due_at=NOON + SECOND, late_after=NOON + 30 * SECOND))
    send_due(live.id, now=NOON)
    send_due(live.id, now=NOON + SECOND)
    assert [e.to_address for e in email.sent] == ["emily.clarke@example.org"]


@pytest.mark.parametrize("guards_off", ["", "set_aside", "broken_words"])
def test_one_that_breaks_the_words_of_all_is_set_aside_and_the_others_go(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, guards_off: str
) -> None:
    remove_guards(*filter(None, [guards_off]))
    poison = a_touch(live, "mette")

    def breaks(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> Mapping[UUID, Content]:
        if any(draft.subject == poison.subject for draft in drafts):
            raise ZeroDivisionError
        return write(practice_id, drafts, now)

    monkeypatch.setitem(composing._composers, KIND, breaks)
    planned(live, poison, a_touch(live, "lea"), a_touch(live, "emily"))
    for again in range(WORDS_TRIES + 1):
        with pytest.raises(ZeroDivisionError) if guards_off == "broken_words" else nullcontext():
            send_due(live.id, now=NOON + again * MINUTE)
    states = Counter(m.state for m in messages(live))
    assert (
        states
        == {
            "": {"accepted": 2, "handed": 1},
            "set_aside": {"accepted": 2, "ready": 1},
            "broken_words": {"planned": 3},
        }[guards_off]
    )
    assert rung(live) == ([] if guards_off else ["undelivered:6"])


@pytest.mark.parametrize("guards_off", ["", "set_aside"])
def test_one_at_which_every_worker_dies_goes_alone_and_is_then_set_aside(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, guards_off: str
) -> None:
    remove_guards(*filter(None, [guards_off]))
    poison = a_touch(live, "mette", due_at=NOON - SECOND)
    planned(live, poison, a_touch(live, "lea"), a_touch(live, "emily"))

    def dies(envelope: Envelope) -> None:
        if envelope.to_address.startswith("mette"):
            raise FailpointReached

    monkeypatch.setattr(email, "prepare", dies)
    for again in range(8):
        now = NOON + again * 2 * MINUTE
        for _ in range(3):
            try:
                send_due(live.id, now=now)
            except FailpointReached:
                continue
        expire_leases(practice_id=live.id, now=now + 2 * limits.lease())
    states = Counter(m.state for m in messages(live))
    assert states == ({"accepted": 2, "ready": 1} if guards_off else {"accepted": 2, "handed": 1})
    assert rung(live) == ([] if guards_off else ["undelivered:6"])


@pytest.mark.parametrize("point", ["send.before_begin", "send.after_accept"])
def test_workers_that_die_accuse_nobody_but_who_they_were_at(live: House, email: Scripted, point: str) -> None:
    names = ("mette", "lea", "emily", "jonas")
    planned(live, *(a_touch(live, name, due_at=NOON - SECOND * (9 - n)) for n, name in enumerate(names)))
    arm(f"{point}:raise@2")
    with pytest.raises(FailpointReached):
        send_due(live.id, now=NOON)
    expire_leases(practice_id=live.id, now=NOON + 2 * limits.lease())
    lost = [m.lost for m in sorted(messages(live), key=lambda m: m.due_at)]
    assert lost == ([1, 1, 0, 0] if point == "send.before_begin" else [0, 1, 1, 0])


@pytest.mark.parametrize("guards_off", ["", "awake"])
def test_who_slept_past_the_lease_after_beginning_calls_no_more(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch, guards_off: str
) -> None:
    remove_guards(*filter(None, [guards_off]))
    planned(live, a_touch(live))
    began, monotonic = begin, clock.monotonic

    def sleeps(*given: Any, **more: Any) -> bool:
        monkeypatch.setattr(clock, "monotonic", lambda: monotonic() + 100)
        return began(*given, **more)

    monkeypatch.setattr(sending, "begin", sleeps)
    send_due(live.id, now=NOON)
    assert len(email.sent) == (1 if guards_off else 0)
