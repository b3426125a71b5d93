"""Before your visit: a page for each question, saved as it goes, left and taken up, back and forward."""

import re

import pytest
from django.test import Client

from glede.people.operations import erase_patient
from glede.people.queries import patient_card
from glede.portal.tests.guests import Visitor, visitor
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db
ASK = re.compile(r'name="ask" value="(\w+)"')
TITLES = {
    "emily": ("Is there anything you worry about?", "Thank you, Emily."),
    "lea": ("Er det noe du er urolig for?", "Takk, Lea."),
}


@pytest.fixture
def house() -> House:
    return open_solberg("emily", "lea", now=MORNING, is_virtual=True)


def page(guest: Visitor, address: str) -> str:
    return str(guest.client.get(address).content.decode())


def begin(guest: Visitor) -> str:
    """Follow the link that begins, as a browser without scripts does, and return its address."""
    return str(
        re.findall(r'class="btn go" href="([^"]+)"', page(guest, guest.path("before/")))[0].replace("&amp;", "&")
    )


def press(guest: Visitor, address: str, **fields: object) -> str:
    """Press the button of the question at an address; return where it leads."""
    shown = page(guest, address)
    mark = re.findall(r'name="nonce" value="([^"]+)"', shown)[0]
    body = {"nonce": mark, "ask": ASK.findall(shown)[0], **fields}
    return str(guest.client.post(guest.path("before/question/"), body).headers["Location"])


@pytest.mark.parametrize("name", TITLES)
def test_at_most_six_one_a_page_and_thanks_at_the_end_in_their_language(house: House, name: str) -> None:
    guest, (first, thanks) = visitor(house, name), TITLES[name]
    assert 'lang="nb"' in page(guest, guest.path("before/")) or name == "emily"
    at, met = begin(guest), []
    while "question" in at:
        met.append(ASK.findall(page(guest, at))[0])
        at = press(guest, at, words=f"svar {len(met)}")
    assert met == ["concern", "want", "days", "format", "do_not", "budget"]
    assert first not in page(guest, at)
    assert thanks in page(guest, at)
    card = patient_card(house.id, house.people[name])
    assert card is not None
    assert [line.words for line in card.words["want"]] == ["svar 2"]
    assert card.words["want"][0].by == "patient"


def test_what_was_left_is_taken_up_where_it_was(house: House) -> None:
    guest = visitor(house, "emily")
    press(guest, begin(guest), words="The drops")
    other = Visitor(house, guest.appointment_id, Client())  # another phone, another day
    assert begin(other).endswith("ask=want")
    assert "The drops" in page(other, guest.path("before/question/?ask=concern")), "going back finds the answer"


def test_back_and_forward_change_an_answer_and_nothing_stands_twice(house: House) -> None:
    guest = visitor(house, "emily")
    first = begin(guest)
    second = press(guest, first, words="The drops")
    press(guest, second, words="To read")
    assert press(guest, first, words="The puff of air") == second
    assert press(guest, first, words="The puff of air") == second
    card = patient_card(house.id, house.people["emily"])
    assert card is not None
    assert [line.words for line in card.words["need"]] == ["The puff of air"]
    assert [line.words for line in card.words["want"]] == ["To read"]


def test_not_to_know_is_an_answer_and_an_empty_page_is_not(house: House) -> None:
    guest = visitor(house, "emily")
    at = begin(guest)
    shown = page(guest, at)
    mark = re.findall(r'name="nonce" value="([^"]+)"', shown)[0]
    refused = guest.client.post(guest.path("before/question/"), {"nonce": mark, "ask": "concern", "words": "  "})
    assert refused.status_code == 422
    assert 'class="error' in refused.content.decode()
    assert press(guest, at, skip="1").endswith("ask=want")
    card = patient_card(house.id, house.people["emily"])
    assert card is not None
    assert "need" not in card.words


def test_looking_asks_nothing_and_an_old_mark_keeps_what_was_written(house: House) -> None:
    guest = visitor(house, "emily")
    begin(guest)
    page(guest, guest.path("before/question/?ask=budget"))
    assert begin(guest).endswith("ask=concern"), "a link scanner answers nothing"
    stale = guest.client.post(guest.path("before/question/"), {"nonce": "old", "ask": "want", "words": "To read"})
    assert "To read" in stale.content.decode()
    assert begin(guest).endswith("ask=concern")
    assert guest.client.get(guest.path("before/question/?ask=nothing")).headers["Location"].endswith("before/")


def test_nothing_of_it_outlives_an_erasure(house: House) -> None:
    guest = visitor(house, "emily")
    press(guest, begin(guest), words="CANARY-drops")
    erase_patient(
        practice_id=house.id, patient_id=house.people["emily"], reason="asked", by=house.by("sofie"), now=house.now
    )
    assert guest.client.get(guest.path("before/")).status_code == 404
    card = patient_card(house.id, house.people["emily"])
    assert card is None or "CANARY" not in repr(card)
