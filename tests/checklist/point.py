"""What a point of the checklist is: its number, its words, and how it is measured or why it cannot be."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.checklist.scene import Scene


class Verdict(StrEnum):
    """How a point stands. Only what concerns pages and commands that exist can be met or not."""

    MET = "met"
    NOT_MET = "not met"
    WAITS = "waits for"
    PEOPLE = "needs people"


@dataclass(frozen=True)
class Figure:
    """What was measured, in words, and whether it is enough. ``beyond`` is said where it is not ours to measure."""

    words: str
    is_met: bool = False
    verdict: Verdict | None = None
    room: str = ""

    @property
    def said(self) -> str:
        """The verdict as it is printed: "waits for orders"."""
        verdict = self.verdict or (Verdict.MET if self.is_met else Verdict.NOT_MET)
        return f"{verdict} {self.room}" if self.room else str(verdict)


Measure = Callable[["Scene"], Figure]


@dataclass(frozen=True)
class Point:
    """One point: ``words`` say what is asked for."""

    number: int
    group: str
    words: str
    measure: Measure


POINTS: dict[int, Point] = {}


def point(number: int, group: str, words: str) -> Callable[[Measure], Measure]:
    """Enter a function as the measure of a point. Each number has one."""

    def enter(measure: Measure) -> Measure:
        assert number not in POINTS, number
        POINTS[number] = Point(number, group, words, measure)
        return measure

    return enter


def share(good: int, of: int, what: str, wrong: list[str] | None = None) -> Figure:
    """Return the figure "12 of 12 pages", met where it is all of them and there is at least one."""
    worst = "".join(f"; {one}" for one in list(dict.fromkeys(wrong or []))[:3])
    return Figure(f"{good} of {of} {what}{worst}", good == of > 0)


def most(value: float, limit: float, what: str) -> Figure:
    """Return the figure "38 keys (at most 42)"."""
    return Figure(f"{value:g} {what} (at most {limit:g})", value <= limit)
