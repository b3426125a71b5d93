"""Visits as a calendar file (RFC 5545): neutral words, one id for life, a sequence that grows. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

FOLD_OCTETS: Final = 75
CONTENT_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"
FEED_TYPE: Final = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What the file says. ``summary`` is neutral: a calendar is often shared, so never what for.

    ``sequence`` grows with each change of plan; ``starts_at`` and ``ends_at`` are UTC. ``whole_day`` is the day of a
    visit that has no hour, and holds in place of them.
    """

    appointment_id: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    summary: str
    place: str = ""
    url: str = ""
    description: str = ""
    is_cancelled: bool = False
    whole_day: date | None = None


def calendar_file(entry: CalendarEntry) -> str:
    """Return the text of the .ics file of one visit, lines folded at 75 octets and ended by CR LF.

    Whatever stands in the words stays inside its own line: line ends become ``\\n`` as the format
    writes them, other control characters go.
    """
    return _written(["METHOD:PUBLISH"], [entry])


def calendar_feed(name: str, entries: Iterable[CalendarEntry]) -> str:
    """Return the text of a calendar that others fetch again and again: what it is called, and its visits.

    It asks to be fetched four times an hour (RFC 7986, and the older word for calendars that do not know it).
    """
    head = [
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
    ]
    return _written(head, entries)


def _written(head: list[str], entries: Iterable[CalendarEntry]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Glede//Visits//EN", "CALSCALE:GREGORIAN", *head]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(entry: CalendarEntry) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.appointment_id}@glede",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_utc(entry.stamped_at)}",
        *_when(entry),
        f"SUMMARY:{_text(entry.summary)}",
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        *_optional("LOCATION", _text(entry.place)),
        *_optional("DESCRIPTION", _text(entry.description)),
        *_optional("URL", _uri(entry.url)),
        "END:VEVENT",
    ]


def _when(entry: CalendarEntry) -> list[str]:
    if entry.whole_day is None:
        return [f"DTSTART:{_utc(entry.starts_at)}", f"DTEND:{_utc(entry.ends_at)}"]
    after = entry.whole_day + timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{entry.whole_day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]


def _optional(name: str, value: str) -> list[str]:
    return [f"{name}:{value}"] if value else []


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    plain = words.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    escaped = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(letter for letter in escaped if letter.isprintable())


def _uri(address: str) -> str:
    return "".join(letter for letter in address if letter.isprintable() and not letter.isspace())


def _folded(line: str) -> Iterator[str]:
    # Folding counts octets and must not cut a character in two.
    room, part = FOLD_OCTETS, ""
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield part
            part, room = " ", FOLD_OCTETS - 1
        part, room = part + letter, room - size
    yield part
