"""The rows a new person is made of, and the search tokens of one who changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.people.keys import new_key, pepper
from glede.people.models import ConsentEvent, ContactPoint, Patient, PatientKey, SearchToken, Suppression
from glede.people.operations.inserting import insert_all, insert_tokens
from glede.people.rules.contacts import Normal
from glede.people.rules.fields import commitment, form_fields, salted_hash
from glede.people.rules.finding import Findable, order_key, tokens_of
from glede.people.values import PersonForm
from glede.practices.models import Practice

CAMPAIGN_MOST = 200  # characters: the column's


@dataclass
class Made:
    """A person under way: rows not yet written, and what their event will hold."""

    patient: Patient
    key: PatientKey
    contacts: list[ContactPoint]
    tokens: list[str]
    commit: str
    refusals: list[ConsentEvent] = field(default_factory=list)


def make(practice: Practice, form: PersonForm, contacts: Sequence[Normal], *, by: Actor, now: datetime) -> Made:
    """Return the rows of a new person; nothing is written yet."""
    values = form_fields(form) | {"style": form.style or Patient.Style.FRIENDLY}
    language = form.language or practice.language
    patient = Patient(
        practice_id=practice.pk,
        sort_key=order_key(form.given_name, form.family_name, practice.language),
        campaign=form.campaign.strip()[:CAMPAIGN_MOST],
        added_at=now,
        added_by_role=by.role,
        **(values | {"language": language}),
    )
    points = [contact_row(patient, contact, rank, by=by, now=now) for rank, contact in enumerate(contacts, start=1)]
    secret, wrapped = new_key()
    said = form_fields(form) | {f"{c.kind}_{n}": c.address for n, c in enumerate(contacts, start=1)}
    return Made(
        patient,
        PatientKey(practice_id=practice.pk, patient_id=patient.pk, wrapped=wrapped),
        points,
        tokens_for(patient, points, practice.country),
        commitment(secret, said),
    )


def contact_row(
    patient: Patient, contact: Normal, rank: int, *, by: Actor, now: datetime, is_verified: bool = False
) -> ContactPoint:
    """Return a contact of ``patient``, not yet written."""
    return ContactPoint(
        practice_id=patient.practice_id,
        patient_id=patient.pk,
        kind=contact.kind,
        value=contact.value,
        email_key=contact.address if contact.kind == "email" else "",
        e164=contact.address if contact.kind == "phone" else "",
        takes_texts=contact.takes_texts,
        rank=rank,
        is_verified=is_verified,
        added_at=now,
        added_by_role=by.role,
    )


def tokens_for(patient: Patient, contacts: Iterable[ContactPoint], country: str) -> list[str]:
    """Return the search tokens of ``patient``."""
    held = list(contacts)
    tokens = tokens_of(
        Findable(
            names=(patient.given_name, patient.family_name),
            birth_date=patient.birth_date,
            external_id=patient.external_id,
            emails=tuple(c.email_key for c in held if c.email_key),
            phones=tuple(c.e164 for c in held if c.e164),
            country=country,
        )
    )
    return sorted(tokens)


def find_again(patients: Sequence[Patient], country: str) -> None:
    """Write the search tokens of people who changed anew. Called inside an act that has locked them."""
    contacts: dict[UUID, list[ContactPoint]] = {patient.pk: [] for patient in patients}
    for contact in ContactPoint.objects.filter(patient_id__in=list(contacts), ended_at=None):
        contacts[contact.patient_id].append(contact)
    SearchToken.objects.filter(patient_id__in=list(contacts)).delete()
    found = [(p.pk, token) for p in patients for token in tokens_for(p, contacts[p.pk], country)]
    if found:
        insert_tokens(patients[0].practice_id, found)


def write(people: Sequence[Made], *, now: datetime) -> None:
    """Write new people and what is refused for their addresses since somebody was erased."""
    insert_all([made.patient for made in people])
    insert_all([made.key for made in people])
    insert_all([contact for made in people for contact in made.contacts])
    insert_tokens(people[0].patient.practice_id, ((m.patient.pk, token) for m in people for token in m.tokens))
    refuse_again([contact for made in people for contact in made.contacts], now=now)


def refuse_again(contacts: Sequence[ContactPoint], *, now: datetime) -> None:
    """Record for new contacts what their address refused before the person it belonged to was erased."""
    if not contacts or not Suppression.objects.exists():
        return
    salt = pepper(contacts[0].practice_id)
    hashes = {contact.pk: salted_hash(salt, contact.kind, contact.address) for contact in contacts}
    refused: dict[bytes, list[Suppression]] = {}
    for row in Suppression.objects.filter(key_hash__in=list(hashes.values())).exclude(kind="external_id"):
        refused.setdefault(bytes(row.key_hash), []).append(row)
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            practice_id=contact.practice_id,
            patient_id=contact.patient_id,
            contact_hash=hashes[contact.pk],
            action=ConsentEvent.Action.WITHDRAW,
            purpose=row.scope,
            channel=row.channel,
            legal_basis="suppression",
            collected_via="import",
            actor_role="system",
            created_at=now,
            processed_at=now,
        )
        for contact in contacts
        for row in refused.get(hashes[contact.pk], [])
    )
