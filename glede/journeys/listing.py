"""The forecast as ``glede forecast`` prints it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from glede.diary.models import Appointment
from glede.journeys.forecast import Forecast, Foretold
from glede.journeys.hours import day_of
from glede.journeys.words import why_words
from glede.outbox.words import reason_words
from glede.people.models import Patient
from glede.practices import scope
from glede.practices.models import Practice


def forecast_listed(practice: Practice, found: Forecast) -> dict[str, Any]:
    """Return a forecast as plain data: every touch in order of time, how many by day and channel, what is left out.

    Person and subject go by the number another system gave them, where there is one, else by ours.
    """
    with scope.transaction(practice.pk, read_only=True):
        people = _outer_ids(Patient.objects, {one.person_id for one in found.touches})
        visits = _outer_ids(Appointment.objects, {one.subject.id for one in found.touches})
    return {
        "touches": [
            {
                "at": one.at.isoformat(),
                "person": people.get(one.person_id) or str(one.person_id),
                "subject": visits.get(one.subject.id) or str(one.subject.id),
                "row": one.row,
                "channel": one.channel,
                "act": one.act,
                "why": why_told(one),
                "assumes": one.assumes or None,
            }
            for one in found.touches
        ],
        "by_day": dict(Counter(day_of(one.at, practice.zone).isoformat() for one in found.touches)),
        "by_channel": dict(Counter(one.channel for one in found.touches)),
        "skipped": dict(Counter(one.reason for one in found.left_out)),
    }


def why_told(one: Foretold) -> str:
    """Return in sentences why a touch comes, and why a colleague rings where a message was meant."""
    reason = f"{reason_words(one.reason).capitalize()}." if one.reason and "call_day" not in one.why else ""
    return " ".join(filter(None, [*why_words({**one.why, "assumes": one.assumes}), reason]))


def _outer_ids(rows: Any, wanted: Iterable[UUID]) -> dict[UUID, str]:
    known: QuerySet[Any] = rows.filter(pk__in=list(wanted)).exclude(external_id="")
    return dict(known.values_list("id", "external_id"))
