"""Messages in, answers out, and nothing closed unanswered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from glede.inbox.closing import NotClosable
from glede.inbox.models import Closure, Conversation, Draft, InboundMessage, Reply
from glede.inbox.operations import (
    Incoming,
    NobodyThere,
    NoSuchConversation,
    NotAPerson,
    NothingOpen,
    NothingSaid,
    TooLong,
    ask_for_call,
    close_without_reply,
    receive_message,
    reply,
    save_draft,
    start_conversation,
)
from glede.inbox.queries import conversation_for, conversation_of, draft_of, stream_of, unanswered
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.queries import events
from glede.outbox.queries import Line, of_patient
from glede.people.queries import reach
from glede.practices import scope
from glede.promises.queries import Owed, open_about, open_promises
from tests.cast import MORNING, House, open_nordlys, open_solberg

pytestmark = pytest.mark.django_db

OPEN = MORNING + timedelta(hours=2)
CLOSED = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    house = open_solberg("kari", "jonas", now=MORNING)
    house.now = OPEN
    return house


def write(house: House, words: str = "Can I come later?", who: str = "kari", **more: Any) -> InboundMessage:
    now = more.pop("now", house.now)
    command_id = more.pop("command_id", None)
    message = Incoming(patient_id=house.people[who], words=words, **more)
    return receive_message(practice_id=house.id, message=message, by=house.by(who), now=now, command_id=command_id)


def sent(house: House) -> list[Line]:
    return of_patient(house.id, [house.people["kari"]], now=house.now)


def owed(house: House, row: InboundMessage) -> list[Owed]:
    return open_about(house.id, Ref("conversation", row.conversation_id))


def answer(house: House, row: InboundMessage, words: str = "Yes, at 11.", **more: Any) -> Reply:
    now = more.pop("now", house.now)
    up_to = more.pop("answers_to", row.n)
    return reply(
        practice_id=house.id, conversation_id=row.conversation_id, words=words, answers_to=up_to,
        by=more.pop("by", house.by("ingrid")), now=now, **more,
    )  # fmt: skip


def test_a_message_promises_an_answer_by_a_clock_time_and_a_name(house: House) -> None:
    row = write(house)
    (promise,) = owed(house, row)
    assert promise.due_at == OPEN + timedelta(minutes=120)
    assert (promise.kind, promise.urgency, promise.patient_id) == ("answer", 5, house.people["kari"])
    assert conversation_of(house.id, house.people["kari"]).owner == "Ingrid Berg"


def test_the_event_holds_no_words(house: House) -> None:
    row = write(house)
    event = next(e for e in events(house.id) if e.kind == "inbox.message.received")
    assert event.data == {"message": str(row.pk), "n": 1, "channel": "link", "tier": 5}


def test_red_flags_raise_the_urgency_and_shorten_the_promise(house: House) -> None:
    calm = write(house, who="jonas")
    urgent = write(house, "A grey curtain came down over my right eye this morning, with flashes")
    assert urgent.tier <= 1
    assert owed(house, urgent)[0].due_at < owed(house, calm)[0].due_at
    assert [u.patient_id for u in unanswered(house.id)] == [house.people["kari"], house.people["jonas"]]


def test_who_says_it_is_a_new_symptom_is_believed(house: House) -> None:
    row = write(house, "It is odd.", says_new_symptom=True)
    assert row.tier == 1
    assert "SAID_NEW_SYMPTOM" in row.categories


def test_a_further_message_joins_the_promise_with_the_earlier_time_and_the_higher_tier(house: House) -> None:
    first = write(house)
    (before,) = owed(house, first)
    later = house.now + timedelta(minutes=30)
    write(house, "And one thing more", now=later)
    assert owed(house, first)[0].due_at == before.due_at
    write(house, "Now I have a grey curtain over the eye and flashes", now=later)
    (after,) = owed(house, first)
    assert after.id == before.id
    assert after.due_at <= before.due_at
    assert after.urgency <= 1


def test_pressing_five_times_writes_one_message(house: House) -> None:
    command = new_id()
    rows = {write(house, command_id=command).pk for _ in range(5)}
    assert len(rows) == 1
    assert len(stream_of(house.id, [house.people["kari"]])) == 1


def test_a_conversation_is_one_for_life_and_counts_without_gaps(house: House) -> None:
    rows = [write(house, f"message {n}") for n in range(1, 4)]
    assert [row.n for row in rows] == [1, 2, 3]
    assert len({row.conversation_id for row in rows}) == 1
    assert (
        start_conversation(practice_id=house.id, patient_id=house.people["kari"], by=house.by("ingrid"), now=house.now)
        == rows[0].conversation_id
    )


@pytest.mark.parametrize(("words", "error"), [("  \n ", NothingSaid), ("x" * 10_001, TooLong)])
def test_blank_and_endless_words_are_refused(house: House, words: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        write(house, words)
    assert stream_of(house.id, [house.people["kari"]]) == []


def test_a_stranger_has_no_conversation(house: House) -> None:
    message = Incoming(patient_id=new_id(), words="hello")
    with pytest.raises(NobodyThere):
        receive_message(practice_id=house.id, message=message, by=SYSTEM, now=house.now)


def test_an_answer_keeps_the_promise_and_is_owed_to_the_outbox(house: House) -> None:
    row = write(house)
    answered = answer(house, row)
    assert owed(house, row) == []
    assert unanswered(house.id) == []
    assert answered.touch_id is not None
    assert len(sent(house)) == 1
    page = conversation_for(house.id, row.conversation_id)
    assert page is not None
    assert [(p.kind, p.words, p.who) for p in page.pieces] == [
        ("said", "Can I come later?", ""),
        ("answered", "Yes, at 11.", "Ingrid Berg"),
    ]


def test_what_came_in_while_the_answer_was_written_stays_unanswered(house: House) -> None:
    row = write(house)
    write(house, "And can my wife come too?")
    answer(house, row, answers_to=1)
    assert len(owed(house, row)) == 1
    assert [u.last_n for u in unanswered(house.id)] == [2]
    answer(house, row, "Of course.", answers_to=2)
    assert owed(house, row) == []


def test_five_presses_answer_once(house: House) -> None:
    row, command = write(house), new_id()
    assert len({answer(house, row, command_id=command).pk for _ in range(5)}) == 1
    assert len(sent(house)) == 1


def test_only_a_named_colleague_answers_or_closes(house: House) -> None:
    row = write(house)
    with pytest.raises(NotAPerson):
        answer(house, row, by=SYSTEM)
    with pytest.raises(NotAPerson):
        close(house, row, "thanks_only", by=SYSTEM)


def close(house: House, row: InboundMessage, reason: str, note: str = "", **more: Any) -> Closure:
    by = more.pop("by", house.by("ingrid"))
    return close_without_reply(
        practice_id=house.id,
        conversation_id=row.conversation_id,
        reason=reason,
        note=note,
        by=by,
        now=house.now,
        **more,
    )


def test_thanks_can_be_closed_with_a_reason_and_a_name(house: House) -> None:
    row = write(house, "Takk!")
    close(house, row, "thanks_only")
    assert owed(house, row) == []
    (_, closed) = stream_of(house.id, [house.people["kari"]])
    assert (closed.kind, closed.reason, closed.who) == ("closed", "thanks_only", "Ingrid Berg")
    with pytest.raises(NothingOpen):
        close(house, row, "thanks_only")


@pytest.mark.parametrize(
    ("words", "reason", "note", "code"),
    [
        ("hello", "because", "", "unknown_reason"),
        ("hello", "rang", " ", "note_missing"),
        ("I see flashes and a curtain over my eye", "thanks_only", "", "red_flag"),
        ("I see flashes and a curtain over my eye", "not_for_us", "spam", "red_flag"),
    ],
)
def test_nothing_is_closed_unanswered(house: House, words: str, reason: str, note: str, code: str) -> None:
    row = write(house, words)
    with pytest.raises(NotClosable) as refused:
        close(house, row, reason, note)
    assert refused.value.code == code
    assert len(owed(house, row)) == 1


def test_a_red_flag_is_closed_by_who_spoke_with_them(house: House) -> None:
    row = write(house, "I see flashes and a curtain over my eye")
    close(house, row, "rang", "Rang her, she comes at 10.")
    assert owed(house, row) == []


def test_out_of_hours_the_safety_net_goes_out_once_in_twelve_hours(house: House) -> None:
    first = write(house, now=CLOSED)
    second = write(house, now=CLOSED + timedelta(minutes=5))
    third = write(house, now=CLOSED + timedelta(hours=24))
    assert [r.has_safety_net for r in (first, second, third)] == [True, False, True]
    assert len(sent(house)) == 2


def test_while_open_the_page_is_enough(house: House) -> None:
    assert not write(house).has_safety_net


@pytest.mark.parametrize(
    ("channel", "words", "refused", "asks"),
    [
        ("sms", "STOPP", ("sms", "all"), False),
        ("email", "please stop texting me", ("email", "marketing"), True),
        ("link", "STOP", ("*", "marketing"), True),
        ("sms", "Can I come later?", None, False),
    ],
)
def test_a_refusal_is_heard_at_once(
    house: House, channel: str, words: str, refused: tuple[str, str] | None, asks: bool
) -> None:
    write(house, words, channel=channel)
    known = reach(house.id, [house.people["kari"]])[house.people["kari"]].opted_out
    assert known == ({refused} if refused else set())
    assert ([o for o in open_promises(house.id) if o.kind == "opt_out_check"] != []) is asks


def test_asking_to_be_rung_twice_is_one_promise(house: House) -> None:
    for _ in range(2):
        ask_for_call(
            practice_id=house.id, patient_id=house.people["kari"], appointment_id=new_id(), by=house.by("kari"),
            now=house.now, command_id=COMMAND,
        )  # fmt: skip
    assert [o.kind for o in open_promises(house.id)].count("call") == 1


COMMAND = new_id()


def test_a_draft_is_kept_and_goes_with_the_answer(house: House) -> None:
    row = write(house)
    ingrid = house.by("ingrid")
    assert ingrid.id is not None

    def keep(words: str) -> None:
        save_draft(practice_id=house.id, conversation_id=row.conversation_id, words=words, by=ingrid, now=house.now)

    keep("Dear Kari")
    keep("Dear Kari, of")
    assert draft_of(house.id, row.conversation_id, ingrid.id) == "Dear Kari, of"
    keep(" ")
    assert draft_of(house.id, row.conversation_id, ingrid.id) == ""
    keep("Dear")
    answer(house, row)
    with scope.transaction(house.id):
        assert not Draft.objects.exists()


def test_words_can_be_blanked_and_nothing_else(house: House) -> None:
    row = write(house)
    with scope.transaction(house.id):
        mine = InboundMessage.objects.filter(pk=row.pk)
        for change in ({"words": "other"}, {"tier": 0}, {"words": "", "tier": 0}):
            with pytest.raises(DatabaseError), transaction.atomic():
                mine.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("delete from inbox_inboundmessage")
        assert mine.update(words="") == 1


def test_the_other_practice_sees_nothing(house: House) -> None:
    row = write(house)
    other = open_nordlys("nils")
    assert unanswered(other.id) == []
    assert conversation_for(other.id, row.conversation_id) is None
    assert stream_of(other.id, [house.people["kari"]]) == []
    with pytest.raises(NoSuchConversation):
        reply(
            practice_id=other.id, conversation_id=row.conversation_id, words="x", answers_to=1, by=other.by("leif"),
            now=other.now,
        )  # fmt: skip
    with pytest.raises(NobodyThere):
        start_conversation(practice_id=other.id, patient_id=house.people["kari"], by=other.by("leif"), now=other.now)


def broken(*_: Any, **__: Any) -> None:
    raise RuntimeError("the ledger cannot be written")


def test_where_the_ledger_fails_nothing_of_the_act_remains(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = write(house)
    ingrid = house.by("ingrid")
    acts = {
        "receive": lambda: write(house, "again"),
        "reply": lambda: answer(house, row),
        "close": lambda: close(house, row, "thanks_only"),
        "call": lambda: ask_for_call(
            practice_id=house.id, patient_id=house.people["kari"], appointment_id=new_id(), by=ingrid, now=house.now
        ),
    }
    before = counts(house)
    monkeypatch.setattr("glede.ledger.operations.append", broken)
    for act in acts.values():
        with pytest.raises(RuntimeError):
            act()
        assert counts(house) == before


def counts(house: House) -> tuple[int, ...]:
    with scope.transaction(house.id):
        rows = tuple(m.objects.count() for m in (Conversation, InboundMessage, Reply, Closure))
    return (*rows, len(open_promises(house.id)), len(sent(house)))
