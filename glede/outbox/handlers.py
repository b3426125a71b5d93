"""What the outbox takes part in across rooms: a person's erasure and merging, their export, the proof, the stream."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.outbox import timeline
from glede.outbox.models import Attempt, Breaker, CampaignPerson, Message, Touch
from glede.outbox.rules import PENDING, Fate, State
from glede.practices.telling import plain

_EXPORTED = ("channel", "state", "reason", "due_at", "sent_at", "subject_line", "body", "language", "in_reply_to")


def register() -> None:
    """Take part."""
    registry.register("erase", "outbox", erase)
    registry.register("merge", "outbox", merge)
    registry.register("export", "outbox", export)
    registry.register("timeline", "outbox", timeline.words)
    registry.register("told", "outbox", timeline.kinds)
    registry.register("verify", "outbox", verify)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Blank the words of every message a person got, and what was answered to them. That they went, and when, stays.

    What a provider answered often repeats the address, so the last words of every channel go too.
    Rows that a claim holds at this moment are left to it: it waits for the person, finds them erased and
    blanks them itself; waiting for it here would be waiting for each other.
    """
    theirs = Message.objects.filter(practice_id=practice_id, touch__patient_id=patient_id)
    theirs.exclude(state__in=PENDING).update(body="", subject_line="", in_reply_to="", contact_id=None)
    tried = Attempt.objects.filter(practice_id=practice_id, message__touch__patient_id=patient_id)
    tried.exclude(words="").update(words="")
    Breaker.objects.filter(practice_id=practice_id).exclude(words="").update(words="")
    waiting = theirs.filter(state__in=PENDING).order_by("id")
    free = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).values_list("id", flat=True)
    Message.objects.filter(pk__in=list(free)).update(body="", subject_line="", in_reply_to="", contact_id=None)


def merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nothing: touches keep the person they were owed to, and whoever is asked how to reach them follows the merge."""


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Every message owed to a person, oldest first, with its words and fate; the tries, and campaigns they are in."""
    rows = Message.objects.filter(practice_id=practice_id, touch__patient_id=patient_id).select_related("touch")
    tries = Attempt.objects.filter(practice_id=practice_id, message__touch__patient_id=patient_id)
    campaigns = CampaignPerson.objects.filter(practice_id=practice_id, patient_id=patient_id)
    return [
        {
            "what": "message",
            "id": str(m.pk),
            "touch": str(m.touch_id),
            "row": m.touch.row,
            "purpose": m.touch.purpose,
            "fate": m.touch.fate,
            "n": m.n,
        }
        | {name: getattr(m, name) for name in _EXPORTED}
        for m in rows.order_by("touch__due_at", "touch_id", "n")
    ] + [
        *(plain("try", row) for row in tries.order_by("at", "id")),
        *(plain("campaign", row) for row in campaigns.order_by("id")),
    ]


def verify(practice_id: UUID, report: Any) -> None:
    """Check conservation: every touch has a message, every message that left has its attempt, no fate is hidden."""
    touches = Touch.objects.filter(practice_id=practice_id)
    messages = Message.objects.filter(practice_id=practice_id)
    report.counts["touches"] = touches.count()
    report.counts["messages"] = messages.count()
    of_a_touch = messages.filter(touch_id=OuterRef("pk"))  # each question an anti-join: NOT IN would go through all
    without = touches.filter(~Exists(of_a_touch)).values_list("id", flat=True)
    report.problems += [f"touch {i} has no message" for i in without[:20]]
    begun = Attempt.objects.filter(practice_id=practice_id, kind="begun", message_id=OuterRef("pk"))
    unproved = messages.filter(~Exists(begun), state=State.ACCEPTED)
    report.problems += [f"message {i} left without an attempt" for i in unproved.values_list("id", flat=True)[:20]]
    under_way = of_a_touch.filter(state__in=[*PENDING, State.SENDING, State.UNKNOWN])
    forgotten = touches.filter(~Exists(under_way), fate=Fate.OPEN)
    report.problems += [
        f"touch {i} is open with nothing under way" for i in forgotten.values_list("id", flat=True)[:20]
    ]
    closed = messages.filter(state__in=PENDING).exclude(touch__fate=Fate.OPEN)
    report.problems += [f"message {i} waits for a closed touch" for i in closed.values_list("id", flat=True)[:20]]
