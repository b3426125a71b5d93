"""What of a provider's list is news, asked in one look however long the list is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from glede.outbox.models import Attempt, Message
from glede.outbox.operations.reporting import Report
from glede.practices import scope

Told = tuple[UUID, Report]
"""A message, and what its provider says of it."""


def untold(practice_id: UUID, reports: Sequence[Told]) -> list[Told]:
    """Return those reports that may be news, in their order; the others, most of every list, would change nothing."""
    ids = {message_id for message_id, _ in reports}
    with scope.transaction(practice_id):
        reported = Attempt.objects.filter(practice_id=practice_id, message_id__in=ids, kind="report")
        known = set(reported.values_list("message_id", "provider_id", "outcome", "reason"))
        priced = set(Message.objects.filter(pk__in=ids, price__isnull=False).values_list("pk", flat=True))
    return [
        (message_id, report)
        for message_id, report in reports
        if (message_id, report.provider_id, report.state.value, report.reason) not in known
        or (report.price is not None and message_id not in priced)
    ]
