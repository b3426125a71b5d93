"""Moving a visit by the link: three times, the old one kept, a lost time costs nothing."""

from datetime import date, time

import pytest

from glede.diary.operations import book_appointment, cancel_appointment
from glede.diary.queries import history_of
from glede.diary.requests import Booking
from glede.kernel.actor import SYSTEM
from glede.portal.tests.guests import THURSDAY, Visitor, visitor
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "emily", "jonas", now=MORNING, is_virtual=True)


@pytest.fixture
def emily(house: House) -> Visitor:
    return visitor(house, "emily")


def slot(house: House, at: str, who: str = "amal") -> str:
    return f"{at}/{house.chairs[who]}"


def words(guest: Visitor, query: str = "") -> str:
    return guest.get(f"move/{query}").content.decode()


def test_three_times_are_offered_and_the_old_one_is_named(emily: Visitor) -> None:
    page = words(emily)
    assert page.count('type="radio"') == 3
    assert "You keep Thursday 26 November, 10am until you take a new time." in page
    assert page.count("with Dr Amal Haddad") == 3
    assert "With anyone" in page


@pytest.mark.parametrize(
    "query", ["?show=morning", "?with=anyone", "?", "?show=evening", "?show=more", "?show=more&from=2026-12-07"]
)
def test_other_times_are_one_press_away(emily: Visitor, query: str) -> None:
    page = words(emily, query)
    assert 'type="radio"' in page or "We found no free time here." in page


def test_mornings_are_mornings(emily: Visitor) -> None:
    assert "pm</b>" not in words(emily, "?show=morning")


@pytest.mark.parametrize("query", ["?show=%27%22<x>", "?show=more&from=yesterday", "?show=more&from=9999-12-31"])
def test_odd_questions_get_a_page(emily: Visitor, query: str) -> None:
    assert emily.get(f"move/{query}").status_code == 200


def test_taking_a_time_moves_the_same_visit_once(emily: Visitor) -> None:
    code = emily.code
    answer = emily.press("move/", slot=slot(emily.house, "2026-11-27T09:00"), times=5)
    assert answer.headers["Location"].endswith("?done=moved")
    assert (emily.facts.day, emily.facts.wall_time) == (FRIDAY, time(9))
    assert emily.code == code
    assert [line.change for line in history_of(emily.house.id, emily.appointment_id)] == ["booked", "moved"]


def test_a_time_just_taken_keeps_the_old_one_and_offers_three(emily: Visitor) -> None:
    taken = Booking(
        patient_id=emily.house.people["jonas"], day=FRIDAY, wall_time=time(9),
        service_id=emily.house.services["eye-test"], practitioner_id=emily.house.chairs["amal"],
    )  # fmt: skip
    book_appointment(practice_id=emily.house.id, request=taken, by=SYSTEM, now=emily.house.now)
    answer = emily.press("move/", slot=slot(emily.house, "2026-11-27T09:00"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone took 9am a moment ago." in page
    assert page.count('type="radio"') == 3
    assert "<title>Error: " in page
    assert (emily.facts.day, emily.facts.wall_time) == (THURSDAY, time(10))


@pytest.mark.parametrize("value", ["", "x", "2026-11-27T09:00/x", "2026-13-27T09:00/", "2026-11-27"])
def test_an_unreadable_time_asks_again(emily: Visitor, value: str) -> None:
    answer = emily.press("move/", slot=value)
    assert answer.status_code == 422
    assert "Choose one of the times" in answer.content.decode()


@pytest.mark.parametrize("value", ["2026-11-23T09:00/", "2028-11-27T09:00/", "2026-11-29T09:00/"])
def test_a_time_gone_by_far_off_or_closed_offers_others(emily: Visitor, value: str) -> None:
    answer = emily.press("move/", slot=value)
    assert answer.status_code == 409
    assert 'type="radio"' in answer.content.decode()


def test_somebody_elses_chair_is_refused_kindly(emily: Visitor) -> None:
    answer = emily.press("move/", slot="2026-11-27T09:00/018f0000-0000-7000-8000-000000000000")
    assert answer.status_code == 409
    assert emily.facts.day == THURSDAY


def test_a_cancelled_visit_cannot_be_moved(emily: Visitor) -> None:
    nonce = emily.nonce("move/")
    cancel_appointment(
        practice_id=emily.house.id, appointment_id=emily.appointment_id, reason="none_given", by=SYSTEM,
        now=emily.house.now,
    )  # fmt: skip
    answer = emily.client.post(emily.path("move/"), {"nonce": nonce, "slot": slot(emily.house, "2026-11-27T09:00")})
    assert answer.status_code == 303
    assert emily.get("move/").status_code == 303
