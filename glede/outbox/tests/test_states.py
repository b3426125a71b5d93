"""The state machine as pure decisions."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.outbox.rules import (
    IN_A_ROW,
    NOT_FINAL,
    PENDING,
    Doubt,
    Lane,
    Resolution,
    State,
    after_lease,
    back_off,
    can_move,
    choices,
    first_day_hold,
    is_late,
    is_never_held,
    later_state,
    resolve,
    rest_after,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STATES = st.sampled_from(State)
MINUTE = timedelta(minutes=1)


@given(STATES)
def test_nothing_final_ever_becomes_pending_or_in_flight_again(state: State) -> None:
    if state not in NOT_FINAL:
        assert not any(can_move(state, to) for to in NOT_FINAL)


def test_what_may_have_arrived_is_never_sent_by_itself() -> None:
    assert not can_move(State.UNKNOWN, State.SENDING)
    assert not can_move(State.ACCEPTED, State.READY)


@given(st.lists(st.sampled_from([State.SENT, State.DELIVERED, State.READ]), max_size=4))
def test_reports_in_any_order_give_the_same_state(reports: list[State]) -> None:
    ends = set()
    for order in permutations(reports):
        state = State.ACCEPTED
        for report in [*order, *order]:
            state = later_state(state, report)
        ends.add(state)
    assert len(ends) == 1


@given(STATES, STATES)
def test_a_report_never_moves_a_message_back(known: State, told: State) -> None:
    after = later_state(known, told)
    assert after == known or can_move(known, after)


@given(st.integers(1, 50))
def test_pauses_between_tries_never_shrink(tries: int) -> None:
    assert MINUTE <= back_off(tries) <= back_off(tries + 1) <= timedelta(hours=4)


@given(st.sampled_from(Resolution), st.booleans(), st.booleans(), st.integers(0, 600), st.integers(0, 600))
def test_an_unheard_answer_is_settled_by_the_class_of_its_channel(
    resolution: Resolution, seen: bool, looked: bool, seconds: int, key_lives: int
) -> None:
    age, horizon = timedelta(seconds=seconds), timedelta(seconds=120)
    key = timedelta(seconds=key_lives) if resolution is Resolution.KEY else None
    to = resolve(
        Doubt(
            resolution=resolution, age=age, horizon=horizon, key_age=age, key_lives=key, seen_accepted=seen,
            was_looked_up=looked,
        )
    )  # fmt: skip
    assert (to is State.ACCEPTED) == seen
    if resolution in {Resolution.NOTHING, Resolution.CALL_BACK}:
        assert to is not State.READY
    if to is State.READY and resolution is Resolution.LOOK_UP:
        assert looked
        assert age >= horizon
    if to is State.READY and resolution is Resolution.KEY:
        assert seconds < key_lives
    if to is State.HANDED:
        assert age >= horizon


def test_a_channel_rests_longer_the_longer_it_answers_badly() -> None:
    assert rest_after(IN_A_ROW - 1, is_refused=False) is None
    assert rest_after(1, is_refused=True) == timedelta(minutes=1)
    rests = [rest_after(n, is_refused=False) or timedelta(0) for n in range(1, 20)]
    assert rests == sorted(rests)
    assert rests[-1] == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("begun", "outcome", "becomes"),
    [
        (False, "", State.READY),
        (True, "", State.UNKNOWN),
        (True, "unknown", State.UNKNOWN),
        (True, "accepted", State.ACCEPTED),
        (True, "rehearsed", State.REHEARSED),
    ],
)
def test_a_silent_worker_leaves_what_it_recorded(begun: bool, outcome: str, becomes: State) -> None:
    assert after_lease(begun=begun, outcome=outcome) is becomes


def test_never_held_is_safety_and_the_answer_to_a_fresh_act() -> None:
    assert is_never_held(Lane.SAFETY, None, NOW)
    assert is_never_held(Lane.REMINDER, NOW - 10 * MINUTE, NOW)
    assert not is_never_held(Lane.REMINDER, NOW - 10 * MINUTE - MINUTE, NOW)
    assert not is_never_held(Lane.REPLY, None, NOW)


def test_the_first_day_holds_once_and_ends() -> None:
    def asked(since: datetime | None, waited: datetime | None = None) -> datetime | None:
        return first_day_hold(live_since=since, waited_from=waited, never_held=False, now=NOW)

    assert asked(NOW) == NOW + 15 * MINUTE
    assert asked(NOW, waited=NOW) is None
    assert asked(NOW - timedelta(days=1)) is None
    assert asked(None) is None


def test_the_cut_off_itself_is_not_late() -> None:
    assert not is_late(NOW, NOW)
    assert is_late(NOW, NOW + timedelta(microseconds=1))
    assert not is_late(None, NOW)


@given(
    st.lists(st.sampled_from(["email", "sms", "call", "letter"]), unique=True),
    st.lists(st.sampled_from(["email", "phone", "landline"])),
    st.sets(st.sampled_from(["email", "sms"])),
    st.sets(st.sampled_from(["email", "sms"])),
)
def test_ways_follow_the_persons_order_and_end_at_a_call(
    ranked: list[str], kinds: list[str], usable: set[str], tried: set[str]
) -> None:
    found = choices(ranked, kinds, usable, tried)
    names = [choice.channel for choice in found]
    assert names == [name for name in ranked if name in names]
    assert "call" not in names[:-1]
    for choice in found:
        if choice.channel != "call":
            assert choice.channel in usable - tried
            assert kinds[choice.contact_index] == {"email": "email", "sms": "phone"}[choice.channel]


def test_pending_is_what_can_still_be_stopped() -> None:
    assert all(can_move(state, State.SKIPPED) for state in PENDING)
    assert not can_move(State.SENDING, State.SKIPPED)
