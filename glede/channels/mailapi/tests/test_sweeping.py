"""What nobody called to tell stands in the provider's lists, and settles what nobody saw."""

from datetime import timedelta
from typing import Any

import pytest

from glede.channels.mailapi.sweeping import look_up, sweep_mails
from glede.channels.mailapi.tests import provider as post
from glede.channels.mailapi.tests.scenes import account_of, mailed, messages, standing, with_account
from glede.kernel.actor import SYSTEM
from glede.outbox.operations import reconcile
from glede.outbox.operations.reporting import Report, take_report
from glede.outbox.rules import State
from glede.outbox.tests.scenes import NOON
from glede.practices import scope
from tests.cast import House

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def listing(server: post.Post, *mails: dict[str, Any], bounces: Any = ()) -> None:
    """Let Postmark show these."""
    server.lists["/v3/messages/outbound"] = {"TotalCount": len(mails), "Messages": list(mails)}
    server.lists["/v3/bounces"] = {"TotalCount": len(bounces), "Bounces": list(bounces)}


def entry(server: post.Post, number: str = "m-1") -> dict[str, Any]:
    """The last mail it took, as its list shows it."""
    return {"MessageID": number, "Status": "Sent", "Metadata": server.taken[-1]["Metadata"]}


def in_doubt(house: House, server: post.Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that Postmark took, and said nothing."""
    server.faults.append(post.takes_and(lambda handler: handler.hang_up()))
    assert mailed(house).state == "unknown"


def test_a_mail_in_doubt_that_the_list_shows_is_settled(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing("postmark", monkeypatch) as server:
        in_doubt(house, server, monkeypatch)
        listing(server, entry(server))
        assert look_up(house.id, LATER)
    assert [(m.state, m.provider_id) for m in messages(house)] == [("sent", "m-1")]


def test_a_mail_in_doubt_that_a_whole_list_lacks_is_sent_again_and_no_sooner(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing("postmark", monkeypatch) as server:
        in_doubt(house, server, monkeypatch)
        listing(server)
        early, late = NOON + timedelta(minutes=14), NOON + timedelta(minutes=16)
        assert look_up(house.id, early)
        reconcile(practice_id=house.id, now=early, looked_up={"email"})
        assert messages(house)[0].state == "unknown", "the list may be that late"
        reconcile(practice_id=house.id, now=late, looked_up={"email"})
    assert messages(house)[0].state == "ready"


@pytest.mark.parametrize("answer", [None, {"TotalCount": 1}, {"TotalCount": 10**6, "Messages": []}, []])
def test_a_list_that_is_not_whole_settles_nothing(house: House, monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    with standing("postmark", monkeypatch) as server:
        in_doubt(house, server, monkeypatch)
        if answer is not None:
            server.lists["/v3/messages/outbound"] = answer
        assert not look_up(house.id, LATER)


def test_what_left_by_another_account_is_never_called_absent(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing("postmark", monkeypatch) as server:
        in_doubt(house, server, monkeypatch)
        account = account_of(house)
        with scope.transaction(house.id):
            account.added_at = NOON + timedelta(minutes=5)
            account.save()
        listing(server)
        assert not look_up(house.id, LATER)


def test_what_arrived_and_what_came_back_stands_in_postmarks_lists(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing("postmark", monkeypatch) as server:
        sent = mailed(house)
        listing(server, entry(server))
        happened = [{"Type": "Delivered", "Recipient": "mette.dahl@example.org"}]
        server.lists["/v3/messages/outbound/m-1/details"] = {**entry(server), "MessageEvents": happened}
        sweep_mails(house.id, now=LATER)
        assert messages(house)[0].state == "delivered"
        listing(server, entry(server), bounces=[{"ID": 1, "Type": "SoftBounce", "MessageID": sent.provider_id}])
        sweep_mails(house.id, now=LATER)
        sweep_mails(house.id, now=LATER)
    assert messages(house)[0].provider_id == "m-1"


def test_mailguns_events_are_read_page_by_page_and_the_key_goes_nowhere_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_account(house, "mailgun")
    with standing("mailgun", monkeypatch) as server:
        sent = mailed(house)
        event = {
            "event": "delivered", "timestamp": 1.0, "message": {"headers": {"message-id": sent.provider_id}},
            "user-variables": {"glede": str(sent.pk)},
        }  # fmt: skip
        path = "/v3/mg.solberg.example/events"
        server.lists[path] = {"items": [event], "paging": {"next": "https://elsewhere.example/"}}
        assert not look_up(house.id, LATER)
        server.lists[path] = {"items": [event], "paging": {"next": f"{server.url}mg.solberg.example/events/2"}}
        server.lists[f"{path}/2"] = {"items": []}
        assert look_up(house.id, LATER)
    assert messages(house)[0].state == "delivered"


def test_a_later_word_never_takes_a_state_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing("postmark", monkeypatch) as server:
        sent = mailed(house)
        told = Report(state=State.DELIVERED, provider_id=sent.provider_id)
        take_report(practice_id=house.id, message_id=sent.pk, report=told, by=SYSTEM, now=LATER)
        listing(server, entry(server))
        sweep_mails(house.id, now=LATER)
    assert messages(house)[0].state == "delivered"


def test_control_a_short_lag_would_send_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glede.channels.mailapi.adapter.LIST_LAG", {"postmark": timedelta(0)})
    with pytest.raises(AssertionError, match="the list may be that late"):
        test_a_mail_in_doubt_that_a_whole_list_lacks_is_sent_again_and_no_sooner(house, monkeypatch)
