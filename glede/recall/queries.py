"""When people are due again, and which visits were closed."""

from collections.abc import Iterable
from uuid import UUID

from glede.people.queries import records_of
from glede.practices import scope
from glede.recall.models import Closing, NextVisit
from glede.recall.values import Closed, NextDue


def next_visit_of(practice_id: UUID, patient_id: UUID) -> NextDue | None:
    """Return when a person is due again, as it was last said; None where nobody has said it.

    Of somebody who stood in the list twice, the newer word of the two counts.
    """
    return next(iter(_plans(practice_id, patient_id, standing=True)), None)


def next_visits_said(practice_id: UUID, patient_id: UUID) -> list[NextDue]:
    """Return everything that was ever said about when a person is due again, newest first."""
    return _plans(practice_id, patient_id, standing=False)


def _plans(practice_id: UUID, patient_id: UUID, *, standing: bool) -> list[NextDue]:
    with scope.transaction(practice_id):
        rows = NextVisit.objects.filter(
            practice_id=practice_id, patient_id__in=records_of(practice_id, [patient_id])
        ).order_by("-set_at", "-id")
        rows = rows.filter(ended_at=None) if standing else rows
        return [
            NextDue(
                row.pk, row.patient_id, row.appointment_id, row.months, row.due_month, row.service_id, row.why,
                row.words, row.set_at, row.set_by_id,
            )
            for row in rows
        ]  # fmt: skip


def closing_of(practice_id: UUID, appointment_id: UUID) -> Closed | None:
    """Return how a visit was closed; None where it was not, or where that was taken back."""
    with scope.transaction(practice_id):
        row = Closing.objects.filter(practice_id=practice_id, appointment_id=appointment_id, taken_back_at=None).first()
        return _closed(row) if row else None


def closed_among(practice_id: UUID, appointment_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these visits were closed."""
    with scope.transaction(practice_id):
        rows = Closing.objects.filter(
            practice_id=practice_id, appointment_id__in=list(appointment_ids), taken_back_at=None
        )
        return set(rows.values_list("appointment_id", flat=True))


def _closed(row: Closing) -> Closed:
    return Closed(
        row.pk, row.appointment_id, row.patient_id, row.closed_at, row.closed_by_id, row.held_until, row.follow_up_id,
        row.handed_id, row.next_visit_id is not None,
    )  # fmt: skip
