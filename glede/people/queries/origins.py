"""Of whom it was never said how their addresses came here."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from glede.people.models import ConsentEvent, ContactPoint, Patient
from glede.people.rules.consent import CONTACT
from glede.practices import scope


def without_origin(practice_id: UUID, *, limit: int) -> list[UUID]:
    """Return up to ``limit`` people who have an address and of whom it was never said how it came here."""
    with scope.transaction(practice_id):
        return list(_people(practice_id).order_by("id").values_list("id", flat=True)[:limit])


def count_without_origin(practice_id: UUID) -> int:
    """Return of how many people with an address it was never said how it came here."""
    with scope.transaction(practice_id):
        return _people(practice_id).count()


def _people(practice_id: UUID) -> QuerySet[Patient]:
    held = ContactPoint.objects.filter(practice_id=practice_id, patient_id=OuterRef("pk"), ended_at=None)
    said = ConsentEvent.objects.filter(practice_id=practice_id, patient_id=OuterRef("pk"), purpose=CONTACT)
    people = Patient.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None)
    return people.filter(Exists(held), ~Exists(said))
