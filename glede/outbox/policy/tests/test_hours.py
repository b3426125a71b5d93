"""Three layers of hours: inside one another, on the wall of the person's zone, across both changes of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from glede.kernel.clock import wall
from glede.kernel.periods import Period, Span, WeeklyHours
from glede.outbox.policy import Channel, Decision, Person, Place, Purpose, Reason, may_send, window_on
from glede.outbox.policy.book import LIMITS, easter, edition_for, holidays
from glede.outbox.policy.hours import ALWAYS, Frame, first_open, period_on
from glede.outbox.policy.tests.asking import CHICAGO, LONDON, NEW_YORK, OSLO, at, question, soft, yes

NIGHT = at("2026-11-24T22:30+01:00")
EUROPE = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
AMERICA = [date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)]
CLOCK_CHANGES = [
    *((zone, day) for zone in (OSLO, LONDON) for day in EUROPE),
    *((NEW_YORK, day) for day in AMERICA),
]


@pytest.mark.parametrize("purpose", ["reminder", "thanks", "previsit"])
def test_the_night_is_held_until_nine(purpose: str) -> None:
    verdict = may_send(question(purpose, "email"), NIGHT)

    assert verdict.defer_until == at("2026-11-25T09:00+01:00")
    assert verdict.codes() == (Reason.CARE, Reason.HOURS_OF_PRACTICE)


def test_the_bounds_are_half_open() -> None:
    for moment, allowed in (("08:59:59", False), ("09:00", True), ("19:59:59", True), ("20:00", False)):
        verdict = may_send(question("reminder", "email"), at(f"2026-11-24T{moment}+01:00"))
        assert verdict.is_allowed is allowed, moment


def test_their_routine_narrows_it() -> None:
    asked = question(
        "reminder", "email", person_hours_from=time(17), person_hours_to=time(0), person_days=frozenset({2})
    )

    verdict = may_send(asked, at("2026-11-24T12:00+01:00"))

    assert verdict.defer_until == at("2026-11-25T17:00+01:00")
    assert verdict.codes() == (Reason.CARE, Reason.HOURS_OF_PERSON)


def test_all_layers_that_hold_it_are_named() -> None:
    asked = question("offer", "sms", "US", person_zone=CHICAGO, person_region="FL", person_hours_to=time(18),
                     person_consents=(yes("written", "sms"),))  # fmt: skip

    verdict = may_send(asked, at("2026-11-24T21:30-06:00"))

    assert set(verdict.codes()[1:]) == {Reason.HOURS_OF_LAW, Reason.HOURS_OF_PRACTICE, Reason.HOURS_OF_PERSON}


IN_DROPS = at("2026-11-24T15:12+01:00")


@pytest.mark.parametrize(
    ("purpose", "late", "goes"),
    [
        ("thanks", None, False),
        ("booking", "2026-11-25T12:00+01:00", False),
        ("booking", "2026-11-24T15:12+01:00", True),
        ("reminder", "2026-11-24T14:00+01:00", True),
        ("reminder", "2026-11-24T19:59+01:00", False),
        ("previsit", "2026-11-24T14:00+01:00", False),
        ("reply", None, True),
        ("acknowledgement", None, True),
        ("safety", None, True),
    ],
)
def test_drops_hold_what_can_wait_and_nothing_else(purpose: str, late: str | None, goes: bool) -> None:
    asked = question(purpose, "email", person_held_until=IN_DROPS, late_after=at(late) if late else None)

    verdict = may_send(asked, at("2026-11-24T10:00+01:00"))

    assert verdict.is_allowed is goes
    assert goes or (verdict.defer_until, verdict.codes()[-1]) == (IN_DROPS, Reason.DROPS)


def test_what_answers_their_own_act_goes_in_spite_of_drops_and_all_goes_when_they_are_over() -> None:
    now = at("2026-11-24T10:00+01:00")
    own_act = question("booking", "email", person_held_until=IN_DROPS, answers_act_at=now)
    assert may_send(own_act, now).is_allowed
    assert may_send(question("thanks", "email", person_held_until=IN_DROPS), IN_DROPS).is_allowed


@pytest.mark.parametrize(
    "changes",
    [
        {"person_hours_from": time(21), "person_hours_to": time(23)},
        {"person_hours_from": time(18), "person_hours_to": time(8)},
        {"place_hours_from": time(12), "place_hours_to": time(11)},
    ],
)
def test_hours_that_never_meet_are_refused(changes: dict[str, Any]) -> None:
    verdict = may_send(question("reminder", "email", **changes), NIGHT)

    assert (verdict.decision, verdict.codes()) == (Decision.DENY, (Reason.NO_COMMON_HOURS,))


def test_marketing_keeps_shorter_days() -> None:
    asked = question("offer", "email", person_consents=(soft(),), place_closed_on=frozenset({date(2026, 11, 30)}))

    saturday = may_send(asked, at("2026-11-28T09:30+01:00"))
    evening = may_send(asked, at("2026-11-28T16:00+01:00"))

    assert saturday.defer_until == at("2026-11-28T10:00+01:00")
    assert evening.defer_until == at("2026-12-01T09:00+01:00")


def test_a_closed_day_holds_marketing_and_says_so() -> None:
    asked = question("offer", "email", person_consents=(soft(),), place_closed_on=frozenset({date(2026, 11, 24)}))
    noon = at("2026-11-24T12:00+01:00")

    assert may_send(asked, noon).codes() == (Reason.SOFT_OPT_IN, Reason.HOURS_OF_PRACTICE)
    assert may_send(asked, noon, law_alone=True).is_allowed


def test_norwegian_sales_calls_rest_on_holidays() -> None:
    verdict = may_send(question("offer", "call"), at("2026-05-01T12:00+02:00"), law_alone=True)

    assert verdict.defer_until == at("2026-05-04T09:00+02:00")
    assert Reason.HOURS_OF_LAW in verdict.codes()


def test_the_holidays_of_norway() -> None:
    rules = edition_for("NO", date(2026, 12, 1)).hours[0].not_on
    assert {date(2026, 5, 17), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} <= holidays(
        rules, 2026
    )
    assert [easter(year) for year in (2026, 2027, 2028)] == [date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16)]


@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_nine_is_nine_on_the_wall_when_clocks_change(zone: str, day: date) -> None:
    for back in (1, 0):
        eve = datetime.combine(day - timedelta(days=back), time(2), UTC)
        verdict = may_send(question("reminder", "email", person_zone=zone), eve)
        assert verdict.defer_until is not None
        local = wall(verdict.defer_until, zone)
        assert (local.time(), local.date()) == (
            time(9),
            wall(eve, zone).date() + timedelta(days=local.date() > wall(eve, zone).date()),
        )


@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_a_whole_day_of_minutes_agrees_with_the_wall(zone: str, day: date) -> None:
    start = datetime.combine(day, time(0), UTC) - timedelta(hours=3)
    asked = question("reminder", "email", person_zone=zone, place_hours_from=time(1, 30), place_hours_to=time(2, 45))
    for step in range(0, 30 * 60, 7):
        now = start + timedelta(minutes=step)
        local, verdict = wall(now, zone).time(), may_send(asked, now)
        assert verdict.is_allowed is (time(1, 30) <= local < time(2, 45))
        if verdict.defer_until:
            assert time(1, 30) <= wall(verdict.defer_until, zone).time() < time(2, 45)


def test_a_window_that_comes_twice_opens_twice() -> None:
    frame = Frame(ALWAYS, ALWAYS, ALWAYS, ((150, 160),) * 7, ())
    between = at("2026-10-25T00:45+00:00")

    assert wall(between, OSLO).time() == time(2, 45)
    assert first_open(frame, between, OSLO, frozenset()) == at("2026-10-25T01:30+00:00")


def test_a_window_in_the_gap_waits_for_the_next_day() -> None:
    frame = Frame(ALWAYS, ALWAYS, ALWAYS, ((130, 170),) * 7, ())

    assert first_open(frame, at("2026-03-28T23:30+00:00"), OSLO, frozenset()) == at("2026-03-30T00:10+00:00")
    assert period_on(frame, date(2026, 3, 29), OSLO, frozenset()) is None


def test_the_window_of_a_day_ends_with_their_hours() -> None:
    person, place = Person(zone=OSLO, hours_to=time(18, 30)), Place("NO", closed_on=frozenset({date(2026, 11, 24)}))
    day = at("2026-11-24T12:00+01:00")

    reminder = window_on(Purpose.REMINDER, Channel.EMAIL, person, place, day)
    assert reminder == Period(at("2026-11-24T09:00+01:00"), at("2026-11-24T18:30+01:00"))
    assert window_on(Purpose.OFFER, Channel.EMAIL, person, place, day) is None


def test_a_window_may_last_until_midnight() -> None:
    person, place = Person(zone=OSLO), Place("NO", hours_to=time(0))

    window = window_on(Purpose.REMINDER, Channel.EMAIL, person, place, at("2026-10-25T12:00+01:00"))

    assert window == Period(at("2026-10-25T09:00+01:00"), at("2026-10-26T00:00+01:00"))


def test_a_colleagues_own_answer_leaves_while_the_practice_is_open() -> None:
    opening = WeeklyHours((Span(1, time(9), time(22)),), zone=OSLO)
    late = at("2026-11-24T21:30+01:00")
    by_hand = question("reply", "email", is_by_person=True, place_opening=opening)
    by_machine = question("reply", "email", place_opening=opening)

    assert may_send(by_hand, late).is_allowed
    assert may_send(by_machine, late).decision == Decision.DEFER
    assert may_send(by_hand, late + timedelta(hours=1)).decision == Decision.DEFER


def test_an_american_answer_by_text_still_keeps_the_laws_hours() -> None:
    opening = WeeklyHours((Span(1, time(9), time(23)),), zone=NEW_YORK)
    asked = question("reply", "sms", "US", person_zone=NEW_YORK, is_by_person=True, place_opening=opening)

    verdict = may_send(asked, at("2026-11-24T21:30-05:00"))

    assert verdict.defer_until == at("2026-11-25T08:00-05:00")
    assert verdict.codes() == (Reason.ANSWER, Reason.HOURS_OF_LAW)


def test_somebody_abroad_is_not_judged_by_our_state() -> None:
    asked = question("offer", "sms", "US", place_region="TX", person_country="GB", person_zone=LONDON,
                     person_consents=(soft(),))  # fmt: skip

    assert may_send(asked, at("2026-11-29T08:30+00:00"), law_alone=True).is_allowed


def test_the_limits_are_those_of_the_rules() -> None:
    assert (LIMITS.unprompted_a_day, LIMITS.texts_in_7_days, LIMITS.marketing_in_30_days) == (1, 3, 2)
    assert LIMITS.own_act == timedelta(minutes=10)
    assert LIMITS.marketing_week[5] == (600, 960)
    assert LIMITS.marketing_week[6] is None
