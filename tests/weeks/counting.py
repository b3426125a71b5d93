"""What must hold after every step, asked of the tables themselves."""

from collections import Counter
from datetime import datetime

from glede.inbox.models import ClosingReason, Closure, InboundMessage, Reply
from glede.inbox.queries import balance
from glede.kernel.ref import Ref
from glede.ledger.queries import events
from glede.outbox.models import Message, Touch
from glede.outbox.rules import NOT_FINAL, WENT, Fate, State
from glede.practices import scope
from glede.promises.models import Promise, PromiseOutcome
from glede.promises.queries import open_about
from tests.weeks.world import World

LEFT = {*WENT, State.REHEARSED}


def nothing_is_lost(world: World) -> None:
    """Received = answered + open + closed + kept aside, by channel, against what the world sent; and what goes out."""
    counted = balance(world.house.id)
    assert {channel: one.received for channel, one in counted.items()} == dict(world.sent)
    assert all(one.is_even for one in counted.values()), counted
    what_goes_out_is_counted(world)


def what_goes_out_is_counted(world: World) -> None:
    """Planned = accepted + skipped + failed + pending + handed, by channel: each touch is one of them and says it."""
    with scope.transaction(world.house.id):
        messages: dict[object, list[Message]] = {}
        for message in Message.objects.order_by("touch_id", "n"):
            messages.setdefault(message.touch_id, []).append(message)
        planned, ended = Counter[str](), Counter[tuple[str, str]]()
        for touch in Touch.objects.all():
            last = messages[touch.pk][-1]
            planned[last.channel] += 1
            ended[last.channel, _end(touch, last)] += 1
    by_channel = Counter[str]()
    for (channel, end), n in ended.items():
        by_channel[channel] += n if end else 0
    assert by_channel == planned, ended


def _end(touch: Touch, last: Message) -> str:
    """Return how a touch ended, "" where its row and its last message tell two stories."""
    if touch.fate == Fate.DONE:
        return "accepted" if last.state in LEFT else ""
    if touch.fate == Fate.SKIPPED:
        return "skipped" if last.state == State.SKIPPED and touch.reason else ""
    if touch.fate == Fate.HANDED:
        return "handed" if last.promise_id or last.state in {State.HANDED, State.FAILED} else ""
    return "pending" if last.state in NOT_FINAL else ""


def the_desk_is_clear(world: World, evening: datetime) -> None:
    """At closing: everyone is answered, closed with a reason by a name, or promised by a name for a time ahead."""
    named = set(world.house.colleagues.values())
    with scope.transaction(world.house.id):
        replied = dict(Reply.objects.order_by("answers_to").values_list("conversation_id", "answers_to"))
        closed = dict(Closure.objects.order_by("closes_to").values_list("conversation_id", "closes_to"))
        ends = Closure.objects.values_list("closed_by", "reason")
        assert all(who in named and reason in ClosingReason.values for who, reason in ends)
        for message in InboundMessage.objects.all():
            talk = message.conversation_id
            if message.n > max(replied.get(talk, 0), closed.get(talk, 0)):
                about = open_about(world.house.id, Ref("conversation", talk))
                (owed,) = (one for one in about if one.kind == "answer")
                assert owed.owner_id in named, "open, and nobody's"
                assert owed.due_at > evening, "handed over for a time that is past"
        assert not Promise.objects.filter(kind="answer", closed_at=None, owner_id=None).exists()


def every_promise_ended_or_stands(world: World) -> Counter[str]:
    """Each promise of an answer was kept, broken with a cause, withdrawn with a reason, or stands open."""
    found = Counter[str]()
    ends = {"kept", "broken", "withdrawn"}
    with scope.transaction(world.house.id):
        outcomes = list(PromiseOutcome.objects.filter(outcome__in=ends).values_list("promise_id", "outcome", "reason"))
        by_promise = {key: (outcome, reason) for key, outcome, reason in outcomes}
        assert len(by_promise) == len(outcomes), "a promise ends once"
        for promise in Promise.objects.filter(kind="answer"):
            outcome, reason = by_promise.get(promise.pk, ("open", ""))
            assert (outcome == "open") is (promise.closed_at is None)
            assert outcome == "open" or reason, f"{outcome} without a cause"
            found[f"{outcome}: {reason}" if outcome == "broken" else outcome] += 1
    return found


def what_was_received_is_in_the_record(world: World) -> None:
    """The chain tells of as many messages as the world sent: those of people, and those kept aside."""
    kinds = Counter(event.kind for event in events(world.house.id))
    placed = kinds["inbox.stray.placed"]
    assert kinds["inbox.message.received"] + kinds["inbox.stray.received"] - placed == sum(world.sent.values())
