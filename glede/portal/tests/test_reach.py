"""By the link: a number that is not theirs, the words a refusal was pressed in, and the campaign that brought them."""

import pytest

from glede.kernel.ref import Ref
from glede.people.queries import consent_history, patient_card, reach, search
from glede.portal.tests.guests import visitor
from glede.portal.tests.test_booking import WHO, Caller, open_page, pressed
from glede.promises.queries import open_about
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db


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
