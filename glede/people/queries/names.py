"""Who is meant by an id."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Coalesce

from glede.people.models import Patient
from glede.people.values import PersonName
from glede.practices import scope

NAME = ("pk", "given_name", "family_name", "how_to_say", "birth_date", "merged_into_id", "external_id")


def names(practice_id: UUID, patient_ids: Iterable[UUID]) -> dict[UUID, PersonName]:
    """Return the names of people by id, in one statement; strangers to the practice are left out."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, pk__in=set(patient_ids))
        return {row[0]: PersonName(*row) for row in rows.values_list(*NAME)}


@scope.asked_once
def head_of(practice_id: UUID, patient_id: UUID) -> UUID | None:
    """Return the id of the person, or of the one they were merged into; None for a stranger."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, pk=patient_id)
        return rows.annotate(head=Coalesce("merged_into_id", "pk")).values_list("head", flat=True).first()


def records_of(practice_id: UUID, patient_ids: Iterable[UUID]) -> list[UUID]:
    """Return the ids of people and of every record merged into theirs: what is asked of all of them runs by index."""
    wanted = frozenset(patient_ids)
    return [*wanted, *_merged_into(practice_id, wanted)]


@scope.asked_once
def _merged_into(practice_id: UUID, wanted: frozenset[UUID]) -> list[UUID]:
    with scope.transaction(practice_id):
        merged = Patient.objects.filter(practice_id=practice_id, merged_into_id__in=wanted)
        return list(merged.values_list("pk", flat=True))


def patient_ids(practice_id: UUID) -> list[UUID]:
    """Return the ids of everybody the practice knows, those merged or erased left out, in the order they came."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None)
        return list(rows.order_by("pk").values_list("pk", flat=True))


def count_patients(practice_id: UUID) -> int:
    """Return how many people the practice knows, those merged or erased left out."""
    with scope.transaction(practice_id):
        return Patient.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None).count()
