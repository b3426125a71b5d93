"""The events of a calendar as busy times within a window; an event that cannot be read costs itself alone. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final

from icalendar import vDuration

from glede.calendars.reading.lines import Component, Property, components, note
from glede.calendars.reading.recurrence import Steps, Unclear, moments
from glede.calendars.reading.rule_text import read_moment, read_rule, until_is_utc
from glede.calendars.reading.values import Busy, Finding, Read, Unreadable, Window
from glede.calendars.reading.zones import Zones

EVENTS_MOST: Final = 50_000
TIMES_MOST: Final = 20_000
LENGTH_MOST: Final = timedelta(days=366)
FILE_STEPS: Final = 1_000_000
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is: on which wall, in UTC, and whether it is a whole day."""

    wall: datetime
    utc: datetime
    is_day: bool
    zone: str
    is_utc: bool


@dataclass(slots=True)
class Series:
    """The events of one id: the one that tells the series, and those that change one of its times."""

    master: Component | None = None
    changed: list[Component] = field(default_factory=list)


def read_calendar(content: bytes, window: Window) -> Read:
    """Return the busy times of a file. Raises ``Unreadable`` where it is no calendar, or more than is read."""
    read = Read()
    steps = Steps(FILE_STEPS)
    for calendar in components(content, read.findings):
        zones = Zones(calendar, window, read.findings, steps)
        _Reader(zones, window, read, steps).calendar(calendar)
    read.busy = sorted({one.key: one for one in read.busy}.values(), key=lambda one: (one.starts_at, one.key))
    return read


class _Reader:
    """Reads one calendar of a file into ``read``."""

    def __init__(self, zones: Zones, window: Window, read: Read, steps: Steps) -> None:
        self.zones, self.window, self.read, self.steps = zones, window, read, steps

    def calendar(self, calendar: Component) -> None:
        """Read every event, each on its own."""
        series: dict[str, Series] = {}
        for one in calendar.inside:
            if one.name == "VFREEBUSY":
                self._guarded([one], partial(self._free_busy, one))
            elif one.name == "VEVENT":
                self._sort(one, series)
            elif one.name != "VTIMEZONE":
                self.read.others += 1
        for uid, found in series.items():
            self._guarded([*filter(None, [found.master]), *found.changed], partial(self._series, uid, found))

    def _sort(self, event: Component, series: dict[str, Series]) -> None:
        if self.read.events + len(series) > EVENTS_MOST:
            raise Unreadable("too_many_events")
        said = event.first("UID")
        uid = said.value.strip() if said else ""
        if not uid:
            note(self.read.findings, Finding("no_uid", event.line))
            uid = f"line {event.line} {event.text('DTSTART')}"
        group = series.setdefault(uid, Series())
        if event.first("RECURRENCE-ID"):
            group.changed.append(event)
        elif group.master is None:
            group.master = event
        else:
            # The same id twice: the later edition holds.
            note(self.read.findings, Finding("uid_twice", event.line))
            self._count("outside_events")
            if _edition(event) >= _edition(group.master):
                group.master = event

    def _count(self, name: str, number: int = 1) -> None:
        self.read.events += number
        setattr(self.read, name, getattr(self.read, name) + number)

    def _guarded(self, events: list[Component], do: Callable[[], None]) -> None:
        before, times = self._standing(), len(self.read.busy)
        try:
            do()
        except (Unclear, ValueError, OverflowError, ArithmeticError) as error:
            code = str(error.args[0]) if isinstance(error, Unclear) else "event"
            note(self.read.findings, Finding(code, events[0].line))
            # What was counted of it so far is taken back: the event is refused as a whole.
            for name, number in before.items():
                setattr(self.read, name, number)
            del self.read.busy[times:]
            self._count("refused_events", len(events))

    def _standing(self) -> dict[str, int]:
        names = ("events", "busy_events", "free_events", "outside_events", "refused_events")
        return {name: getattr(self.read, name) for name in names}

    def _free_busy(self, one: Component) -> None:
        found = False
        for line in one.all("FREEBUSY"):
            if not line.params.get("FBTYPE", "BUSY").upper().startswith("BUSY"):
                continue
            for text in line.value.split(","):
                start, end = self._period(text.strip(), line)
                found |= self._hold(f"free/busy {start.utc.isoformat()}", start.utc, end)
        self._count("busy_events" if found else "outside_events")

    def _series(self, uid: str, series: Series) -> None:
        told = {self._moment(self._needed(one, "RECURRENCE-ID")).utc: one for one in series.changed}
        for original, one in told.items():
            self._once(f"{uid}|{original.isoformat()}", one)
        if twice := len(series.changed) - len(told):
            self._count("outside_events", twice)
        if series.master is not None:
            self._master(uid, series.master, set(told))

    def _once(self, key: str, event: Component) -> None:
        if "THISANDFUTURE" in self._needed(event, "RECURRENCE-ID").params.get("RANGE", "").upper():
            note(self.read.findings, Finding("range_future", event.line))
        start = self._moment(self._needed(event, "DTSTART"))
        if _is_free(event):
            self._count("free_events")
            return
        is_held = self._hold(key, start.utc, self._end(start, self._length(event, start)))
        self._count("busy_events" if is_held else "outside_events")

    def _master(self, uid: str, event: Component, changed: set[datetime]) -> None:
        start = self._moment(self._needed(event, "DTSTART"))
        if any(one.name == "BROKEN" and one.value in _DECIDES for one in event.properties):
            raise Unclear("line")
        if _is_free(event):
            self._count("free_events")
            return
        length = self._length(event, start)
        is_series = any(event.first(name) for name in ("RRULE", "RDATE"))
        is_held = False
        for at in self._starts(event, start, length):
            if at.utc in changed:
                continue
            key = f"{uid}|{at.utc.isoformat()}" if is_series else uid
            is_held |= self._hold(key, at.utc, self._end(at, length))
        self._count("busy_events" if is_held else "outside_events")

    def _starts(self, event: Component, start: Moment, length: timedelta) -> Iterator[Moment]:
        left_out = [self._each(one) for one in event.all("EXDATE")]
        gone = {moment.utc for found in left_out for moment in found if not moment.is_day}
        days = {moment.wall.date() for found in left_out for moment in found if moment.is_day}
        without = {wall for rule in event.all("EXRULE") for wall in self._walls(rule, start, length)}
        seen = set()
        for at in self._all_starts(event, start, length):
            if at.utc in gone or at.wall.date() in days or at.wall in without or at.utc in seen:
                continue
            seen.add(at.utc)
            yield at

    def _all_starts(self, event: Component, start: Moment, length: timedelta) -> Iterator[Moment]:
        rules = list(event.all("RRULE"))
        if not rules:
            yield start
        for rule in rules:
            for wall in self._walls(rule, start, length):
                yield self._same(start, wall)
        for more in event.all("RDATE"):
            yield from self._each(more)

    def _walls(self, rule: Property, start: Moment, length: timedelta) -> Iterator[datetime]:
        read = read_rule(rule.value)
        if read.until is not None and until_is_utc(rule.value) and not start.is_utc and not start.is_day:
            read = replace(read, until=self.zones.wall(read.until.replace(tzinfo=UTC), start.zone))
        from_ = self.window.from_.replace(tzinfo=None) - length - 2 * DAY
        until = self.window.until.replace(tzinfo=None) + 2 * DAY
        own = Steps(min(self.steps.left, Steps().left))
        before = own.left
        try:
            yield from moments(read, start.wall, from_=from_, until=until, steps=own)
        finally:
            self.steps.left -= before - own.left

    def _same(self, start: Moment, wall: datetime) -> Moment:
        utc = wall.replace(tzinfo=UTC) if start.is_utc else self.zones.utc(wall, start.zone)
        return Moment(wall, utc, start.is_day, start.zone, start.is_utc)

    def _each(self, line: Property) -> list[Moment]:
        parts = [text.strip().partition("/")[0] for text in line.value.split(",")]
        return [self._at(text, line) for text in parts if text]

    def _moment(self, line: Property) -> Moment:
        return self._at(line.value.strip(), line)

    def _at(self, text: str, line: Property) -> Moment:
        is_utc, zone = text.upper().endswith("Z"), line.params.get("TZID", "")
        wall = read_moment(text.upper().removesuffix("Z"))
        if not 1900 <= wall.year <= 9000:
            raise Unclear("moment")
        is_day = len(text) == 8
        utc = wall.replace(tzinfo=UTC) if is_utc else self.zones.utc(wall, "" if is_day else zone)
        return Moment(wall, utc, is_day, "" if is_day else zone, is_utc)

    def _period(self, text: str, line: Property) -> tuple[Moment, datetime]:
        first, sign, last = text.partition("/")
        start = self._at(first, line)
        if not sign:
            raise Unclear("period")
        length = _duration(last) if last[:1] in {"P", "+"} else self._at(last, line).utc - start.utc
        return start, start.utc + _checked(length)

    def _needed(self, event: Component, name: str) -> Property:
        found = event.first(name)
        if found is None:
            raise Unclear(f"no_{name.lower().replace('-', '_')}")
        return found

    def _length(self, event: Component, start: Moment) -> timedelta:
        """Return how long it lasts: days of whole days on the wall, else time that goes by."""
        if end := event.first("DTEND"):
            at = self._moment(end)
            return _checked(at.wall - start.wall if start.is_day and at.is_day else at.utc - start.utc)
        if told := event.first("DURATION"):
            return _checked(_duration(told.value.strip()))
        return DAY if start.is_day else timedelta(0)

    def _end(self, start: Moment, length: timedelta) -> datetime:
        return self.zones.utc(start.wall + length) if start.is_day else start.utc + length

    def _hold(self, key: str, start: datetime, end: datetime) -> bool:
        if end <= start or end <= self.window.from_ or start >= self.window.until:
            return False
        if len(self.read.busy) >= TIMES_MOST:
            raise Unclear("too_many_times")
        self.read.busy.append(Busy(sha256(key.encode("utf-8", "replace")).hexdigest()[:32], start, end))
        return True


_DECIDES: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"})


def _is_free(event: Component) -> bool:
    free = event.text("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE" or event.text("TRANSP") == "TRANSPARENT"
    return free or event.text("STATUS") == "CANCELLED"


def _edition(event: Component) -> int:
    said = event.text("SEQUENCE")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def _duration(text: str) -> timedelta:
    found: timedelta = vDuration.from_ical(text)  # type: ignore[no-untyped-call]
    return found


def _checked(length: timedelta) -> timedelta:
    if length < timedelta(0):
        raise Unclear("ends_before_it_begins")
    if length > LENGTH_MOST:
        raise Unclear("too_long_lasting")
    return length
