"""Whom the provider writes to no more: as its lists show it, acted on once, and never against a colleague's word."""

from datetime import timedelta
from typing import Any

import pytest

from glede.channels.mailapi.tests import provider as post
from glede.channels.mailapi.tests.scenes import account_of, standing, with_account
from glede.channels.operations.suppressions import EVERY, read_suppressions
from glede.outbox.tests.scenes import NOON
from glede.people.models import ConsentEvent, ContactPoint
from glede.people.operations import add_contact
from glede.people.values import ContactForm
from glede.practices import scope
from glede.promises.queries import open_promises
from tests.cast import House

pytestmark = pytest.mark.django_db
METTE = "Mette.Dahl@example.org"
DUMP = "/v3/message-streams/outbound/suppressions/dump"


def dump(server: post.Post, *reasons: str, address: str = METTE) -> None:
    """Let Postmark show that it writes to an address no more, for these reasons."""
    server.lists[DUMP] = {
        "Suppressions": [
            {"EmailAddress": address, "SuppressionReason": why, "Origin": "Recipient", "CreatedAt": f"2026-11-2{n}"}
            for n, why in enumerate(reasons)
        ]
    }


def addresses(house: House) -> list[str]:
    """Mette's e-mail addresses in force."""
    with scope.transaction(house.id):
        rows = ContactPoint.objects.filter(patient_id=house.people["mette"], kind="email", ended_at=None)
        return [row.address for row in rows.order_by("id")]


def refusals(house: House) -> list[tuple[Any, str, str]]:
    with scope.transaction(house.id):
        rows = ConsentEvent.objects.filter(action="withdraw").order_by("id")
        return list(rows.values_list("patient_id", "purpose", "channel"))


def test_an_address_that_came_back_ends_and_somebody_asks_for_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing("postmark", monkeypatch) as server:
        dump(server, "HardBounce")
        assert read_suppressions(house.id, NOON) == {"listed": 1, "acted": 1}
    assert addresses(house) == []
    assert [one.kind for one in open_promises(house.id) if one.patient_id == house.people["mette"]] == ["undelivered"]


@pytest.mark.parametrize("why", ["SpamComplaint", "ManualSuppression"])
def test_who_complained_or_said_no_gets_no_more_of_what_sells(
    house: House, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    with standing("postmark", monkeypatch) as server:
        dump(server, why)
        read_suppressions(house.id, NOON)
    assert addresses(house)
    assert refusals(house) == [(house.people["mette"], "marketing", "email")]


def test_an_entry_acts_once_and_what_a_colleague_writes_again_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing("postmark", monkeypatch) as server:
        dump(server, "HardBounce")
        read_suppressions(house.id, NOON)
        again = ContactForm(kind="email", value=METTE)
        add_contact(
            practice_id=house.id, patient_id=house.people["mette"], contact=again, by=house.by("ingrid"), now=NOON
        )
        with_account(house, "postmark")  # kept anew, with another sender say: the list is the same
        assert read_suppressions(house.id, NOON + EVERY)["acted"] == 0
    assert [one.lower() for one in addresses(house)] == [METTE.lower()]


def test_the_lists_are_read_once_an_hour_and_again_where_they_were_not_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing("postmark", monkeypatch) as server:
        assert not read_suppressions(house.id, NOON)
        assert account_of(house).suppressed_at is None
        dump(server, "HardBounce", address="stranger@example.net")
        assert read_suppressions(house.id, NOON) == {"listed": 1, "acted": 0}
        assert not read_suppressions(house.id, NOON + EVERY - timedelta(seconds=1))
        assert len(server.asked) == 2


def test_mailguns_three_lists_are_read_to_their_ends(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with_account(house, "mailgun")
    with standing("mailgun", monkeypatch) as server:
        empty: dict[str, Any] = {"items": [], "paging": {}}
        for word in ("bounces", "complaints", "unsubscribes"):
            one = {"address": METTE, "created_at": "Fri, 18 Oct 2024 18:28:14 UTC"}
            paging = {"next": f"{server.url}mg.solberg.example/{word}/after"}
            server.lists[f"/v3/mg.solberg.example/{word}"] = {"items": [one], "paging": paging}
            server.lists[f"/v3/mg.solberg.example/{word}/after"] = empty
        found = read_suppressions(house.id, NOON)
    assert found == {"listed": 3, "acted": 1}, "once it is gone there is nobody left at it"
    assert addresses(house) == []


def test_the_key_goes_nowhere_but_to_the_provider(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with_account(house, "mailgun")
    with standing("mailgun", monkeypatch) as server:
        server.lists["/v3/mg.solberg.example/bounces"] = {
            "items": [{"address": METTE}], "paging": {"next": "https://elsewhere.example/v3/"},
        }  # fmt: skip
        read_suppressions(house.id, NOON)
    assert account_of(house).suppressed_at is None
