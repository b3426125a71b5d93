"""What is said of each clinician's own time: their week, their leave, and what is kept free for what is urgent."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import DateField, QuerySet, SmallIntegerField, TimeField, Value
from django.db.models.functions import Cast

from glede.diary.apart import Away, Kept
from glede.diary.models import Leave, Shift, UrgentTime
from glede.kernel.periods import Span
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class OwnTime:
    """The own week of a clinician (None: the practice's hours), when they are away, and what is kept with them."""

    hours: tuple[Span, ...] | None = None
    away: tuple[Away, ...] = ()
    kept: tuple[Kept, ...] = ()


NOTHING = OwnTime()


class _Line(NamedTuple):
    of: str
    practitioner_id: UUID | None
    weekday: int
    opens: time
    closes: time
    first_on: date
    last_on: date
    release_days: int | None
    release_at: time | None


SHIFT, LEAVE, URGENT = "shift", "leave", "urgent"
WEEKLY = ("weekday", "opens", "closes")
DATES, RELEASE = ("first_on", "last_on"), ("release_days", "release_at")
TYPES: dict[str, Any] = {
    "weekday": SmallIntegerField, "first_on": DateField, "last_on": DateField, "release_days": SmallIntegerField,
    "release_at": TimeField,
}  # fmt: skip


def own_time(practice_id: UUID) -> dict[UUID | None, OwnTime]:
    """Return what is said of each clinician's time, and under None what is kept with each; read in one statement."""
    with scope.transaction(practice_id):
        leave = _lines(Leave, practice_id, LEAVE, ("from_time", "to_time", *DATES), ("weekday", *RELEASE))
        urgent = _lines(UrgentTime, practice_id, URGENT, (*WEEKLY, *RELEASE), DATES)
        shifts = _lines(Shift, practice_id, SHIFT, WEEKLY, (*DATES, *RELEASE))
        said: dict[UUID | None, list[_Line]] = defaultdict(list)
        for line in map(_Line._make, shifts.union(leave, urgent, all=True)):
            said[line.practitioner_id].append(line)
        return {key: _told(lines) for key, lines in said.items()}


def _lines(
    model: Any, practice_id: UUID, of: str, own: tuple[str, ...], others: tuple[str, ...]
) -> QuerySet[Any, tuple[Any, ...]]:
    """Return the rows in force with the columns of ``_Line``; those they have not are null, of the column's type."""
    nothing = {f"no_{name}": Cast(Value(None), TYPES[name]()) for name in others}
    rows = model.objects.filter(practice_id=practice_id, ended_at=None).annotate(of=Value(of), **nothing)
    there = {"opens": "from_time", "closes": "to_time"} if model is Leave else {}
    columns = (f"no_{name}" if name in others else there.get(name, name) for name in _Line._fields[2:])
    return rows.order_by().values_list("of", "practitioner_id", *columns)  # type: ignore[no-any-return]


def _told(lines: list[_Line]) -> OwnTime:
    week = tuple(sorted(Span(one.weekday, one.opens, one.closes) for one in lines if one.of == SHIFT))
    away = (Away(one.first_on, one.last_on, one.opens, one.closes) for one in lines if one.of == LEAVE)
    kept = (
        Kept(one.weekday, one.opens, one.closes, one.release_days, one.release_at) for one in lines if one.of == URGENT
    )
    return OwnTime(week or None, tuple(sorted(away, key=lambda one: one.first_on)), tuple(sorted(kept, key=_by_place)))


def _by_place(kept: Kept) -> tuple[int, time]:
    return kept.weekday, kept.opens


def own_hours(practice_id: UUID) -> dict[UUID, tuple[Span, ...]]:
    """Return the own week of each practitioner who has one; all others keep the practice's hours."""
    return {key: said.hours for key, said in own_time(practice_id).items() if key and said.hours}
