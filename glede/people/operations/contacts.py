"""How a person is reached: addresses that come and end, and their wishes."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.models import ContactPoint, ContactPreference, Patient
from glede.people.operations.making import contact_row, find_again, refuse_again
from glede.people.operations.patients import UnreadableContact, apply_fields, committed, locked, readable
from glede.people.queries.wishing import last_wishes, wisher_of
from glede.people.rules.fields import Value
from glede.people.rules.wishes import as_preference, changed, wished
from glede.people.values import ContactForm, Preference, Wishes
from glede.practices.queries import practice_by_id

REASONS = frozenset({"changed", "wrong_number", "undeliverable", "asked", "list", "erased"})

__all__ = [
    "ContactEnded",
    "UnreadableContact",
    "add_contact",
    "end_contact",
    "note_landline",
    "replace_wishes",
    "set_preference",
]


class ContactEnded(LookupError):
    """The person has no such contact in force."""


def add_contact(*, practice_id: UUID, patient_id: UUID, contact: ContactForm, by: Actor, now: datetime) -> ContactPoint:
    """Add an address; one that ``replaces`` another takes its place and ends it. Adding it twice gives the first.

    Raises ``NoSuchPatient``, ``UnreadableContact``, and ``ContactEnded`` where what it replaces is not in
    force.
    """
    with act(practice_id, by=by, now=now) as adding:
        patient = locked(adding, patient_id)
        practice = practice_by_id(practice_id)
        known = readable(contact.kind, contact.value, practice.country)
        held = list(ContactPoint.objects.filter(patient_id=patient.pk, ended_at=None).order_by("rank", "id"))
        same = next((c for c in held if (c.kind, c.address) == (known.kind, known.address)), None)
        if same is not None:
            return same
        rank = max((c.rank for c in held), default=0) + 1
        if contact.replaces is not None:
            rank = _end(adding, patient, contact.replaces, "changed").rank
        row = contact_row(patient, known, rank, by=by, now=now, is_verified=contact.is_verified)
        row.takes_texts = row.takes_texts and contact.takes_texts
        row.save(force_insert=True)
        refuse_again([row], now=now)
        find_again([patient], practice.country)
        adding.record(
            events.CONTACT_ADDED,
            subject=Ref("patient", patient.pk),
            patient=patient.pk,
            data={"contact": row.pk, "kind": row.kind, "commit": committed(patient, {row.kind: row.address})},
        )
    return row


def end_contact(*, practice_id: UUID, contact_id: UUID, reason: str, by: Actor, now: datetime) -> ContactPoint:
    """Use an address no more; the row stays, with the reason (one of ``REASONS``). Raises ``ContactEnded``."""
    if reason not in REASONS:
        raise ValueError(f"no reason to end a contact: {reason}")
    with act(practice_id, by=by, now=now) as ending:
        owner = ContactPoint.objects.filter(practice_id=practice_id, pk=contact_id).values_list("patient_id", flat=True)
        patient_id = owner.first()
        if patient_id is None:
            raise ContactEnded
        patient = locked(ending, patient_id)
        row = _end(ending, patient, contact_id, reason)
        find_again([patient], practice_by_id(practice_id).country)
    return row


def _end(this: Act, patient: Patient, contact_id: UUID, reason: str) -> ContactPoint:
    standing = ContactPoint.objects.filter(practice_id=this.practice_id, pk=contact_id, ended_at=None)
    if not standing.update(ended_at=this.now, ended_reason=reason, ended_by_role=this.by.role):
        raise ContactEnded
    row = ContactPoint.objects.get(pk=contact_id)
    this.record(
        events.CONTACT_ENDED,
        subject=Ref("patient", patient.pk),
        patient=patient.pk,
        data={"contact": row.pk, "kind": row.kind, "reason": reason},
    )
    return row


def note_landline(*, practice_id: UUID, contact_id: UUID, by: Actor, now: datetime) -> bool:
    """Send no text to a number any more, because it is a landline; it can still be rung. False: it was known.

    Raises ``ContactEnded`` where nobody has such a number in force.
    """
    with act(practice_id, by=by, now=now) as noting:
        standing = ContactPoint.objects.filter(practice_id=practice_id, pk=contact_id, kind="phone", ended_at=None)
        patient_id = standing.values_list("patient_id", flat=True).first()
        if patient_id is None:
            raise ContactEnded
        noting.lock(Ref("patient", patient_id))
        if not standing.filter(takes_texts=True).update(takes_texts=False):
            return False
        noting.record(
            events.CONTACT_CHANGED,
            subject=Ref("patient", patient_id),
            patient=patient_id,
            data={"contact": contact_id, "takes_texts": False},
        )
    return True


def set_preference(
    *, practice_id: UUID, patient_id: UUID, wishes: Wishes, by: Actor, now: datetime
) -> ContactPreference:
    """Set how a person wishes to be reached; what ``wishes`` leaves as None stays as it is.

    The earlier wishes stay as a row that ended. Setting the same again changes nothing. For a ward they are the
    guardian's, who gets the messages. Raises ``NoSuchPatient`` and ``UnreadableWish``.
    """
    with act(practice_id, by=by, now=now) as setting:
        patient = locked(setting, wisher_of(practice_id, patient_id))
        last = last_wishes(practice_id, patient.pk)
        before = as_preference(vars(last) if last else {})
        after = wished(before, wishes)
        told = apply_fields(setting, patient, _fields(wishes), practice_by_id(practice_id))
        names = changed(before, after)
        row = replace_wishes(setting, patient, after) if names or last is None else last
        if names or told:
            said = {name: getattr(after, name) for name in names} | {c.field: c.value for c in told}
            setting.record(
                events.PREFERENCE_SET,
                subject=Ref("patient", patient.pk),
                patient=patient.pk,
                data={"changed": sorted(said), "commit": committed(patient, said)},
            )
    return row


def replace_wishes(this: Act, patient: Patient, after: Preference) -> ContactPreference:
    """Write the wishes of a locked person anew, and return the row."""
    # Wishes of a record that was merged stay, for the day the two are parted: the newest of all of them decides.
    ContactPreference.objects.filter(patient_id=patient.pk, ended_at=None).update(ended_at=this.now)
    values = asdict(after) | {"channels": list(after.channels), "days": list(after.days)}
    values["channels_for"] = {group: list(order) for group, order in after.channels_for.items()}
    return ContactPreference.objects.create(
        practice_id=this.practice_id,
        patient_id=patient.pk,
        set_at=this.now,
        set_by_role=this.by.role,
        set_by_id=this.by.id,
        **values,
    )


def _fields(wishes: Wishes) -> dict[str, Value]:
    told: dict[str, Value] = {"language": wishes.language, "style": wishes.style}
    return {name: value for name, value in told.items() if value is not None}
