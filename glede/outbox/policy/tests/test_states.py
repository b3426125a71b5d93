"""The states of the USA that differ, cell by cell: hours, days, whom they leave out, and how often."""

from datetime import datetime, timedelta

import pytest

from glede.kernel.clock import at_wall
from glede.outbox.policy import Counts, Decision, Reason, may_send
from glede.outbox.policy.book import LIMITS, edition_for
from glede.outbox.policy.tests.asking import CHICAGO, LOS_ANGELES, NEW_YORK, TUESDAY, question, yes

ZONES = {"FL": NEW_YORK, "OK": CHICAGO, "WA": LOS_ANGELES, "TX": CHICAGO, "NY": NEW_YORK}
SATURDAY, SUNDAY = 5, 6
EVERY_DAY, WEEK = range(7), range(6)

# state, days (Monday is 0), from and to in minutes of what sells by text, call or a machine's voice
HOURS = [
    ("NY", EVERY_DAY, 8, 21),
    ("FL", EVERY_DAY, 8, 20),
    ("OK", EVERY_DAY, 8, 20),
    ("WA", EVERY_DAY, 8, 20),
    ("TX", WEEK, 9, 21),
    ("TX", (SUNDAY,), 12, 21),
]
CELLS = [
    (state, day, first, last, way) for state, days, first, last in HOURS for day in days for way in ("sms", "call")
]


def at(state: str, day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of the week of that Tuesday on the wall of a state."""
    date = (TUESDAY + timedelta(days=day - TUESDAY.weekday())).date()
    return at_wall(date, datetime.min.replace(hour=hour, minute=minute).time(), ZONES[state])


def sold(state: str, way: str, **changes: object):
    return question(
        "offer", way, "US", person_zone=ZONES[state], person_region=state, person_is_customer=False,
        person_consents=(yes("written", way),), person_is_on_register=False, **changes,
    )  # fmt: skip


@pytest.mark.parametrize(("state", "day", "first", "last", "way"), CELLS)
def test_what_sells_goes_in_the_hours_of_the_state(state: str, day: int, first: int, last: int, way: str) -> None:
    asked = sold(state, way)
    assert may_send(asked, at(state, day, first), law_alone=True).is_allowed
    assert may_send(asked, at(state, day, last - 1, 59), law_alone=True).is_allowed
    for moment in (at(state, day, first - 1, 59), at(state, day, last)):
        verdict = may_send(asked, moment, law_alone=True)
        assert verdict.decision == Decision.DEFER
        assert Reason.HOURS_OF_LAW in verdict.codes()


def test_texas_leaves_its_customers_out_and_the_others_do_not() -> None:
    for state, is_bound in (("TX", False), ("FL", True), ("OK", True), ("WA", True)):
        asked = question(
            "offer", "sms", "US", person_zone=ZONES[state], person_region=state, person_is_customer=True,
            person_consents=(yes("written", "sms"),),
        )  # fmt: skip
        at_twenty = may_send(asked, at(state, SUNDAY, 11 if state == "TX" else 20), law_alone=True)
        assert at_twenty.is_allowed is not is_bound, state


@pytest.mark.parametrize("state", sorted(ZONES))
def test_care_by_text_has_the_hours_of_the_whole_country(state: str) -> None:
    asked = question("reminder", "sms", "US", person_zone=ZONES[state], person_region=state,
                     person_consents=(yes("number_given", "sms"),))  # fmt: skip
    assert may_send(asked, at(state, SUNDAY, 8), law_alone=True).is_allowed
    assert may_send(asked, at(state, SUNDAY, 20, 59), law_alone=True).is_allowed
    assert not may_send(asked, at(state, SUNDAY, 21), law_alone=True).is_allowed


@pytest.mark.parametrize("state", ["FL", "OK"])
def test_three_a_day_about_one_thing_are_never_reached(state: str) -> None:
    """Florida allows three in 24 hours on one subject; ours are fewer in a month, for every subject together."""
    assert LIMITS.marketing_in_30_days < 3
    full = Counts(marketing_30_days=LIMITS.marketing_in_30_days)
    assert may_send(sold(state, "sms", counts=full), TUESDAY).codes() == (Reason.ENOUGH_MARKETING,)


def test_the_book_names_these_states_and_no_other() -> None:
    named = {region for hours in edition_for("US", TUESDAY.date()).hours for region in hours.regions}
    assert named == {"FL", "OK", "TX", "WA"}
