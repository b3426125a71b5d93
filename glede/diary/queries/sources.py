"""How visits came into the diary."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count

from glede.diary.models import Appointment
from glede.diary.rules import State
from glede.practices import scope


def came_by(practice_id: UUID, *, since: datetime) -> dict[str, int]:
    """Return how many visits booked since then came each way, by the word of ``rules.Source``.

    What came with a list, what follows another visit, and what was entered in error is not counted.
    """
    with scope.transaction(practice_id):
        rows = Appointment.objects.filter(practice_id=practice_id, booked_at__gte=since, part_of=None)
        rows = rows.exclude(source="import").exclude(state=State.ENTERED_IN_ERROR)
        return dict(rows.values_list("source").annotate(n=Count("id")).order_by("source"))
