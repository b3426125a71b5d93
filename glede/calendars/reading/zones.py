"""From a time on a wall and the name of its zone to UTC, whatever the calendar's own table of the zone says. Pure.

A known name is believed before the table beside it: tables are often broken, and old. Names of Windows and names with
a maker's prefix are known too. Then the table is read; then the practice's zone holds, and a finding says so.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from glede.calendars.reading.lines import Component, note
from glede.calendars.reading.recurrence import Steps, Unclear, moments
from glede.calendars.reading.rule_text import read_moment, read_rule
from glede.calendars.reading.values import Finding, Window

_BEFORE = timedelta(days=800)
_OFFSET_MOST = timedelta(hours=18)


@dataclass(frozen=True, slots=True)
class Table:
    """A zone as the calendar itself tells it: from when on the wall which offset holds, in order."""

    onsets: tuple[tuple[datetime, timedelta], ...]

    def utc(self, wall: datetime) -> datetime:
        """Return the moment of a time on the wall."""
        held = [offset for since, offset in self.onsets if since <= wall]
        return (wall - (held[-1] if held else self.onsets[0][1])).replace(tzinfo=UTC)


class Zones:
    """The zones of one calendar."""

    def __init__(self, calendar: Component, window: Window, findings: list[Finding], steps: Steps) -> None:
        self._tables = {
            one.value.strip(): inside
            for inside in calendar.inside
            if inside.name == "VTIMEZONE" and (one := inside.first("TZID"))
        }
        self._window, self._findings, self._steps = window, findings, steps
        self._known: dict[str, tzinfo | Table] = {}
        named = calendar.first("X-WR-TIMEZONE")
        self._own = (known_zone(named.value.strip()) if named else None) or ZoneInfo(window.zone)

    def utc(self, wall: datetime, name: str = "") -> datetime:
        """Return the moment of a time on the wall of a named zone; without a name, of the calendar's or ours."""
        zone: tzinfo | Table = self._of(name.strip()) if name.strip() else self._own
        if isinstance(zone, Table):
            return zone.utc(wall)
        return wall.replace(tzinfo=zone).astimezone(UTC)

    def wall(self, moment: datetime, name: str = "") -> datetime:
        """Return what stands on that wall at a moment; near enough for where a series ends."""
        zone = self._of(name.strip()) if name.strip() else self._own
        if isinstance(zone, Table):
            return moment.replace(tzinfo=None) - (zone.utc(moment.replace(tzinfo=None)) - moment)
        return moment.astimezone(zone).replace(tzinfo=None)

    def _of(self, name: str) -> tzinfo | Table:
        if name not in self._known:
            self._known[name] = known_zone(name) or self._from_table(name) or self._unknown(name)
        return self._known[name]

    def _unknown(self, name: str) -> tzinfo:
        note(self._findings, Finding("zone", word=name[:80]))
        return self._own

    def _from_table(self, name: str) -> tzinfo | Table | None:
        table = self._tables.get(name)
        if table is None:
            return None
        place = table.first("X-LIC-LOCATION")
        if place and (zone := known_zone(place.value.strip())):
            return zone
        try:
            onsets = sorted(onset for one in table.inside for onset in self._onsets(one))
        except (Unclear, ValueError, OverflowError):
            note(self._findings, Finding("zone_table", table.line, name[:80]))
            return None
        return Table(tuple(onsets)) if onsets else None

    def _onsets(self, part: Component) -> list[tuple[datetime, timedelta]]:
        start, to = part.first("DTSTART"), part.first("TZOFFSETTO")
        if start is None or to is None:
            raise Unclear("zone_table")
        first, offset = read_moment(start.value.strip().removesuffix("Z")), _offset(to.value.strip())
        since = [first]
        if rule := part.first("RRULE"):
            from_ = max(first, self._window.from_.replace(tzinfo=None) - _BEFORE)
            until = self._window.until.replace(tzinfo=None) + timedelta(days=2)
            since += moments(read_rule(rule.value), first, from_=from_, until=until, steps=self._steps)
        for more in part.all("RDATE"):
            since += [read_moment(one.strip().removesuffix("Z")) for one in more.value.split(",")]
        return [(moment, offset) for moment in since]


def _offset(text: str) -> timedelta:
    digits = text.lstrip("+-")
    if not digits.isdecimal() or len(digits) not in {4, 6}:
        raise Unclear("zone_table")
    found = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:] or 0))
    if found > _OFFSET_MOST:
        raise Unclear("zone_table")
    return -found if text.startswith("-") else found


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def known_zone(name: str) -> ZoneInfo | None:
    """Return the zone of a name: the usual one, that of Windows, or one behind a maker's prefix; else None."""
    plain = name.strip().strip('"').removeprefix("tzone://Microsoft/")
    windows = {key.casefold(): value for key, value in WINDOWS_TO_OLSON.items()} if len(plain) < 80 else {}
    parts = plain.split("/")
    tails = ["/".join(parts[-n:]) for n in (1, 2, 3) if len(parts) > n]
    for one in (plain, windows.get(plain.casefold(), ""), *reversed(tails)):
        if found := _names().get(one.casefold()):
            return ZoneInfo(found)
    return None
