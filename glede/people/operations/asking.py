"""Take what somebody answers before a visit, one question at a time: saved at once, changed as often as they like."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.models import Asked, Need, Patient
from glede.people.operations.formats import set_formats
from glede.people.operations.patients import change_patient, locked
from glede.people.operations.words import Line, give_up, write_need
from glede.people.rules.asking import BY_CODE, FORMAT, SAY_NAME
from glede.practices.queries import practice_by_id

SAID_MOST = 120  # characters: the column's


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one question: words, and for "how do you read" the codes chosen. Both empty: gone past."""

    question: str
    words: str = ""
    codes: Collection[str] = ()

    @property
    def is_given(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.words.strip() or self.codes)


def answer_question(
    *, practice_id: UUID, patient_id: UUID, visit_id: UUID, answer: Answer, by: Actor, now: datetime
) -> Asked:
    """Keep an answer as the person's own words on their card, or that they went past the question.

    Said again it changes nothing; said anew it follows the former words. An answer taken back is ended. Raises
    ``NoSuchPatient``, and ``ValueError`` for an unknown question.
    """
    if answer.question not in BY_CODE:
        raise ValueError(f"no question: {answer.question}")
    with act(practice_id, by=by, now=now) as answering:
        patient = locked(answering, patient_id)
        row = Asked.objects.filter(practice_id=practice_id, visit_id=visit_id, question=answer.question).first()
        before = row.need_id if row else None
        need = _keep(answering, patient, answer, before)
        if row is None:
            row = Asked.objects.create(
                practice_id=practice_id, patient_id=patient.pk, visit_id=visit_id, question=answer.question,
                asked_at=now, need_id=need,
            )  # fmt: skip
        elif before != need:
            Asked.objects.filter(pk=row.pk).update(need_id=need, asked_at=now)
        else:
            return row
        answering.record(
            events.QUESTION_ANSWERED,
            subject=Ref("patient", patient.pk),
            patient=patient.pk,
            data={"visit": visit_id, "question": answer.question, "answered": answer.is_given},
        )
        return Asked.objects.get(pk=row.pk)


def _keep(this: Act, patient: Patient, answer: Answer, before: UUID | None) -> UUID | None:
    """Write what was answered where it belongs, and return the line that holds it, where one does."""
    if answer.question == FORMAT.code:
        set_formats(this, patient, answer.codes, answer.words)
        return None
    if answer.question == SAY_NAME.code:
        if answer.is_given:
            said = {"how_to_say": answer.words.strip()[:SAID_MOST]}
            change_patient(practice_id=this.practice_id, patient_id=patient.pk, fields=said, by=this.by, now=this.now)
        return None
    return _line(this, patient, answer, before)


def _line(this: Act, patient: Patient, answer: Answer, before: UUID | None) -> UUID | None:
    standing = Need.objects.filter(practice_id=this.practice_id, pk=before, ended_at=None).first() if before else None
    said = answer.words.strip()
    if standing is not None and standing.words == said:
        return standing.pk
    if not said:
        if standing is not None:
            give_up(this, patient, standing)
        return None
    today = day_of(this.now, practice_by_id(this.practice_id).zone)
    follows = standing.pk if standing else None
    line = Line(BY_CODE[answer.question].kind, said, replaces=follows, asked_on=today)
    return write_need(this, patient, line).pk
