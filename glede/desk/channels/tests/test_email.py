"""The page of e-mail: choosing a provider, its records in DNS, its calls, a try, and what is never shown."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from glede.channels.mailapi import dns
from glede.channels.mailapi.accounts import mail_card
from glede.channels.mailapi.domain import Unasked
from glede.channels.mailapi.tests import provider as post
from glede.channels.mailapi.tests.scenes import standing
from glede.desk.golive.leaving import obstacles
from glede.practices.queries import practice_by_id
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
TOKEN = "the-token-of-the-server"
POSTMARK = {
    "by": "postmark", "sender": "post@solberg.example", "secret_token": TOKEN,
    "dkim_selector": "20261123pm._domainkey.solberg.example", "dkim_record": "k=rsa; p=MIGf",
}  # fmt: skip
MAILGUN = {
    "by": "mailgun", "region": "eu", "sender": "post@mg.solberg.example", "secret_key": "the-api-key",
    "secret_hook": "the-signing-key",
}  # fmt: skip


@pytest.fixture
def house() -> House:
    cache.clear()
    return open_solberg("tor")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[post.Post]:
    """Postmark on loopback."""
    with standing("postmark", monkeypatch) as server:
        yield server


def press(client: Client, name: str, form: dict[str, str] | None = None) -> str:
    """The words of the page that follows a press."""
    response = client.post(reverse(f"desk:{name}"), form or {}, follow=True)
    return " ".join(unescape(response.content.decode()).split())


def read(client: Client, query: str = "") -> str:
    return " ".join(unescape(client.get(f"/settings/email/{query}").content.decode()).split())


def test_mail_goes_by_the_house_until_an_account_is_written(house: House, settings: Any) -> None:
    nina = at_desk(house, "nina")
    assert "E-mail is not set up" in read(nina)
    settings.GLEDE_SMTP_URL = "smtp://me:secret@mail.example:587/"
    assert "Mail goes by the mail server of the house, mail.example." in read(nina)
    assert "secret" not in read(nina)


def test_an_account_is_kept_and_its_token_is_never_shown(house: House) -> None:
    nina = at_desk(house, "nina")
    shown = press(nina, "email", POSTMARK)
    assert "Mail goes by Postmark, from post@solberg.example." in shown
    for words in ("20261123pm._domainkey.solberg.example", "pm-bounces.solberg.example", "pm.mtasv.net", "p=MIGf"):
        assert words in shown
    assert TOKEN not in shown + read(nina)
    press(nina, "email", {**POSTMARK, "secret_token": "", "sender": "hei@solberg.example"})
    card = mail_card(house.id)
    assert card is not None
    assert (card.sender, card.dkim_selector) == ("hei@solberg.example", "20261123pm")
    assert "E-mail is not set up" in press(nina, "end_email")


def test_an_account_is_a_way_out_for_going_live(house: House) -> None:
    way_out = "Mail has no way out"
    assert way_out in " ".join(obstacles(practice_by_id(house.id)))
    press(at_desk(house, "nina"), "email", POSTMARK)
    assert way_out not in " ".join(obstacles(practice_by_id(house.id)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sender": "nobody"}, "Write one e-mail address"),
        ({"secret_token": ""}, "it stands with your account at the provider"),
        ({"dkim_selector": "a b"}, "Write what stands before ._domainkey"),
        ({"dkim_record": "k=rsa"}, "Copy the whole value"),
        ({**MAILGUN, "secret_hook": ""}, "it stands with your account at the provider"),
        ({**MAILGUN, "region": "asia"}, "There is a problem"),
        ({"by": "house"}, "E-mail is not set up"),
    ],
)
def test_what_cannot_be_an_account_says_what_to_write(house: House, changes: dict[str, str], words: str) -> None:
    assert words in press(at_desk(house, "nina"), "email", {**POSTMARK, **changes})
    assert mail_card(house.id) is None


def test_another_provider_ends_the_one_before(house: House) -> None:
    nina = at_desk(house, "nina")
    press(nina, "email", POSTMARK)
    assert "Another provider is in use" in read(nina, "?by=mailgun")
    shown = press(nina, "email", MAILGUN)
    assert "Mail goes by Mailgun, from post@mg.solberg.example." in shown
    assert "the-signing-key" not in shown


def test_dns_is_asked_when_somebody_presses_and_a_silence_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    nina = at_desk(house, "nina")
    press(nina, "email", POSTMARK)
    assert "Nobody has looked yet" in read(nina)

    def resolve(kind: str, name: str) -> Sequence[str]:
        return ["v=DMARC1; p=reject"] if name == "_dmarc.solberg.example" else []

    monkeypatch.setattr(dns, "resolver", lambda: resolve)
    shown = press(nina, "email_domain")
    assert "Last looked at" in shown
    assert shown.count("Is not there") == 2
    assert shown.count("As it must be") == 1
    assert "Not needed beside the return path" in shown

    def silent() -> Any:
        raise Unasked("LifetimeTimeout")

    monkeypatch.setattr(dns, "resolver", silent)
    assert "DNS cannot be asked from this machine now (LifetimeTimeout)." in press(nina, "email_domain")
    assert "As it must be" in read(nina)


def test_a_try_goes_to_the_address_that_a_code_proved(house: House, provider: post.Post) -> None:
    nina = at_desk(house, "nina")
    press(nina, "email", POSTMARK)
    assert "First prove that an address is yours." in press(nina, "try_email")
    assert "Write one e-mail address" in press(nina, "try_email", {"address": "nina"})
    assert "A code is on its way to you" in press(nina, "try_email", {"address": "nina@home.example"})
    code = re.search(r"\d{6}", provider.taken[-1]["TextBody"])
    assert code
    assert "It is yours." in press(nina, "try_email", {"typed": code[0]})
    assert "Sent. It should be there" in press(nina, "try_email", {"number": "other@home.example"})
    assert {mail["To"] for mail in provider.taken} == {"nina@home.example"}
