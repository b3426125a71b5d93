"""The mailbox's page and the mails that came: what is shown, to whom, and that who looks is noted."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from glede.channels.mailbox.kept import mails_page
from glede.channels.mailbox.tests.imapserver import PASSWORD, USER, Mailserver, a_mail, mailserver
from glede.channels.mailbox.tests.scenes import bring, look, mails, said
from glede.desk.channels.forms import WRONG
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Iterator[House]:
    house = open_solberg("kari")
    with time_machine.travel(house.now, tick=False):
        yield house


@pytest.fixture
def server() -> Any:
    """A mail server on loopback."""
    with mailserver() as running:
        yield running


def press(client: Any, name: str, form: dict[str, Any] | None = None, **where: Any) -> str:
    """Press a button, and return what is shown then."""
    return str(client.post(reverse(f"desk:{name}", kwargs=where or None), form or {}, follow=True).content.decode())


def typed(server: Mailserver, **changes: Any) -> dict[str, Any]:
    """The form of the mailbox."""
    return {
        "host": "127.0.0.1", "user": USER, "password": PASSWORD, "tls": "no", "port": server.port, "folder": "INBOX",
        **changes,
    }  # fmt: skip


def test_a_mailbox_is_written_tried_switched_on_and_off(house: House, server: Mailserver) -> None:
    nina = at_desk(house, "nina")
    assert "No mailbox is read" in nina.get("/settings/mail/").content.decode()
    shown = press(nina, "mailbox", typed(server))
    assert "is written down, and switched off" in shown
    assert PASSWORD not in shown
    assert "is read once a minute" in press(nina, "mailbox_on")
    server.put(a_mail("Hei"), house.now)
    assert look(house) is not None
    assert "switched off" in press(nina, "mailbox_off")


def test_what_is_wrong_is_said_where_it_is_wrong(house: House, server: Mailserver) -> None:
    nina = at_desk(house, "nina")
    assert "Write the mailbox first." in press(nina, "mailbox_on")
    assert str(WRONG["tls"]) in press(nina, "mailbox", typed(server, host="mail.example.org"))
    assert str(WRONG["password"]) in press(nina, "mailbox", typed(server, password=""))
    press(nina, "mailbox", typed(server, password="another"))
    assert "It is still off: user or password is refused." in press(nina, "mailbox_on")


def test_the_secret_of_our_address_is_shown_once(house: House) -> None:
    nina = at_desk(house, "nina")
    answer = nina.post("/settings/mail/address/")
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in nina.get("/settings/mail/").content.decode()
    assert "Open an address for it" in press(nina, "mail_address_close")


def test_a_held_mail_shows_its_words_to_who_opened_it_and_that_is_noted(house: House) -> None:
    [row] = bring(house, a_mail("<script>alert(1)</script> Hvem er jeg?", sender="", subject="<b>Hei</b>"))
    ingrid, amal = at_desk(house, "ingrid"), at_desk(house, "amal")
    where = f"/mail/{row.pk}/"
    board = ingrid.get("/mail/").content.decode()
    assert "1 mail waits for you to look at it." in board
    assert "&lt;b&gt;Hei&lt;/b&gt;" in board
    assert "Hvem er jeg?" not in ingrid.get(where).content.decode()
    shown = press(ingrid, "mail_open", mail_id=row.pk)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Hvem er jeg?" in shown
    assert "<script>alert" not in shown
    assert "Hvem er jeg?" not in amal.get(where).content.decode(), "each opens for themselves"
    opened = [e.by.id for e in events_of(house.id, Ref("raw_mail", row.pk)) if e.kind == "channels.mail.opened"]
    assert opened == [house.colleagues["ingrid"]]


def test_a_colleague_says_whose_it_is(house: House) -> None:
    [row] = bring(house, a_mail("Hei", sender="", subject=""))
    ingrid = at_desk(house, "ingrid")
    assert "It was them" in ingrid.get(f"/mail/{row.pk}/?who=Kari").content.decode()
    press(ingrid, "mail_place", {"person": str(house.people["kari"])}, mail_id=row.pk)
    assert (said(house, "kari"), mails_page(house.id, only_held=True)) == (["Hei"], ([], None))


def test_nothing_to_answer_needs_a_reason(house: House) -> None:
    [row] = bring(house, a_mail("Reklame", sender="", subject=""))
    ingrid = at_desk(house, "ingrid")
    assert "Write in a few words why" in press(ingrid, "mail_close", {"note": " "}, mail_id=row.pk)
    assert "Nothing is held." in press(ingrid, "mail_close", {"note": "Reklame fra leverandør"}, mail_id=row.pk)
    assert [m.note for m in mails(house)] == ["Reklame fra leverandør"]
    assert "Ingrid" in ingrid.get(f"/mail/{row.pk}/").content.decode()


def test_every_mail_stands_with_what_became_of_it_a_page_at_a_time(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr("glede.channels.mailbox.kept.PAGE", 2)
    bring(
        house, a_mail("Hei"), a_mail("Borte", Auto_Submitted="auto-replied", sender="x@example.net"),
        a_mail("Tilbud", sender="y@example.net", List_Id="<y>"),
    )  # fmt: skip
    ingrid = at_desk(house, "ingrid")
    first = ingrid.get("/mail/?show=all")
    second = ingrid.get(f"/mail/?show=all&before={first.context['following']}")
    lines = [*first.context["lines"], *second.context["lines"]]
    assert (len(first.context["lines"]), len(lines), second.context["following"]) == (2, 3, None)
    assert {line.fate for line in lines} == {
        "with who wrote it, or on Today", "a machine answered, for nobody we know", "it went to many",
    }  # fmt: skip


def test_today_names_a_held_mail_and_leads_to_it(house: House) -> None:
    [row] = bring(house, a_mail("Hei", sender=""))
    shown = at_desk(house, "ingrid").get("/").content.decode()
    assert "a mail that somebody has to look at" in shown
    assert f"/mail/{row.pk}/" in shown
