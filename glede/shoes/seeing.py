"""What is seen at a moment of a walk: what happened since the last one, why, and what then stands on the desk."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.clock import wall
from glede.outbox.models import Message
from glede.outbox.rules import State
from glede.promises.models import Promise, PromiseOutcome

_ID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-", re.I)
CODE = "•••"
"""What stands in a frame in the place of a link's code: codes are drawn anew with each walk, frames are the same."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that happened. ``kind``: message, desk (a promise), kept, did, said; ``facts`` are plain values."""

    kind: str
    facts: Mapping[str, Any]


def messages_since(practice_id: UUID, told: set[str], codes: Callable[[], list[str]]) -> Iterator[Seen]:
    """Yield the messages that reached the phone since ``told``, to which they are added. ``codes`` are masked."""
    rows = Message.objects.filter(practice_id=practice_id, state=State.REHEARSED).select_related("touch")
    for row in rows.exclude(pk__in=list(told)).order_by("sent_at", "touch__row", "id"):
        told.add(str(row.pk))
        known = codes()
        yield Seen(
            "message",
            {
                "row": row.touch.row, "channel": row.channel, "subject": _without(row.subject_line, known),
                "text": _without(row.body, known), "purpose": row.touch.purpose, "lane": row.touch.lane,
                "why": plain(row.touch.why),
            },
        )  # fmt: skip


def promises_since(practice_id: UUID, told: set[str]) -> Iterator[Seen]:
    """Yield the promises that the desk was given, and those it kept, since ``told``, to which they are added."""
    for row in Promise.objects.filter(practice_id=practice_id).exclude(pk__in=list(told)).order_by("made_at", "id"):
        told.add(str(row.pk))
        yield Seen("desk", {"promise": row.kind, "cause": row.cause, "row": str(row.detail.get("row", ""))})
    rows = PromiseOutcome.objects.filter(practice_id=practice_id).select_related("promise")
    for end in rows.exclude(pk__in=list(told)).order_by("at", "id"):
        told.add(str(end.pk))
        yield Seen("kept", {"promise": end.promise.kind, "outcome": end.outcome, "reason": end.reason})


def desk_now(practice_id: UUID, zone: str) -> list[dict[str, str]]:
    """Return what the desk owes the person now, soonest first."""
    rows = Promise.objects.filter(practice_id=practice_id, closed_at=None).order_by("due_at", "kind", "cause")
    return [
        {
            "promise": row.kind,
            "cause": row.cause,
            "row": str(row.detail.get("row", "")),
            "due": told_at(row.due_at, zone),
        }
        for row in rows
    ]


def told_at(moment: datetime, zone: str) -> str:
    """Return a moment on the practice's wall."""
    return wall(moment, zone).isoformat(timespec="minutes")


def plain(value: Any) -> Any:
    """Return codes without ids, which differ from walk to walk."""
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items() if not (isinstance(one, str) and _ID.match(one))}
    if isinstance(value, list):
        return [plain(one) for one in value if not (isinstance(one, str) and _ID.match(one))]
    return value


def _without(text: str, codes: list[str]) -> str:
    for code in codes:
        text = text.replace(code, CODE)
    return text
