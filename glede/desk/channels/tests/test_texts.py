"""The page of the account for texts: the sentence, the try, what is refused, and that a token is never shown."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from glede.channels.http.accounts import shipped
from glede.channels.operations import PartPrice, close_texts
from glede.channels.sms.accounts import account_card
from glede.channels.sms.tests.provider import ACCOUNT, NUMBER, TOKEN, Provider, providing, refuses
from glede.desk.channels.costs import size_words
from glede.inbox.operations import Arrival, take_arrival
from glede.inbox.queries import conversation_of
from glede.kernel import clock
from glede.kernel.actor import PROVIDER, SYSTEM
from glede.ledger.models import Access
from glede.people.queries import patients_at
from glede.practices import scope
from glede.promises.queries import open_promises
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
FORM = {"sender": "59 44 00 00", "account_sid": ACCOUNT, "token": TOKEN}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider on loopback."""
    cache.clear()
    with providing() as server:
        settings.GLEDE_SMS_URL = server.address
        yield server


@pytest.fixture
def house(provider: Provider) -> House:
    return open_solberg("tor", "berit", "arne")


def read(client: Client, path: str) -> str:
    """The words of a page."""
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def press(client: Client, name: str, form: dict[str, str] | None = None) -> str:
    """The words of the page that follows a press."""
    response = client.post(reverse(f"desk:{name}"), form or {}, follow=True)
    return " ".join(unescape(response.content.decode()).split())


def test_the_account_is_a_sentence_and_its_token_is_never_shown(house: House) -> None:
    nina = at_desk(house, "nina")
    assert "Texts are not set up" in read(nina, "/settings/")
    shown = press(nina, "texts", FORM)
    assert "Texts go from 59 44 00 00." in shown
    card = account_card(house.id)
    assert card is not None
    assert card.answers_to in shown
    assert TOKEN not in shown + read(nina, "/settings/texts/") + repr(card)
    assert (card.account_sid, card.sender) == (ACCOUNT, NUMBER)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sender", "Solberg Optikk AS", "up to 11 letters and digits"),
        ("account_sid", "AC12", "It begins with AC"),
        ("token", "", "Write the token"),
    ],
)
def test_what_cannot_be_an_account_says_what_to_write(house: House, field: str, value: str, words: str) -> None:
    assert words in press(at_desk(house, "nina"), "texts", {**FORM, field: value})
    assert account_card(house.id) is None


def test_a_changed_sender_keeps_token_and_address(house: House) -> None:
    nina = at_desk(house, "nina")
    press(nina, "texts", FORM)
    before = account_card(house.id)
    press(nina, "texts", {**FORM, "sender": "MG" + "a" * 32, "token": ""})
    after = account_card(house.id)
    assert before is not None
    assert after is not None
    assert (after.service_sid, after.answers_to) == ("MG" + "a" * 32, before.answers_to)


def code_in(provider: Provider) -> str:
    found = re.search(r"\d{6}", provider.made[-1]["body"])
    assert found
    return found[0]


def test_a_try_leaves_in_rehearsal_to_a_number_that_a_code_proved(house: House, provider: Provider) -> None:
    nina = at_desk(house, "nina")
    press(nina, "texts", FORM)
    assert provider.connections == 0
    assert "A code is on its way to you" in press(nina, "try_text", {"address": "400 00 777"})
    assert "That is not the code" in press(nina, "try_text", {"typed": "000"})
    assert "It is yours." in press(nina, "try_text", {"typed": code_in(provider)})
    assert "Sent. It should be there" in press(nina, "try_text")
    assert [(m["to"], m["from"]) for m in provider.made] == [("+4740000777", NUMBER)] * 2
    provider.faults = [refuses(401, 20003)]
    assert "The provider did not take it (401 20003)" in press(nina, "try_text")
    assert "Write a phone number" in press(nina, "try_text", {"address": "x"})
    shown = [press(nina, "try_text") for _ in range(3)]
    assert "Enough tries for this hour." in shown[-1]


def test_nothing_is_tried_at_a_number_that_nobody_proved(house: House, provider: Provider) -> None:
    nina, sofie = at_desk(house, "nina"), at_desk(house, "sofie")
    press(nina, "texts", FORM)
    assert "First prove that an address is yours." in press(nina, "try_text", {"number": "400 00 777"})
    assert "First prove that an address is yours." in press(nina, "try_text")
    assert provider.made == []
    press(nina, "try_text", {"address": "400 00 777"})
    press(nina, "try_text", {"typed": code_in(provider)})
    assert "First prove that an address is yours." in press(sofie, "try_text")
    assert len(provider.made) == 1


def test_a_practice_on_a_clock_moved_by_hand_tries_nothing(provider: Provider) -> None:
    house = open_solberg("tor", is_virtual=True)
    nina = at_desk(house, "nina")
    press(nina, "texts", FORM)
    assert "nothing leaves it" in press(nina, "try_text", {"address": "400 00 777"})
    assert provider.connections == 0


def test_blocked_texts_are_opened_again_and_ended(house: House) -> None:
    nina = at_desk(house, "nina")
    press(nina, "texts", FORM)
    close_texts(practice_id=house.id, reason="sender_blocked", by=SYSTEM, now=house.now)
    assert "are blocked by the phone companies" in read(nina, "/settings/texts/")
    assert "Texts go from 59 44 00 00." in press(nina, "open_texts")
    assert "Texts are not set up" in press(nina, "end_texts")


def arrives(house: House, number: str, words: str) -> str:
    """Let words come from a number, and return where their card stands."""
    arrival = Arrival(channel="sms", address=number, words=words, provider_id=f"SM{number}")
    taken = take_arrival(practice_id=house.id, arrival=arrival, by=PROVIDER, now=clock.now())
    return f"/?open={next(o.id for o in open_promises(house.id) if o.subject.id == taken.stray_id)}"


def test_a_strangers_words_stand_on_today_until_somebody_says_whose_they_are(house: House) -> None:
    ingrid = at_desk(house, "ingrid")
    where = arrives(house, "+4740000999", "Kan jeg få en time?")
    shown = read(ingrid, where)
    assert "nobody on file has this number" in shown
    assert "Kan jeg få en time?" in shown
    assert "Tor Lind" in read(ingrid, f"{where}&who=Tor")
    stray = next(o.subject.id for o in open_promises(house.id) if o.subject.kind == "stray")
    form = {"person": str(house.people["tor"]), "keep": "1"}
    response = ingrid.post(reverse("desk:place_stray", args=[stray]), form)
    assert response.headers["Location"] == reverse("desk:person", args=[house.people["tor"]])
    assert [p.words for p in conversation_of(house.id, house.people["tor"]).pieces] == ["Kan jeg få en time?"]
    assert patients_at(house.id, "phone", "+4740000999") == [house.people["tor"]]
    assert ingrid.post(reverse("desk:place_stray", args=[stray]), form).status_code == 404


def test_of_a_shared_number_those_who_have_it_are_offered_and_the_look_is_noted(house: House) -> None:
    ingrid = at_desk(house, "ingrid")
    shown = read(ingrid, arrives(house, "+4740000106", "Passer ikke"))
    assert "several people have this number" in shown
    assert "Berit Lund" in shown
    assert "Arne Lund" in shown
    with scope.transaction(house.id):
        looked = set(Access.objects.filter(page="today").values_list("patient_id", flat=True))
    assert {house.people["berit"], house.people["arne"]} <= looked


def test_what_was_not_for_us_is_closed(house: House) -> None:
    ingrid = at_desk(house, "ingrid")
    arrives(house, "+4740000999", "Pizza?")
    stray = next(o.subject.id for o in open_promises(house.id) if o.subject.kind == "stray")
    ingrid.post(reverse("desk:close_stray", args=[stray]), {"note": "feil nummer"})
    assert [o for o in open_promises(house.id) if o.kind == "answer"] == []


VONAGE = {
    "by": "vonage", "sender": "59 44 00 00", "secret_api_key": "the-key", "secret_api_secret": "the-api-secret",
    "price": "0,79 kr",
}  # fmt: skip


def test_another_provider_is_chosen_and_its_secrets_are_never_shown(house: House) -> None:
    nina = at_desk(house, "nina")
    offered = read(nina, "/settings/texts/?by=vonage")
    assert "Api secret" in offered
    assert "Hook" not in offered  # the secret in our own address is ours to make
    shown = press(nina, "texts", VONAGE)
    assert "Texts go from 59 44 00 00." in shown
    assert "0.79 NOK" in shown
    assert "/http/?secret=" in shown
    assert "the-api-secret" not in shown
    assert "Another provider is in use" in read(nina, "/settings/texts/?by=twilio")
    press(nina, "texts", {**VONAGE, "secret_api_key": "", "secret_api_secret": "", "sender": "Solberg", "price": ""})
    card = account_card(house.id)
    assert card is not None
    assert (card.provider, card.sender, card.part_price) == ("http", "Solberg", None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret_api_secret": ""}, "it stands with your account at the provider"),
        ({"sender": "Solberg Optikk AS"}, "up to 11 letters and digits"),
        ({"price": "cheap"}, "Write what one part costs"),
        ({"price": "0.1 zz"}, "Write what one part costs"),
        ({"by": "other", "description": "name: x", "typed": ""}, "It cannot be used: description"),
    ],
)
def test_what_cannot_be_a_described_account_says_what_to_write(
    house: House, changes: dict[str, str], words: str
) -> None:
    assert words in press(at_desk(house, "nina"), "texts", {**VONAGE, **changes})
    assert account_card(house.id) is None


def test_a_practice_describes_its_own_provider(house: House) -> None:
    nina = at_desk(house, "nina")
    text = shipped()["vonage"].replace("name: Vonage", "name: Our own")
    form = {"by": "other", "sender": "Solberg", "description": text, "typed": "api_key: k\napi_secret: the-api-secret"}
    assert "Write api_secret, on a line of its own" in press(nina, "texts", {**form, "typed": "api_key: k"})
    shown = press(nina, "texts", form)
    assert "name: Our own" in shown
    assert "the-api-secret" not in shown


def test_a_preview_says_what_a_text_costs_and_what_makes_it_dear() -> None:
    price = PartPrice(Decimal("0.79"), "NOK")
    assert size_words("Hei Åse", price) == "1 text, 0.79 NOK"
    assert size_words("a" * 161, price) == "2 texts, 1.58 NOK together"
    assert size_words("a" * 161, None) == "2 texts, and the price of each"
    assert size_words("Hei Čáhppes 👍", None) == "1 text. Only 70 letters a part because of: Č á 👍"
