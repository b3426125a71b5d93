"""A provider's interface as a transport: what is certain, what is refused, and what nobody can know.

Certain is only what the provider said in its own words, and what failed before a connection stood. A 500, a
time-out, an answer that nobody understands: the mail may be on its way, and the provider's list is asked for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives

from glede.channels.letters import html_of, letter_headers, mailbox_words, plain_address
from glede.channels.mailapi.accounts import config_for, has_account
from glede.channels.mailapi.config import DEADLINE_SECONDS, LIST_LAG, OUR_ID, POSTMARK, MailConfig
from glede.outbox.rules import Reason, Resolution
from glede.outbox.transports import Accepted, Capabilities, Envelope, Outcome, Refused, Unknown

if TYPE_CHECKING:
    from anymail.backends.base_requests import AnymailRequestsBackend

_OURS = frozenset({401, 402, 403, 404, 429})
_DOUBTFUL = frozenset({408, 409, 425})
_ABOUT_US = ("'from'", "sender", "domain", "token", "credit", "account", "not allowed", "pending approval")


class ApiSession:
    """One line for a batch; it connects at the first message."""

    def __init__(self, config: MailConfig) -> None:
        self.config = config
        self._backend = _backend_for(config)

    def prepare(self, envelope: Envelope) -> None:
        """Nothing to prepare: a request is one piece."""

    def forget(self) -> None:
        """Nothing to forget."""

    def send(self, envelope: Envelope) -> Outcome:
        """Send one mail to one person, within the deadline. Never raises for the provider's doings."""
        from anymail import exceptions as anymail
        from requests import RequestException

        from glede.channels.mailapi.line import has_not_left

        to_address = plain_address(envelope.to_address)
        if to_address is None:
            return Refused(is_permanent=True, reason=Reason.BAD_ADDRESS)
        message = letter_of(envelope, self.config, to_address)
        try:
            self._backend.send_messages([message])
        except anymail.AnymailRecipientsRefused:
            return _refused_person(message)
        except anymail.AnymailRequestsAPIError as error:
            if error.response is not None:
                return read_refusal(self.config.provider, error.response.status_code, error.response.content)
            if has_not_left(error):
                return Refused(is_permanent=False, words=_name(error), is_ours=True)
            return Unknown(_name(error))
        except (anymail.AnymailInvalidAddress, anymail.AnymailUnsupportedFeature, anymail.AnymailSerializationError):
            return Refused(is_permanent=True, reason=Reason.CONTENT_REFUSED, words="it cannot be written down so")
        except RequestException as error:
            return Unknown(_name(error))
        known = message.anymail_status.message_id
        return Accepted(str(known).strip("<>")[:200]) if isinstance(known, str) and known else Unknown("no number")

    def close(self) -> None:
        """Hang up."""
        self._backend.close()


def _backend_for(config: MailConfig) -> AnymailRequestsBackend:
    from anymail.backends import mailgun, postmark

    from glede.channels.mailapi.line import Line

    backend: AnymailRequestsBackend
    if config.provider == POSTMARK:
        backend = postmark.EmailBackend(server_token=config.secrets["token"], api_url=config.api)
    else:
        backend = mailgun.EmailBackend(api_key=config.secrets["key"], sender_domain=config.domain, api_url=config.api)
    backend.session = Line(config.deadline_seconds)
    return backend


def letter_of(envelope: Envelope, config: MailConfig, to_address: str) -> Any:
    """Return a mail as anymail takes it: from the account's own address, answers to the practice, nothing counted."""
    headers = {**letter_headers(envelope, config.domain), "Message-ID": envelope.message_ref}
    if config.provider == POSTMARK:
        headers["X-PM-KeepID"] = "true"
    message: Any = EmailMultiAlternatives(
        envelope.subject, envelope.text, mailbox_words(envelope.from_name, config.sender),
        [mailbox_words(envelope.to_name, to_address)], headers=headers,
        reply_to=[envelope.reply_to or envelope.from_address],
    )  # fmt: skip
    message.attach_alternative(envelope.html or html_of(envelope.text, envelope.language), "text/html")
    message.metadata = {OUR_ID: str(envelope.message_id)}
    message.track_opens = message.track_clicks = False
    return message


def _refused_person(message: Any) -> Refused:
    found = message.anymail_status.status or set()
    reason = Reason.BAD_ADDRESS if "invalid" in found else Reason.REFUSED
    return Refused(is_permanent=True, reason=reason, words="the provider sends nothing to this address")


def read_refusal(provider: str, status: int, body: bytes) -> Outcome:
    """Return what an answer that is no yes means. Pure."""
    told = _object(body)
    words = str(told.get("Message") or told.get("message") or "")[:300]
    code = f"{status} {told.get('ErrorCode', '')} {words}".strip()[:300]
    if status < 400 or status in _DOUBTFUL:
        return Unknown(code)
    if status >= 500:
        # Only "come again" in the provider's own words is a no; of other faults it may have taken the mail before.
        return Refused(is_permanent=False, words=code, is_ours=True) if status == 503 and words else Unknown(code)
    lowered = words.lower()
    if status in _OURS:
        return Refused(is_permanent=False, words=code, is_ours=True)
    if "'to'" in lowered or "'to'" in lowered.replace("parameter to", "'to'") or "recipient" in lowered:
        return Refused(is_permanent=True, reason=Reason.BAD_ADDRESS, words=code)
    if not words or any(word in lowered for word in _ABOUT_US):
        return Refused(is_permanent=False, words=code, is_ours=True)
    return Refused(is_permanent=True, reason=Reason.CONTENT_REFUSED, words=code)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _name(error: BaseException) -> str:
    return type(error.__cause__ or error).__name__


class ApiTransport:
    """E-mail by the practice's own account with a provider."""

    deadline_seconds = DEADLINE_SECONDS

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """What its provider can do: its list is asked for our id; answers come in as mail."""
        try:
            return capabilities_of(config_for(practice_id))
        except LookupError:
            return Capabilities(Resolution.NOTHING)

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator[ApiSession]:
        """One session for a batch. Raises ``LookupError`` without an account."""
        session = ApiSession(config_for(practice_id))
        try:
            yield session
        finally:
            session.close()

    def is_configured(self, practice_id: UUID) -> bool:
        """Whether the practice has such an account."""
        return has_account(practice_id)


def capabilities_of(config: MailConfig) -> Capabilities:
    """Return what an account can do: class L, as late as the provider's list may be."""
    return Capabilities(Resolution.LOOK_UP, tells_arrival=True, hears_answers=True, late_by=LIST_LAG[config.provider])
