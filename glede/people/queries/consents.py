"""Consent events: as facts for the fold, and as a history for people to read."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Coalesce

from glede.people.models import ConsentEvent
from glede.people.queries.names import records_of
from glede.people.values import ConsentFact
from glede.practices import scope

FACT = ("action", "purpose", "channel", "created_at", "legal_basis", "jurisdiction", "valid_until")


def consent_facts(patient_ids: Iterable[UUID]) -> list[ConsentFact]:
    """Return the consent events of people as facts, in no order. Called inside a scope."""
    rows = ConsentEvent.objects.filter(patient_id__in=list(patient_ids))
    return [ConsentFact(*row) for row in rows.values_list(*FACT)]


def people_who_agreed(practice_id: UUID, purpose: str) -> list[UUID]:
    """Return whoever said yes at some time to ``purpose`` or to all that sells, or was offered to say no, once each.

    What stands of it today is for the policy to say.
    """
    with scope.transaction(practice_id):
        yes = (ConsentEvent.Action.GRANT, ConsentEvent.Action.IMPORT, ConsentEvent.Action.SOFT_OPTIN)
        rows = ConsentEvent.objects.filter(practice_id=practice_id, action__in=yes)
        rows = rows.filter(purpose__in=[purpose, "marketing", "all", ""])
        found = rows.annotate(head=Coalesce("patient__merged_into_id", "patient_id")).values_list("head", flat=True)
        return sorted(set(found))


def consent_history(
    practice_id: UUID, patient_id: UUID, *, without: str = "", limit: int | None = None
) -> list[ConsentEvent]:
    """Return what a person allowed and refused, newest first, of whoever was merged into them too.

    Everything, or the last ``limit`` lines ``without`` those for one purpose.
    """
    with scope.transaction(practice_id):
        records = records_of(practice_id, [patient_id])
        rows = ConsentEvent.objects.filter(practice_id=practice_id, patient_id__in=records)
        rows = rows.exclude(purpose=without) if without else rows
        return list(rows.order_by("-created_at", "-id")[:limit])
