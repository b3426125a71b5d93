"""When a practice is open: its week, the dates that differ, and the public holidays it takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Max

from glede.kernel.actor import Actor
from glede.kernel.periods import Hours, Span
from glede.kernel.ref import Ref
from glede.practices.models import HoursException, OpeningHours
from glede.practices.operations.locking import locked
from glede.practices.operations.noting import NoSuchChange, change_to_undo, record_change
from glede.practices.public_holidays import holidays_of
from glede.practices.recording import Act, act

USUAL_WEEK = tuple(Span(weekday, time(9), time(17)) for weekday in range(5))
LONGEST_DAYS = 366
CHANGED = "practices.hours.changed"
WEEK = "week"


class BadDates(ValueError):
    """The dates run backwards, or the span is longer than a year."""


@dataclass(frozen=True)
class NewException:
    """Dates with other hours than the week's; no ``hours`` means closed. ``name`` by language, of a holiday."""

    first_on: date
    last_on: date
    hours: tuple[Hours, ...] = ()
    reason: str = ""
    name: dict[str, str] = field(default_factory=dict)


def set_opening_hours(
    *, practice_id: UUID, spans: Iterable[Span], undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID | None:
    """Replace the week's opening hours and return the change, None where nothing differs.

    The old ones are ended, never deleted.
    """
    wanted = set(spans)
    with act(practice_id, by=by, now=now) as changing:
        locked(practice_id, changing)
        standing = {Span(h.weekday, h.opens, h.closes): h for h in OpeningHours.objects.filter(ended_at=None)}
        if wanted == set(standing):
            return None
        gone = [row.pk for span, row in standing.items() if span not in wanted]
        OpeningHours.objects.filter(pk__in=gone).update(ended_at=now)
        write_spans(practice_id, sorted(wanted - set(standing)))
        before, after = {WEEK: _written(standing)}, {WEEK: _written(wanted)}
        return _noted(changing, before, after, undoes, what=WEEK, spans=len(wanted))


def write_spans(practice_id: UUID, spans: Iterable[Span]) -> None:
    """Write the spans of a week. Call it inside an act."""
    OpeningHours.objects.bulk_create(
        OpeningHours(practice_id=practice_id, weekday=s.weekday, opens=s.opens, closes=s.closes) for s in spans
    )


def add_exception(*, practice_id: UUID, new: NewException, by: Actor, now: datetime) -> UUID:
    """Let other hours hold on one date or a span of dates, and return the change. The latest one holds on each date.

    One of exactly these dates that stands is ended. What is booked stays as it is. Raises ``BadDates``.
    """
    if not 0 <= (new.last_on - new.first_on).days < LONGEST_DAYS:
        raise BadDates(f"{new.first_on} {new.last_on}")
    with act(practice_id, by=by, now=now) as changing:
        locked(practice_id, changing)
        before: dict[str, Any] = {}
        replaced = list(HoursException.objects.filter(first_on=new.first_on, last_on=new.last_on, ended_at=None))
        _end(replaced, now)
        before |= {_key(row.pk): _facts(row, stands=True) for row in replaced}
        after = {_key(row.pk): _facts(row, stands=False) for row in replaced}
        row = _write(practice_id, new)
        before[_key(row.pk)] = _facts(row, stands=False)
        after[_key(row.pk)] = _facts(row, stands=True)
        return _noted(changing, before, after, None, what="exception", day=new.first_on.isoformat())


def end_exception(*, practice_id: UUID, exception_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let the week's hours hold again on the dates of an exception; None where they do already."""
    with act(practice_id, by=by, now=now) as changing:
        locked(practice_id, changing)
        row = HoursException.objects.filter(pk=exception_id, ended_at=None).first()
        if row is None:
            return None
        _end([row], now)
        key, day = _key(row.pk), row.first_on.isoformat()
        before, after = {key: _facts(row, stands=True)}, {key: _facts(row, stands=False)}
        return _noted(changing, before, after, None, what="exception", day=day)


def take_holidays(*, practice_id: UUID, year: int, by: Actor, now: datetime) -> UUID | None:
    """Close on every public holiday of ``year`` that falls on a day of the open week; one change, undone as one.

    Days on which an exception stands already keep it.

    None where there is nothing to take. Raises ``public_holidays.UnknownCountry``.
    """
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        standing = HoursException.objects.filter(ended_at=None, first_on__lte=date(year, 12, 31))
        taken = list(standing.filter(last_on__gte=date(year, 1, 1)).values_list("first_on", "last_on"))
        open_on = set(OpeningHours.objects.filter(ended_at=None).values_list("weekday", flat=True))
        rows = [
            _write(practice_id, NewException(one.day, one.day, name=one.name))
            for one in holidays_of(practice.country, practice.region, year)
            if one.day.weekday() in open_on and not any(first <= one.day <= last for first, last in taken)
        ]
        if not rows:
            return None
        before = {_key(row.pk): _facts(row, stands=False) for row in rows}
        after = {_key(row.pk): _facts(row, stands=True) for row in rows}
        return _noted(changing, before, after, None, what="holidays", year=year, days=len(rows))


def undo_hours(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let the hours be again what they were before a change. Raises ``NoSuchChange``, ``ChangedSince``."""
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id)
        if change.before.keys() == {WEEK}:
            spans = [Span(day, time.fromisoformat(a), time.fromisoformat(b)) for day, a, b in change.before[WEEK]]
            return set_opening_hours(practice_id=practice_id, spans=spans, undoes=change_id, by=by, now=now)
        if not all(key.startswith("exception:") for key in change.before):
            raise NoSuchChange(str(change_id))
        for key, facts in change.before.items():
            rows = HoursException.objects.filter(practice_id=practice_id, pk=key.partition(":")[2])
            rows.update(ended_at=None if facts["stands"] else now)
        return _noted(undoing, change.after, change.before, change_id, what="exception")


def _noted(
    changing: Act, before: dict[str, Any], after: dict[str, Any], undoes: UUID | None, **data: str | int
) -> UUID:
    subject = Ref("practice", changing.practice_id)
    return record_change(changing, subject, CHANGED, before=before, after=after, undoes=undoes, data=dict(data))


def _write(practice_id: UUID, new: NewException) -> HoursException:
    last = HoursException.objects.aggregate(last=Max("number"))["last"]
    return HoursException.objects.create(
        practice_id=practice_id, first_on=new.first_on, last_on=new.last_on, reason=new.reason, name=new.name,
        spans=[[_clock(hours.opens), _clock(hours.closes)] for hours in sorted(new.hours)], number=(last or 0) + 1,
    )  # fmt: skip


def _end(rows: list[HoursException], now: datetime) -> None:
    HoursException.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=now)


def _key(exception_id: UUID) -> str:
    return f"exception:{exception_id}"


def _facts(row: HoursException, *, stands: bool) -> dict[str, Any]:
    return {
        "stands": stands, "first_on": row.first_on.isoformat(), "last_on": row.last_on.isoformat(), "spans": row.spans,
        "reason": row.reason, "name": row.name,
    }  # fmt: skip


def _written(spans: Iterable[Span]) -> list[list[Any]]:
    return [[span.weekday, _clock(span.opens), _clock(span.closes)] for span in sorted(spans)]


def _clock(at: time) -> str:
    return at.isoformat(timespec="minutes")
