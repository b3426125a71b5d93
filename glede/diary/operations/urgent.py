"""Times kept free for what is urgent: keep one, keep it no more, take a change back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.diary import errors
from glede.diary.apart import Kept
from glede.diary.models import UrgentTime
from glede.diary.models.apart import RELEASE_DAYS_MAX
from glede.diary.queries.leaves import urgent_times
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.practices.operations import NoSuchChange, change_to_undo, record_change
from glede.staff.models import Practitioner

PREFIX = "urgent:"


@dataclass(frozen=True, slots=True)
class NewUrgentTimes:
    """Spans of the week to keep for what is urgent, with one clinician, or with each (None)."""

    practitioner_id: UUID | None
    kept: tuple[Kept, ...]


def keep_urgent_times(*, practice_id: UUID, new: NewUrgentTimes, by: Actor, now: datetime) -> UUID | None:
    """Keep spans of the week free for what is urgent, and return the change; what is booked then stands.

    What is kept already in the same words is left alone; None where that is all. Raises ``BadUrgentTime``,
    ``UnknownPractitioner``.
    """
    if not new.kept or not all(map(_is_sound, new.kept)):
        raise errors.BadUrgentTime
    with act(practice_id, by=by, now=now) as keeping:
        keeping.lock(Ref("practice", practice_id))
        people = Practitioner.objects.filter(practice_id=practice_id, ended_at=None)
        if new.practitioner_id is not None and not people.filter(pk=new.practitioner_id).exists():
            raise errors.UnknownPractitioner
        standing = {one.kept for one in urgent_times(practice_id) if one.practitioner_id == new.practitioner_id}
        written = [
            UrgentTime(
                practice_id=practice_id, practitioner_id=new.practitioner_id, weekday=one.weekday, opens=one.opens,
                closes=one.closes, release_days=one.release_days, release_at=one.release_at,
            )
            for one in sorted(set(new.kept) - standing, key=lambda kept: (kept.weekday, kept.opens))
        ]  # fmt: skip
        if not written:
            return None
        UrgentTime.objects.bulk_create(written)
        before, after = _facts(written, stands=False), _facts(written, stands=True)
        return _record(keeping, "diary.urgent_time.kept", before, after)


def _is_sound(kept: Kept) -> bool:
    never = kept.release_days is None and kept.release_at is None
    some_day = kept.release_days is not None and kept.release_at is not None
    is_near = some_day and 0 <= (kept.release_days or 0) <= RELEASE_DAYS_MAX
    return kept.weekday in range(7) and kept.opens < kept.closes and (never or is_near)


def end_urgent_time(*, practice_id: UUID, urgent_time_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Keep a span no more; return the change, None where it was so before. Raises ``NoSuchUrgentTime``."""
    with act(practice_id, by=by, now=now) as ending:
        ending.lock(Ref("practice", practice_id))
        row = UrgentTime.objects.filter(practice_id=practice_id, pk=urgent_time_id).first()
        if row is None:
            raise errors.NoSuchUrgentTime
        if row.ended_at is not None:
            return None
        _stand(practice_id, [row.pk], stands=False, now=now)
        before, after = _facts([row], stands=True), _facts([row], stands=False)
        return _record(ending, "diary.urgent_time.ended", before, after)


def undo_urgent_times(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID:
    """Keep what was kept before a change, and no more. Raises ``NoSuchChange``, ``ChangedSince``."""
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id)
        if not is_about_urgent_times(change.before):
            raise NoSuchChange(str(change_id))
        for stands in (True, False):
            _stand(practice_id, _keys(change.before, stands=stands), stands=stands, now=now)
        kind = "diary.urgent_time.kept" if _keys(change.before, stands=True) else "diary.urgent_time.ended"
        return _record(undoing, kind, change.after, change.before, undoes=change_id)


def is_about_urgent_times(said: Mapping[str, Any]) -> bool:
    """Return True where a change of a setting tells of times kept for what is urgent."""
    return bool(said) and all(key.startswith(PREFIX) for key in said)


def _record(keeping: Act, kind: str, before: dict[str, Any], after: dict[str, Any], undoes: UUID | None = None) -> UUID:
    subject, data = Ref("practice", keeping.practice_id), {"spans": len(after)}
    return record_change(keeping, subject, kind, before=before, after=after, undoes=undoes, data=data)


def _stand(practice_id: UUID, keys: Collection[UUID], *, stands: bool, now: datetime) -> None:
    rows = UrgentTime.objects.filter(practice_id=practice_id, pk__in=keys)
    rows.update(ended_at=None if stands else now)


def _keys(said: Mapping[str, Any], *, stands: bool) -> list[UUID]:
    return [UUID(key.removeprefix(PREFIX)) for key, facts in said.items() if facts["stands"] is stands]


def _facts(rows: Iterable[UrgentTime], *, stands: bool) -> dict[str, Any]:
    return {
        f"{PREFIX}{row.pk}": {
            "stands": stands, "practitioner": str(row.practitioner_id) if row.practitioner_id else None,
            "span": [row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}"],
            "release": [row.release_days, f"{row.release_at:%H:%M}"] if row.release_at else None,
        }
        for row in rows
    }  # fmt: skip
