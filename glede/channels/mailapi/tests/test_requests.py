"""What leaves for Postmark and Mailgun is a request as their own pages have it."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from glede.channels.mailapi.adapter import ApiSession
from glede.channels.mailapi.config import MAILGUN, POSTMARK
from glede.channels.mailapi.tests import published
from glede.channels.mailapi.tests.provider import posting
from glede.channels.mailapi.tests.rigs import SECRET, config
from glede.channels.tests.rigs import envelope
from glede.kernel.ids import new_id
from glede.outbox.transports import Accepted, Envelope

both = pytest.mark.parametrize("provider", [POSTMARK, MAILGUN])
PLAIN = envelope("email", "kari@example.org")
ENVELOPES = {
    "plain": PLAIN,
    "news": replace(PLAIN, unsubscribe_url="https://solberg.example/u/abc/"),
    "an answer": replace(PLAIN, in_reply_to="<a.1@solberg.example>"),
    "letters": replace(PLAIN, to_name="Åse Ødegård, «Æ»", subject="Ærlig talt: 你好 👁", text="Hei Åse\n\n👍 é"),
    "no name": replace(PLAIN, to_name="", from_name=""),
}


def requested(provider: str, given: Envelope) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Send a mail; return the path it went to, the headers it went with and what it said."""
    with posting() as server, closing(ApiSession(config(provider, server.url))) as session:
        assert isinstance(session.send(replace(given, message_id=new_id())), Accepted)
        (path, headers), (mail,) = server.requests[-1], server.taken
    return path, headers, mail


@both
@pytest.mark.parametrize("kind", list(ENVELOPES))
def test_every_request_is_as_the_providers_page_says(provider: str, kind: str) -> None:
    path, headers, mail = requested(provider, ENVELOPES[kind])
    assert path == published.PATHS[provider]
    assert published.problems(provider, mail) == []
    proof = headers.get("x-postmark-server-token") if provider == POSTMARK else headers.get("authorization")
    assert proof
    assert proof == SECRET or proof.startswith("Basic ")


@both
def test_what_the_page_does_not_know_is_seen(provider: str) -> None:
    _, _, mail = requested(provider, PLAIN)
    sender = "From" if provider == POSTMARK else "from"
    without = {name: value for name, value in mail.items() if name != sender}
    bodiless = {
        name: value for name, value in mail.items() if "body" not in name.lower() and name not in {"text", "html"}
    }
    for wrong in (without, bodiless, {**mail, "Colour": "red"}, {**mail, sender: 7}):
        assert published.problems(provider, wrong)


def test_every_schema_names_its_page() -> None:
    assert published.SCHEMAS.keys() == published.SOURCES.keys() == published.PATHS.keys()
    assert all(page.startswith("https://") for page in published.SOURCES.values())
