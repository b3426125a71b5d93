"""What people take part in across rooms: their own export, the stream, the proof."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from glede.ledger import registry
from glede.ledger.models import Event
from glede.people import events, timeline
from glede.people.models import (
    Apart,
    Asked,
    ConsentEvent,
    ContactPoint,
    ContactPreference,
    FieldChange,
    Hold,
    Need,
    Note,
    Patient,
    PatientKey,
    RightsRequest,
)
from glede.practices.telling import plain

FIRST = 20
EXPORTED: tuple[Any, ...] = (
    ContactPoint, ContactPreference, ConsentEvent, Need, Note, Hold, FieldChange, Apart, Asked, RightsRequest,
)  # fmt: skip
# Who else is meant is somebody else's data: that there is somebody is told.
OTHERS = {"guardian", "household", "other"}


def register() -> None:
    """Take part."""
    registry.register("timeline", "people", timeline.words)
    registry.register("told", "people", timeline.kinds)
    registry.register("export", "people", export)
    registry.register("verify", "people", verify)


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return all that is known of a person, every earlier word included."""
    told = [
        plain("Patient", row, but=OTHERS) | {"has_guardian": row.guardian_id is not None}
        for row in Patient.objects.filter(practice_id=practice_id, pk=patient_id)
    ]
    for model in EXPORTED:
        rows = model.objects.filter(practice_id=practice_id, patient_id=patient_id).order_by("id")
        told += [_without_others(plain(model.__name__, row, but=OTHERS)) for row in rows]
    return told


def _without_others(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out who it was where somebody else became a guardian or of the household."""
    is_of_others = told.get("field") in {"guardian_id", "household_id"}
    return {**told, "was": "", "value": ""} if is_of_others else told


def verify(practice_id: UUID, report: Any) -> None:
    """Check that everybody came by an event, and that a key is there unless its person was forgotten."""
    people = Patient.objects.filter(practice_id=practice_id)
    report.counts["people"] = people.count()
    added = Event.objects.filter(practice_id=practice_id, kind=events.PATIENT_ADDED).values("subject_id")
    unheard = people.exclude(pk__in=added).values_list("pk", flat=True)
    report.problems += [f"person {pk} was added without an event" for pk in unheard[:FIRST]]
    ends = PatientKey.objects.filter(practice_id=practice_id, patient_id=OuterRef("pk")).values("destroyed_at")[:1]
    kept = people.exclude(erased_at=None).annotate(end=Subquery(ends)).filter(end=None).values_list("pk", flat=True)
    report.problems += [f"person {pk} was forgotten and their key was not" for pk in kept[:FIRST]]
    keyed = PatientKey.objects.filter(practice_id=practice_id).values("patient_id")
    bare = people.exclude(pk__in=keyed).values_list("pk", flat=True)
    report.problems += [f"person {pk} has no key" for pk in bare[:FIRST]]
