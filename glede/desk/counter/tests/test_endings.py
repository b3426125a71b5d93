"""How "I have an appointment" ends, whatever stands in the diary."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.desk.counter.endings import Case, Ending, case_of
from glede.diary.facts import VisitFacts
from glede.diary.rules import State

TODAY = date(2026, 11, 24)
SISTER = UUID(int=900)
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def visit(n: int, day: date = TODAY, state: State = State.BOOKED, hour: int = 9) -> VisitFacts:
    starts_at = datetime.combine(day, time(hour), UTC)
    return VisitFacts(
        appointment_id=UUID(int=n), patient_id=UUID(int=1), state=state, version=1, day=day, wall_time=time(hour),
        zone="UTC", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=40), minutes=40, is_day_visit=False,
        is_history=False, is_imported=False, is_first_visit=False, source="desk", external_id="", link_code="",
        booked_at=NOW, booked_by="staff",
    )  # fmt: skip


def end(*own: VisitFacts, home: tuple[VisitFacts, ...] = (), sister: tuple[VisitFacts, ...] = (),
        moved: dict[UUID, set[date]] | None = None) -> Case:  # fmt: skip
    return case_of(own, home, {SISTER: sister} if sister else {}, today=TODAY, days_before_moves=moved or {})


LATER, PAST = TODAY + timedelta(days=2), TODAY - timedelta(days=9)


@pytest.mark.parametrize(
    ("found", "ending"),
    [
        (end(), Ending.NOTHING),
        (end(visit(1, PAST, State.DONE)), Ending.NOTHING),
        (end(visit(1, PAST), visit(2)), Ending.TODAY),
        (end(visit(1, state=State.MISSED)), Ending.LATER),
        (end(visit(1, LATER), moved={UUID(int=1): {TODAY}}), Ending.MOVED),
        (end(visit(1, LATER), moved={UUID(int=1): {PAST}}), Ending.ELSEWHERE),
        (end(visit(1, state=State.CANCELLED), visit(2, LATER)), Ending.CANCELLED),
        (end(visit(1, LATER, State.CANCELLED)), Ending.CANCELLED),
        (end(visit(1, PAST, State.CANCELLED)), Ending.NOTHING),
        (end(visit(1, LATER), home=(visit(2),)), Ending.HOUSEHOLD),
        (end(visit(1, LATER), home=(visit(2, LATER),)), Ending.ELSEWHERE),
        (end(sister=(visit(2),)), Ending.SISTER),
        (end(visit(1, state=State.ENTERED_IN_ERROR)), Ending.CANCELLED),
    ],
)
def test_it_ends_as_the_diary_says(found: Case, ending: Ending) -> None:
    assert found.ending == ending
    assert (found.visit is None) == (ending == Ending.NOTHING)
    assert found.practice_id == (SISTER if ending == Ending.SISTER else None)


def test_of_two_visits_today_the_one_not_over_is_meant() -> None:
    early, late = visit(1, state=State.DONE, hour=8), visit(2, hour=14)
    assert end(late, early).visit == late
    assert end(replace(late, state=State.DONE), early).visit == early


VISITS = st.builds(
    visit,
    st.integers(1, 4),
    st.sampled_from([PAST, TODAY, LATER]),
    st.sampled_from(list(State)),
    st.integers(7, 18),
)


@given(st.lists(VISITS, max_size=5), st.lists(VISITS, max_size=3))
def test_whatever_stands_today_is_found_and_order_does_not_matter(
    own: list[VisitFacts], home: list[VisitFacts]
) -> None:
    found = end(*own, home=tuple(home))
    assert found.ending == end(*reversed(own), home=tuple(reversed(home))).ending
    if any(v.day == TODAY and str(v.state) in {"booked", "confirmed", "arrived", "with", "done"} for v in own):
        assert found.ending == Ending.TODAY
    if found.visit is not None:
        assert found.visit in (*own, *home)
