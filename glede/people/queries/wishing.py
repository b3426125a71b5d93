"""Whose wishes decide how a person is reached, and what they wished last."""

from uuid import UUID

from glede.people.models import ContactPoint, ContactPreference, Patient
from glede.people.queries.names import records_of
from glede.people.rules.wishes import as_preference
from glede.people.values import Preference
from glede.practices import scope


def preference_of(practice_id: UUID, patient_id: UUID) -> Preference:
    """Return the wishes that decide how a person is reached, as they were said last; none where none were said."""
    return wishes_of(practice_id, wisher_of(practice_id, patient_id))


def wishes_of(practice_id: UUID, wisher_id: UUID) -> Preference:
    """Return what one whose wishes decide said last; no wishes where they said none."""
    last = last_wishes(practice_id, wisher_id)
    return as_preference(vars(last) if last else {})


def wisher_of(practice_id: UUID, patient_id: UUID) -> UUID:
    """Return whose wishes decide: the person's, after merges; of a ward the guardian's, where one can be reached."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, pk=patient_id)
        told = rows.values_list("merged_into_id", "merged_into__guardian_id", "guardian_id").first()
        head, of_head, own = told or (None, None, None)
        return wisher(practice_id, head or patient_id, of_head if head else own)


def wisher(practice_id: UUID, head_id: UUID, guardian_id: UUID | None) -> UUID:
    """Return whose wishes decide for one who was merged into nobody: the guardian's, where one can be reached."""
    if guardian_id is None:
        return head_id
    with scope.transaction(practice_id):
        held = ContactPoint.objects.filter(practice_id=practice_id, patient_id=guardian_id, ended_at=None)
        return guardian_id if held.exists() else head_id


def last_wishes(practice_id: UUID, patient_id: UUID) -> ContactPreference | None:
    """Return the newest wishes in force of a person and of every record merged into theirs."""
    with scope.transaction(practice_id):
        records = records_of(practice_id, [patient_id])
        rows = ContactPreference.objects.filter(practice_id=practice_id, patient_id__in=records, ended_at=None)
        return rows.order_by("set_at", "pk").last()
