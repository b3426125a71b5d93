"""What providers of e-mail call to tell: proved, kept before it is answered, read once, in any order."""

import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from glede.channels.mailapi.reading import Sort, read_call
from glede.channels.mailapi.tests.scenes import account_of, call, calls, mailed, messages, read, standing, with_account
from glede.hooks import emails
from glede.outbox.models import Message
from glede.people.models import ConsentEvent, ContactPoint
from glede.practices import scope
from glede.promises.models import Promise
from tests.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(house: House, monkeypatch: pytest.MonkeyPatch) -> Message:
    """A mail that Postmark took."""
    with standing("postmark", monkeypatch):
        return mailed(house)


def delivery(message: Message) -> dict[str, Any]:
    """It arrived."""
    return {"RecordType": "Delivery", "MessageID": message.provider_id, "Metadata": {"glede": str(message.pk)}}


def bounce(message: Message, kind: str = "HardBounce", number: int = 1) -> dict[str, Any]:
    """It came back."""
    return {
        "RecordType": "Bounce", "Type": kind, "ID": number, "MessageID": message.provider_id, "Email": "k@example.org",
        "Metadata": {"glede": str(message.pk)}, "Details": "smtp;550 5.1.1 no such user",
    }  # fmt: skip


def complaint(message: Message) -> dict[str, Any]:
    """Its reader calls it unwanted."""
    return {**bounce(message, "SpamComplaint", 2), "RecordType": "SpamComplaint"}


def rows(house: House, model: Any, **having: Any) -> int:
    with scope.transaction(house.id):
        return int(model.objects.filter(**having).count())


def test_a_call_is_kept_before_it_is_answered_and_read_once(house: House, sent: Message) -> None:
    assert sent.state == "accepted"
    assert [call(house, delivery(sent)) for _ in range(3)] == [200] * 3
    assert [one.state for one in calls(house)] == ["stored"]
    kept = read(house)[0]
    assert (messages(house)[0].state, kept.state, kept.sealed, kept.message_id) == ("delivered", "taken", None, sent.pk)


def test_what_is_not_proved_is_refused_and_counted(house: House, sent: Message) -> None:
    assert call(house, delivery(sent), secret="guess") == 403
    assert (calls(house), account_of(house).forged) == ([], 1)


def test_what_cannot_be_kept_is_asked_for_again(house: House, sent: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**given: Any) -> bool:
        raise DatabaseError

    monkeypatch.setattr(emails, "store_mail_call", fails)
    assert call(house, delivery(sent)) == 503
    monkeypatch.undo()
    assert (call(house, delivery(sent)), len(calls(house))) == (200, 1)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_any_order_the_state_only_rises_and_what_follows_does_so_once(
    house: House, sent: Message, order: tuple[int, ...]
) -> None:
    told = [delivery(sent), complaint(sent), delivery(sent) | {"Tag": "again"}]
    for place in order:
        assert call(house, told[place]) == 200
        read(house)
    assert messages(house)[0].state == "delivered"
    assert rows(house, ConsentEvent, action__in=["object", "withdraw"]) == 1


def test_an_address_that_is_none_is_set_aside_and_asked_for_in_the_same_commit(house: House, sent: Message) -> None:
    call(house, bounce(sent))
    read(house)
    assert (messages(house)[0].state, messages(house)[0].reason) == ("failed", "bad_address")
    assert rows(house, ContactPoint, pk=sent.contact_id, ended_at__isnull=False) == 1
    assert rows(house, Promise, kind="undelivered") == 1


@pytest.mark.parametrize(
    ("kind", "reason"), [("SoftBounce", "refused"), ("Blocked", "refused"), ("DMARCPolicy", "refused")]
)
def test_what_says_more_of_today_or_of_us_keeps_the_address(
    house: House, sent: Message, kind: str, reason: str
) -> None:
    call(house, bounce(sent, kind))
    read(house)
    assert messages(house)[0].reason == reason
    assert rows(house, ContactPoint, pk=sent.contact_id, ended_at__isnull=False) == 0
    assert rows(house, Promise, kind="settle", cause="mail_blocked") == (0 if kind == "SoftBounce" else 1)


def test_what_is_about_no_mail_of_ours_is_refused_with_a_reason(house: House, sent: Message) -> None:
    call(house, {"RecordType": "Delivery", "MessageID": "elsewhere", "Metadata": {}})
    call(house, {**delivery(sent), "RecordType": "Open"})
    assert {(one.state, one.reason) for one in read(house)} == {("refused", "not_ours"), ("refused", "not_counted")}
    assert messages(house)[0].state == "accepted"


def test_mailgun_signs_and_an_old_or_changed_signature_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_account(house, "mailgun")
    with standing("mailgun", monkeypatch):
        sent = mailed(house)
    told = {
        "event": "delivered", "timestamp": 1.0, "message": {"headers": {"message-id": sent.provider_id}},
        "user-variables": {"glede": str(sent.pk)},
    }  # fmt: skip
    assert [call(house, told, secret="x"), call(house, told, age=3e5), call(house, told), call(house, told)] == [
        403, 403, 200, 200,
    ]  # fmt: skip
    assert [one.state for one in read(house)] == ["taken"]
    assert messages(house)[0].state == "delivered"


@pytest.fixture
def cases() -> list[dict[str, Any]]:
    """The calls that providers publish."""
    path = Path(os.environ.get("GLEDE_TEST_DATA", "/nowhere")) / "messaging/esp-webhooks-anymail/cases.ndjson"
    if not path.is_file():
        pytest.skip("GLEDE_TEST_DATA names no folder with calls of providers of e-mail")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


EXPECTED = {
    "test_misconfigured_tracking": ("refused", "not_counted"),
    "test_misconfigured_store_action": ("refused", "unreadable"),
    "test_failed_temporary_event": ("refused", "later"),
    "test_clicked_event": ("refused", "not_counted"),
    "test_misconfigured_inbound": ("refused", "unreadable"),
    "test_inbound_basics": ("refused", "inbound"),
    "test_bounce_event": ("report", "bad_address"),
    "test_delivered_event": ("report", ""),
    "test_click_event": ("refused", "not_counted"),
    "test_resubscribe": ("refused", "opts_in"),
    "test_subscription_change_bounce": ("report", "bad_address"),
    "test_bounce_unsubscribe_variant": ("opt_out", ""),
}


def test_every_published_call_is_right_or_refused_with_a_reason(cases: list[dict[str, Any]]) -> None:
    ours = [one for one in cases if one["esp"] in {"postmark", "mailgun"}]
    found = {}
    for one in ours:
        told = one["payload"] if one["esp"] == "postmark" else {"event-data": one["payload"]}
        news = read_call(one["esp"], json.dumps(told).encode())
        found[one["case"].rpartition(".")[2]] = (news.sort.value, news.report.reason if news.report else news.reason)
        wanted = one["expected"].get("event.message_id")
        assert wanted is None or news.sort is Sort.REFUSED or news.provider_id == wanted.strip("<>")
    assert (len(ours), found) == (12, EXPECTED)


def test_calls_of_a_provider_nobody_has_prove_nothing(house: House, cases: list[dict[str, Any]]) -> None:
    theirs = [one["payload"] for one in cases if one["esp"] == "sendgrid"]
    assert {call(house, told, secret="") for told in theirs} == {403}
