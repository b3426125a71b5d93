"""SMTP against a server on loopback that answers as it is told: certain, refused, or in doubt."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from glede.channels.email.adapter import SmtpSession, SmtpTransport
from glede.channels.email.config import BadAddress, SmtpConfig, read_config
from glede.channels.email.tests.test_mime import ENVELOPE
from glede.outbox.transports import Accepted, Refused, Unknown

HANG_UP = ""


class Server(threading.Thread):
    """A mail server that gives the answers of a script; what it has no answer for it agrees to."""

    def __init__(self, script: dict[str, list[str]], *, pipelining: bool = False) -> None:
        super().__init__(daemon=True)
        self.script, self.pipelining = script, pipelining
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.kept: list[bytes] = []
        self.connections = 0

    def run(self) -> None:
        """Serve one after the other until closed."""
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            with suppress(OSError), connection, connection.makefile("rwb") as file:
                self.talk(file)

    def talk(self, file) -> None:
        """One connection."""
        self.say(file, "220 hello")
        for line in file:
            word = line[:4].decode().strip().upper()
            told = self.script.get(word, [])
            answer = told.pop(0) if told else self.usual(word)
            if answer == HANG_UP:
                return
            self.say(file, answer)
            if word == "DATA" and answer.startswith("354") and not self.take(file):
                return

    def usual(self, word: str) -> str:
        """What a friendly server says."""
        extension = "250 PIPELINING" if self.pipelining else "250 8BITMIME"
        return {"EHLO": f"250-loopback\r\n{extension}", "DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 fine")

    def take(self, file) -> bool:
        """Take the words; False: hang up without an answer."""
        words = b""
        while not words.endswith(b"\r\n.\r\n"):
            line = file.readline()
            if not line:
                return False
            words += line
        told = self.script.get("WORDS", [])
        answer = told.pop(0) if told else "250 kept"
        if answer in {HANG_UP, "250 kept"}:
            self.kept.append(words)
        if answer == HANG_UP:
            return False
        self.say(file, answer)
        return True

    def say(self, file, answer: str) -> None:
        """Say one answer."""
        file.write(answer.encode() + b"\r\n")
        file.flush()


@contextmanager
def serving(*, pipelining: bool = False, **script: list[str]) -> Iterator[tuple[Server, SmtpSession]]:
    server = Server(script, pipelining=pipelining)
    server.start()
    session = SmtpSession(SmtpConfig("127.0.0.1", server.port, tls="no", deadline_seconds=2))
    try:
        yield server, session
    finally:
        session.leave()
        server.socket.shutdown(socket.SHUT_RDWR)
        server.join(5)
        server.socket.close()


both = pytest.mark.parametrize("pipelining", [False, True])


@both
def test_many_messages_leave_over_one_connection(pipelining: bool) -> None:
    with serving(pipelining=pipelining) as (server, session):
        for _ in range(3):
            session.prepare(ENVELOPE)
            assert isinstance(session.send(ENVELOPE), Accepted)
        assert (len(server.kept), server.connections) == (3, 1)
        assert b"\r\n..\r\n" not in server.kept[0]


@both
def test_an_unknown_recipient_is_refused_for_good_and_the_next_one_is_not(pipelining: bool) -> None:
    with serving(pipelining=pipelining, RCPT=["250 fine", "550 5.1.1 no such user"]) as (server, session):
        answers = []
        for _ in range(3):
            session.prepare(ENVELOPE)
            answers.append(session.send(ENVELOPE))
        assert [type(a) for a in answers] == [Accepted, Refused, Accepted]
        assert answers[1] == Refused(is_permanent=True, reason="refused", words="550 5.1.1 no such user")
        assert len(server.kept) == 2


@both
@pytest.mark.parametrize(
    ("word", "answer", "permanent", "ours"),
    [
        ("MAIL", "550 sender refused", False, True),
        ("MAIL", "421 too busy", False, True),
        ("RCPT", "450 try later", False, False),
        ("RCPT", "550 5.7.1 policy", False, False),
        ("DATA", "451 not now", False, False),
    ],
)
def test_a_no_before_the_words_is_certain(
    pipelining: bool, word: str, answer: str, permanent: bool, ours: bool
) -> None:
    with serving(pipelining=pipelining) as (server, session):
        assert isinstance(session.send(ENVELOPE), Accepted)
        server.script[word] = [answer]
        session.prepare(ENVELOPE)
        found = session.send(ENVELOPE)
        assert isinstance(found, Refused)
        assert (found.is_permanent, found.is_ours) == (permanent, ours)
        assert len(server.kept) == 1


def test_a_no_to_the_words_themselves_is_certain() -> None:
    with serving(WORDS=["554 spam", "452 full", "250 kept"]) as (_, session):
        assert session.send(ENVELOPE) == Refused(is_permanent=True, reason="content_refused", words="554 spam")
        assert session.send(ENVELOPE) == Refused(is_permanent=False, words="452 full")
        assert isinstance(session.send(ENVELOPE), Accepted)


@pytest.mark.parametrize("answer", ["what?", "354 go on", "600 kept", "99"])
def test_an_answer_to_the_words_that_is_neither_yes_nor_no_is_in_doubt(answer: str) -> None:
    with serving(WORDS=[answer]) as (server, session):
        assert isinstance(session.send(ENVELOPE), Unknown)
        assert isinstance(session.send(ENVELOPE), Accepted)
        assert server.connections == 2


def test_any_yes_to_the_words_is_a_yes() -> None:
    with serving(WORDS=["251 kept elsewhere"]) as (_, session):
        assert isinstance(session.send(ENVELOPE), Accepted)


@both
def test_no_answer_after_the_words_is_in_doubt(pipelining: bool) -> None:
    with serving(pipelining=pipelining, WORDS=[HANG_UP]) as (server, session):
        session.prepare(ENVELOPE)
        assert isinstance(session.send(ENVELOPE), Unknown)
        assert len(server.kept) == 1
        assert isinstance(session.send(ENVELOPE), Accepted)
        assert server.connections == 2


@both
def test_a_server_that_hung_up_between_two_is_rung_again(pipelining: bool) -> None:
    with serving(pipelining=pipelining) as (server, session):
        session.send(ENVELOPE)
        server.script["MAIL"] = [HANG_UP]
        session.prepare(ENVELOPE)
        assert isinstance(session.send(ENVELOPE), Accepted)
        assert (len(server.kept), server.connections) == (2, 2)


def test_what_was_prepared_and_forgotten_is_not_sent() -> None:
    with serving(pipelining=True) as (server, session):
        session.send(ENVELOPE)
        session.prepare(ENVELOPE)
        session.forget()
        assert isinstance(session.send(ENVELOPE), Accepted)
        assert len(server.kept) == 2


def test_nobody_at_home_is_our_trouble_not_the_messages() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = SmtpSession(SmtpConfig("127.0.0.1", port, tls="no")).send(ENVELOPE)
    assert isinstance(found, Refused)
    assert (found.is_permanent, found.is_ours) == (False, True)


def test_an_address_that_cannot_be_one_never_reaches_the_server() -> None:
    with serving() as (server, session):
        found = session.send(replace(ENVELOPE, to_address="kari@example.org>\r\nDATA"))
        assert found == Refused(is_permanent=True, reason="bad_address")
        assert server.connections == 0


def test_one_sender_for_all_practices_keeps_their_answers_their_own() -> None:
    with serving() as (server, session):
        session.config = replace(session.config, sender="post@host.example")
        session.send(replace(ENVELOPE, reply_to=""))
        assert b"<post@host.example>" in server.kept[0]
        assert b"Reply-To: <hei@solberg.example>" in server.kept[0]


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example", 587, "starttls"),
        ("smtps://mail.example", 465, "tls"),
        ("smtp://127.0.0.1:2525", 2525, "no"),
        ("smtp://mail.example:25/?tls=no", 25, "no"),
    ],
)
def test_the_server_is_read_from_one_address(url: str, port: int, tls: str) -> None:
    found = read_config(url)
    assert found is not None
    assert (found.port, found.tls) == (port, tls)


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://u:p@mail.example/?tls=no", "smtp://m.example/?tls=yes"])
def test_an_unsafe_or_unreadable_address_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        read_config(url)


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(read_config("smtp://me:secret@mail.example"))


def test_without_a_server_the_channel_is_not_there(settings) -> None:
    settings.GLEDE_SMTP_URL = ""
    assert not SmtpTransport().is_configured(ENVELOPE.message_id)
