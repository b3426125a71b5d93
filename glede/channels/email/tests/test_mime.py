"""An envelope as bytes: whole, readable by others, and safe whatever is in it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.channels.email.mime import to_bytes
from glede.channels.letters import html_of, plain_address
from glede.outbox.transports import Envelope

ENVELOPE = Envelope(
    message_id=UUID(int=1),
    channel="email",
    key="ab" * 32,
    message_ref="<abc.1@solberg.example>",
    to_address="kari.moe@example.org",
    to_name="Kari Åse Moe",
    from_name="Solberg, Optikk",
    from_address="hei@solberg.example",
    subject="Vi sees i morgen, torsdag 26. november kl. 10.20 hos Solberg Optikk på Øvre Slottsgate",
    text="Hei Kari\n\nVi sees i morgen.\n.\nhttps://solberg.example/t/7KX2M9QRT4VWB/\n",
    date=datetime(2026, 11, 24, 12, 0, 5, 123, tzinfo=UTC),
    reply_to="hei@solberg.example",
    language="nb",
)
ANYTHING = st.text(max_size=120)


def parsed(envelope: Envelope) -> EmailMessage:
    found = message_from_bytes(to_bytes(envelope), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_it_reads_back_as_it_was_written() -> None:
    message = parsed(ENVELOPE)
    assert message["Subject"] == ENVELOPE.subject
    assert str(message["To"]) == "Kari Åse Moe <kari.moe@example.org>"
    assert message["From"].addresses[0].display_name == "Solberg, Optikk"
    assert message["Message-ID"] == ENVELOPE.message_ref
    assert message["Date"] == "Tue, 24 Nov 2026 12:00:05 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "hei@solberg.example"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").rstrip() == ENVELOPE.text.rstrip()
    assert '<a href="https://solberg.example/t/7KX2M9QRT4VWB/">' in html.get_content()


def test_a_care_message_carries_no_unsubscribe_and_a_marketing_one_does() -> None:
    assert parsed(ENVELOPE)["List-Unsubscribe"] is None
    message = parsed(replace(ENVELOPE, unsubscribe_url="https://solberg.example/u/abc/"))
    assert message["List-Unsubscribe"] == "<https://solberg.example/u/abc/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_colleagues_answer_is_not_automatic_and_finds_its_thread() -> None:
    message = parsed(replace(ENVELOPE, auto="", in_reply_to="<question@example.org>"))
    assert message["Auto-Submitted"] is None
    assert message["In-Reply-To"] == message["References"] == "<question@example.org>"


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_no_text_can_add_a_header_or_a_recipient(subject: str, name: str, text: str, ref: str) -> None:
    names = {name.lower() for name in parsed(ENVELOPE)}
    message = parsed(replace(ENVELOPE, subject=subject, to_name=name, from_name=name, text=text, in_reply_to=ref))
    assert {name.lower() for name in message} - {"in-reply-to", "references"} == names
    assert message["To"].addresses[-1].addr_spec == "kari.moe@example.org"
    assert len(message.get_all("To") or []) == 1


@given(ANYTHING)
def test_every_line_is_short_enough_and_ends_as_it_should(text: str) -> None:
    raw = to_bytes(replace(ENVELOPE, text=text, subject=text))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    raw.decode("ascii")


@given(ANYTHING)
def test_the_html_shows_words_and_never_runs_them(text: str) -> None:
    shown = html_of(text, "nb")
    assert "<script" not in shown
    assert shown.count("<") == shown.count(">")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("kari@example.org", "kari@example.org"),
        ("kari@blåbær.no", "kari@xn--blbr-roah.no"),
        ("kari", None),
        ("kari@example.org\r\nRCPT TO:<x@y.z>", None),
        ("a b@example.org", None),
        ("<kari@example.org>", None),
        ("a@b@example.org", None),
        ("kåri@example.org", None),
    ],
)
def test_only_plain_addresses_reach_the_server(typed: str, plain: str | None) -> None:
    assert plain_address(typed) == plain
