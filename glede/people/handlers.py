"""What people take part in across rooms: their own export, the stream, the proof."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.forms.models import model_to_dict

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
)
from glede.practices.models import PracticeRow

FIRST = 20
EXPORTED: tuple[Any, ...] = (ContactPoint, ContactPreference, ConsentEvent, Need, Note, Hold, FieldChange, Apart, Asked)
SECRET = {"practice", "contact_hash", "origin_hash", "list_key"}


def register() -> None:
    """Take part."""
    registry.register("timeline", "people", timeline.words)
    registry.register("export", "people", export)
    registry.register("verify", "people", verify)


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return all that is known of a person, every earlier word included."""
    told = [_plain("Patient", row) for row in Patient.objects.filter(practice_id=practice_id, pk=patient_id)]
    for model in EXPORTED:
        rows = model.objects.filter(practice_id=practice_id, patient_id=patient_id).order_by("id")
        told += [_plain(model.__name__, row) for row in rows]
    return told


def _plain(what: str, row: PracticeRow) -> dict[str, Any]:
    names = [f.name for f in row._meta.local_fields if f.name not in SECRET]
    held = model_to_dict(row, fields=names) | {"id": row.pk}
    return {"what": what, **{name: _text(held.get(name)) for name in names}}


def _text(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | list | None) else str(value)


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
