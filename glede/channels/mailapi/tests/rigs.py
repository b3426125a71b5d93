"""Postmark and Mailgun before a provider of our own, for the contract of all channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from email.utils import parseaddr
from typing import Any

from glede.channels.mailapi.adapter import ApiSession, capabilities_of
from glede.channels.mailapi.config import MAILGUN, OUR_ID, POSTMARK, MailConfig
from glede.channels.mailapi.tests import provider as post
from glede.channels.tests.contract import Does, Rig
from glede.outbox.transports import Envelope

SECRET = "a-secret-that-nobody-sees"
NOBODY = "http://127.0.0.1:9/v3/"

ANSWERS: Mapping[str, Mapping[Does, tuple[int, Any]]] = {
    POSTMARK: {
        Does.REFUSES: (422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'kari@example.org'."}),
        Does.LATER: (503, {"ErrorCode": 100, "Message": "We are doing maintenance, come again."}),
        Does.THROTTLES: (429, {"ErrorCode": 429, "Message": "Too many requests"}),
        Does.KNOWS_US_NOT: (401, {"ErrorCode": 10, "Message": "Request does not contain a valid Server token."}),
    },
    MAILGUN: {
        Does.REFUSES: (400, {"message": "'to' parameter is not a valid address. please check documentation"}),
        Does.LATER: (503, {"message": "Come again"}),
        Does.THROTTLES: (429, {"message": "Too many requests"}),
        Does.KNOWS_US_NOT: (401, b"Forbidden"),
    },
}


def config(provider: str, address: str) -> MailConfig:
    """An account at a provider."""
    secrets = {"token": SECRET, "key": SECRET, "hook": SECRET}
    return MailConfig(provider, secrets, "hei@mg.solberg.example", "mg.solberg.example", address, deadline_seconds=1.0)


def rig(provider: str, envelope: Envelope) -> Callable[[], Any]:
    """Return what puts one provider's adapter before a provider on loopback."""

    @contextmanager
    def made() -> Iterator[Rig]:
        with post.posting() as server:

            def next_one(fault: post.Fault) -> Callable[[], None]:
                return lambda: server.faults.append(fault)

            yield Rig(
                lambda: closing(ApiSession(config(provider, server.url))),
                capabilities_of(config(provider, server.url)),
                envelope,
                lambda: [parseaddr(mail.get("To") or mail["to"])[1] for mail in server.taken],
                {does: next_one(post.says(*said)) for does, said in ANSWERS[provider].items()}
                | {
                    Does.HANGS_UP: next_one(post.takes_and(lambda handler: handler.hang_up())),
                    Does.BABBLES: next_one(post.takes_and(lambda handler: handler.answer(200, b"<html>"))),
                },
                secret=SECRET,
                keys=lambda: [m["Metadata"][OUR_ID] if "To" in m else m[f"v:{OUR_ID}"] for m in server.taken],
                nobody=lambda: closing(ApiSession(config(provider, NOBODY))),
            )

    return made
