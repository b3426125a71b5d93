"""Everybody reads what came of each step, in words that few cases cannot mislead."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from glede.desk.journeys import measures
from glede.desk.journeys.measures import share_words
from glede.desk.journeys.tests.test_journeys import words
from glede.journeys.measured import HELD, SENT, SKIPPED, Measured, Share, acts_of
from glede.journeys.tests.stories import NEXT_THURSDAY, book, tick
from tests.cast import House, open_solberg
from tests.seats import at_desk

EVERY = reverse("desk:journey_measures")


@pytest.fixture
def house(db: None) -> House:
    house = open_solberg("emily", is_virtual=True)
    book(house, "emily")
    tick(house, NEXT_THURSDAY, "11:00")
    return house


def test_in_rehearsal_nothing_was_sent_and_the_page_says_so(house: House, django_assert_max_num_queries: Any) -> None:
    ingrid = at_desk(house, "ingrid", raise_request_exception=False)
    page = words(ingrid.get(EVERY))
    assert "1 rehearsed, never sent" in page
    with django_assert_max_num_queries(24):
        ingrid.get(f"{EVERY}6/?days=365")
    assert "Nothing was sent." in words(ingrid.get(f"{EVERY}6/?days=90"))
    assert "0 sent in the last 30 days" in words(ingrid.get(reverse("desk:journeys") + "?count=1"))
    assert ingrid.get(f"{EVERY}18/").status_code == ingrid.get(f"{EVERY}99/").status_code == 404
    assert words(ingrid.get(EVERY + "?days=9999")) == page


def test_every_reason_stands_beside_its_number(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Measured("6", acts_of(("visit",)), delivered=38, acted=29, texts=20, parts=22, priced=15)
    row.fates |= {SENT: 41, HELD: 2, SKIPPED: 3}
    row.why |= {SENT: {"hours": 4}, HELD: {"staff": 2}, SKIPPED: {"cancelled": 3}}
    row.prices["NOK"] = Decimal("14.500")
    monkeypatch.setattr(measures, "row_measures", lambda *_, **__: {"6": row})
    page = words(at_desk(house, "sofie").get(f"{EVERY}6/"))
    for told in (
        "Sent 4 waited first: outside the hours for messages 41", "Held 2: held by a colleague 2",
        "Not sent 3: the visit was cancelled 3", "Fell due in all 46",
        "29 of 41, 71% (likely between 55 and 83)", "Parts to pay for: 22.", "for 15 of them: 14.5 NOK",
    ):  # fmt: skip
        assert told in page, page


def test_a_greeting_asks_for_nothing_so_nobody_acted_on_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Measured("27", acts_of(("birthday",)))
    row.fates[SENT] = 12
    monkeypatch.setattr(measures, "row_measures", lambda *_, **__: {"27": row})
    ingrid = at_desk(house, "ingrid")
    page = words(ingrid.get(f"{EVERY}27/"))
    assert "It asks for nothing, so there is nothing to act on." in page
    assert "Acted on" not in page + words(ingrid.get(EVERY))
    assert "Said stop 0 of 12, 0% (likely between 0 and 25)" in page


def test_too_few_say_no_percentage_in_either_language() -> None:
    assert share_words(Share(9, 9)) == "9 of 9, too few to say more"
    assert share_words(Share(9, 10)) == "9 of 10, 90% (likely between 59 and 99)"
    with translation.override("nb"):
        assert share_words(Share(9, 9)) == "9 av 9, for få til å si mer"
        assert share_words(Share(9, 10)) == "9 av 10, 90 % (trolig mellom 59 og 99)"
