"""Answers about a visit: kept as given, put right where somebody was not happy."""

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import Error as DatabaseError
from django.db import transaction

from glede.diary.errors import UnknownAppointment
from glede.diary.operations import book_appointment
from glede.diary.requests import Booking
from glede.feedback import reading
from glede.feedback.models import Response
from glede.feedback.operations import Answers, NothingSaid, TooLong, UnknownScore, give_response
from glede.feedback.queries import latest_responses, responses_about, responses_by_id, responses_of
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.ledger.queries import events
from glede.people.operations import erase_patient
from glede.practices import scope
from glede.promises.queries import Owed, open_promises
from tests.cast import MORNING, House, open_nordlys, open_solberg

pytestmark = pytest.mark.django_db
OPEN = MORNING + timedelta(hours=2)


@pytest.fixture
def house() -> House:
    house = open_solberg("kari", now=MORNING)
    house.now = OPEN
    return house


@pytest.fixture
def visit(house: House) -> UUID:
    day = OPEN.date() + timedelta(days=1)
    request = Booking(
        patient_id=house.people["kari"], day=day, wall_time=time(10), service_id=house.services["eye-test"]
    )
    return book_appointment(practice_id=house.id, request=request, by=SYSTEM, now=house.now).pk


def tell(house: House, visit: UUID, score: int | None = None, words: str = "", **more: Any) -> Response:
    return give_response(
        practice_id=house.id,
        appointment_id=visit,
        answers=Answers(score, words),
        by=house.by("kari"),
        now=house.now,
        **more,
    )


def recoveries(house: House) -> list[Owed]:
    return [o for o in open_promises(house.id) if o.kind == "recover"]


@pytest.mark.parametrize("score", [3, 4, 5])
def test_who_is_content_is_thanked_and_left_in_peace(house: House, visit: UUID, score: int) -> None:
    tell(house, visit, score, "Amal had time for me.")
    assert recoveries(house) == []
    assert [(t.score, t.words) for t in responses_about(house.id, visit)] == [(score, "Amal had time for me.")]


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (1, ""),
        (2, "ok"),
        (None, "I am worried about the drops"),
        (5, "Good, but I felt rushed and nobody listened"),
        (None, "Jeg er skuffet"),
        (4, "Litt bekymret for brillene"),
    ],
)
def test_a_low_score_or_unhappy_or_worried_words_become_a_call_within_four_open_hours(
    house: House, visit: UUID, score: int | None, words: str
) -> None:
    tell(house, visit, score, words)
    (owed,) = recoveries(house)
    assert owed.due_at == OPEN + timedelta(hours=4)
    assert owed.patient_id == house.people["kari"]


def test_red_flags_in_feedback_are_seen(house: House, visit: UUID) -> None:
    tell(house, visit, 5, "Lovely people. Since yesterday I see a grey curtain and flashes")
    (owed,) = recoveries(house)
    assert owed.urgency <= 1
    assert owed.due_at <= OPEN + timedelta(minutes=15)


def test_two_unhappy_answers_are_one_promise(house: House, visit: UUID) -> None:
    tell(house, visit, 1)
    tell(house, visit, 2, "and the door is heavy")
    assert len(recoveries(house)) == 1
    assert len(responses_of(house.id, [house.people["kari"]])) == 2


def test_five_presses_are_one_answer(house: House, visit: UUID) -> None:
    command = new_id()
    assert len({tell(house, visit, 1, command_id=command).pk for _ in range(5)}) == 1
    assert len(recoveries(house)) == 1


def test_the_event_holds_no_words(house: House, visit: UUID) -> None:
    row = tell(house, visit, 4, "secret words")
    event = next(e for e in events(house.id) if e.kind == "feedback.response.given")
    assert event.data == {"response": str(row.pk), "score": 4, "unhappy": False, "tier": 5}


@pytest.mark.parametrize(
    ("score", "words", "error"),
    [(None, " ", NothingSaid), (6, "", UnknownScore), (0, "", UnknownScore), (None, "x" * 10_001, TooLong)],
)
def test_what_says_nothing_is_refused(
    house: House, visit: UUID, score: int | None, words: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        tell(house, visit, score, words)
    assert latest_responses(house.id) == []


def test_nothing_is_taken_where_nobody_would_see_a_red_flag(
    house: House, visit: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_readers", [])
    with pytest.raises(reading.NobodyReads):
        tell(house, visit, 5)


def test_the_other_practice_sees_nothing(house: House, visit: UUID) -> None:
    row = tell(house, visit, 1)
    other = open_nordlys("nils")
    assert latest_responses(other.id) == []
    assert responses_by_id(other.id, [row.pk]) == {}
    with pytest.raises(UnknownAppointment):
        give_response(practice_id=other.id, appointment_id=visit, answers=Answers(1), by=SYSTEM, now=other.now)


def test_words_can_be_blanked_and_nothing_else(house: House, visit: UUID) -> None:
    row = tell(house, visit, 4, "words")
    with scope.transaction(house.id):
        mine = Response.objects.filter(pk=row.pk)
        for change in ({"words": "better"}, {"score": 5}):
            with pytest.raises(DatabaseError), transaction.atomic():
                mine.update(**change)


def test_erasing_blanks_the_words_and_keeps_the_score(house: House, visit: UUID) -> None:
    tell(house, visit, 4, "words")
    tell(house, visit, None, "only words")
    erase_patient(
        practice_id=house.id, patient_id=house.people["kari"], reason="asked", by=house.by("sofie"), now=house.now
    )
    assert [(t.score, t.words) for t in latest_responses(house.id)] == [(None, ""), (4, "")]


def test_where_the_ledger_fails_nothing_of_the_act_remains(
    house: House, visit: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError

    before = len(open_promises(house.id))
    monkeypatch.setattr("glede.ledger.operations.append", broken)
    with pytest.raises(RuntimeError):
        tell(house, visit, 1, "bad")
    assert latest_responses(house.id) == []
    assert len(open_promises(house.id)) == before
