"""What stands at the desk: answers that were begun, flags that were looked at, and how the day ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from glede.inbox import closing
from glede.inbox.models import Closure, DeskClosing, Draft, Reply
from glede.kernel.clock import at_wall, day_of
from glede.practices import scope
from glede.practices.queries import practice_by_id
from glede.promises.queries import Owed, last_handed, open_promises
from glede.staff.queries import colleague_names


@dataclass(frozen=True, slots=True)
class Begun:
    """An answer that a colleague has begun and not sent."""

    membership_id: UUID
    words: str
    saved_at: datetime


def begun(practice_id: UUID, conversation_ids: Iterable[UUID]) -> dict[UUID, list[Begun]]:
    """Return the answers begun in these conversations, the latest first."""
    found: dict[UUID, list[Begun]] = {}
    with scope.transaction(practice_id):
        rows = Draft.objects.filter(conversation_id__in=list(conversation_ids)).order_by("-saved_at", "id")
        for row in rows:
            found.setdefault(row.conversation_id, []).append(Begun(row.membership_id, row.words, row.saved_at))
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """Words that were raised, and the clinician who found them not urgent."""

    id: UUID
    at: datetime
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The answers owed as the day ends: who still waits, and who was handed to a colleague for a time ahead."""

    waiting: tuple[Owed, ...]
    handed: tuple[Owed, ...]
    n_answered: int


def standing_at_closing(practice_id: UUID, *, now: datetime) -> Standing:
    """Return what stands between the desk and its end of the day."""
    owed = open_promises(practice_id, kinds=["answer"], limit=5_000)
    handed = last_handed(practice_id, [one.id for one in owed])
    settled = {o.id for o in owed if closing.is_handed_by_name(o.owner_id, handed.get(o.id), o.due_at, now)}
    return Standing(
        waiting=tuple(o for o in owed if o.id not in settled),
        handed=tuple(o for o in owed if o.id in settled),
        n_answered=_answered_today(practice_id, now),
    )


def _answered_today(practice_id: UUID, now: datetime) -> int:
    practice = practice_by_id(practice_id)
    since = at_wall(day_of(now, practice.zone), datetime.min.time(), practice.zone)
    with scope.transaction(practice_id):
        replied = Reply.objects.filter(practice_id=practice_id, written_at__gte=since, answers_to__gte=1)
        closed = Closure.objects.filter(practice_id=practice_id, closed_at__gte=since, reopenings=None)
        return replied.count() + closed.count()


@dataclass(frozen=True, slots=True)
class Closing:
    """How a day at the desk ended."""

    day: date
    at: datetime
    who: str
    n_answered: int
    n_handed: int


def last_closing(practice_id: UUID) -> Closing | None:
    """Return how the last day that was closed ended, or None where none ever was."""
    with scope.transaction(practice_id):
        row = DeskClosing.objects.filter(practice_id=practice_id).order_by("-closed_at", "-id").first()
    if row is None:
        return None
    who = colleague_names(practice_id).get(row.closed_by, "")
    return Closing(row.day, row.closed_at, who, row.n_answered, row.n_handed)
