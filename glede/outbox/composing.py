"""Fresh words at the moment of sending: who writes the text for which subject.

`outbox` knows no visit and no conversation; rooms above register a composer for the kind of subject.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from glede.kernel.ref import Ref


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is about to leave and needs its words."""

    touch_id: UUID
    row: str
    journey_version: int
    subject: Ref
    patient_id: UUID
    purpose: str
    channel: str
    language: str
    occurrence: int = 1
    why: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """The words of one message. `html` is made from `text` when empty.

    `is_written_by_hand`: a colleague wrote it, so it carries no Auto-Submitted. `in_reply_to`: the reference of
    the message it answers. `silence`: nothing is to be said, for this reason (a code of `rules.Reason`).
    """

    subject: str
    text: str
    html: str = ""
    in_reply_to: str = ""
    is_written_by_hand: bool = False
    silence: str = ""


Composer = Callable[[UUID, Sequence[Draft], datetime], Mapping[UUID, Content]]

_composers: dict[str, Composer] = {}


def register(subject_kind: str, composer: Composer) -> None:
    """Let `composer` write for subjects of this kind. It is called inside the claim's transaction and only reads."""
    _composers[subject_kind] = composer


def compose(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> dict[UUID, Content]:
    """The words for each draft, by touch; a touch without words (nothing to say any more) is left out."""
    by_kind: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_kind.setdefault(draft.subject.kind, []).append(draft)
    found: dict[UUID, Content] = {}
    for kind, some in by_kind.items():
        composer = _composers.get(kind)
        if composer is not None:
            found.update(composer(practice_id, some, now))
    return found
