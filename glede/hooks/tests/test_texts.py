"""Where a provider calls in: only by POST, only what is signed; a fault here makes it call again."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from glede.channels.sms.tests.scenes import call, with_account, write_in
from glede.hooks import texts
from glede.inbox.queries import conversation_of
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("tor")


def test_it_is_called_by_post_alone_and_says_nothing(house: House) -> None:
    key = with_account(house)
    assert Client().get(f"/hooks/sms/{key}/").status_code == 405
    answer = write_in(key, "+4740000103", "Hei")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml")
    assert answer.content == b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_cannot_be_kept_is_asked_for_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    key = with_account(house)

    def broken(**_: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(texts, "take_arrival", broken)
        assert write_in(key, "+4740000103", "Kan jeg flytte?").status_code == 503
    assert write_in(key, "+4740000103", "Kan jeg flytte?").status_code == 200
    assert [p.words for p in conversation_of(house.id, house.people["tor"]).pieces] == ["Kan jeg flytte?"]


def test_calls_that_say_nothing_are_no_fault(house: House) -> None:
    key = with_account(house)
    for fields in ({}, {"MessageSid": "SM1"}, {"From": "+4740000103", "Body": "x"}):
        assert call(f"/hooks/sms/{key}/", fields).status_code == 200
    status = f"/hooks/sms/{key}/status/{house.id}/"
    for fields in ({"MessageSid": "SM1", "MessageStatus": "dancing"}, {"MessageSid": "SM1", "MessageStatus": "sent"}):
        assert call(status, fields).status_code == 200


def test_behind_a_proxy_the_address_we_gave_away_counts(house: House) -> None:
    key = with_account(house)
    fields = {"MessageSid": "SM1", "From": "+4740000103", "Body": "Hei"}
    assert call(f"/hooks/sms/{key}/", fields, base="https://solberg.example").status_code == 200
    assert call(f"/hooks/sms/{key}/", fields, base="http://testserver").status_code == 200
    assert call(f"/hooks/sms/{key}/", fields, base="https://solberg.example.evil").status_code == 403
