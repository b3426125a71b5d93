"""Booking another visit by the link: the same service, whom they know, nothing to write."""

from datetime import date, time

import pytest

from glede.diary.models import Appointment
from glede.diary.operations import book_appointment, cancel_appointment
from glede.diary.requests import Booking
from glede.diary.rules import Reason, Source
from glede.kernel.actor import SYSTEM
from glede.portal.tests.guests import Visitor, visitor
from glede.practices import scope
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


def visits_of(guest: Visitor) -> list[Appointment]:
    with scope.transaction(guest.house.id):
        rows = Appointment.objects.filter(patient_id=guest.house.people["emily"])
        return list(rows.order_by("starts_at"))


def test_three_times_with_whom_she_knows_and_the_first_is_chosen(emily: Visitor) -> None:
    assert "/again/" in emily.get().content.decode()
    page = emily.get("again/").content.decode()
    assert page.count('type="radio"') == 3
    assert page.count("checked") == 1
    assert page.count("with Dr Amal Haddad") == 3
    assert "Your visit on Thursday 26 November, 10am stays." in page
    assert page.count("<input") - page.count('type="radio"') - page.count('type="hidden"') == 0


@pytest.mark.parametrize("query", ["?show=morning", "?with=anyone", "?show=more", "?show=more&from=2026-12-07"])
def test_other_times_are_one_press_away(emily: Visitor, query: str) -> None:
    page = emily.get(f"again/{query}").content.decode()
    assert 'type="radio"' in page or "We found no free time here." in page
    assert len(visits_of(emily)) == 1


def test_five_posts_book_one_visit_with_a_link_of_its_own(emily: Visitor) -> None:
    answer = emily.press("again/", slot=slot(emily.house, "2026-11-27T09:00"), times=5)
    old, new = visits_of(emily)
    assert (old.day.day, new.day, new.wall_time, new.source, new.booked_by) == (26, FRIDAY, time(9), "link", "patient")
    assert new.service_id == old.service_id
    assert answer.headers["Location"].endswith("?done=booked")
    assert emily.code not in answer.headers["Location"]
    page = emily.client.get(answer.headers["Location"]).content.decode()
    assert "It is booked." in page
    assert "Friday 27 November" in page


def test_a_time_just_taken_books_nothing_and_offers_three(emily: Visitor) -> None:
    taken = Booking(
        patient_id=emily.house.people["jonas"], day=FRIDAY, wall_time=time(9),
        service_id=emily.house.services["eye-test"], practitioner_id=emily.house.chairs["amal"],
    )  # fmt: skip
    book_appointment(practice_id=emily.house.id, request=taken, by=SYSTEM, now=emily.house.now)
    answer = emily.press("again/", slot=slot(emily.house, "2026-11-27T09:00"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone took 9am a moment ago." in page
    assert page.count('type="radio"') == 3
    assert len(visits_of(emily)) == 1


def test_an_empty_press_asks_again(emily: Visitor) -> None:
    answer = emily.press("again/")
    assert answer.status_code == 422
    assert "Choose one of the times" in answer.content.decode()


def test_a_cancelled_visit_offers_no_other(emily: Visitor) -> None:
    cancel_appointment(
        practice_id=emily.house.id, appointment_id=emily.appointment_id, reason=Reason.NONE_GIVEN, by=SYSTEM,
        now=emily.house.now,
    )  # fmt: skip
    assert emily.get("again/").status_code == 303


def test_every_source_is_a_known_word() -> None:
    assert {"desk", "link", "online", "import", "walk_in", "squeeze_in", "series"} == set(Source)
