"""The one operation that moves a virtual clock: from due moment to due moment, with the code of the live engine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, QuerySet

from glede.diary.models import Appointment
from glede.diary.operations import finish_appointments
from glede.diary.rules import AHEAD, State
from glede.journeys.operations.following import follow, is_behind
from glede.journeys.operations.sharing import next_sharing_out
from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import fp
from glede.outbox.due import due_at, tally
from glede.outbox.operations import unfold_all
from glede.outbox.sending import send_due
from glede.practices import scope
from glede.practices.durability import relaxed
from glede.practices.models import Practice
from glede.practices.operations import move_clock
from glede.practices.queries import practice_by_id
from glede.promises.models import Promise


class NotVirtual(ValueError):
    """This practice lives by the real clock; nobody moves that."""


class ClockGoesBack(ValueError):
    """A clock never goes back; the message says what it shows."""


@dataclass(frozen=True, slots=True)
class TickReport:
    """What happened while the clock moved: touches planned, messages rehearsed, those that wait, skips, promises."""

    planned: int = 0
    rehearsed: int = 0
    held: int = 0
    skipped: int = 0
    promises: int = 0


NOTHING = (0, 0, 0, 0, 0)


def advance(practice_id: UUID, *, to: datetime, assume_attended: bool = False, is_counted: bool = True) -> TickReport:
    """Move a virtual practice's clock to ``to`` and let everything due on the way happen at its own moment.

    ``assume_attended``: whoever has a visit that ends on the way is taken to have come, when its time is over. Killed
    on the way and called again, it goes on where the clock stands. Where it is not ``is_counted`` the report is empty.
    Raises ``NotVirtual``, ``ClockGoesBack``.
    """
    practice = practice_by_id(practice_id)
    if not practice.is_virtual or practice.virtual_now is None:
        raise NotVirtual("Only a virtual practice has a clock that can be moved.")
    if to < practice.virtual_now:
        raise ClockGoesBack(f"The clock shows {practice.virtual_now.isoformat()} and never goes back.")
    before = _tally(practice_id) if is_counted else NOTHING
    with relaxed():
        move_clock(practice_id=practice_id, to=practice.virtual_now)  # from here on its future is told
        unfold_all(practice_id=practice_id, by=SYSTEM, now=practice.virtual_now)  # begun since the clock last moved
        _walk(practice, practice.virtual_now, to, assume_attended=assume_attended)
    after = _tally(practice_id) if is_counted else NOTHING
    return TickReport(*(new - old for old, new in zip(before, after, strict=True)))


def _walk(practice: Practice, since: datetime, to: datetime, *, assume_attended: bool) -> None:
    at = since
    while True:
        if assume_attended:
            _attend(practice.pk, since, at)
        next_due = _happen(practice, at)
        if at >= to:
            return
        at = min(to, _next_moment(practice, at, next_due, assume_attended=assume_attended) or to)
        move_clock(practice_id=practice.pk, to=at)
        fp("journeys.clock_moved")


def _happen(practice: Practice, at: datetime) -> datetime | None:
    """Let everything due at ``at`` happen, and return when a message is due next; where nothing is, only look."""
    while True:
        with scope.transaction(practice.pk):
            behind, due = is_behind(practice, now=at), due_at(practice.pk, at=at)
        if behind:
            follow(practice.pk, now=at)
        elif not due.is_now or not send_due(practice.pk, now=at).taken:
            return due.next_at


def _attend(practice_id: UUID, since: datetime, at: datetime) -> None:
    with scope.transaction(practice_id, read_only=True):
        over = _to_come(practice_id, since).filter(ends_at__lte=at).order_by("ends_at", "id")
        ids = list(over.values_list("id", flat=True))
    finish_appointments(practice_id=practice_id, appointment_ids=ids, by=SYSTEM, now=at)


def _to_come(practice_id: UUID, since: datetime) -> QuerySet[Appointment]:
    """Return the visits that end at ``since`` or later. The day is named too: there is an index on it."""
    first = (since - timedelta(days=2)).date()
    rows = Appointment.objects.filter(practice_id=practice_id, day__gte=first, ends_at__gte=since, is_history=False)
    return rows.filter(state__in=[*AHEAD, State.ARRIVED, State.WITH])


def _next_moment(
    practice: Practice, at: datetime, next_due: datetime | None, *, assume_attended: bool
) -> datetime | None:
    """Return when something is due next: a message, the sharing out of a day's calls, the end of a visit."""
    with scope.transaction(practice.pk, read_only=True):
        moments = [next_due, next_sharing_out(practice, after=at)]
        if assume_attended:
            ends = _to_come(practice.pk, at).filter(ends_at__gt=at)
            moments.append(ends.aggregate(first=Min("ends_at"))["first"])
    return min(filter(None, moments), default=None)


def _tally(practice_id: UUID) -> tuple[int, int, int, int, int]:
    with scope.transaction(practice_id, read_only=True):
        return (*tally(practice_id), Promise.objects.filter(practice_id=practice_id).count())
