"""Rows about a day of a person that no visit makes: their birthday, when they are due again, long silence. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from glede.journeys import hours
from glede.journeys.days import Due
from glede.journeys.document import Document, Row
from glede.journeys.facts import Facts, History, Occasion
from glede.journeys.touching import About, Moment, touch_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Day:
    """One row about one occasion of one person."""

    facts: Facts
    occasion: Occasion
    row: Row
    history: History
    version: int

    @property
    def wished(self) -> date:
        """The day the row names, counted from the occasion's."""
        return after_months(self.occasion.day, self.row.when.months) + timedelta(days=self.row.when.days)

    def was_told(self) -> bool:
        """Whether they had this row of this occasion already."""
        mine = (self.row.row, self.occasion.id)
        return any((told.row, told.subject_id) == mine for told in self.history.told)


def on_their_days(document: Document, facts: Facts, history: History, now: datetime) -> Iterator[Due]:
    """Yield what a person is owed about the days of theirs that no visit makes (docs/journeys.md#days-of-a-person)."""
    for occasion in facts.occasions:
        for row in document.rows:
            if row.is_on and occasion.trigger in row.triggers and not occasion.is_met:
                yield from _on_occasion(_Day(facts, occasion, row, history, document.version), now)


def _on_occasion(day: _Day, now: datetime) -> list[Due]:
    is_for_now = day.wished <= day.facts.until and not day.was_told()
    moment = None if not is_for_now else _ring_on(day) if day.row.act == "call" else _write_on(day)
    if moment is None or now > moment.late_after + DAY or _was_before_us(day, moment.due_at):
        return []
    occasion = day.occasion
    about = About(day.facts.person, occasion.subject, 1, occasion.slot, day.version)
    touch = touch_of(about, day.row, occasion.trigger, moment)
    return [Due(touch, day.row, occasion, hours.day_of(moment.due_at, day.facts.person.zone))]


def _write_on(day: _Day) -> Moment:
    person, house, row = day.facts.person, day.facts.house, day.row
    due_at = hours.at_hour(day.wished, row.when.at, person, house)
    if row.late.until == "minutes":
        late_after = due_at + timedelta(minutes=row.late.minutes)
    else:
        late_after = hours.end_of_hours(day.wished, person, house)
    start, end = hours.hours_of(person, house)
    why: dict[str, Any] = {"at": "usual_hour" if start <= row.when.at < end else "their_hours"}
    if day.occasion.is_agreed:
        why["interval_set"] = True  # what the law asks of a recall
    return Moment(due_at, late_after, why)


def _ring_on(day: _Day) -> Moment | None:
    """Return when a colleague rings: when the practice opens on that day, or on the next it is open within a week."""
    open_days = (day.wished + n * DAY for n in range(7))
    periods = next(filter(None, map(day.facts.house.hours.periods_on, open_days)), None)
    return Moment(periods[0].start, periods[-1].end, {"at": "opening"}, act="call") if periods else None


def _was_before_us(day: _Day, due_at: datetime) -> bool:
    """Whether it fell due before we knew of the day, or before the practice sent anything."""
    known_at, live_since = day.occasion.known_at, day.facts.house.live_since
    return (known_at is not None and due_at < known_at) or (live_since is not None and due_at < live_since)


def after_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
