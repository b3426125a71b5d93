"""Forget a person: blank what is personal, destroy the key, keep the skeleton."""

from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger import registry
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.keys import pepper
from glede.people.models import (
    ContactPoint,
    ContactPreference,
    FieldChange,
    Need,
    Note,
    Patient,
    PatientKey,
    RightsRequest,
    SearchToken,
    Suppression,
)
from glede.people.operations.likening import forget_likenesses
from glede.people.operations.patients import locked_all
from glede.people.queries.consents import consent_facts
from glede.people.rules.consent import consent_states, opted_out
from glede.people.rules.fields import salted_hash
from glede.practices import scope
from glede.promises.operations import forget_promises

BLANK = {
    "given_name": "", "family_name": "", "how_to_say": "", "birth_date": None, "external_id": "", "source": "",
    "sort_key": "", "known_since": None, "household": None, "guardian": None, "zone": "", "deceased_on": None,
    "safeguarded_since": None, "campaign": "", "street": "", "postcode": "", "city": "",
}  # fmt: skip


def erase_patient(*, practice_id: UUID, patient_id: UUID, reason: str, by: Actor, now: datetime) -> None:
    """Forget a person in every room, at once. Whoever was merged into them is forgotten with them.

    ``reason`` is a code. Their refusals live on as salted hashes, so that the same address, added again,
    stays refused, and their number in a list, so that an import does not bring them back. Consent events
    stay: they hold no name. Who may ask this (the owner) is decided where it is asked. Raises
    ``NoSuchPatient``, also for one already forgotten.
    """
    with act(practice_id, by=by, now=now) as erasing:
        merged = Patient.objects.filter(practice_id=practice_id, merged_into_id=patient_id, erased_at=None)
        gone = locked_all(erasing, [patient_id, *merged.values_list("pk", flat=True)])
        for pk in gone:
            # The rooms first: some know only by an address whose words these are.
            for _room, handler in sorted(registry.handlers("erase").items()):
                handler(practice_id, pk, by=by, now=now)
            _forget(erasing, pk)
            erasing.record(
                events.PATIENT_ERASED, subject=Ref("patient", pk), patient=pk, data={"reason": reason}, moot=True
            )
        forget_promises(practice_id=practice_id, patient_ids=list(gone), by=by, now=now)


def forget_again(*, practice_id: UUID, by: Actor, now: datetime) -> int:
    """Blank what came about people after they were forgotten: an answer under way, a report. Return how many they are.

    Nothing is recorded: that they were forgotten stands in the record already.
    """
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, erased_at__isnull=False).order_by("pk")
        gone = list(rows.values_list("pk", flat=True))
    for pk in gone:
        with act(practice_id, by=by, now=now) as this:
            this.lock(Ref("patient", pk))
            for _room, handler in sorted(registry.handlers("erase").items()):
                handler(practice_id, pk, by=by, now=now)
            blank(this, pk, again=True)
            forget_promises(practice_id=practice_id, patient_ids=[pk], by=by, now=now)
    return len(gone)


def _forget(this: Act, patient_id: UUID) -> None:
    _keep_refusals(this, Patient.objects.get(pk=patient_id))
    blank(this, patient_id)


def blank(this: Act, patient_id: UUID, *, again: bool = False) -> None:
    """Blank what is personal of a person in this room, and destroy their key. The act has locked them."""
    SearchToken.objects.filter(patient_id=patient_id).delete()
    forget_likenesses(patient_id)
    FieldChange.objects.filter(patient_id=patient_id).update(was="", value="")
    Need.objects.filter(patient_id=patient_id).update(words="", ended_at=this.now)
    Note.objects.filter(patient_id=patient_id).update(words="")
    asked = RightsRequest.objects.filter(patient_id=patient_id)
    asked.filter(answered_at=None).update(answered_at=this.now, answer="accepted")
    asked.update(was={}, proposed={}, answer_words="")
    standing = ContactPreference.objects.filter(patient_id=patient_id, ended_at=None)
    standing.update(ended_at=this.now)
    contacts = ContactPoint.objects.filter(patient_id=patient_id)
    contacts.filter(ended_at=None).update(ended_at=this.now, ended_reason="erased", ended_by_role=this.by.role)
    contacts.update(value="", email_key="", e164="")
    Patient.objects.filter(guardian_id=patient_id).update(guardian=None)
    if again:
        return
    Patient.objects.filter(pk=patient_id).update(erased_at=this.now, **BLANK)
    PatientKey.objects.filter(patient_id=patient_id).update(wrapped=b"", destroyed_at=this.now)


def _keep_refusals(this: Act, person: Patient) -> None:
    salt = pepper(this.practice_id)
    refused = opted_out(consent_states(consent_facts([person.pk])))
    rows = [
        Suppression(key_hash=salted_hash(salt, c.kind, c.address), kind=c.kind, channel=channel, scope=scope)
        for c in ContactPoint.objects.filter(patient_id=person.pk, ended_at=None)
        for channel, scope in sorted(refused)
    ]
    if person.external_id:
        number = salted_hash(salt, "external_id", person.external_id)
        rows.append(Suppression(key_hash=number, kind="external_id", scope="erased"))
    for row in rows:
        row.practice_id, row.made_at = this.practice_id, this.now
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)
