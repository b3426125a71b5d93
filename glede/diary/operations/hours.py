"""When a practitioner works."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from glede.diary import errors
from glede.diary.models import Shift
from glede.kernel.actor import Actor
from glede.kernel.periods import Span
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices.operations import NoSuchChange, change_to_undo, note_change
from glede.staff.models import Practitioner

HOURS = "hours"


def set_working_hours(
    *,
    practice_id: UUID,
    practitioner_id: UUID,
    spans: Iterable[Span],
    undoes: UUID | None = None,
    by: Actor,
    now: datetime,
) -> UUID | None:
    """Replace the week of a practitioner; without spans they keep the practice's hours. Old spans are ended.

    Returns the change, None where nothing differs. Visits that stand keep their time. Raises ``UnknownPractitioner``.
    """
    wanted = set(spans)
    with act(practice_id, by=by, now=now) as changing:
        subject = Ref("practitioner", practitioner_id)
        changing.lock(subject)
        if not Practitioner.objects.filter(practice_id=practice_id, pk=practitioner_id, ended_at=None).exists():
            raise errors.UnknownPractitioner
        rows = Shift.objects.filter(practice_id=practice_id, practitioner_id=practitioner_id, ended_at=None)
        standing = {Span(row.weekday, row.opens, row.closes): row.pk for row in rows}
        if wanted == set(standing):
            return None
        rows.filter(pk__in=[key for span, key in standing.items() if span not in wanted]).update(ended_at=now)
        Shift.objects.bulk_create(
            Shift(
                practice_id=practice_id,
                practitioner_id=practitioner_id,
                weekday=span.weekday,
                opens=span.opens,
                closes=span.closes,
            )
            for span in sorted(wanted - set(standing))
        )
        before, after = {HOURS: _written(standing)}, {HOURS: _written(wanted)}
        noted = note_change(changing, subject, before=before, after=after, undoes=undoes)
        changing.record("diary.hours.changed", subject=subject, data={"spans": len(wanted), "change": noted})
    return noted


def undo_working_hours(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let a practitioner work again as before a change. Raises ``NoSuchChange``, ``ChangedSince``."""
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id)
        if change.subject_kind != "practitioner" or change.before.keys() != {HOURS}:
            raise NoSuchChange(str(change_id))
        spans = [Span(day, time.fromisoformat(a), time.fromisoformat(b)) for day, a, b in change.before[HOURS]]
        return set_working_hours(
            practice_id=practice_id, practitioner_id=change.subject_id, spans=spans, undoes=change_id, by=by, now=now
        )


def _written(spans: Iterable[Span]) -> list[list[Any]]:
    return [[s.weekday, f"{s.opens:%H:%M}", f"{s.closes:%H:%M}"] for s in sorted(spans)]
