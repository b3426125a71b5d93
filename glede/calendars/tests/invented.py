"""Small invented calendars, each with one thing that goes wrong in real ones."""

from datetime import UTC, datetime

from glede.calendars.reading.values import Window

WINDOW = Window(datetime(2026, 11, 23, 23, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC), "Europe/Oslo")


def calendar(*events: str, before: str = "") -> bytes:
    """Return a calendar of these events, lines ended as the format wants."""
    inside = "".join(f"BEGIN:VEVENT\n{one.strip()}\nEND:VEVENT\n" for one in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//EN\n{before}{inside}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(uid: str, start: str, end: str, *lines: str) -> str:
    """Return one event; times are written as in the file, zone and all."""
    return "\n".join([f"UID:{uid}", f"DTSTART{start}", f"DTEND{end}", "SUMMARY:Møte med Kari Moe", *lines])


LUNCH = event(
    "lunch", ";TZID=Europe/Oslo:20261124T113000", ";TZID=Europe/Oslo:20261124T120000", "RRULE:FREQ=DAILY;COUNT=4"
)
MEETING = event("meeting", ":20261125T090000Z", ":20261125T100000Z", "SEQUENCE:1")
AWAY = event("away", ";VALUE=DATE:20261127", ";VALUE=DATE:20261128")
FREE = event("tip", ":20261126T090000Z", ":20261126T100000Z", "TRANSP:TRANSPARENT")

BROKEN_ZONE = """BEGIN:VTIMEZONE
TZID:Kontoret
BEGIN:STANDARD
DTSTART:not a time
TZOFFSETTO:bad
END:STANDARD
END:VTIMEZONE
"""
OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Kontoret
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""
IN_THE_OFFICE = event("office", ";TZID=Kontoret:20261125T120000", ";TZID=Kontoret:20261125T130000")
