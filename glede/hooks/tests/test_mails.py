"""Where a provider brings mail: only by POST, only what is signed, kept before it is answered, once."""

import json
import os
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from glede.channels.mailbox.accounts import hook_card
from glede.channels.mailbox.tests.imapserver import a_mail
from glede.channels.mailbox.tests.scenes import key_of, mails, post_mail, read, said
from glede.channels.operations.mailboxes import close_mail_address, open_mail_address
from glede.hooks import mails as hook
from glede.kernel.actor import SYSTEM
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db

POSTMARK = {
    "FromFull": {"Email": "kari.moe@example.org", "Name": "Kari"}, "Subject": "Timen", "Date": "Tue, 24 Nov 2026",
    "TextBody": "Kan jeg komme senere?\n\nOn Mon 23 Nov 2026 Solberg <a@b.no> wrote:\n> Hei",
    "HtmlBody": "<p>Kan jeg</p>",
    "Headers": [{"Name": "Message-ID", "Value": "<1@example.org>"}, {"Name": "Return-Path", "Value": "<k@b.org>"}],
    "Attachments": [{"Name": "brille.jpg", "ContentType": "image/jpeg", "Content": "aGVp"}],
}  # fmt: skip


@pytest.fixture
def house() -> House:
    return open_solberg("kari")


@pytest.fixture
def secret(house: House) -> str:
    """What calls are signed with."""
    return open_mail_address(practice_id=house.id, by=SYSTEM, now=house.now)


def bring(house: House, body: bytes, secret: str, *, kind: str = "message/rfc822", **headers: str) -> int:
    """Call our address, signed or with other headers; the status of the answer is returned."""
    return post_mail(key_of(house), body, secret, kind=kind, **headers)


def test_a_mail_as_it_came_is_kept_once_and_read_once(house: House, secret: str) -> None:
    raw = a_mail("Hei", subject="")
    assert [bring(house, raw, secret) for _ in range(3)] == [200] * 3
    assert [m.state for m in mails(house)] == ["stored"], "kept before it is read"
    read(house)
    assert (said(house, "kari"), len(mails(house))) == (["Hei"], 1)


def test_what_nobody_signed_is_refused_and_counted(house: House, secret: str) -> None:
    raw = a_mail("Hei")
    wrong = b64encode(b"glede:guess").decode()
    tries = [
        bring(house, raw, "guess"), bring(house, raw, secret, Authorization=f"Basic {wrong}"),
        bring(house, raw, secret, Authorization="Basic æ".encode().decode("latin-1")),
        bring(house, raw, secret, Accept="*"),
    ]  # fmt: skip
    assert tries == [403] * 4
    card = hook_card(house.practice)
    assert (mails(house), card and card.forged) == ([], 4)


def test_it_is_called_by_post_alone_at_an_open_address(house: House, secret: str) -> None:
    key, raw = key_of(house), a_mail()
    assert Client().get(f"/hooks/mail/{key}/").status_code == 405
    assert bring(house, raw, secret, kind="text/plain") == 415
    assert Client().post("/hooks/mail/nobody/", raw, content_type="message/rfc822").status_code == 404
    close_mail_address(practice_id=house.id, by=SYSTEM, now=house.now)
    assert Client().post(f"/hooks/mail/{key}/", raw, content_type="message/rfc822").status_code == 404


def test_what_cannot_be_kept_is_asked_for_again(house: House, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(hook, "store_mails", broken)
        assert bring(house, a_mail(), secret) == 503
    assert bring(house, a_mail(), secret) == 200


def test_more_than_may_be_held_is_not_taken(house: House, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "BODY_MOST", 100)
    assert bring(house, b"x" * 101, secret) == 413


def test_a_mail_larger_than_a_form_may_be_is_taken(house: House, secret: str) -> None:
    assert bring(house, a_mail("x" * 1_500_000), secret) == 200


def test_a_providers_json_is_a_mail_again(house: House, secret: str) -> None:
    password = b64encode(f"glede:{secret}".encode()).decode()
    body = json.dumps(POSTMARK).encode()
    assert bring(house, body, secret, kind="application/json", Authorization=f"Basic {password}") == 200
    read(house)
    assert said(house, "kari") == ["Timen\n\nKan jeg komme senere?\n\n1 vedlegg: brille.jpg (1 kB)"]


def test_the_providers_own_examples(house: House, secret: str) -> None:
    data = os.environ.get("GLEDE_TEST_DATA")
    if not data:
        pytest.skip("GLEDE_TEST_DATA names no folder with the provider's examples")
    folder = Path(data) / "messaging/esp-webhooks-anymail"
    cases = [json.loads(line) for line in (folder / "cases.ndjson").read_text(encoding="utf-8").splitlines()]
    payloads = [json.loads((folder / "postmark-inbound-test-payload.json").read_text(encoding="utf-8"))]
    payloads += [case["payload"] for case in cases]
    assert {bring(house, json.dumps(one).encode(), secret, kind="application/json") for one in payloads} == {200}
    read(house)
    inbound = [m for m in mails(house) if m.address]
    assert sorted(m.address for m in inbound) == ["from+test@example.org", "support@postmarkapp.com"]
    others = [m for m in mails(house) if not m.address]
    assert {(m.state, m.reason) for m in others} == {("refused", "not_a_mail")}, "clicks, reports and the like"
