"""How "I have an appointment" ends: which visit they mean, and what became of it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from glede.diary.facts import VisitFacts

STANDING = frozenset({"booked", "confirmed", "arrived", "with", "done"})
STRUCK = frozenset({"cancelled", "entered_in_error"})


class Ending(StrEnum):
    """What we find, the most likely first."""

    TODAY = "today"
    LATER = "later"  # today's, and already marked as one nobody came to
    MOVED = "moved"
    CANCELLED = "cancelled"
    HOUSEHOLD = "household"
    SISTER = "sister"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Case:
    """What was found, and the visit it is about; ``practice_id`` where that is a sister practice's."""

    ending: Ending
    visit: VisitFacts | None = None
    practice_id: UUID | None = None


def case_of(
    own: Sequence[VisitFacts],
    household: Sequence[VisitFacts],
    sisters: Mapping[UUID, Sequence[VisitFacts]],
    *,
    today: date,
    days_before_moves: Mapping[UUID, Collection[date]],
) -> Case:
    """Return which visit somebody who came ``today`` means.

    ``own`` are their visits and ``household`` those of who lives with them; ``sisters`` their visits by sister
    practice; ``days_before_moves`` holds the days each visit once stood on. Today's visit goes before one that was
    moved away from today, that before one that was struck out, and so on in the order of ``Ending``.
    """
    standing = [v for v in own if str(v.state) in STANDING]
    found = (
        _first(Ending.TODAY, [v for v in standing if v.day == today])
        or _first(Ending.LATER, [v for v in own if str(v.state) == "missed" and v.day == today])
        or _first(Ending.MOVED, [v for v in standing if today in days_before_moves.get(v.appointment_id, ())])
        or _first(Ending.CANCELLED, [v for v in own if str(v.state) in STRUCK and v.day == today])
        or _first(Ending.HOUSEHOLD, _today(household, today))
        or _of_sisters(sisters, today)
    )
    return found or _of_other_days(own, standing, today)


def _of_other_days(own: Sequence[VisitFacts], standing: Sequence[VisitFacts], today: date) -> Case:
    struck = [v for v in own if str(v.state) in STRUCK and v.day > today]
    return (
        _first(Ending.ELSEWHERE, [v for v in standing if v.day > today])
        or _first(Ending.CANCELLED, struck)
        or Case(Ending.NOTHING)
    )


def _today(visits: Sequence[VisitFacts], today: date) -> list[VisitFacts]:
    return [v for v in visits if v.day == today and str(v.state) in STANDING]


def _of_sisters(sisters: Mapping[UUID, Sequence[VisitFacts]], today: date) -> Case | None:
    found = [(visit, practice_id) for practice_id, visits in sisters.items() for visit in _today(visits, today)]
    if not found:
        return None
    visit, practice_id = min(found, key=lambda one: one[0].starts_at)
    return Case(Ending.SISTER, visit, practice_id)


def _first(ending: Ending, visits: Sequence[VisitFacts]) -> Case | None:
    """Return the earliest of ``visits``, those that are not over before those that are; None where there is none."""
    return Case(ending, min(visits, key=lambda v: (str(v.state) == "done", v.starts_at))) if visits else None
