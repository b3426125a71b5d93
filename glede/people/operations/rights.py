"""What a person asks for of their rights, and what a colleague answers."""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import act, once
from glede.people import events
from glede.people.models import ContactPoint, Patient, RightsRequest
from glede.people.operations.contacts import add_contact
from glede.people.operations.patients import change_patient, locked
from glede.people.queries.names import records_of
from glede.people.rules import rights as rules
from glede.people.values import ContactForm, ContactKind
from glede.practices.queries import practice_by_id
from glede.promises.operations import NewPromise, keep_promise, make_promise
from glede.promises.queries import open_about

KIND = "right"


class NoSuchRequest(LookupError):
    """Nobody asked for that here, or it was answered already."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; a correction says of which field, and what should stand there."""

    kind: str
    field: str = ""
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)


def ask_for_right(
    *,
    practice_id: UUID,
    patient_id: UUID,
    wanted: Wanted,
    owner_id: UUID | None = None,
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> RightsRequest:
    """Keep what a person asks for and promise it by its day. The same asked again while it is owed is the first.

    It stands with the record by whose link it came, so that it stays theirs where two who were merged are parted.
    Raises ``NoSuchPatient``, ``UnreadableCorrection``.
    """
    with act(practice_id, by=by, now=now) as asking:
        patient = locked(asking, patient_id)
        proposed = _proposed(practice_id, wanted, now)
        pressed = once(asking, command_id)
        records = records_of(practice_id, [patient.pk])
        open_ones = RightsRequest.objects.filter(patient_id__in=records, kind=wanted.kind, answered_at=None)
        standing = open_ones.filter(field=wanted.field).first()
        if standing is not None:
            if pressed.is_first and proposed:
                standing.proposed = proposed
                standing.save(update_fields=["proposed"])
            return standing
        row = RightsRequest.objects.create(
            practice_id=practice_id, patient_id=patient_id, kind=wanted.kind, field=wanted.field, proposed=proposed,
            was=rules.before(wanted.field, _known(patient)) if wanted.field else {}, asked_at=now,
            due_at=rules.due(wanted.kind, now),
        )  # fmt: skip
        asking.record(
            events.RIGHT_ASKED,
            subject=Ref("patient", patient.pk),
            patient=patient.pk,
            data={"request": row.pk, "kind": row.kind, "field": row.field, "due": row.due_at},
        )
        detail = {"request": str(row.pk), "reason": f"right_{row.kind}"}
        owed = NewPromise(
            KIND, subject_of(row.pk), row.due_at, row.kind, patient_id=patient_id, owner_id=owner_id, detail=detail
        )
        make_promise(practice_id=practice_id, new=owed, by=by, now=now)
    return row


def subject_of(request_id: UUID) -> Ref:
    """Return what promises call a request."""
    return Ref("rights_request", request_id)


def _proposed(practice_id: UUID, wanted: Wanted, now: datetime) -> dict[str, str]:
    if not wanted.field:
        return {}
    practice = practice_by_id(practice_id)
    today = day_of(now, practice.zone)
    return rules.proposed(wanted.field, wanted.given, country=practice.country, today=today)


def answer_right(
    *, practice_id: UUID, request_id: UUID, accepts: bool, words: str = "", by: Actor, now: datetime
) -> RightsRequest:
    """Answer what somebody asked for: an accepted correction is done at once. The promise is kept by it.

    Raises ``NoSuchRequest``, ``NoSuchPatient``.
    """
    with act(practice_id, by=by, now=now) as answering:
        row = RightsRequest.objects.filter(practice_id=practice_id, pk=request_id, answered_at=None).first()
        if row is None:
            raise NoSuchRequest(str(request_id))
        patient = locked(answering, row.patient_id)
        if accepts and row.kind == RightsRequest.Kind.CORRECTION:
            _correct(practice_id, patient, row, by=by, now=now)
        row.answered_at, row.answer_words = now, words.strip()
        row.answer = RightsRequest.Answer.ACCEPTED if accepts else RightsRequest.Answer.DECLINED
        row.answered_by_role, row.answered_by_id = by.role, by.id
        row.save(update_fields=["answered_at", "answer", "answer_words", "answered_by_role", "answered_by_id"])
        answering.record(
            events.RIGHT_ANSWERED,
            subject=Ref("patient", patient.pk),
            patient=patient.pk,
            data={"request": row.pk, "kind": row.kind, "field": row.field, "answer": str(row.answer)},
        )
        for owed in open_about(practice_id, subject_of(row.pk)):
            keep_promise(practice_id=practice_id, promise_id=owed.id, reason=str(row.answer), by=by, now=now)
    return row


def _correct(practice_id: UUID, patient: Patient, row: RightsRequest, *, by: Actor, now: datetime) -> None:
    if row.field in {"phone", "email"}:
        was = _contacts(patient).filter(kind=row.field, value=row.was[row.field])
        kind: ContactKind = "phone" if row.field == "phone" else "email"
        contact = ContactForm(kind, row.proposed[kind], replaces=was.values_list("pk", flat=True).first())
        add_contact(practice_id=practice_id, patient_id=patient.pk, contact=contact, by=by, now=now)
        return
    told = dict(row.proposed)
    fields = {name: date.fromisoformat(value) if name == "birth_date" else value for name, value in told.items()}
    change_patient(practice_id=practice_id, patient_id=patient.pk, fields=fields, by=by, now=now)


def _known(patient: Patient) -> dict[str, object]:
    rows = sorted(_contacts(patient), key=lambda row: (row.patient_id == patient.pk, -row.rank))
    return {**vars(patient), **{row.kind: row.value for row in rows}}


def _contacts(patient: Patient) -> QuerySet[ContactPoint]:
    """Return the numbers and addresses of a person and of every record merged into theirs."""
    records = records_of(patient.practice_id, [patient.pk])
    return ContactPoint.objects.filter(patient_id__in=records, ended_at=None).order_by("-rank", "-added_at")
