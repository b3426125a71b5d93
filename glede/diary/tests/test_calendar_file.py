"""The calendar file: readable by calendars, neutral, and closed to whoever would write into it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from glede.diary.calendar_file import CalendarEntry, calendar_file

TEN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ENTRY = CalendarEntry(
    appointment_id=UUID(int=7),
    sequence=3,
    starts_at=TEN,
    ends_at=TEN + timedelta(minutes=40),
    stamped_at=TEN - timedelta(days=3),
    summary="Time hos Solberg Optikk",
    place="Storgata 1, 0155 Oslo; 2. etasje",
    url="https://solberg.example/t/K7M4Q9XW2P3TB/",
)


def lines(text: str) -> list[str]:
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_the_file_says_when_and_where_and_nothing_of_what_for() -> None:
    found = lines(calendar_file(ENTRY))
    assert "DTSTART:20261126T090000Z" in found
    assert "DTEND:20261126T094000Z" in found
    assert "LOCATION:Storgata 1\\, 0155 Oslo\\; 2. etasje" in found
    assert "CLASS:PRIVATE" in found
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-1] == "END:VCALENDAR"


def test_a_moved_visit_keeps_its_uid_and_raises_its_sequence() -> None:
    moved = replace(ENTRY, sequence=4, starts_at=TEN + timedelta(days=1))
    uid = [line for line in lines(calendar_file(ENTRY)) if line.startswith("UID:")]
    assert uid == [line for line in lines(calendar_file(moved)) if line.startswith("UID:")]
    assert "SEQUENCE:4" in lines(calendar_file(moved))


def test_a_cancelled_visit_says_so() -> None:
    assert "STATUS:CANCELLED" in lines(calendar_file(replace(ENTRY, is_cancelled=True)))


def test_nobody_writes_a_line_of_their_own() -> None:
    wicked = "Oslo\r\nATTENDEE:mailto:x@example.org\nDTSTART:1\u2028X\x00\x0b"
    found = lines(calendar_file(replace(ENTRY, place=wicked, url="https://a.example/\r\nX:1")))
    assert not any(line.startswith(("ATTENDEE", "X:")) for line in found)
    assert sum(line.startswith("DTSTART") for line in found) == 1


@given(st.text(max_size=400), st.text(max_size=200))
def test_whatever_the_words_the_file_keeps_its_shape(place: str, description: str) -> None:
    text = calendar_file(replace(ENTRY, place=place.replace("\ud800", ""), description=description))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    names = [line.partition(":")[0] for line in lines(text)]
    optional = [name for name in ("LOCATION", "DESCRIPTION") if name in names]
    assert names == [
        "BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "BEGIN", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND",
        "SUMMARY", "STATUS", "CLASS", *optional, "URL", "END", "END",
    ]  # fmt: skip
