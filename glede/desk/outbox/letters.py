"""A mail as it leaves: its HTML in a frame that may do nothing, its plain text beside it, and who it comes from."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.http import HttpResponse

from glede.channels.letters import STYLE, html_of
from glede.channels.mailapi.accounts import mail_card
from glede.desk.channels.email import house_server

LOOK = b64encode(sha256(STYLE.encode()).digest()).decode()


@dataclass(frozen=True)
class Letter:
    """One mail as it is received: the address line, the subject, both forms of its words, and their language."""

    sender: str
    subject: str
    html: str
    text: str
    language: str


def letter(practice: Any, subject: str, text: str, language: str) -> Letter:
    """Return a mail of these words as the practice would send it now."""
    return Letter(f"{practice.name} <{_address(practice)}>", subject, html_of(text, language), text, language)


def _address(practice: Any) -> str:
    card = mail_card(practice.pk)
    if card is not None:
        return card.sender
    server = house_server()
    return (server.sender if server else "") or str(practice.email)


def showing_letters(response: HttpResponse) -> HttpResponse:
    """Let the one style of our mails through the policy of this page; a frame has the policy of its page."""
    response._csp_update = {"style-src-attr": ["'unsafe-hashes'", f"'sha256-{LOOK}'"]}  # type: ignore[attr-defined]
    return response
