"""What a person got from us of late."""

from datetime import datetime
from uuid import UUID

from glede.kernel.ref import Ref
from glede.outbox.models import Message
from glede.practices import scope


def last_text_about(practice_id: UUID, patient_id: UUID, *, since: datetime) -> Ref | None:
    """Return what the last text that a person got since a moment was about, or None where they got none."""
    with scope.transaction(practice_id):
        sent = Message.objects.filter(touch__patient_id=patient_id, channel="sms", sent_at__gte=since)
        found = sent.order_by("-sent_at", "-id").values_list("touch__subject_kind", "touch__subject_id").first()
    return Ref(*found) if found else None
