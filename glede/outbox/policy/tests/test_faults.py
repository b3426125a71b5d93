"""Nine o'clock elsewhere: on the wall of thirty zones over three years, and without the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from glede.kernel.clock import at_wall, wall
from glede.outbox.policy import hours, may_send
from glede.outbox.policy.tests.asking import question
from tests.depth import DEPTH

ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "America/Anchorage", "America/Chicago",
    "America/Havana", "America/Los_Angeles", "America/New_York", "America/Nuuk", "America/Santiago",
    "America/Sao_Paulo", "America/St_Johns", "Asia/Beirut", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata",
    "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Athens",
    "Europe/Dublin", "Europe/London", "Europe/Oslo", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Honolulu", "Pacific/Kiritimati",
)  # fmt: skip
FIRST, DAYS = date(2026, 1, 1), 3 * 365
NINE, NIGHT = time(9), time(22)
both = pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])


def evenings(zone: str) -> list[date]:
    """Every evening after which clocks change, and at depth every evening of three years."""
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    return [day for day in days if DEPTH >= 10 or _offset(day, zone) != _offset(day + timedelta(days=1), zone)]


def _offset(day: date, zone: str) -> timedelta | None:
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)).utcoffset()


def by_one_offset(day: date, minute: int, zone: str) -> tuple[datetime, ...]:
    return (datetime.combine(day, time(minute // 60), tzinfo=UTC) - (_offset(FIRST, zone) or timedelta()),)


@both
def test_what_waits_for_nine_leaves_at_nine_on_every_wall(monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    if not is_kept:  # the offset that held when it was planned
        monkeypatch.setattr(hours, "_openings", by_one_offset)
    off = []
    for zone in ZONES:
        asked = question("reminder", "email", person_zone=zone)
        for evening in evenings(zone):
            verdict = may_send(asked, at_wall(evening, NIGHT, zone))
            left = wall(verdict.defer_until, zone).replace(tzinfo=None) if verdict.defer_until else None
            if left != datetime.combine(evening + timedelta(days=1), NINE):
                off.append(f"{zone} {evening}: {left}")
    assert (not off) is is_kept, off[:5]


@both
def test_monday_at_nine_in_auckland_is_monday_there(monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    zone = "Pacific/Auckland"
    if not is_kept:  # the day of the week as a server in UTC counts it
        monkeypatch.setattr(hours, "wall", lambda moment, _: moment.astimezone(UTC))
    asked = question("reminder", "email", person_zone=zone, person_days=frozenset({0}))
    sunday = at_wall(date(2026, 11, 22), NIGHT, zone)
    verdict = may_send(asked, sunday)
    assert (verdict.defer_until == at_wall(date(2026, 11, 23), NINE, zone)) is is_kept
