"""One person who stands in the list twice is joined by a pointer, and parted by clearing it; two are told apart."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.failpoints import guard
from glede.kernel.ref import Ref
from glede.ledger import registry
from glede.ledger.operations import Act, act
from glede.ledger.queries import Happening, events_of
from glede.people import events
from glede.people.models import Apart, ConsentEvent, ContactPreference, Patient
from glede.people.operations.contacts import replace_wishes
from glede.people.operations.patients import NoSuchPatient, locked_all
from glede.people.queries.consents import consent_facts
from glede.people.rules.consent import consent_states
from glede.people.rules.wishes import as_preference


class CannotMerge(ValueError):
    """Somebody already merged cannot be merged again, nor with themselves, nor with their guardian."""


def merge_patients(*, practice_id: UUID, keep_id: UUID, merge_id: UUID, by: Actor, now: datetime) -> None:
    """Say that two rows are one person: ``merge_id`` points to ``keep_id`` from now on; nothing is moved.

    What either of the two refused is refused. What was planned for the merged one is moot. Raises
    ``NoSuchPatient`` and ``CannotMerge``.
    """
    with act(practice_id, by=by, now=now) as merging:
        people = locked_all(merging, [keep_id, merge_id])
        if not _may_merge(people, keep_id, merge_id):
            raise CannotMerge
        carried = list(
            Patient.objects.filter(practice_id=practice_id, merged_into_id=merge_id).values_list("pk", flat=True)
        )
        Patient.objects.filter(pk__in=carried).update(merged_into_id=keep_id)
        Patient.objects.filter(pk=merge_id).update(merged_into_id=keep_id)
        _refuse_what_either_refused(merging, keep_id, merge_id)
        for _room, handler in sorted(registry.handlers("merge").items()):
            handler(practice_id, keep_id, merge_id, by=by, now=now)
        merging.record(
            events.PATIENT_MERGED,
            subject=Ref("patient", merge_id),
            patient=merge_id,
            data={"into": keep_id, "carried": carried},
            moot=True,
        )


def _may_merge(people: dict[UUID, Patient], keep_id: UUID, merge_id: UUID) -> bool:
    if keep_id == merge_id or any(p.merged_into_id for p in people.values()):
        return False
    return people[keep_id].guardian_id != merge_id and people[merge_id].guardian_id != keep_id


def _refuse_what_either_refused(this: Act, keep_id: UUID, merge_id: UUID) -> None:
    # Folded apart: a grant of the one must not lift what the other refused before.
    if not guard("refusals"):
        return
    refused = {
        (state.purpose, state.channel)
        for patient_id in (keep_id, merge_id)
        for state in consent_states(consent_facts([patient_id]))
        if not state.is_given
    }
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            practice_id=this.practice_id,
            patient_id=keep_id,
            action=ConsentEvent.Action.WITHDRAW,
            purpose=purpose,
            channel=channel,
            legal_basis="merge",
            collected_via="import",
            actor_role=this.by.role,
            actor_id=this.by.id,
            created_at=this.now,
            processed_at=this.now,
        )
        for purpose, channel in sorted(refused)
    )


def unmerge_patient(*, practice_id: UUID, patient_id: UUID, by: Actor, now: datetime) -> None:
    """Part a merged person from the one they were merged into. Raises ``NoSuchPatient``.

    Whoever was merged into them before is theirs again. What was refused while they were one is refused by both, and a
    rest or silence wished then holds for both: which of the two said it, nobody can know.
    """
    with act(practice_id, by=by, now=now) as parting:
        # Both are locked in one breath, in the order of locks; who they stand for is read before and once more after.
        head = Patient.objects.filter(pk=patient_id).values_list("merged_into_id", flat=True).first()
        person = locked_all(parting, [patient_id, head] if head else [patient_id])[patient_id]
        if head is None or person.merged_into_id != head:
            raise NoSuchPatient
        own = _came_along(practice_id, person)
        _refuse_what_either_refused(parting, patient_id, head)
        _rest_as_both_rested(parting, person, head)
        Patient.objects.filter(pk__in=own).update(merged_into_id=patient_id)
        Patient.objects.filter(pk=patient_id).update(merged_into=None)
        parting.record(
            events.PATIENT_UNMERGED,
            subject=Ref("patient", patient_id),
            patient=patient_id,
            data={"own": own, "from": head},
            moot=True,
        )


def _rest_as_both_rested(this: Act, person: Patient, head_id: UUID) -> None:
    joined = _merging(this.practice_id, person.pk)
    said = ContactPreference.objects.filter(patient_id=head_id, ended_at=None).first()
    if joined is None or said is None or said.set_at <= joined.at or not guard("rests"):
        return
    own = ContactPreference.objects.filter(patient_id=person.pk, ended_at=None).first()
    before = as_preference(vars(own) if own else {})
    after = replace(before, pause_until=said.pause_until, quiet_all=said.quiet_all)
    if after != before:
        replace_wishes(this, person, after)


def _came_along(practice_id: UUID, person: Patient) -> list[UUID]:
    """Return who stands with the one a person was merged into because they had been merged into that person.

    A pointer leads to the end of the way; by which way it led there stands in the record.
    """
    rows = Patient.objects.filter(practice_id=practice_id, merged_into_id=person.merged_into_id)
    others = list(rows.exclude(pk=person.pk).order_by("pk").values_list("pk", flat=True))
    way = {key: _merged_into(practice_id, key) for key in others}

    def leads_here(key: UUID) -> bool:
        seen: set[UUID] = set()
        following: UUID | None = key
        while following in way and following not in seen:
            seen.add(following)
            following = way[following]
        return following == person.pk

    return [key for key in others if leads_here(key)]


def _merged_into(practice_id: UUID, patient_id: UUID) -> UUID | None:
    merged = _merging(practice_id, patient_id)
    return UUID(merged.data["into"]) if merged else None


def _merging(practice_id: UUID, patient_id: UUID) -> Happening | None:
    """Return how a person was merged last."""
    told = events_of(practice_id, Ref("patient", patient_id))
    return next((one for one in reversed(told) if one.kind == events.PATIENT_MERGED), None)


def tell_apart(*, practice_id: UUID, one_id: UUID, other_id: UUID, by: Actor, now: datetime) -> None:
    """Say that two people are two, so that nobody is asked again. Raises ``CannotMerge`` for one and the same."""
    if one_id == other_id:
        raise CannotMerge
    smaller, larger = sorted((one_id, other_id))
    with act(practice_id, by=by, now=now) as telling:
        locked_all(telling, [smaller, larger])
        pair = {"practice_id": practice_id, "patient_id": smaller, "other_id": larger, "ended_at": None}
        if not Apart.objects.filter(**pair).exists():
            Apart.objects.create(**pair, said_at=now, said_by_role=by.role, said_by_id=by.id)
            _record_both(telling, events.PATIENTS_TOLD_APART, smaller, larger)


def reconsider(*, practice_id: UUID, one_id: UUID, other_id: UUID, by: Actor, now: datetime) -> None:
    """Take back that two people are two: they are asked about again. Says nothing where nobody had said so."""
    smaller, larger = sorted((one_id, other_id))
    with act(practice_id, by=by, now=now) as thinking:
        locked_all(thinking, [smaller, larger])
        said = Apart.objects.filter(practice_id=practice_id, patient_id=smaller, other_id=larger, ended_at=None)
        if said.update(ended_at=now):
            _record_both(thinking, events.PATIENTS_RECONSIDERED, smaller, larger)


def _record_both(this: Act, kind: str, one_id: UUID, other_id: UUID) -> None:
    for mine, theirs in ((one_id, other_id), (other_id, one_id)):
        this.record(kind, subject=Ref("patient", mine), patient=mine, data={"other": theirs})
