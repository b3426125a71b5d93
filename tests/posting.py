"""The scenes of the operations on mail that comes in."""

from typing import Any

from glede.channels.mailbox.imap import Found
from glede.channels.mailbox.kept import waiting
from glede.channels.mailbox.values import Came
from glede.channels.operations.mailboxes import NewMailbox, open_mail_address, set_mailbox, switch_on_mailbox
from glede.channels.operations.mails import store_mails
from glede.channels.operations.reading import read_mail
from glede.inbox.operations.mailing import Posted
from glede.kernel.ids import new_id
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


SCENES: dict[str, Scene] = {
    "inbox.take_mail": Scene(
        lambda e: {"mail": Posted(key=new_id(), address="somebody@example.net", words="Hei", parts=("Hei",))}
    ),
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
