"""The machine's clock, read only here, and the way between wall time and UTC."""

import time as _time
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the machine's time, aware, in UTC. Only the edges call it; rules take ``now``."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds on a clock that never goes back, for measuring how long something took."""
    return _time.monotonic()


def wait(seconds: float) -> None:
    """Pause the calling thread for ``seconds``; used by loops at the edges only."""
    _time.sleep(seconds)


@lru_cache(maxsize=512)
def zone_info(zone: str) -> ZoneInfo:
    """Return the zone's rules by IANA name. Raises ``ZoneInfoNotFoundError`` for an unknown name."""
    return ZoneInfo(zone)


def at_wall(day: date, at: time, zone: str) -> datetime:
    """Return the UTC moment at which a clock on the wall in ``zone`` shows ``at`` on ``day``.

    A time that is skipped when clocks go forward becomes the first moment after the gap; a time
    that comes twice when they go back is its first coming.
    """
    info = zone_info(zone)
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=info)
    moment = local.astimezone(UTC)
    if moment.astimezone(info).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _first_after_gap(local, info)


def _first_after_gap(local: datetime, info: ZoneInfo) -> datetime:
    # In a gap, fold 0 uses the offset before the change and fold 1 the one after it; the change
    # itself is the last instant of the old offset, found by halving between the two readings.
    early = local.replace(fold=1).astimezone(UTC)
    late = local.replace(fold=0).astimezone(UTC)
    before = early.astimezone(info).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(info).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def wall(moment: datetime, zone: str) -> datetime:
    """Return ``moment`` as the clock on the wall in ``zone`` shows it (aware)."""
    return moment.astimezone(zone_info(zone))


def day_of(moment: datetime, zone: str) -> date:
    """Return the calendar day of ``moment`` in ``zone``."""
    return wall(moment, zone).date()
