"""What a list says of many people's wishes: refusals, the way they like to be reached, notes. Each is taken once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models.functions import Coalesce

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.keys import pepper, unwrap
from glede.people.models import ConsentEvent, ContactPoint, ContactPreference, Note, Patient, PatientKey
from glede.people.operations.consent import CHANNEL_KIND
from glede.people.rules.fields import OURS, commitment, salted_hash
from glede.people.values import EVERY_CHANNEL, Channel, Scope

PEOPLE_A_TRANSACTION = 150  # at most five events a person, and 1,000 a transaction


@dataclass(frozen=True, slots=True)
class Told:
    """What a list says of one person: what they refuse, on which channel (None: on every one), how they like it.

    ``insists``: somebody said that the list's channel goes before one set here.
    """

    patient_id: UUID
    refusals: tuple[tuple[Channel | None, Scope], ...] = ()
    channel: Channel = ""
    note: str = ""
    insists: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether anything changed by it, and whether a wish set here stood in the way."""

    changed: bool = False
    kept_ours: bool = False


@dataclass
class _OnFile:
    """What is on file of the people of a part, read once."""

    salt: bytes
    refused: set[tuple[UUID, str, str]] = field(default_factory=set)
    wishes: dict[UUID, ContactPreference] = field(default_factory=dict)
    notes: set[tuple[UUID, str]] = field(default_factory=set)
    keys: dict[UUID, bytes | memoryview] = field(default_factory=dict)
    contacts: dict[tuple[UUID, str], str] = field(default_factory=dict)

    def commit(self, patient_id: UUID, said: dict[str, Any]) -> str:
        return commitment(unwrap(self.keys[patient_id]), said)


def take_wishes(*, practice_id: UUID, told: Sequence[Told], by: Actor, now: datetime) -> list[Answer]:
    """Take what a list says of people's wishes; return what came of each, in order.

    A refusal, a channel or a note that the list has brought before is not taken again, and a channel never goes
    before one that a colleague or the person set here. At most 150 people a transaction.
    """
    answers: list[Answer] = []
    waiting = iter(told)
    while some := list(islice(waiting, PEOPLE_A_TRANSACTION)):
        with act(practice_id, by=by, now=now) as taking:
            answers += _take(taking, some)
    return answers


def _take(this: Act, told: Sequence[Told]) -> list[Answer]:
    people = Patient.objects.filter(practice_id=this.practice_id, pk__in={one.patient_id for one in told})
    head = dict(people.annotate(head=Coalesce("merged_into_id", "pk")).values_list("id", "head"))
    this.lock(*(Ref("patient", pk) for pk in set(head.values())))
    filed = _on_file(this, set(head.values()), {head[one.patient_id] for one in told if one.channel})
    answers = []
    for one in told:
        patient_id = head[one.patient_id]
        changed = [*_refuse(this, patient_id, one.refusals, filed), *_note(this, patient_id, one.note, filed)]
        wished, kept_ours = _wish(this, patient_id, one, filed)
        answers.append(Answer(bool(changed) or wished, kept_ours))
    return answers


def _on_file(this: Act, people: Iterable[UUID], wishing: set[UUID]) -> _OnFile:
    ids = list(people)
    refused = ConsentEvent.objects.filter(patient_id__in=ids, action="withdraw", actor_role=this.by.role)
    contacts = ContactPoint.objects.filter(patient_id__in=ids, ended_at=None).order_by("-rank", "-id")
    return _OnFile(
        pepper(this.practice_id),
        set(refused.values_list("patient_id", "channel", "purpose")),
        {row.patient_id: row for row in ContactPreference.objects.filter(patient_id__in=wishing, ended_at=None)},
        set(Note.objects.filter(patient_id__in=ids).values_list("patient_id", "words")),
        dict(PatientKey.objects.filter(patient_id__in=ids).values_list("patient_id", "wrapped")),
        {(row.patient_id, row.kind): row.address for row in contacts},
    )


def _refuse(
    this: Act, patient_id: UUID, refusals: Iterable[tuple[Channel | None, Scope]], filed: _OnFile
) -> Iterator[ConsentEvent]:
    for channel, scope in refusals:
        where = channel or EVERY_CHANNEL
        if (patient_id, where, scope) in filed.refused:
            continue
        filed.refused.add((patient_id, where, scope))
        kind = CHANNEL_KIND.get(where, "")
        address = filed.contacts.get((patient_id, kind))
        row = ConsentEvent.objects.create(
            practice_id=this.practice_id, patient_id=patient_id, action=ConsentEvent.Action.WITHDRAW, purpose=scope,
            channel=where, collected_via="import", actor_role=this.by.role, actor_id=this.by.id,
            contact_hash=salted_hash(filed.salt, kind, address) if address else None, created_at=this.now,
            processed_at=this.now,
        )  # fmt: skip
        data = {"consent": row.pk, "action": row.action, "purpose": row.purpose, "channel": row.channel}
        this.record(events.CONSENT_WITHDRAWN, subject=Ref("patient", patient_id), patient=patient_id, data=data)
        yield row


def _note(this: Act, patient_id: UUID, words: str, filed: _OnFile) -> Iterator[Note]:
    if not words or (patient_id, words) in filed.notes:
        return
    filed.notes.add((patient_id, words))
    row = Note.objects.create(
        practice_id=this.practice_id, patient_id=patient_id, words=words, written_at=this.now,
        written_by_role=this.by.role, written_by_id=this.by.id,
    )  # fmt: skip
    data = {"note": row.pk, "on": None, "commit": filed.commit(patient_id, {"note": words})}
    this.record(events.NOTE_WRITTEN, subject=Ref("patient", patient_id), patient=patient_id, data=data)
    yield row


def _wish(this: Act, patient_id: UUID, told: Told, filed: _OnFile) -> tuple[bool, bool]:
    """Return whether the wish was set, and whether one set here stood in its way."""
    standing, channel = filed.wishes.get(patient_id), told.channel
    if not channel or (standing is not None and list(standing.channels) == [channel]):
        return False, False
    if standing is not None and standing.set_by_role in OURS and not told.insists:
        return False, True
    if standing is not None:
        ContactPreference.objects.filter(pk=standing.pk).update(ended_at=this.now)
    filed.wishes[patient_id] = ContactPreference.objects.create(
        practice_id=this.practice_id, patient_id=patient_id, channels=[channel], set_at=this.now,
        set_by_role=this.by.role, set_by_id=this.by.id,
    )  # fmt: skip
    data = {"changed": ["channels"], "commit": filed.commit(patient_id, {"channels": (channel,)})}
    this.record(events.PREFERENCE_SET, subject=Ref("patient", patient_id), patient=patient_id, data=data)
    return True, False
