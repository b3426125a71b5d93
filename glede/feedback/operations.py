"""Take what a person says about their visit, and promise to put right what was not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from glede.diary.queries import appointment_for
from glede.feedback import reading, rules
from glede.feedback.models import Response
from glede.feedback.scores import SCORES
from glede.kernel.actor import Actor
from glede.kernel.periods import NeverOpen
from glede.kernel.ref import Ref
from glede.ledger.operations import act, answer, once
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promise

WORDS_MAX = 10_000
CAUSE = "response"


class NothingSaid(ValueError):
    """Neither a score nor a word was given."""


class TooLong(ValueError):
    """More than ``WORDS_MAX`` characters."""


class UnknownScore(ValueError):
    """The score is none of the five."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered: a score of 5 (very good) to 1 (very poor) or None, and words or ""."""

    score: int | None = None
    words: str = ""


def give_response(
    *, practice_id: UUID, appointment_id: UUID, answers: Answers, by: Actor, now: datetime,
    command_id: UUID | None = None,
) -> Response:  # fmt: skip
    """Keep an answer as it was given; return it.

    A low score, or unhappy, worried or urgent words, become a promise to ring and put it right
    (row 14, docs/journeys.md), whatever was or was not bought. Raises ``NothingSaid``, ``TooLong``,
    ``UnknownScore`` and ``UnknownAppointment``. The same ``command_id`` again returns the first.
    """
    words = _checked(answers)
    visit = appointment_for(practice_id, appointment_id)
    found = reading.read(words)
    unhappy = rules.is_unhappy(answers.score, words)
    with act(practice_id, by=by, now=now) as giving:
        pressed = once(giving, command_id)
        if pressed.answer is not None:
            return Response.objects.get(pk=pressed.answer)
        subject = Ref("appointment", appointment_id)
        giving.lock(subject, Ref("patient", visit.patient_id))
        row = Response.objects.create(
            practice_id=practice_id, appointment_id=appointment_id, patient_id=visit.patient_id, score=answers.score,
            words=words, given_at=now, is_unhappy=unhappy, tier=found.tier, categories=list(found.categories),
        )  # fmt: skip
        giving.record(
            "feedback.response.given",
            subject=subject,
            patient=visit.patient_id,
            data={"response": row.pk, "score": answers.score, "unhappy": unhappy, "tier": found.tier},
        )
        if rules.owes_call(unhappy=unhappy, tier=found.tier):
            _promise_recovery(row, by=by, now=now)
        answer(giving, command_id, row.pk)
    return row


def _checked(answers: Answers) -> str:
    words = answers.words.replace("\r\n", "\n").replace("\x00", "").strip()
    if answers.score is not None and answers.score not in dict(SCORES):
        raise UnknownScore(str(answers.score))
    if answers.score is None and not words:
        raise NothingSaid
    if len(words) > WORDS_MAX:
        raise TooLong
    return words


def _promise_recovery(row: Response, *, by: Actor, now: datetime) -> None:
    hours, minutes = opening_hours(practice_by_id(row.practice_id)), rules.recover_minutes(row.tier)
    try:
        due_at = hours.add_open_minutes(now, minutes)
    except NeverOpen:
        due_at = now + timedelta(minutes=minutes)
    new = NewPromise(
        kind="recover",
        subject=Ref("appointment", row.appointment_id),
        due_at=due_at,
        cause=CAUSE,
        patient_id=row.patient_id,
        urgency=row.tier,
        detail={"row": "14", "response": str(row.pk), "reason": "score" if row.score in {1, 2} else "words"},
    )
    make_promise(practice_id=row.practice_id, new=new, by=by, now=now)
