"""Add a person, change what we know of them, say who belongs to whom."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.keys import unwrap
from glede.people.models import FieldChange, Household, Patient, PatientKey
from glede.people.operations.making import find_again, make, write
from glede.people.rules.contacts import Normal, normal
from glede.people.rules.fields import FIELDS, Change, Value, changes, commitment, fields_set_here
from glede.people.rules.finding import order_key
from glede.people.values import ContactKind, PersonForm
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id

FOUND_BY = frozenset({"given_name", "family_name", "birth_date", "external_id"})
DATES = frozenset({"birth_date", "known_since", "deceased_on", "safeguarded_since"})
KEYS = frozenset({"guardian_id", "household_id"})


class NoSuchPatient(LookupError):
    """The practice knows no person by that id."""


class NobodyNamed(ValueError):
    """A person needs a name, a phone number or an e-mail address to be somebody."""


class UnreadableContact(ValueError):
    """A phone number or e-mail address cannot be one. The first argument is "phone" or "email"."""


class CannotGuard(ValueError):
    """A person cannot be their own guardian, nor the guardian of their guardian."""


def add_patient(*, practice_id: UUID, person: PersonForm, by: Actor, now: datetime) -> Patient:
    """Add a person with whatever is known of them, a phone number alone included.

    Raises ``NobodyNamed`` for a form without name and contact, ``UnreadableContact`` for an address
    that cannot be one. Somebody with the same name, number or address is another person until a
    colleague says otherwise.
    """
    with act(practice_id, by=by, now=now) as adding:
        practice = practice_by_id(practice_id)
        made = make(practice, person, _contacts(person, practice.country), by=by, now=now)
        write([made], now=now)
        adding.record(
            events.PATIENT_ADDED,
            subject=Ref("patient", made.patient.pk),
            patient=made.patient.pk,
            data={"contacts": [c.pk for c in made.contacts], "commit": made.commit},
        )
    return made.patient


def _contacts(person: PersonForm, country: str) -> list[Normal]:
    if not (person.given_name.strip() or person.family_name.strip() or person.phones or person.emails):
        raise NobodyNamed
    typed: list[tuple[ContactKind, str]] = [("phone", v) for v in person.phones] + [("email", v) for v in person.emails]
    return list({c.address: c for c in (readable(kind, value, country) for kind, value in typed)}.values())


def readable(kind: ContactKind, value: str, country: str) -> Normal:
    """Return the address in its normal form. Raises ``UnreadableContact``."""
    contact = normal(kind, value, country)
    if contact is None:
        raise UnreadableContact(kind)
    return contact


def change_patient(
    *, practice_id: UUID, patient_id: UUID, fields: Mapping[str, Value], by: Actor, now: datetime
) -> tuple[str, ...]:
    """Change what we know of a person and return the names of the fields that changed.

    ``fields`` maps names of ``rules.fields.FIELDS`` to new values. What a field said before is kept. An
    import leaves alone what a colleague or the person set. Raises ``NoSuchPatient``, and ``ValueError``
    for an unknown field.
    """
    if unknown := fields.keys() - set(FIELDS):
        raise ValueError(f"no field of a person: {', '.join(sorted(unknown))}")
    with act(practice_id, by=by, now=now) as changing:
        patient = locked(changing, patient_id)
        made = apply_fields(changing, patient, fields, practice_by_id(practice_id))
        if made:
            changing.record(
                events.PATIENT_CHANGED,
                subject=Ref("patient", patient.pk),
                patient=patient.pk,
                data={
                    "fields": [c.field for c in made],
                    "commit": committed(patient, {c.field: c.value for c in made}),
                },
            )
    return tuple(c.field for c in made)


def locked(this: Act, patient_id: UUID) -> Patient:
    """Lock a person for change, or the one they were merged into, and return the row: write to *its* id.

    Raises ``NoSuchPatient``; one who was erased is gone.
    """
    rows = Patient.objects.filter(practice_id=this.practice_id, pk=patient_id, merged_into__isnull=False)
    head = rows.values_list("merged_into_id", flat=True).first() or patient_id
    return locked_all(this, [head])[head]


def locked_all(this: Act, patient_ids: Sequence[UUID]) -> dict[UUID, Patient]:
    """Lock people for change and return their rows. Raises ``NoSuchPatient`` where one is missing or erased."""
    # Look before locking: the lock makes a row of freshness, which a stranger's id must not leave behind.
    wanted = set(patient_ids)
    if Patient.objects.filter(practice_id=this.practice_id, pk__in=wanted).count() != len(wanted):
        raise NoSuchPatient
    this.lock(*(Ref("patient", patient_id) for patient_id in wanted))
    rows = Patient.objects.filter(practice_id=this.practice_id, pk__in=wanted, erased_at=None)
    found = {patient.pk: patient for patient in rows}
    if len(found) != len(wanted):
        raise NoSuchPatient
    return found


def apply_fields(this: Act, patient: Patient, wanted: Mapping[str, Value], practice: Practice) -> tuple[Change, ...]:
    """Change fields of a locked person, keep what they said before, and make the person findable again."""
    current = {name: getattr(patient, name) for name in FIELDS}
    ours = set_here(patient) if this.by.role == "import" else frozenset()
    made = changes(current, wanted, role=this.by.role, ours=ours).made
    if not made:
        return ()
    for change in made:
        setattr(patient, change.field, typed(change.field, change.value))
    patient.sort_key = order_key(patient.given_name, patient.family_name, practice.language)
    patient.save(update_fields=[*(change.field for change in made), "sort_key"])
    FieldChange.objects.bulk_create(history(this, patient, change) for change in made)
    if FOUND_BY & {change.field for change in made}:
        find_again([patient], practice.country)
    return made


def history(this: Act, patient: Patient, change: Change) -> FieldChange:
    """Return the row that keeps what a field said before, not yet written."""
    return FieldChange(
        practice_id=patient.practice_id,
        patient_id=patient.pk,
        field=change.field,
        was=change.was,
        value=change.value,
        at=this.now,
        by_role=this.by.role,
        by_id=this.by.id,
    )


def typed(field: str, value: str) -> Value:
    """Return the column's value of a field that stands as text in the history."""
    if field in DATES:
        return date.fromisoformat(value) if value else None
    if field in KEYS:
        return UUID(value) if value else None
    return value


def set_here(patient: Patient) -> frozenset[str]:
    """Return the fields whose present value a colleague or the person themselves set."""
    last: dict[str, str] = dict(
        FieldChange.objects.filter(patient_id=patient.pk).order_by("at", "id").values_list("field", "by_role")
    )
    return fields_set_here(vars(patient), patient.added_by_role, last)


def committed(patient: Patient, said: Mapping[str, object]) -> str:
    """Return the commitment of what was said about a person, under their own key."""
    wrapped = PatientKey.objects.values_list("wrapped", flat=True).get(patient_id=patient.pk)
    return commitment(unwrap(wrapped), said)


def set_guardian(*, practice_id: UUID, patient_id: UUID, guardian_id: UUID | None, by: Actor, now: datetime) -> None:
    """Say who is written to about a child, or that nobody is any more. Raises ``CannotGuard``, ``NoSuchPatient``."""
    with act(practice_id, by=by, now=now) as guarding:
        if guardian_id is not None:
            people = locked_all(guarding, [patient_id, guardian_id])
            if guardian_id == patient_id or people[guardian_id].guardian_id == patient_id:
                raise CannotGuard
        change_patient(
            practice_id=practice_id, patient_id=patient_id, fields={"guardian_id": guardian_id}, by=by, now=now
        )


def join_household(*, practice_id: UUID, patient_ids: Sequence[UUID], by: Actor, now: datetime) -> UUID:
    """Say that people live together and return the household's id; one that any of them has is kept."""
    with act(practice_id, by=by, now=now) as joining:
        people = locked_all(joining, patient_ids)
        homes = [p.household_id for p in people.values() if p.household_id]
        home = homes[0] if homes else Household.objects.create(id=new_id(), practice_id=practice_id, made_at=now).pk
        for patient_id in people:
            change_patient(
                practice_id=practice_id, patient_id=patient_id, fields={"household_id": home}, by=by, now=now
            )
    return home
