"""What time does to answers at the desk: given back at half time, broken with a cause, never lowered but by name."""

from datetime import timedelta
from typing import Any

import pytest

from glede.inbox import operations as inbox
from glede.inbox.closing import is_handed_by_name, why_late
from glede.inbox.models import InboundMessage
from glede.inbox.queries import (
    Balance,
    assessments_of,
    balance,
    begun,
    conversation_of,
    standing_at_closing,
    strays,
    unanswered,
)
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.ledger.queries import events, verify
from glede.practices import scope
from glede.promises import operations as promises
from glede.promises.queries import HandedOver, Owed, last_handed, open_promises, outcomes_of
from tests.cast import MORNING, House, open_nordlys, open_solberg

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OPEN = MORNING + 2 * HOUR
FLAG = "I see flashes and a curtain over my eye"


@pytest.fixture
def house() -> House:
    house = open_solberg("jonas", "tor", now=MORNING)
    house.now = OPEN
    return house


def write(house: House, words: str = "Can I come later?", who: str = "jonas", after: timedelta = 0 * HOUR) -> Any:
    message = inbox.Incoming(patient_id=house.people[who], words=words)
    return inbox.receive_message(practice_id=house.id, message=message, by=house.by(who), now=house.now + after)


def owed(house: House) -> list[Owed]:
    return open_promises(house.id, kinds=["answer"])


def back(house: House, after: timedelta) -> int:
    return inbox.return_promises(practice_id=house.id, by=SYSTEM, now=house.now + after)


def draft(house: House, row: Any, who: str = "ingrid", words: str = "Dear Jonas") -> None:
    inbox.save_draft(
        practice_id=house.id, conversation_id=row.conversation_id, words=words, by=house.by(who), now=house.now
    )


def answer(house: House, row: Any, after: timedelta = 0 * HOUR) -> None:
    inbox.reply(
        practice_id=house.id, conversation_id=row.conversation_id, words="Yes.", answers_to=row.n,
        by=house.by("marius"), now=house.now + after,
    )  # fmt: skip


def test_what_nobody_began_is_everybodys_at_half_time_and_not_before(house: House) -> None:
    write(house)
    assert back(house, timedelta(minutes=59)) == 0
    assert owed(house)[0].owner_id == house.colleagues["ingrid"]
    assert back(house, HOUR) == 1
    assert back(house, HOUR) == 0
    (promise,) = owed(house)
    assert (promise.owner_id, last_handed(house.id, [promise.id])[promise.id].reason) == (None, inbox.HALF_GONE)


def test_what_was_begun_stays_until_its_owner_is_away(house: House) -> None:
    row = write(house)
    draft(house, row)
    assert back(house, timedelta(minutes=119)) == 0
    promises.step_away(practice_id=house.id, by=house.by("ingrid"), now=house.now)
    assert back(house, HOUR) == 1
    assert [b.words for b in begun(house.id, [row.conversation_id])[row.conversation_id]] == ["Dear Jonas"]


def test_who_begins_what_is_everybodys_takes_it_on(house: House) -> None:
    row = write(house)
    back(house, HOUR)
    draft(house, row, "marius")
    draft(house, row, "nina")
    assert owed(house)[0].owner_id == house.colleagues["marius"]
    answer(house, row)
    assert begun(house.id, [row.conversation_id]) == {}


def test_what_comes_while_the_first_is_away_is_nobodys_yet(house: House) -> None:
    promises.step_away(practice_id=house.id, by=house.by("ingrid"), now=house.now)
    write(house)
    assert owed(house)[0].owner_id is None


@pytest.mark.parametrize(
    ("happens", "cause"),
    [(lambda _: None, "not_in_time"), (lambda h: back(h, HOUR), "returned_half")],
    ids=["nothing", "returned"],
)
def test_an_answer_after_its_time_is_a_broken_promise_with_its_cause(house: House, happens: Any, cause: str) -> None:
    row = write(house)
    (promise,) = owed(house)
    happens(house)
    answer(house, row, after=3 * HOUR)
    assert owed(house) == []
    outcome, _at, who, reason, _note = outcomes_of(house.id, promise.id)[-1]
    assert (outcome, who, reason) == ("broken", house.colleagues["marius"], cause)


def test_an_answer_at_its_very_hour_is_kept(house: House) -> None:
    row = write(house)
    (promise,) = owed(house)
    answer(house, row, after=2 * HOUR)
    assert outcomes_of(house.id, promise.id)[-1][0] == "kept"


def lower(house: House, row: Any, who: str = "amal", reason: str = "Rang him: old floaters", **more: Any) -> Any:
    return inbox.lower_urgency(
        practice_id=house.id, conversation_id=row.conversation_id, assesses_to=row.n, reason=reason, by=house.by(who),
        now=house.now, **more,
    )  # fmt: skip


def test_a_named_clinician_lowers_with_a_reason_and_the_record_says_so(house: House) -> None:
    row, command = write(house, FLAG), new_id()
    due = owed(house)[0].due_at
    assert {lower(house, row, command_id=command).pk for _ in range(3)} == {lower(house, row, command_id=command).pk}
    (promise,) = owed(house)
    assert (promise.urgency, promise.due_at) == (5, due)
    assert (conversation_of(house.id, house.people["jonas"]).tier, unanswered(house.id)[0].tier) == (5, 5)
    with scope.transaction(house.id):
        assert InboundMessage.objects.get(pk=row.pk).tier <= 1
    assert [(s.who, s.reason) for s in assessments_of(house.id, house.people["jonas"])] == [
        ("Dr Amal Haddad", "Rang him: old floaters")
    ]
    kinds = [e.kind for e in events(house.id)]
    assert kinds.count("inbox.conversation.assessed") == kinds.count("promises.promise.calmed") == 1
    assert verify(house.id).ok


@pytest.mark.parametrize(
    ("who", "reason", "refusal"),
    [("ingrid", "x", inbox.NotAClinician), ("nina", "x", inbox.NotAClinician), ("amal", " ", inbox.NothingSaid)],
)
def test_nobody_else_and_nothing_without_a_reason(
    house: House, who: str, reason: str, refusal: type[Exception]
) -> None:
    row = write(house, FLAG)
    with pytest.raises(refusal):
        lower(house, row, who, reason)
    assert owed(house)[0].urgency <= 1


def test_a_machine_never_lowers(house: House) -> None:
    row = write(house, FLAG)
    with pytest.raises(inbox.NotAPerson):
        inbox.lower_urgency(
            practice_id=house.id, conversation_id=row.conversation_id, assesses_to=1, reason="x", by=SYSTEM,
            now=house.now,
        )  # fmt: skip
    calm = write(house, who="tor")
    with pytest.raises(inbox.NothingOpen):
        lower(house, calm)


def test_what_is_written_after_it_is_raised_anew(house: House) -> None:
    row = write(house, FLAG)
    lower(house, row)
    write(house, "Now I cannot see anything out of my left eye")
    assert owed(house)[0].urgency == 0
    with pytest.raises(inbox.NothingOpen):
        lower(house, row)
    assert owed(house)[0].urgency == 0


def test_what_was_found_not_urgent_may_be_closed_as_thanks(house: House) -> None:
    row = write(house, "Takk for at dere så på lysglimtene mine")
    assert row.tier <= 1
    lower(house, row)
    inbox.close_without_reply(
        practice_id=house.id, conversation_id=row.conversation_id, reason="thanks_only", by=house.by("ingrid"),
        now=house.now,
    )  # fmt: skip
    assert owed(house) == []


def close_desk(house: House, **more: Any) -> Any:
    return inbox.close_desk(practice_id=house.id, by=house.by("ingrid"), now=house.now, **more)


def test_the_desk_does_not_close_on_anybody(house: House) -> None:
    write(house)
    with pytest.raises(inbox.StillWaiting) as refused:
        close_desk(house)
    (promise,) = owed(house)
    assert refused.value.promises == (promise.id,)
    with pytest.raises(inbox.NotAPerson):
        inbox.close_desk(practice_id=house.id, by=SYSTEM, now=house.now)


def test_a_name_and_a_time_end_the_day_and_five_presses_end_it_once(house: House) -> None:
    write(house)
    (promise,) = owed(house)
    marius, command = house.colleagues["marius"], new_id()
    promises.hand_promise(
        practice_id=house.id, promise_id=promise.id, owner_id=marius, due_at=house.now + 22 * HOUR,
        by=house.by("ingrid"), now=house.now,
    )  # fmt: skip
    assert len({close_desk(house, command_id=command).pk for _ in range(5)}) == 1
    assert [(e.kind, e.data["handed"]) for e in events(house.id) if e.kind.startswith("inbox.desk")] == [
        ("inbox.desk.closed", 1)
    ]
    assert standing_at_closing(house.id, now=house.now + 23 * HOUR).handed == ()


HANDED = HandedOver(OPEN, new_id(), new_id(), "", "")


@pytest.mark.parametrize(
    ("owner", "handed", "due", "expected"),
    [
        (HANDED.to, HANDED, HOUR, True),
        (None, HANDED, HOUR, False),
        (HANDED.to, None, HOUR, False),
        (HANDED.to, HANDED, 0 * HOUR, False),
        (new_id(), HANDED, HOUR, False),
        (HANDED.to, HandedOver(OPEN, None, HANDED.to, "", ""), HOUR, False),
        (HANDED.to, HandedOver(OPEN, HANDED.by, HANDED.to, "", inbox.TOOK), HOUR, False),
    ],
)
def test_only_a_colleague_gives_it_to_a_name_for_a_time_ahead(
    owner: Any, handed: HandedOver | None, due: timedelta, expected: bool
) -> None:
    assert is_handed_by_name(owner, handed, OPEN + due, OPEN) is expected


def test_the_cause_is_how_it_last_changed_hands() -> None:
    assert why_late(HANDED) == "handed_over"
    assert why_late(HandedOver(OPEN, None, None, "", "returned_away")) == "returned_away"
    assert why_late(None) == "not_in_time"


def test_nothing_that_came_in_is_uncounted(house: House) -> None:
    answered, closed = write(house), write(house, "Takk!", "tor")
    answer(house, answered)
    inbox.close_without_reply(
        practice_id=house.id, conversation_id=closed.conversation_id, reason="thanks_only", by=house.by("ingrid"),
        now=house.now,
    )  # fmt: skip
    write(house, "And one thing more")
    arrival = inbox.Arrival(channel="sms", address="+4740000888", words="Hei", provider_id="SM1")
    inbox.take_arrival(practice_id=house.id, arrival=arrival, by=SYSTEM, now=house.now)
    assert balance(house.id) == {
        "link": Balance(received=3, answered=1, open=1, closed=1), "sms": Balance(received=1, quarantined=1)
    }  # fmt: skip
    assert verify(house.id).ok
    assert balance(open_nordlys("nils").id) == {}


def closed(house: House, row: Any) -> Any:
    return inbox.close_without_reply(
        practice_id=house.id, conversation_id=row.conversation_id, reason="thanks_only", by=house.by("ingrid"),
        now=house.now,
    )  # fmt: skip


def reopen(house: House, closure: Any, who: str = "nina") -> None:
    inbox.take_back_closing(
        practice_id=house.id, closure_id=closure.pk, by=house.by(who), now=house.now + timedelta(seconds=9)
    )


def test_a_closing_taken_back_leaves_everything_as_it_was(house: House) -> None:
    row = write(house, "Takk!")
    (before,) = owed(house)
    closure = closed(house, row)
    for _ in range(3):
        reopen(house, closure)
    (again,) = owed(house)
    assert (again.due_at, again.owner_id, again.urgency) == (before.due_at, before.owner_id, before.urgency)
    assert unanswered(house.id)[0].words == "Takk!"
    assert [piece.kind for piece in conversation_of(house.id, house.people["jonas"]).pieces] == ["said"]
    assert (balance(house.id)["link"].open, standing_at_closing(house.id, now=house.now).n_answered) == (1, 0)
    assert [e.kind for e in events(house.id)].count("inbox.conversation.reopened") == 1
    answer(house, row, after=HOUR)
    assert owed(house) == []
    assert verify(house.id).ok


def test_what_was_answered_since_stays_answered(house: House) -> None:
    row = write(house, "Takk!")
    closure = closed(house, row)
    answer(house, row)
    with pytest.raises(inbox.NothingOpen):
        reopen(house, closure)
    with pytest.raises(inbox.NoSuchConversation):
        inbox.take_back_closing(practice_id=house.id, closure_id=new_id(), by=house.by("nina"), now=house.now)
    assert owed(house) == []
    assert verify(house.id).ok


def test_reopened_words_join_what_was_written_meanwhile(house: House) -> None:
    closure = closed(house, write(house, "Takk!"))
    write(house, "And one thing more", after=HOUR)
    reopen(house, closure)
    (promise,) = owed(house)
    assert promise.due_at == house.now + 2 * HOUR
    assert balance(house.id)["link"].open == 2


def stray(house: House, words: str = FLAG) -> Any:
    arrival = inbox.Arrival(channel="sms", address="+4740000888", words=words, provider_id=words[:9])
    return inbox.take_arrival(practice_id=house.id, arrival=arrival, by=SYSTEM, now=house.now).stray_id


def calm(house: House, stray_id: Any, who: str = "amal", reason: str = "Rang: old floaters") -> None:
    inbox.calm_stray(practice_id=house.id, stray_id=stray_id, reason=reason, by=house.by(who), now=house.now)


def place(house: House, stray_id: Any, who: str = "jonas") -> None:
    inbox.place_stray(
        practice_id=house.id, stray_id=stray_id, patient_id=house.people[who], by=house.by("ingrid"), now=house.now
    )


def test_a_clinician_lowers_a_strangers_words_and_it_holds_where_they_are_placed(house: House) -> None:
    stray_id = stray(house)
    due = owed(house)[0].due_at
    calm(house, stray_id)
    assert [(o.urgency, o.due_at) for o in owed(house)] == [(5, due)]
    assert strays(house.id, [stray_id])[stray_id].seen_by == "Dr Amal Haddad"
    with pytest.raises(inbox.NothingOpen):
        calm(house, stray_id)
    place(house, stray_id)
    assert [(o.urgency, o.due_at) for o in owed(house)] == [(5, due)]
    assert [(s.who, s.reason) for s in assessments_of(house.id, house.people["jonas"])] == [
        ("Dr Amal Haddad", "Rang: old floaters")
    ]
    assert verify(house.id).ok


def test_other_raised_words_of_the_person_stay_raised(house: House) -> None:
    write(house, FLAG)
    stray_id = stray(house)
    calm(house, stray_id)
    place(house, stray_id)
    assert [o.urgency for o in owed(house)] == [min(o.urgency for o in owed(house))]
    assert owed(house)[0].urgency <= 1
    assert assessments_of(house.id, house.people["jonas"]) == []


@pytest.mark.parametrize(
    ("who", "reason", "words", "refusal"),
    [
        ("ingrid", "x", FLAG, inbox.NotAClinician),
        ("amal", " ", FLAG, inbox.NothingSaid),
        ("amal", "x", "Hei", inbox.NothingOpen),
    ],
)
def test_nobody_else_lowers_a_strangers_words(
    house: House, who: str, reason: str, words: str, refusal: type[Exception]
) -> None:
    stray_id = stray(house, words)
    before = owed(house)
    with pytest.raises(refusal):
        calm(house, stray_id, who, reason)
    assert owed(house) == before


def test_a_message_that_lost_its_promise_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glede.inbox.operations.talking._promise_answer", lambda *_, **__: None)
    write(house)
    assert not balance(house.id)["link"].is_even
    assert not verify(house.id).ok
