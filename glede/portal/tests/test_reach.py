"""By the link: a number that is not theirs, the words a refusal was pressed in, and the campaign that brought them."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.people.operations import set_preference
from glede.people.queries import consent_history, patient_card, preference_of, reach, search
from glede.people.values import Wishes
from glede.portal.tests.guests import visitor
from glede.portal.tests.test_booking import WHO, Caller, open_page, pressed
from glede.promises.queries import open_about
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_throttle() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def house() -> House:
    return open_solberg("emily", now=MORNING, is_virtual=True)


def test_a_number_that_is_not_theirs_is_used_no_more_and_pressed_once(house: House) -> None:
    emily, guest = house.people["emily"], visitor(house, "emily")
    phone = next(c for c in reach(house.id, [emily])[emily].contacts if c.kind == "phone")
    answer = guest.press("preferences/", "preferences/wrong-number/", times=3, contact=str(phone.id))
    assert answer.headers["Location"].endswith("?done=wrong")
    assert [c.kind for c in reach(house.id, [emily])[emily].contacts] == ["email"]
    assert [owed.detail["reason"] for owed in open_about(house.id, Ref("patient", emily))] == ["wrong_number"]


def test_a_refusal_keeps_the_words_it_was_pressed_in(house: House) -> None:
    guest = visitor(house, "emily")
    guest.press("preferences/", "preferences/news/")
    row = consent_history(house.id, house.people["emily"])[0]
    said = (row.wording_text, row.wording_version, row.language, row.collected_via, row.actor_role)
    assert said == ("Stop news and offers", "preferences/1", "en", "form", "patient")


def test_campaign_words_of_a_link_stand_with_the_person(house: House) -> None:
    open_page(house, "eye-test")
    caller = Caller(house)
    first = caller.page("?utm_source=facebook&utm_medium=paid&utm_campaign=autumn%0A")
    assert "eye-test/?came=facebook%2C+paid%2C+autumn" in first
    held = caller.takes(came="facebook, paid, autumn").headers["Location"]
    assert held.endswith("?came=facebook%2C+paid%2C+autumn")
    page = caller.client.post(held, WHO).content.decode()
    caller.client.post(f"{held.partition('?')[0]}booking/", pressed(page))
    (found,) = search(house.id, "Jonas Vik", limit=2)
    card = patient_card(house.id, found.patient_id)
    assert card is not None
    assert (card.source, card.campaign) == ("online", "facebook, paid, autumn")


@pytest.mark.parametrize(
    ("until", "wrong"),
    [
        ("", "Choose the day"),
        ("2026-11-31", "Choose a day, like 24 December 2026"),
        ("2020-01-01", "Choose a day after today"),
        ("2099-01-01", "Choose a day within a year"),
    ],
)
def test_a_rest_ends_on_a_day_that_can_be(house: House, until: str, wrong: str) -> None:
    answer = visitor(house, "emily").press("preferences/", "preferences/quiet/", pause="until", until=until)
    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert preference_of(house.id, house.people["emily"]).pause_until is None


def test_a_day_without_the_rest_is_asked_about(house: House) -> None:
    day = house.now.date() + timedelta(days=40)
    answer = visitor(house, "emily").press("preferences/", "preferences/quiet/", pause="none", until=str(day))
    assert answer.status_code == 422
    assert "You wrote a day" in answer.content.decode()


def test_a_rest_is_shown_with_its_day_and_ended(house: House) -> None:
    guest, day = visitor(house, "emily"), house.now.date() + timedelta(days=40)
    guest.press("preferences/", "preferences/quiet/", pause="until", until=str(day))
    page = guest.get("preferences/").content.decode()
    assert f'value="{day}"' in page
    assert "You rest until" in page
    guest.press("preferences/", "preferences/quiet/", pause="none", until=str(day))
    assert "You rest until" not in guest.get("preferences/").content.decode()


def test_hours_a_colleague_wrote_down_are_kept_by_who_changes_something_else(house: House) -> None:
    emily, guest = house.people["emily"], visitor(house, "emily")
    hours = (time(10), time(14, 30))
    set_preference(practice_id=house.id, patient_id=emily, wishes=Wishes(hours=hours), by=SYSTEM, now=house.now)
    assert "From 10am to 2:30pm" in guest.get("preferences/").content.decode()
    usual: dict[str, Any] = {"first": "sms", "second": "", "style": "short", "language": "en"}
    guest.press("preferences/", **usual, hours="own")
    kept = preference_of(house.id, emily)
    assert (kept.hours_from, kept.hours_to) == hours
    guest.press("preferences/", **usual, hours="any")
    assert preference_of(house.id, emily).hours_from is None
    assert guest.press("preferences/", **usual, hours="own").status_code == 422


def test_one_kind_of_message_goes_another_way_and_back(house: House) -> None:
    emily, guest = house.people["emily"], visitor(house, "emily")
    usual: dict[str, Any] = {"first": "sms", "second": "", "hours": "any", "style": "friendly", "language": "en"}
    guest.press("preferences/", **usual, for_care="email")
    assert reach(house.id, [emily])[emily].channels_for == {"care": ("email", "sms")}
    assert '<option value="email" selected>' in guest.get("preferences/").content.decode()
    assert guest.press("preferences/", **usual, for_care="pigeon").status_code == 422
    guest.press("preferences/", **usual)
    assert reach(house.id, [emily])[emily].channels_for == {}
