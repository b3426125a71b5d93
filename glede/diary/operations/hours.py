"""When a practitioner works, and what is said of them in the same breath."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from glede.diary import errors
from glede.diary.models import Shift
from glede.kernel.actor import Actor
from glede.kernel.periods import Span
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.practices.operations import NoSuchChange, change_to_undo, note_change
from glede.staff.models import Practitioner
from glede.staff.operations.practitioners import name_practitioner

HOURS = "hours"


def set_working_hours(
    *,
    practice_id: UUID,
    practitioner_id: UUID,
    spans: Iterable[Span],
    by: Actor,
    now: datetime,
) -> UUID | None:
    """Replace the week of a practitioner; without spans they keep the practice's hours. Old spans are ended.

    Returns the change, None where nothing differs. Visits that stand keep their time. Raises ``UnknownPractitioner``.
    """
    return change_clinician(
        practice_id=practice_id, practitioner_id=practitioner_id, changes={}, spans=spans, by=by, now=now
    )


def change_clinician(
    *,
    practice_id: UUID,
    practitioner_id: UUID,
    changes: dict[str, Any],
    spans: Iterable[Span] | None,
    undoes: UUID | None = None,
    by: Actor,
    now: datetime,
) -> UUID | None:
    """Change how a practitioner is named and when they work, as one change, and return it, None where nothing differs.

    ``spans`` are as for ``set_working_hours``, None to leave the week. Raises ``UnknownPractitioner``, and what
    ``staff.change_practitioner`` raises.
    """
    subject = Ref("practitioner", practitioner_id)
    with act(practice_id, by=by, now=now) as changing:
        changing.lock(subject)
        if not Practitioner.objects.filter(practice_id=practice_id, pk=practitioner_id, ended_at=None).exists():
            raise errors.UnknownPractitioner
        was, named = name_practitioner(changing, practitioner_id, changes)
        weeks = None if spans is None else _replace_week(changing, practitioner_id, set(spans))
        old, new = weeks or ({}, {})
        if not named and not new:
            return None
        noted = note_change(changing, subject, before=was | old, after=named | new, undoes=undoes)
        if named:
            changing.record("staff.practitioner.changed", subject=subject, data={"change": noted})
        if new:
            data = {"spans": len(new[HOURS]), "change": noted}
            changing.record("diary.hours.changed", subject=subject, data=data)
    return noted


def _replace_week(
    changing: Act, practitioner_id: UUID, wanted: set[Span]
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Write the week and return what it was and is; None where it stood so."""
    practice_id = changing.practice_id
    rows = Shift.objects.filter(practice_id=practice_id, practitioner_id=practitioner_id, ended_at=None)
    standing = {Span(row.weekday, row.opens, row.closes): row.pk for row in rows}
    if wanted == set(standing):
        return None
    rows.filter(pk__in=[key for span, key in standing.items() if span not in wanted]).update(ended_at=changing.now)
    Shift.objects.bulk_create(
        Shift(
            practice_id=practice_id, practitioner_id=practitioner_id, weekday=span.weekday, opens=span.opens,
            closes=span.closes,
        )
        for span in sorted(wanted - set(standing))
    )  # fmt: skip
    return {HOURS: _written(standing)}, {HOURS: _written(wanted)}


def undo_clinician(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let a practitioner work, and be named, again as before a change of their hours.

    Raises ``NoSuchChange``, ``ChangedSince``.
    """
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id, "practitioner")
        if HOURS not in change.before:
            raise NoSuchChange(str(change_id))
        named = {name: value for name, value in change.before.items() if name != HOURS}
        spans = [Span(day, time.fromisoformat(a), time.fromisoformat(b)) for day, a, b in change.before[HOURS]]
        return change_clinician(
            practice_id=practice_id, practitioner_id=change.subject_id, changes=named, spans=spans, undoes=change_id,
            by=by, now=now,
        )  # fmt: skip


def _written(spans: Iterable[Span]) -> list[list[Any]]:
    return [[s.weekday, f"{s.opens:%H:%M}", f"{s.closes:%H:%M}"] for s in sorted(spans)]
