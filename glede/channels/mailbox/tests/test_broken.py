"""Broken, hostile and endless mails: read as far as they go, or called unreadable; nothing else comes out."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glede.channels.mailbox.html import words_of_html
from glede.channels.mailbox.letter import Letter, Unreadable, parse, read_letter
from glede.channels.mailbox.quotes import own_words
from glede.channels.mailbox.sorting import Sort, sort_of
from glede.channels.mailbox.tests.imapserver import a_mail
from tests.depth import count
from tests.steps import assert_linear

NAMES = (
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Content-Type", "Content-Transfer-Encoding",
    "Content-Disposition", "Return-Path", "Auto-Submitted", "MIME-Version",
)  # fmt: skip
VALUES = (
    "=?utf-8?q?=C3=?=", "=?no-such?b?AAAA?=", "a@b@c.example", "<<>>", "multipart/mixed", "multipart/mixed; boundary=x",
    "multipart/report; report-type=delivery-status; boundary=x", "message/rfc822", "message/delivery-status",
    "text/plain; charset=no-such", 'attachment; filename*0*=utf-8\'\'%; filename="..\\..\\x"', "base64",
    "quoted-printable", "text/html", "=?utf-8?q?" + "=F0=9F" * 20 + "?=", "Thu, 32 Foo 99999 99:99:99 +9999",
    "kari@example.org", "\udcff",
)  # fmt: skip
LINES = st.one_of(
    st.builds(lambda name, value: f"{name}: {value}", st.sampled_from(NAMES), st.sampled_from(VALUES)),
    st.sampled_from(
        ("", "--x", "--x--", ">", "> hei", "Final-Recipient: rfc822; a@b.no", "=E", "Status: 5.1.1", "<p>&#;")
    ),
    st.text(max_size=30),
)


def read(raw: bytes) -> Letter:
    """Read a mail as the worker does."""
    message = parse(raw)
    letter = read_letter(message)
    sort_of(message, letter, own_addresses=frozenset({"hei@solberg.example"}), own_domain="solberg.example")
    return letter


@settings(max_examples=count(2000), deadline=None)
@given(st.lists(LINES, max_size=25))
def test_whatever_lines_a_mail_is_made_of(lines: list[str]) -> None:
    with suppress(Unreadable):
        letter = read("\r\n".join(lines).encode("utf-8", "surrogateescape"))
        (letter.words + letter.subject + letter.written_from).encode()  # a database takes it
        assert "\x00" not in letter.words + letter.subject


@settings(max_examples=count(1000), deadline=None)
@given(st.binary(max_size=400))
def test_whatever_bytes_a_mail_is_made_of(raw: bytes) -> None:
    with suppress(Unreadable):
        read(raw)


@settings(max_examples=count(1000), deadline=None)
@given(st.text(max_size=300))
def test_the_writers_words_are_part_of_what_came_and_never_nothing(text: str) -> None:
    words = own_words(text)
    assert bool(words) == bool(text.strip())
    assert all(line.strip() in text for line in words.split("\n"))


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary={n}", "message/rfc822"])
def test_a_mail_within_a_mail_without_end(kind: str) -> None:
    raw = b""
    for n in range(1500):
        raw += f"Content-Type: {kind.format(n=n)}\r\n\r\n".encode() + (f"--{n}\r\n".encode() if "{n}" in kind else b"")
    with suppress(Unreadable):
        read(b"From: kari@example.org\r\n" + raw)


def test_markup_never_comes_through_as_markup() -> None:
    html = (
        "<svg onload=alert(1)><style>p{}</style><img src=x onerror=y><p>Hei<!-- x --> <a href='javascript:z'>du</a></p>"
    )
    assert words_of_html(html) == "Hei du"


def test_what_somebody_writes_below_a_quote_is_kept() -> None:
    answered = "Ja\n\nDen 23.11.2026 skrev Solberg <hei@solberg.example>:\n> Har du vondt?\nJa, veldig\n"
    assert "Ja, veldig" in own_words(answered)
    assert own_words(answered.replace("Ja, veldig\n", "")) == "Ja"


def test_quotes_are_found_in_time_that_grows_with_the_text() -> None:
    assert_linear(lambda n: own_words("On 1 skrev a@b\n" * n), 400)


def test_a_letter_of_the_usual_kind() -> None:
    letter = read(a_mail("Hei", sender='"Moe, Kari" <Kari.Moe@example.org>', subject="=?utf-8?q?=C3=98ye?="))
    assert (letter.sender, letter.subject, letter.words) == ("kari.moe@example.org", "Øye", "Hei")
    assert sort_of(parse(a_mail()), letter, own_addresses=frozenset(), own_domain="x.example").sort is Sort.WORDS
