"""Calendars as they really come: read as far as they go, each odd thing said, nothing stopping the rest."""

import random
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from glede.calendars.reading import recurrence
from glede.calendars.reading.events import read_calendar
from glede.calendars.reading.lines import DEPTH_MOST
from glede.calendars.reading.recurrence import Steps, Unclear, moments
from glede.calendars.reading.rule_text import read_rule
from glede.calendars.reading.values import Read, Unreadable, Window
from glede.calendars.reading.zones import known_zone
from glede.calendars.tests.invented import (
    AWAY,
    BROKEN_ZONE,
    FREE,
    IN_THE_OFFICE,
    LUNCH,
    MEETING,
    OWN_ZONE,
    WINDOW,
    calendar,
    event,
)
from tests.depth import count


def read(content: bytes) -> Read:
    found = read_calendar(content, WINDOW)
    told = found.counts()
    assert told["events"] == told["busy"] + told["free"] + told["outside"] + told["refused"]
    return found


def starts(content: bytes) -> list[str]:
    return [one.starts_at.strftime("%d.%m %H:%M") for one in read(content).busy]


def codes(content: bytes) -> list[str]:
    return [one.code for one in read(content).findings]


def test_times_of_every_kind_are_busy_and_what_is_free_is_not() -> None:
    found = read(calendar(LUNCH, MEETING, AWAY, FREE))
    assert [(one.starts_at.hour, one.ends_at.hour) for one in found.busy if one.starts_at.day == 26] == [
        (10, 11), (23, 23),
    ]  # fmt: skip
    assert found.counts() == {
        "events": 4, "busy": 3, "free": 1, "outside": 0, "refused": 0, "others": 0, "times": 6, "findings": 0,
    }  # fmt: skip
    assert not any("Kari" in str(one) for one in found.busy)


def test_a_left_out_a_moved_and_a_cancelled_time_of_a_series() -> None:
    series = LUNCH + "\nEXDATE;TZID=Europe/Oslo:20261124T113000"
    moved = event("lunch", ":20261125T130000Z", ":20261125T133000Z", "RECURRENCE-ID;TZID=Europe/Oslo:20261125T113000")
    gone = event(
        "lunch", ":20261126T103000Z", ":20261126T110000Z", "RECURRENCE-ID:20261126T103000Z", "STATUS:CANCELLED"
    )
    assert starts(calendar(series, moved, gone)) == ["25.11 13:00", "27.11 10:30"]


def test_a_moved_time_keeps_its_key() -> None:
    moved = event("meeting", ":20261126T130000Z", ":20261126T140000Z", "SEQUENCE:2")
    (before,), (after,) = read(calendar(MEETING)).busy, read(calendar(moved)).busy
    assert before.key == after.key
    assert starts(calendar(MEETING, moved)) == starts(calendar(moved, MEETING)) == ["26.11 13:00"]


@pytest.mark.parametrize(
    ("before", "start", "found"),
    [
        ("", "25.11 11:00", ["zone"]),  # nobody knows the name: the practice's zone holds
        (BROKEN_ZONE, "25.11 11:00", ["zone_table", "zone"]),
        (OWN_ZONE, "25.11 10:00", []),
        (OWN_ZONE.replace("TZID:Kontoret", "TZID:Kontoret\nX-LIC-LOCATION:Europe/London"), "25.11 12:00", []),
    ],
)
def test_a_broken_zone_never_stops_a_calendar(before: str, start: str, found: list[str]) -> None:
    told = calendar(IN_THE_OFFICE, MEETING, before=before)
    assert starts(told) == sorted([start, "25.11 09:00"])
    assert codes(told) == found


def test_known_names_are_believed_before_the_table_beside_them() -> None:
    wrong = OWN_ZONE.replace("Kontoret", "W. Europe Standard Time")
    told = IN_THE_OFFICE.replace("Kontoret", "W. Europe Standard Time")
    assert starts(calendar(told, before=wrong)) == ["25.11 11:00"]
    for name in ("/freeassociation.sourceforge.net/Europe/Oslo", "europe/oslo", "/a/b/America/Argentina/Salta"):
        assert known_zone(name) is not None
    assert known_zone("Kontoret") is None


def test_across_both_clock_changes_the_hour_on_the_wall_stays() -> None:
    weekly = event(
        "w", ";TZID=Europe/Oslo:20260301T080000", ";TZID=Europe/Oslo:20260301T090000", "RRULE:FREQ=WEEKLY;BYDAY=SU"
    )
    assert {one[-5:] for one in starts(calendar(weekly))} == {"07:00"}
    summer = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC), "Europe/Oslo")
    assert {one.starts_at.hour for one in read_calendar(calendar(weekly), summer).busy} == {6}


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("DTSTART:tomorrow", "moment"), ("SUMMARY:x", "no_dtstart"), ("DTSTART:20261124T090000Z\nRRULE:FREQ=NEVER",
         "rule"), ("DTSTART:20261125T090000Z\nDTEND:20261124T090000Z", "ends_before_it_begins"),
        ("DTSTART:20261125T090000Z\nDURATION:P900D", "too_long_lasting"),
        ("DTSTART:19700101T000000Z\nDURATION:PT1M\nRRULE:FREQ=SECONDLY;COUNT=9000000", "too_long"),
        ("DTSTART:20261124T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY", "too_many_times"),
        ("DTSTART;X=\"a:20261125T090000Z\nDURATION:PT1H", "no_dtstart"),
        ("DTSTART:20261124T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;RSCALE=HEBREW", "rule_calendar"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_read_costs_itself_alone(lines: str, code: str) -> None:
    told = calendar(f"UID:x\n{lines}", MEETING)
    assert starts(told) == ["25.11 09:00"]
    assert code in codes(told)
    assert read(told).refused_events == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"name,phone\nKari,1\n", "no_calendar"), (b"<html>Sign in</html>", "no_calendar"),
        (b"\x00\xff\xfe" * 99, "no_calendar"), (b"BEGIN:VCALENDAR\n" * (DEPTH_MOST + 2), "too_deep"),
        (b"\n" * 300_001, "too_many_lines"), (b"x" * 10_000_001, "too_big"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_by_a_code(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable, match=code):
        read_calendar(content, WINDOW)


HOSTILE = (
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
    "FREQ=SECONDLY;BYMONTH=13", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=HOURLY;BYYEARDAY=366;BYMONTH=1",
    "FREQ=MINUTELY;INTERVAL=9999999;COUNT=9999999", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "FREQ=WEEKLY;BYSETPOS=366",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_rule_that_fits_no_day_ends_in_counted_steps(text: str) -> None:
    steps = Steps()
    try:
        rule = read_rule(text)
        found = list(
            moments(rule, datetime(1970, 1, 6), from_=datetime(2026, 1, 1), until=datetime(2027, 1, 1), steps=steps)
        )
    except Unclear:
        return
    assert found == [] or rule.count
    assert steps.left >= 0


def test_control_without_the_count_of_steps_nobody_would_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    monkeypatch.setattr(recurrence.Steps, "take", lambda self, number=1: taken.append(number))
    rule = read_rule("FREQ=SECONDLY;COUNT=900000;BYMONTH=2")
    walk = moments(rule, datetime(1970, 3, 1), from_=datetime(1970, 1, 1), until=datetime(1970, 3, 3), steps=Steps())
    assert list(walk) == []
    assert sum(taken) > recurrence.STEPS_MOST


def test_whatever_is_done_to_a_calendar_there_is_no_traceback() -> None:
    whole = calendar(LUNCH, MEETING, AWAY, FREE, IN_THE_OFFICE, before=OWN_ZONE)
    dice = random.Random(5)
    for _ in range(count(2000)):
        read_or_refuse(mutated(whole, dice))


def mutated(whole: bytes, dice: random.Random) -> bytes:
    """Return a file with a few bytes, lines or pieces changed."""
    lines = bytearray(whole).split(b"\r\n")
    for _ in range(dice.randint(1, 6)):
        n = dice.randrange(len(lines))
        deed = dice.randrange(6)
        if deed == 0:
            lines[n] = bytearray(dice.randbytes(dice.randint(0, 40)))
        elif deed == 1:
            del lines[n : n + dice.randint(1, 4)]
        elif deed == 2:
            lines.insert(n, bytearray(dice.choice(whole.split(b"\r\n"))))
        elif deed == 3 and lines[n]:
            lines[n][dice.randrange(len(lines[n]))] = dice.randrange(256)
        elif deed == 4:
            lines[n] = bytearray(b"RRULE:" + dice.choice(HOSTILE).encode())
        else:
            lines[n] = lines[n].replace(b"2026", dice.choice([b"0001", b"9999", b"1601", b"99999", b""]))
        lines = lines or [bytearray(b"x")]
    return b"\r\n".join(lines)


def read_or_refuse(content: bytes) -> None:
    with suppress(Unreadable):
        read(content)


def test_the_window_is_all_that_is_looked_at() -> None:
    old = event("o", ":19900101T080000Z", ":19900101T090000Z", "RRULE:FREQ=DAILY")
    found = read(calendar(old))
    assert len(found.busy) == (WINDOW.until - WINDOW.from_).days
    assert found.busy[0].starts_at >= datetime(2026, 11, 24, 8, tzinfo=UTC)
