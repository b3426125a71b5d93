"""A practice may send less than the law lets it, and never more."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.outbox.policy import Channel, Counts, Decision, Purpose, Question, Reason, may_send
from glede.outbox.policy.book import LIMITS
from glede.outbox.policy.narrowing import (
    NARROWABLE,
    NOTHING_NARROWED,
    WAYS,
    Narrowing,
    WouldWiden,
    check_narrows,
    read_narrowing,
)
from glede.outbox.policy.tests.asking import TUESDAY, question, soft
from glede.outbox.policy.tests.questions import moments, questions, times
from glede.outbox.reading import BadPolicy

NEXT_MORNING = TUESDAY + timedelta(hours=14)
narrowings = st.builds(
    Narrowing,
    off=st.frozensets(st.sampled_from(NARROWABLE), max_size=3),
    ways=st.frozensets(st.tuples(st.sampled_from(NARROWABLE), st.sampled_from(WAYS)), max_size=4),
    quiet_days=st.frozensets(st.integers(0, 6), max_size=6),
    marketing_from=st.none() | times,
    marketing_to=st.none() | times,
    texts_in_7_days=st.none() | st.integers(0, 99),
    marketing_in_30_days=st.none() | st.integers(0, 99),
)


def narrowed(asked: Question, by: Narrowing) -> Question:
    return replace(asked, place=replace(asked.place, narrowed=by))


@given(questions, narrowings, moments)
def test_narrowing_never_lets_more_leave(asked: Question, by: Narrowing, now: datetime) -> None:
    before, after = may_send(asked, now), may_send(narrowed(asked, by), now)

    assert before.is_allowed or not after.is_allowed
    if before.decision == Decision.DENY:
        assert after.decision == Decision.DENY
    if before.defer_until and after.defer_until:
        assert after.defer_until >= before.defer_until


@pytest.mark.parametrize("purpose", NARROWABLE)
def test_a_purpose_that_is_off_is_not_sent(purpose: Purpose) -> None:
    asked = narrowed(question(purpose, "sms", person_consents=(soft("sms"),)), Narrowing(off=frozenset({purpose})))
    assert Reason.PURPOSE_OFF in may_send(asked, TUESDAY).codes()


def test_a_way_that_is_closed_leaves_the_others() -> None:
    by = read_narrowing({"ways": ["reminder:sms"]})
    closed = may_send(narrowed(question("reminder", "sms"), by), TUESDAY)

    assert closed.codes() == (Reason.WAY_OFF,)
    assert closed.is_about_channel
    assert may_send(narrowed(question("reminder", "email"), by), TUESDAY).is_allowed
    assert may_send(narrowed(question("booking", "sms"), by), TUESDAY).is_allowed


def test_on_a_quiet_day_it_waits_and_safety_does_not() -> None:
    by = Narrowing(quiet_days=frozenset({1}))
    held = may_send(narrowed(question("reminder", "sms"), by), TUESDAY)

    assert held.defer_until == NEXT_MORNING
    assert Reason.HOURS_OF_PRACTICE in held.codes()
    assert may_send(narrowed(question("safety", "sms"), by), TUESDAY).is_allowed
    own_act = question("booking", "sms", answers_act_at=TUESDAY)
    assert may_send(narrowed(own_act, by), TUESDAY).is_allowed


def test_marketing_keeps_its_own_hours() -> None:
    by = Narrowing(marketing_from=time(10), marketing_to=time(16))
    held = may_send(narrowed(question("offer", "email", person_consents=(soft(),)), by), TUESDAY)

    assert held.defer_until == NEXT_MORNING + timedelta(hours=1)
    assert may_send(narrowed(question("reminder", "email"), by), TUESDAY).is_allowed


def test_the_smaller_budget_counts() -> None:
    asked = question("reminder", "sms", counts=Counts(texts_7_days=1))
    assert may_send(asked, TUESDAY).is_allowed
    assert may_send(narrowed(asked, Narrowing(texts_in_7_days=1)), TUESDAY).codes() == (Reason.ENOUGH_TEXTS,)
    wide = replace(asked, counts=Counts(texts_7_days=LIMITS.texts_in_7_days))
    assert may_send(narrowed(wide, Narrowing(texts_in_7_days=99)), TUESDAY).codes() == (Reason.ENOUGH_TEXTS,)


@pytest.mark.parametrize("field", ["texts_in_7_days", "marketing_in_30_days"])
def test_a_wider_budget_is_refused(field: str) -> None:
    most = getattr(LIMITS, field)
    check_narrows(read_narrowing({field: most}))
    with pytest.raises(WouldWiden, match=field):
        check_narrows(read_narrowing({field: most + 1}))


@pytest.mark.parametrize(
    "raw",
    [
        {"off": ["safety"]}, {"off": ["reply"]}, {"off": ["acknowledgement"]}, {"ways": ["safety:sms"]},
        {"ways": ["reminder:call"]}, {"quiet_days": [7]}, {"quiet_days": list(range(7))}, {"quiet_days": [True]},
        {"marketing_hours": ["16:00", "10:00"]}, {"marketing_hours": ["late", ""]}, {"marketing_hours": ["10:00"]},
        {"hours_from": "00:00"}, {"texts_in_7_days": -1}, {"consents": False},
    ],
)  # fmt: skip
def test_what_is_owed_stays_and_what_is_unknown_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(BadPolicy):
        read_narrowing(raw)


@given(narrowings.filter(lambda n: not (n.marketing_from and n.marketing_to and n.marketing_from >= n.marketing_to)))
def test_it_is_kept_as_it_was_said(by: Narrowing) -> None:
    kept = replace(by, texts_in_7_days=2, marketing_in_30_days=0)
    assert read_narrowing(kept.as_json()) == kept
    assert read_narrowing({}) is NOTHING_NARROWED
    assert Channel.CALL not in WAYS
