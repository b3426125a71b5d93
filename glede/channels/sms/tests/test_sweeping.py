"""What call-backs did not bring is taken from the provider's list: reports, prices, answers, and what was in doubt."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glede.channels import tasks
from glede.channels.models import TextAccount
from glede.channels.sms.sweeping import Unlisted, sweep_texts
from glede.channels.sms.tests.contract import Contract
from glede.channels.sms.tests.provider import NUMBER, Provider, takes_and
from glede.channels.sms.tests.scenes import call_back, messages, remind, texting, with_account
from glede.inbox.queries import conversation_of
from glede.outbox import transports
from glede.outbox.operations import reconcile
from glede.outbox.queries import channels_in_doubt, text_costs
from glede.outbox.tests.scenes import NOON
from glede.practices import scope
from tests.cast import House

SOON = NOON + timedelta(minutes=5)


@pytest.fixture
def key(house: House) -> str:
    """The key of a live house's address."""
    return texting(house)


def came_in(provider: Provider, words: str, **more: str) -> None:
    """Let somebody have written to the number while nobody told us."""
    form = {"From": "+4740000103", "To": NUMBER, "Body": words, **more}
    provider.make(form, direction="inbound", status="received")


def test_what_became_of_texts_and_what_they_cost_is_read_from_the_list(
    house: House, key: str, provider: Provider
) -> None:
    remind(house, "tor", "emily")
    for made, price in zip(provider.made, ("-0.00750", None), strict=True):
        made.update(status="delivered", price=price, price_unit="USD")
    assert sweep_texts(house.id, now=SOON)["told"] == 2
    assert {m.state for m in messages(house)} == {"delivered"}
    assert sorted(m.price or 0 for m in messages(house)) == [0, Decimal("0.00750")]
    costs = text_costs(house.id, since=NOON - timedelta(days=1))
    assert (costs.texts, costs.parts, costs.prices) == (2, 2, (("USD", Decimal("0.00750")),))
    assert sweep_texts(house.id, now=SOON)["told"] == 0


def test_a_long_list_of_what_is_known_costs_no_more_than_a_short_one(
    house: House, key: str, provider: Provider
) -> None:
    asked = []
    for name in ("tor", "emily"):
        remind(house, name)
        sweep_texts(house.id, now=SOON)
        with CaptureQueriesContext(connection) as queries:
            assert sweep_texts(house.id, now=SOON)["told"] == 0
        asked.append(len(queries))
    assert len(provider.made) == 2
    assert asked[0] == asked[1]


def test_answers_nobody_told_of_are_taken_once(house: House, key: str, provider: Provider) -> None:
    came_in(provider, "Kan vi flytte?")
    came_in(provider, "STOPP")
    assert [sweep_texts(house.id, now=SOON)["arrived"] for _ in range(2)] == [2, 0]
    said = conversation_of(house.id, house.people["tor"]).pieces
    assert {p.words for p in said} == {"Kan vi flytte?", "STOPP"}


def test_what_was_in_doubt_and_was_taken_is_found_and_not_sent_again(
    house: House, key: str, provider: Provider
) -> None:
    provider.faults = [takes_and(lambda handler, made: handler.hang_up()), lambda handler, form: handler.hang_up()]
    assert remind(house, "tor", "emily").unknown == 2
    assert channels_in_doubt(house.id) == ["sms"]
    transports.look_up(house.id, ["sms"], NOON + timedelta(seconds=30))
    reconcile(practice_id=house.id, now=NOON + timedelta(minutes=5))
    taken = next(m for m in messages(house) if m.touch.patient_id == house.people["tor"])
    lost = next(m for m in messages(house) if m.touch.patient_id == house.people["emily"])
    assert {(taken.state, taken.provider_id), (lost.state, lost.provider_id)} == {
        ("accepted", provider.made[0]["sid"]),
        ("handed", ""),
    }
    assert len(provider.made) == 1


def test_the_list_and_a_call_back_agree_in_any_order(house: House, key: str, provider: Provider) -> None:
    remind(house, "tor")
    call_back(key, messages(house)[0], "delivered")
    provider.made[0]["status"] = "sent"
    sweep_texts(house.id, now=SOON)
    assert [m.state for m in messages(house)] == ["delivered"]


def test_another_practices_texts_on_the_same_account_are_left_alone(house: House, key: str, provider: Provider) -> None:
    came_in(provider, "Hei", To="+4759449999")
    assert sweep_texts(house.id, now=SOON)["arrived"] == 0


def test_the_list_is_asked_as_the_published_contract_says(house: House, key: str, provider: Provider) -> None:
    contract = Contract()
    remind(house, "tor")
    sweep_texts(house.id, now=SOON)
    listed = {"messages": provider.made, "next_page_uri": None, "page": 0, "page_size": 50}
    for query in provider.queries:
        contract.check_list(query, listed)


def test_no_list_is_no_reason_to_fall(house: House, key: str, provider: Provider) -> None:
    provider.shutdown()
    provider.server_close()
    with pytest.raises(Unlisted):
        sweep_texts(house.id, now=SOON)
    transports.look_up(house.id, ["sms"], SOON)


def test_in_rehearsal_no_socket_is_opened(house: House, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    with_account(house)
    remind(house, "tor")
    tasks.sweep(timestamp=0)
    assert provider.connections == 0
    assert [m.state for m in messages(house)] == ["rehearsed"]
    with scope.transaction(house.id):
        assert TextAccount.objects.get().swept_at is None
