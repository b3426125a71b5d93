"""A practice with a described provider: its account, what leaves, what is called back, and a try."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from glede.channels.http.accounts import config_for, shipped
from glede.channels.http.tests.provider import Gateway, gateway, part, says
from glede.channels.operations import (
    BadDescription,
    NewDescribedAccount,
    PartPrice,
    Unusable,
    ask_own_address,
    set_described_account,
)
from glede.channels.sms.accounts import account_card, provider_of
from glede.channels.sms.tests.scenes import account_of, messages, remind, with_account
from glede.channels.sms.tests.test_reports import state
from glede.channels.texting import TextsByAccount
from glede.inbox.queries import conversation_of
from glede.kernel import failpoints
from glede.kernel.actor import SYSTEM
from glede.outbox import transports
from glede.outbox.rules import Resolution
from glede.outbox.tests.scenes import NOON, Scripted, make_live
from glede.outbox.transports import Accepted
from glede.practices import scope
from tests.cast import House

SECRETS = {"api_key": "key", "api_secret": "a-secret-nobody-sees"}


@pytest.fixture
def server(settings: Any) -> Iterator[Gateway]:
    """A provider on loopback."""
    settings.GLEDE_TEXTS_TO_LOOPBACK = True
    with gateway() as running:
        yield running


@pytest.fixture
def described(house: House, server: Gateway, monkeypatch: pytest.MonkeyPatch) -> House:
    """A live house whose texts go by a described provider."""
    monkeypatch.setattr(transports, "_transports", {"email": Scripted(), "sms": TextsByAccount()})
    make_live(house)
    set_account(house, server)
    return house


def set_account(house: House, server: Gateway, **changes: Any) -> None:
    """Give a house its described account."""
    text = shipped()["vonage"].replace("https://rest.nexmo.com/sms/json", server.url)
    given = {"description": text, "secrets": SECRETS, "sender": "59 44 00 00", **changes}
    set_described_account(practice_id=house.id, account=NewDescribedAccount(**given), by=SYSTEM, now=house.now)


def call_back(house: House, server: Gateway, **told: str) -> int:
    """Call where the provider was told to, and return the answer's status."""
    where = server.asked[-1]["callback"].removeprefix("https://solberg.example")
    return call(where, told)


def call(where: str, told: dict[str, str], **more: Any) -> int:
    """Call our address in JSON, at noon."""
    with time_machine.travel(NOON):
        return Client().post(where, json.dumps(told), content_type="application/json", **more).status_code


def test_a_text_leaves_by_the_described_provider_and_arrives(described: House, server: Gateway) -> None:
    assert remind(described, "tor").accepted == 1
    message = messages(described, "tor")[0]
    assert (message.state, message.provider_id, message.parts) == ("accepted", "M1-0", 1)
    asked = server.asked[0]
    assert (asked["to"], asked["from"], asked["client-ref"]) == ("4740000103", "4759440000", str(message.id))
    told = {"messageId": "M1-0", "client-ref": str(message.id)}
    for status in ("delivered", "buffered", "accepted", "delivered"):
        assert call_back(described, server, status=status, price="0.0333", **told) == 200
    assert state(described) == [("sms", "delivered", "")]
    assert messages(described, "tor")[0].price == Decimal("0.0333")


def test_a_report_is_believed_only_with_the_secret(described: House, server: Gateway) -> None:
    remind(described, "tor")
    message = messages(described, "tor")[0]
    told = {"messageId": "M1-0", "status": "delivered", "client-ref": str(message.id)}
    where = server.asked[-1]["callback"].removeprefix("https://solberg.example")
    bare = where.partition("?")[0]
    assert [call(bare, told), call(f"{bare}?secret=x", told)] == [403, 403]
    assert state(described) == [("sms", "accepted", "")]
    assert account_of(described).forged == 2
    assert call(where.replace(f"status/{message.id}/", "status/"), told) == 200  # our id stands in the report too
    assert state(described) == [("sms", "delivered", "")]
    assert Client().get(where).status_code == 405
    assert call("/hooks/sms/nobodys-key/http/status/?secret=x", told) == 404


def test_control_without_the_guard_a_forged_report_is_believed(described: House, server: Gateway) -> None:
    remind(described, "tor")
    bare = server.asked[-1]["callback"].removeprefix("https://solberg.example").partition("?")[0]
    failpoints.remove_guards("signature")
    try:
        assert call(bare, {"messageId": "M1-0", "status": "delivered"}) == 200
    finally:
        failpoints.remove_guards()
    assert state(described) == [("sms", "delivered", "")]


def test_what_people_answer_comes_in_and_a_stop_stops(described: House, server: Gateway) -> None:
    with scope.transaction(described.id):
        where = config_for(described.id).answer_url.removeprefix("https://solberg.example")
    told = {"msisdn": "4740000103", "to": "4759440000", "messageId": "I1", "text": "Kan jeg flytte?"}
    assert [call(where, told), call(where, told)] == [200, 200]
    assert call(where, {**told, "messageId": "I2", "text": "STOP"}) == 200
    pieces = conversation_of(described.id, described.people["tor"]).pieces
    assert sorted(p.words for p in pieces if p.words in {"Kan jeg flytte?", "STOP"}) == ["Kan jeg flytte?", "STOP"]
    assert remind(described, "tor").accepted == 0
    assert call(where, {"text": "hei"}) == 200


def test_a_throttled_batch_waits_and_a_refused_person_is_reached_otherwise(described: House, server: Gateway) -> None:
    server.faults = [says(part("1"))]
    assert remind(described, "tor").accepted == 0
    assert state(described) == [("sms", "ready", "")]
    assert server.taken == []


def test_its_class_follows_whether_it_can_reach_us(described: House, settings: Any) -> None:
    found = TextsByAccount().capabilities(described.id)
    assert (found.resolution, found.tells_arrival, found.hears_answers) == (Resolution.CALL_BACK, True, True)
    with scope.transaction(described.id):
        described_practice(described, public_url="")
    found = TextsByAccount().capabilities(described.id)
    assert (found.resolution, found.tells_arrival, found.hears_answers) == (Resolution.NOTHING, False, False)


def described_practice(house: House, **columns: Any) -> None:
    """Change the practice's row."""
    from glede.practices.models import Practice

    Practice.objects.filter(pk=house.id).update(**columns)


def test_secrets_are_sealed_kept_and_never_follow_another_address(described: House, server: Gateway) -> None:
    row = account_of(described)
    assert b"nobody-sees" not in bytes(row.sealed_token)
    assert "nobody-sees" not in json.dumps(row.description)
    hook = config_for(described.id).secrets["hook"]
    assert len(hook) >= 24
    set_account(described, server, secrets={}, price=PartPrice(Decimal("0.79"), "NOK"))
    assert config_for(described.id).secrets == {**SECRETS, "hook": hook}
    assert (account_of(described).part_price, account_of(described).part_currency) == (Decimal("0.79"), "NOK")
    elsewhere = shipped()["vonage"].replace("rest.nexmo.com", "sms.example.org")
    with pytest.raises(Unusable) as refused:
        set_account(described, server, secrets={}, description=elsewhere)
    assert refused.value.field == "secret_api_key"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sender": "Solberg Optikk AS"}, "sender"), ({"secrets": {"api_key": "k"}}, "secret_api_secret"),
        ({"secrets": {**SECRETS, "api_key": "a\nb"}}, "secret_api_key"), ({"description": "name: x"}, "description"),
        ({"price": PartPrice(Decimal(-1), "NOK")}, "price"), ({"price": PartPrice(Decimal(1), "kr")}, "currency"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_account_says_what_to_put_right(
    house: House, server: Gateway, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unusable) as refused:
        set_account(house, server, **changes)
    assert refused.value.field == field
    assert provider_of(house.id) == ""
    if field == "description":
        assert isinstance(refused.value, BadDescription)
        assert "is missing" in refused.value.trouble


def test_a_code_goes_by_whichever_account_there_is(described: House, server: Gateway) -> None:
    mine: dict[str, Any] = {"membership_id": described.colleagues["nina"], "channel": "sms"}
    found = ask_own_address(practice_id=described.id, address="400 00 777", by=SYSTEM, now=described.now, **mine)
    assert isinstance(found, Accepted)
    assert server.taken[0]["to"] == "4740000777"
    with_account(described)
    assert provider_of(described.id) == "twilio"
    card = account_card(described.id)
    assert card is not None
    assert card.provider == "twilio"
