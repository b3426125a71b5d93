"""What the channels take part in across rooms, for the mails they keep: erasing, exporting, merging, verifying."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from glede.channels import timeline
from glede.channels.mailbox.values import Kept
from glede.channels.models import RawMail
from glede.channels.operations.mails import subject_of
from glede.inbox.models import StrayMessage
from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.people.queries.rights import own_addresses
from glede.promises.queries import open_about


def register() -> None:
    """Register with the rooms below."""
    registry.register("timeline", "channels", timeline.words)
    registry.register("told", "channels", timeline.kinds)
    registry.register("erase", "channels", erase)
    registry.register("export", "channels", export)
    registry.register("merge", "channels", merge)
    registry.register("verify", "channels", verify)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Blank every mail of a person, as it came and as it was read; that it came stays."""
    placed = StrayMessage.objects.filter(practice_id=practice_id, patient_id=patient_id).values("pk")
    written = Q(patient_id__isnull=True, address__in=own_addresses(practice_id, patient_id))
    mine = Q(patient_id=patient_id) | Q(stray_id__in=placed) | written
    theirs = RawMail.objects.filter(mine, practice_id=practice_id).exclude(state=Kept.STORED.value)
    theirs.update(sealed=None, address="", subject="", note="", sha256="")


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return which mails of a person are kept, oldest first; their words stand in the conversation."""
    rows = RawMail.objects.filter(practice_id=practice_id, patient_id=patient_id).defer("sealed").order_by("came_at")
    return [
        {
            "what": "mail",
            "id": str(row.pk),
            "at": row.came_at.isoformat(),
            "sort": row.sort,
            "subject": row.subject,
            "from": row.address,
            "note": row.note,
            "bytes": row.size,
        }
        for row in rows
    ]


def merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nothing moves: a mail stays with the record it came to, which is read with the one that is kept."""


def verify(practice_id: UUID, report: Any) -> None:
    """Check that every mail is read, refused with a reason, or held with a promise, and that none is between."""
    rows = RawMail.objects.filter(practice_id=practice_id)
    report.counts["mails"] = rows.count()
    waiting = rows.filter(state=Kept.HELD.value, settled_at=None).values_list("pk", flat=True)
    report.problems += [
        f"channels: mail {i} is held and nothing is promised"
        for i in waiting
        if not open_about(practice_id, subject_of(i))
    ]
    lost = rows.filter(state=Kept.READ.value, sort="words", message_id=None, stray_id=None).values_list("pk", flat=True)
    report.problems += [f"channels: mail {i} was read and its words are nowhere" for i in lost]
