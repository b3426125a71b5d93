"""Whose visits begin later when a clinician runs late."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from glede.diary import rules
from glede.diary.delays import Coming, carried_on
from glede.diary.models import Appointment
from glede.kernel.clock import day_of
from glede.practices import scope
from glede.practices.queries import practice_by_id


def delays_on(practice_id: UUID, practitioner_id: UUID | None, minutes: int, *, now: datetime) -> Mapping[UUID, int]:
    """Return by how many minutes each visit still to come today begins later on a clinician's chair, in order."""
    with scope.transaction(practice_id):
        of_chair = Q(practitioner=practitioner_id) if practitioner_id else Q(practitioner=None)
        rows = Appointment.objects.filter(
            of_chair, practice_id=practice_id, day=day_of(now, practice_by_id(practice_id).zone),
            is_day_visit=False, is_history=False, starts_at__gt=now, state__in=rules.AHEAD,
        )  # fmt: skip
        coming = [Coming(*row) for row in rows.values_list("id", "starts_at", "minutes")]
    return carried_on(coming, minutes)
