"""What may happen to a visit, when, by whose hand."""

from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import errors, events, rules
from glede.diary.folding import fold
from glede.diary.rules import Change, LinkState, PatientAct, Standing, State
from glede.kernel.actor import Role
from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Period, Span, WeeklyHours

OSLO = "Europe/Oslo"
THURSDAY = date(2026, 11, 26)
TEN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
WEEK = WeeklyHours(tuple(Span(day, time(9), time(17)) for day in range(5)), frozenset({date(2026, 11, 25)}), OSLO)


def visit(state: State = State.BOOKED, **changes: object) -> Standing:
    values: dict[str, object] = {
        "state": state, "day": THURSDAY, "zone": OSLO, "starts_at": TEN, "ends_at": TEN + timedelta(minutes=40),
    }  # fmt: skip
    return Standing(**(values | changes))  # type: ignore[arg-type]


def refusal(change: Change, standing: Standing, now: datetime, role: Role = "patient") -> str:
    try:
        rules.check(change, standing, role=role, now=now)
    except errors.Refused as error:
        return error.code
    return ""


EVE = TEN - timedelta(days=1)
DURING = TEN + timedelta(minutes=10)
AFTERWARDS = TEN + timedelta(hours=2)
NEXT_DAY = TEN + timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "state", "when", "role", "code"),
    [
        (Change.CONFIRMED, State.BOOKED, EVE, "patient", ""),
        (Change.CONFIRMED, State.BOOKED, TEN, "patient", "already_past"),
        (Change.CONFIRMED, State.CANCELLED, EVE, "patient", "not_confirmable"),
        (Change.MOVED, State.CONFIRMED, EVE, "patient", ""),
        (Change.MOVED, State.BOOKED, TEN, "patient", "already_past"),
        (Change.MOVED, State.BOOKED, DURING, "staff", ""),
        (Change.MOVED, State.DONE, AFTERWARDS, "staff", "not_movable"),
        (Change.CANCELLED, State.BOOKED, DURING, "patient", "already_past"),
        (Change.CANCELLED, State.BOOKED, NEXT_DAY, "staff", ""),
        (Change.CANCELLED, State.DONE, NEXT_DAY, "staff", "not_cancellable"),
        (Change.REINSTATED, State.CANCELLED, EVE, "staff", ""),
        (Change.REINSTATED, State.MISSED, AFTERWARDS, "staff", ""),
        (Change.REINSTATED, State.CANCELLED, NEXT_DAY, "staff", "already_past"),
        (Change.REINSTATED, State.BOOKED, EVE, "staff", "not_reinstatable"),
        (Change.ARRIVED, State.CONFIRMED, TEN - timedelta(minutes=5), "patient", ""),
        (Change.ARRIVED, State.BOOKED, EVE, "patient", "too_early"),
        (Change.ARRIVED, State.BOOKED, NEXT_DAY, "staff", "already_past"),
        (Change.STARTED, State.ARRIVED, TEN, "staff", ""),
        (Change.STARTED, State.MISSED, TEN, "staff", "not_startable"),
        (Change.TAKEN_BACK, State.ARRIVED, TEN, "staff", ""),
        (Change.TAKEN_BACK, State.WITH, NEXT_DAY, "staff", "already_past"),
        (Change.TAKEN_BACK, State.BOOKED, TEN, "staff", "not_taken_back"),
        (Change.DONE, State.BOOKED, EVE, "staff", "too_early"),
        (Change.DONE, State.ARRIVED, TEN - timedelta(minutes=5), "staff", ""),
        (Change.DONE, State.CANCELLED, AFTERWARDS, "staff", "not_finishable"),
        (Change.MISSED, State.BOOKED, EVE, "staff", "too_early"),
        (Change.MISSED, State.BOOKED, DURING, "staff", ""),
        (Change.MISSED, State.ARRIVED, DURING, "staff", "not_missable"),
        (Change.RUNNING_LATE, State.BOOKED, EVE, "patient", "too_early"),
        (Change.RUNNING_LATE, State.BOOKED, DURING, "patient", ""),
        (Change.RUNNING_LATE, State.BOOKED, AFTERWARDS, "patient", "already_past"),
        (Change.RUNNING_LATE, State.WITH, DURING, "patient", "not_late"),
        (Change.ENTERED_IN_ERROR, State.DONE, NEXT_DAY, "staff", ""),
        (Change.ENTERED_IN_ERROR, State.ENTERED_IN_ERROR, NEXT_DAY, "staff", "already_struck_out"),
    ],
)
def test_each_change_is_allowed_or_refused_by_name(
    change: Change, state: State, when: datetime, role: Role, code: str
) -> None:
    assert refusal(change, visit(state), when, role) == code


@given(st.sampled_from(list(rules.STEPS)), st.sampled_from(State), st.sampled_from(get_args(Role)), st.integers(-3, 3))
def test_a_check_ends_in_a_named_refusal_or_none(change: Change, state: State, role: Role, days: int) -> None:
    assert isinstance(refusal(change, visit(state), TEN + timedelta(days=days), role), str)


@given(st.lists(st.sampled_from(list(rules.STEPS)), max_size=20))
def test_the_fold_of_what_happened_is_the_state_it_led_to(wished: list[Change]) -> None:
    stood = [State.BOOKED]
    happened: list[tuple[str, dict[str, object]]] = [("booked", {})]
    for change in wished:
        if stood[-1] in rules.STEPS[change].origins:
            stood = stood[:-1] if change == Change.TAKEN_BACK else [*stood, rules.target(change, stood[-1])]
            stood = [state for place, state in enumerate(stood) if state not in stood[place - 1 : place]]
            happened.append((str(change), {}))
    assert fold(happened) == stood[-1]
    assert fold([("imported", {"state": "arrived"}), ("taken_back", {})]) == State.BOOKED
    assert fold([]) is None
    assert fold([("imported", {"state": "done"})]) == State.DONE


def test_what_makes_messages_moot_is_the_same_for_rules_and_events() -> None:
    assert {events.PREFIX + change for change in rules.MOOT} == events.MOOT


def test_a_day_visit_is_ahead_until_its_day_ends() -> None:
    midnight = at_wall(THURSDAY, time(0), OSLO)
    day_long = visit(starts_at=midnight, ends_at=midnight + timedelta(days=1), is_day_visit=True)
    assert refusal(Change.CONFIRMED, day_long, AFTERWARDS) == ""
    assert refusal(Change.CONFIRMED, day_long, NEXT_DAY) == "already_past"


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        (date(2026, 3, 29), OSLO), (date(2026, 10, 25), OSLO), (date(2027, 3, 28), OSLO), (date(2027, 10, 31), OSLO),
        (date(2026, 3, 8), "America/New_York"), (date(2026, 11, 1), "America/New_York"), (date(2028, 2, 29), OSLO),
    ],
)  # fmt: skip
def test_a_wall_time_is_kept_on_days_when_the_clocks_change(day: date, zone: str) -> None:
    placed = rules.place(day, time(10), zone, minutes=40, buffer_minutes=10)
    assert wall(placed.starts_at, zone).replace(tzinfo=None) == datetime.combine(day, time(10))
    assert placed.ends_at - placed.starts_at == timedelta(minutes=40)
    assert placed.claimed_to - placed.ends_at == timedelta(minutes=10)
    whole = rules.place(day, None, zone, minutes=30)
    assert wall(whole.starts_at, zone).date() == day
    assert wall(whole.ends_at, zone).date() == day + timedelta(days=1)


def test_a_time_the_clock_skips_is_refused_and_one_shown_twice_is_its_first() -> None:
    with pytest.raises(errors.NoSuchTime):
        rules.place(date(2026, 3, 29), time(2, 30), OSLO, minutes=30)
    assert rules.place(date(2026, 10, 25), time(2, 30), OSLO, minutes=30).starts_at == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.times(),
    st.sampled_from([OSLO, "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]),
    st.integers(1, 720),
)
def test_every_time_on_the_wall_has_one_place_or_is_refused(day: date, at: time, zone: str, minutes: int) -> None:
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    try:
        placed = rules.place(day, at, zone, minutes=minutes)
    except errors.NoSuchTime:
        return
    assert wall(placed.starts_at, zone).replace(tzinfo=None) == datetime.combine(day, at)


@pytest.mark.parametrize("minutes", [0, -5, 721])
def test_an_impossible_length_is_refused(minutes: int) -> None:
    with pytest.raises(errors.UnknownMinutes):
        rules.place(THURSDAY, time(10), OSLO, minutes=minutes)


def test_a_patient_books_ahead_and_a_colleague_also_whoever_just_walked_in() -> None:
    placed = rules.place(THURSDAY, time(10), OSLO, minutes=40)
    rules.check_bookable(placed, role="staff", now=DURING)
    with pytest.raises(errors.AlreadyPast):
        rules.check_bookable(placed, role="patient", now=DURING)
    with pytest.raises(errors.AlreadyPast):
        rules.check_bookable(placed, role="staff", now=AFTERWARDS)
    with pytest.raises(errors.TooFarAhead):
        rules.check_bookable(placed, role="patient", now=TEN - timedelta(days=500))


@pytest.mark.parametrize(
    ("state", "now", "stage"),
    [
        (State.BOOKED, EVE, LinkState.BEFORE),
        (State.CONFIRMED, TEN - timedelta(hours=1), LinkState.TODAY),
        (State.ARRIVED, TEN, LinkState.HERE),
        (State.BOOKED, AFTERWARDS, LinkState.AFTER),
        (State.DONE, AFTERWARDS, LinkState.AFTER),
        (State.MISSED, AFTERWARDS, LinkState.MISSED),
        (State.CANCELLED, EVE, LinkState.CANCELLED),
        (State.CANCELLED, TEN + timedelta(days=31), LinkState.ENDED),
        (State.DONE, TEN + timedelta(days=30), LinkState.AFTER),
        (State.DONE, TEN + timedelta(days=30, minutes=40), LinkState.ENDED),
        (State.ENTERED_IN_ERROR, EVE, LinkState.ENDED),
    ],
)
def test_the_link_is_about_the_visit_until_thirty_days_after_it(state: State, now: datetime, stage: LinkState) -> None:
    assert rules.link_state(visit(state), now) == stage


def test_the_link_offers_what_the_rules_allow() -> None:
    assert rules.patient_acts(visit(), EVE) == {
        PatientAct.CONFIRM, PatientAct.MOVE, PatientAct.CANCEL, PatientAct.MESSAGE,
    }  # fmt: skip
    assert rules.patient_acts(visit(State.CONFIRMED), TEN - timedelta(minutes=20)) == {
        PatientAct.MOVE, PatientAct.CANCEL, PatientAct.LATE, PatientAct.HERE, PatientAct.MESSAGE,
    }  # fmt: skip
    assert rules.patient_acts(visit(State.DONE), AFTERWARDS) == {PatientAct.MESSAGE, PatientAct.FEEDBACK}
    assert rules.patient_acts(visit(State.DONE), TEN + timedelta(days=60)) == frozenset()


def test_cancelling_is_in_time_until_closing_the_working_day_before() -> None:
    assert rules.notice_ends_at(visit(), WEEK) == at_wall(date(2026, 11, 24), time(17), OSLO)
    assert rules.notice_ends_at(visit(), WeeklyHours((), frozenset(), OSLO)) is None


def test_two_on_one_time_are_settled_within_a_working_day_and_before_the_visit() -> None:
    now = at_wall(date(2026, 11, 23), time(9), OSLO)
    assert rules.settle_by(TEN, now, WEEK) == at_wall(date(2026, 11, 23), time(17), OSLO)
    assert rules.settle_by(TEN, TEN - timedelta(minutes=5), WEEK) == TEN
    assert rules.settle_by(TEN, EVE, WeeklyHours((), frozenset(), OSLO)) == TEN


def test_lanes_are_the_same_each_time_and_differ_from_the_chair() -> None:
    chair = UUID(int=7)
    lanes = [rules.lane_ref(chair, number) for number in range(1, 5)]
    assert lanes == [rules.lane_ref(chair, number) for number in range(1, 5)]
    assert len({chair, *lanes}) == 5


def test_a_visit_lies_inside_a_span_or_outside() -> None:
    spans = [Period(TEN, TEN + timedelta(hours=2))]
    assert rules.within(Period(TEN, TEN + timedelta(hours=2)), spans)
    assert not rules.within(Period(TEN, TEN + timedelta(hours=3)), spans)
