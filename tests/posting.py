"""The scenes of the operations on mail that comes in."""

import json
from typing import Any

from glede.channels.mailapi.reading import read_call
from glede.channels.mailapi.suppressing import Suppressed, Why
from glede.channels.mailbox.imap import Found
from glede.channels.mailbox.kept import waiting
from glede.channels.mailbox.values import Came
from glede.channels.models import OwnAddress
from glede.channels.operations import NewTextAccount, set_text_account
from glede.channels.operations.mailaccounts import NewMailAccount, set_mail_account
from glede.channels.operations.mailboxes import NewMailbox, open_mail_address, set_mailbox, switch_on_mailbox
from glede.channels.operations.mails import store_mails
from glede.channels.operations.own import _kept
from glede.channels.operations.provided import store_mail_call, waiting_calls
from glede.channels.operations.reading import read_mail
from glede.inbox.operations.mailing import Posted
from glede.kernel.ids import new_id
from glede.people.queries import reach
from glede.practices import scope
from tests.estate import Estate
from tests.scenery import Scene, given, patient

BOX = NewMailbox(host="imap.example.org", user="post@example.org", password="of nobody")


def _box(estate: Estate) -> Any:
    return set_mailbox(mailbox=BOX, **given(estate))


def _on(estate: Estate) -> None:
    _box(estate)
    switch_on_mailbox(found=Found(1, 1), **given(estate))


def _mail(estate: Estate) -> Any:
    """A mail that waits to be read; nobody can say whose it is."""
    now = given(estate)["now"]
    raw = b"Subject: Hei\n\nHvem er jeg?\n"
    store_mails(estate.house.id, _box(estate).pk, [Came(key="another", raw=raw, size=len(raw), came_at=now)], now)
    return waiting(estate.house.id)[0]


def _held(estate: Estate) -> Any:
    mail_id = _mail(estate)
    read_mail(mail_id=mail_id, **given(estate))
    return mail_id


POSTMARK = NewMailAccount(provider="postmark", sender="hei@solberg.example", secrets={"token": "of nobody"})


def _account(estate: Estate) -> Any:
    return set_mail_account(account=POSTMARK, **given(estate))


def _told(estate: Estate) -> bytes:
    """A call that says that the first message arrived, which really left by mail."""
    from glede.outbox.models import Message

    with scope.transaction(estate.house.id):
        message = Message.objects.filter(touch__subject_id=estate.ids["appointment_id"]).earliest("id")
        at = estate.house.now
        left = {"state": "accepted", "reason": "", "sent_at": at, "closed_at": at, "live": True, "fence": 1}
        Message.objects.filter(pk=message.pk).update(
            channel="email", intent_at=at, held_until=None, held_by="", provider_id="m-1", **left
        )
    return json.dumps({"RecordType": "Delivery", "MessageID": "m-1", "Metadata": {"glede": str(message.pk)}}).encode()


def _called(estate: Estate) -> Any:
    asked = {"practice_id": estate.house.id, "account_id": _account(estate).pk, "now": estate.house.now}
    store_mail_call(called="one", body=_told(estate), **asked)
    return waiting_calls(estate.house.id)[0]


def _suppressed(estate: Estate) -> Suppressed:
    """An address of the person, on its provider's list of those it writes to no more."""
    person = reach(estate.house.id, [estate.ids["patient_id"]])[estate.ids["patient_id"]]
    address = next(one.address for one in person.contacts if one.kind == "email")
    return Suppressed(address, Why.COMPLAINED, "2026-11-24")


def _mine(estate: Estate) -> dict[str, Any]:
    return {"membership_id": estate.ids["membership_id"], "channel": "sms"}


def _texts(estate: Estate) -> None:
    """An account without a provider: what is asked for is asked for, whatever comes of it."""
    from glede.practices.models import Practice

    Practice.objects.filter(pk=estate.house.id).update(clock="real", virtual_now=None, ticked_at=None)
    texts = NewTextAccount(account_sid="AC" + "0" * 32, token="of nobody", sender="+4759440000")
    set_text_account(account=texts, **given(estate))


def _proved(estate: Estate) -> None:
    _texts(estate)
    with scope.transaction(estate.house.id):
        at = estate.house.now
        OwnAddress.objects.create(
            practice_id=estate.house.id, address="+4740000101", code="", sent_at=at, proved_at=at, **_mine(estate)
        )


def _asked(estate: Estate) -> str:
    """The right code of an address that waits for one."""
    with scope.transaction(estate.house.id):
        OwnAddress.objects.create(
            practice_id=estate.house.id, address="+4740000101", code=_kept("123456"), sent_at=estate.house.now,
            **_mine(estate),
        )  # fmt: skip
    return "123 456"


SCENES: dict[str, Scene] = {
    "inbox.take_mail": Scene(
        lambda e: {"mail": Posted(key=new_id(), address="somebody@example.net", words="Hei", parts=("Hei",))}
    ),
    "channels.set_mail_account": Scene(lambda e: {"account": POSTMARK}),
    "channels.end_mail_account": Scene(lambda e: {}, _account),
    "channels.note_domain": Scene(lambda e: {"found": {"spf": True}}, _account),
    "channels.read_mail_call": Scene(lambda e: {"call_id": _called(e)}),
    "channels.take_mail_news": Scene(lambda e: {"news": read_call("postmark", _told(e))}),
    "channels.take_suppression": Scene(lambda e: {"account_id": _account(e).pk, "told": _suppressed(e)}),
    "channels.ask_own_address": Scene(lambda e: {**_mine(e), "address": "400 00 101"}, _texts),
    "channels.prove_own_address": Scene(lambda e: {**_mine(e), "typed": _asked(e)}),
    "channels.try_channel": Scene(_mine, _proved),
    "channels.set_mailbox": Scene(lambda e: {"mailbox": BOX}),
    "channels.switch_on_mailbox": Scene(lambda e: {"found": Found(1, 1)}, _box),
    "channels.switch_off_mailbox": Scene(lambda e: {}, _on),
    "channels.open_mail_address": Scene(lambda e: {}),
    "channels.close_mail_address": Scene(lambda e: {}, lambda e: open_mail_address(**given(e))),
    "channels.read_mail": Scene(lambda e: {"mail_id": _mail(e)}),
    "channels.hold_unread": Scene(lambda e: {"mail_id": _mail(e)}),
    "channels.open_mail": Scene(lambda e: {"mail_id": _held(e)}),
    "channels.place_mail": Scene(lambda e: {**patient(e), "mail_id": _held(e)}),
    "channels.close_mail": Scene(lambda e: {"mail_id": _held(e), "note": "Reklame"}),
}
