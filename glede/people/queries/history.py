"""What was said about a person before, and by whom."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from glede.people.models import FieldChange, Need, Note, Patient
from glede.people.rules.fields import fields_set_here
from glede.practices import scope


def fields_changed_here(practice_id: UUID, patient_ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Return for each person the fields that a colleague or they themselves set: an import leaves those alone."""
    wanted = set(patient_ids)
    with scope.transaction(practice_id):
        last: dict[UUID, dict[str, str]] = defaultdict(dict)
        changed = FieldChange.objects.filter(practice_id=practice_id, patient_id__in=wanted).order_by("at", "id")
        for patient_id, field, role in changed.values_list("patient_id", "field", "by_role"):
            last[patient_id][field] = role
        people = Patient.objects.filter(practice_id=practice_id, pk__in=wanted)
        return {p.pk: fields_set_here(vars(p), p.added_by_role, last[p.pk]) for p in people}


def field_history(practice_id: UUID, patient_id: UUID) -> list[FieldChange]:
    """Return every change of a person's fields, newest first."""
    with scope.transaction(practice_id):
        rows = FieldChange.objects.filter(practice_id=practice_id, patient_id=patient_id)
        return list(rows.order_by("-at", "-id"))


def spoken(practice_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the words behind events: what notes and lines said, by the id their event carries."""
    wanted = set(ids)
    with scope.transaction(practice_id):
        notes = Note.objects.filter(practice_id=practice_id, pk__in=wanted).values_list("pk", "words")
        lines = Need.objects.filter(practice_id=practice_id, pk__in=wanted).values_list("pk", "words")
        return {**dict(notes), **dict(lines)}
