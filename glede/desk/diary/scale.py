"""Where a moment stands on a drawn day: steps of five minutes from the hour at its top. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Period

STEP = timedelta(minutes=5)
STEPS = 144  # twelve hours; the style sheet knows as many places
PIECE, REST = timedelta(hours=1), timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Scale:
    """The hour of the wall at the top, and how many hours are drawn."""

    top: time
    hours: int
    zone: str

    @property
    def last(self) -> int:
        """The step at the bottom."""
        return self.hours * 12

    @property
    def words(self) -> list[tuple[int, str]]:
        """The hours as (step, "09")."""
        return [(n * 12, f"{self.top.hour + n:02d}") for n in range(self.hours + 1)]

    def step(self, moment: datetime, day: date) -> int:
        """Return at which step of ``day`` a moment stands; before the top 0, after the bottom the last."""
        there = wall(moment, self.zone).replace(tzinfo=None)
        return min(self.last, max(0, int((there - datetime.combine(day, self.top)) / STEP)))


def scale_of(periods: Iterable[tuple[datetime, datetime]], zone: str) -> Scale:
    """Return the scale on which everything that happens can be seen; nine to five where nothing does."""
    walls = [(wall(start, zone), wall(end, zone)) for start, end in periods]
    top = min((start.hour for start, _ in walls), default=9)
    ends = [24 * (end.date() - start.date()).days + end.hour + (end.minute > 0) for start, end in walls]
    last = max(ends, default=17)
    return Scale(time(top), min(STEPS // 12, max(1, last - top)), zone)


def next_step(moment: datetime, minutes: int = 5) -> datetime:
    """Return the first full five minutes (or as many as is said) from ``moment`` on."""
    whole = moment.replace(second=0, microsecond=0)
    begun = whole if whole == moment else whole + timedelta(minutes=1)
    return begun + timedelta(minutes=-begun.minute % minutes)


def pieces(free: Period, zone: str) -> Iterator[Period]:
    """Cut a long free time at each full hour of the wall, so that each hour of it can be pressed.

    A rest shorter than twenty minutes stays with its neighbour.
    """
    start = free.start
    while free.end - start >= PIECE + REST:
        local = wall(start, zone)
        cut = at_wall(local.date(), time((local.hour + 1) % 24), zone) if local.hour < 23 else free.end
        if cut - start < REST:
            cut += PIECE
        if cut <= start or free.end - cut < REST:
            break
        yield Period(start, cut)
        start = cut
    yield Period(start, free.end)
