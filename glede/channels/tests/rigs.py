"""The channels that are built, each before a provider of its own on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

from glede.channels.email.adapter import SmtpTransport
from glede.channels.email.tests.test_adapter import serving
from glede.channels.http.accounts import shipped, written
from glede.channels.http.adapter import HttpSession, capabilities_of
from glede.channels.http.filling import HttpConfig
from glede.channels.http.tests import provider as http
from glede.channels.rehearsal.adapter import RehearsalTransport
from glede.channels.sms.adapter import TextSession, TextTransport
from glede.channels.sms.config import SmsConfig
from glede.channels.sms.tests import provider as twilio
from glede.channels.tests.contract import Does, Rig
from glede.kernel.ids import new_id
from glede.outbox.transports import Envelope, Session

NOON = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
SECRET = "a-secret-that-nobody-sees"
CALLED_AT = "https://solberg.example/hooks/sms/k/"
NOBODY = "http://127.0.0.1:9"


def envelope(channel: str, address: str) -> Envelope:
    """A message to one person."""
    return Envelope(
        message_id=new_id(), channel=channel, key="k" * 64, message_ref="<k.1@solberg.example>", to_address=address,
        to_name="Kari", from_name="Solberg Optikk", from_address="hei@solberg.example", subject="Onsdag kl. 10",
        text="Kari, vi sees onsdag 25. november kl. 10. Åpent fra 9: Solberg Optikk, 22 12 34 56", date=NOON,
        expires_at=NOON + timedelta(hours=4),
    )  # fmt: skip


@contextmanager
def rehearsal() -> Iterator[Rig]:
    """A rehearsal, which has no provider."""
    transport, practice = RehearsalTransport(), new_id()
    yield Rig(lambda: transport.open(practice), transport.capabilities(practice), envelope("sms", "+4740000101"), list)


@contextmanager
def smtp() -> Iterator[Rig]:
    """Plain SMTP."""
    with serving() as (server, session):

        def told(word: str, answer: str) -> None:
            server.script.setdefault(word, []).append(answer)

        @contextmanager
        def opened() -> Iterator[Session]:
            yield session

        yield Rig(
            opened,
            SmtpTransport().capabilities(new_id()),
            envelope("email", "kari@example.org"),
            lambda: ["kari@example.org" for _ in server.kept],
            {
                Does.REFUSES: lambda: told("RCPT", "550 5.1.1 no such user"),
                Does.LATER: lambda: told("RCPT", "450 try later"),
                Does.THROTTLES: lambda: told("MAIL", "421 too busy"),
                Does.KNOWS_US_NOT: lambda: told("MAIL", "530 sign in first"),
                Does.HANGS_UP: lambda: told("WORDS", ""),
            },
            bad_address="kari",
        )


@contextmanager
def twilio_texts() -> Iterator[Rig]:
    """Twilio's interface."""

    def config(address: str) -> SmsConfig:
        return SmsConfig(
            twilio.ACCOUNT, twilio.TOKEN, twilio.NUMBER, called_at=CALLED_AT, api=address, deadline_seconds=1.0
        )

    with twilio.providing() as server:

        def next_one(fault: object) -> None:
            server.faults.append(fault)

        yield Rig(
            lambda: closing(TextSession(config(server.address))),
            TextTransport().capabilities(new_id()),
            envelope("sms", "+4740000101"),
            lambda: [made["to"] for made in server.made],
            {
                Does.REFUSES: lambda: next_one(twilio.refuses(400, 21211)),
                Does.LATER: lambda: next_one(twilio.refuses(503, 20503)),
                Does.THROTTLES: lambda: next_one(twilio.refuses(429, 20429)),
                Does.KNOWS_US_NOT: lambda: next_one(twilio.refuses(401, 20003)),
                Does.HANGS_UP: lambda: next_one(twilio.takes_and(lambda handler, _: handler.hang_up())),
                Does.BABBLES: lambda: next_one(twilio.takes_and(lambda handler, _: handler.answer(200, b"<html>"))),
            },
            secret=twilio.TOKEN,
            keys=lambda: [form["StatusCallback"] for form in server.forms],
            nobody=lambda: closing(TextSession(config(NOBODY))),
        )


def http_config(url: str, *, called_at: str = f"{CALLED_AT}http/") -> HttpConfig:
    """Vonage's description, with its address on loopback."""
    _, said = written(shipped()["vonage"].replace("https://rest.nexmo.com/sms/json", url))
    secrets = {"api_key": "key", "api_secret": SECRET, "hook": "hook-secret"}
    return HttpConfig(said, secrets, "+4759440000", called_at, deadline_seconds=1.0)


@contextmanager
def described_texts() -> Iterator[Rig]:
    """A described provider."""
    with http.gateway() as server:

        def next_one(fault: http.Fault) -> None:
            server.faults.append(fault)

        config = http_config(server.url)
        yield Rig(
            lambda: closing(HttpSession(config)),
            capabilities_of(config),
            envelope("sms", "+4740000101"),
            lambda: [f"+{form['to']}" for form in server.taken],
            {
                Does.REFUSES: lambda: next_one(http.says(http.part("33"))),
                Does.LATER: lambda: next_one(http.says(http.part("5"))),
                Does.THROTTLES: lambda: next_one(http.says(http.part("1"))),
                Does.KNOWS_US_NOT: lambda: next_one(http.says(http.part("4"))),
                Does.HANGS_UP: lambda: next_one(http.takes_and(lambda handler: handler.hang_up())),
                Does.BABBLES: lambda: next_one(http.takes_and(lambda handler: handler.answer(200, b"<html>"))),
            },
            secret=SECRET,
            keys=lambda: [form["callback"] for form in server.asked],
            nobody=lambda: closing(HttpSession(http_config(f"{NOBODY}/sms"))),
        )
