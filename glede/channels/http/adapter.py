"""A described provider as a transport: what is certain, what is refused, and what nobody can know.

Until a connection stands nothing has left. From the moment the request is on the line until its answer the outcome is
in doubt: then `Unknown`, never a second try.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings

from glede.channels.http.accounts import config_for, config_or_none
from glede.channels.http.filling import HttpConfig, fields_of, headers_of
from glede.channels.http.reading import read_answer
from glede.outbox.rules import Reason, Resolution
from glede.outbox.transports import Capabilities, Envelope, Outcome, Refused, Unknown

DEADLINE_SECONDS = 10.0
BODY_MOST = 1_600


class HttpSession:
    """One line for a batch; it connects at the first message."""

    def __init__(self, config: HttpConfig) -> None:
        from glede.channels.http.line import Line  # httpx is a tenth of a second, and most starts ask nobody

        self.config = config
        self._line = Line(
            config.description.request.url, config.deadline_seconds, may_be_loopback=settings.GLEDE_TEXTS_TO_LOOPBACK
        )

    def prepare(self, envelope: Envelope) -> None:
        """Nothing to prepare: a request is one piece."""

    def forget(self) -> None:
        """Nothing to forget."""

    def send(self, envelope: Envelope) -> Outcome:
        """Send one text to one person, within the deadline. Never raises for the provider's doings."""
        from glede.channels.http import line

        if not envelope.text.strip() or len(envelope.text) > BODY_MOST:
            return Refused(is_permanent=True, reason=Reason.CONTENT_REFUSED, words=f"{len(envelope.text)} letters")
        if not envelope.to_address.startswith("+") or not envelope.to_address[1:].isdigit():
            return Refused(is_permanent=True, reason=Reason.BAD_ADDRESS)
        kind = "data" if self.config.description.request.body == "form" else "json"
        body = {kind: fields_of(self.config, envelope)}
        try:
            status, answer = self._line.post(headers_of(self.config, envelope), **body)
        except line.NOTHING_LEFT as error:
            return Refused(is_permanent=False, words=type(error).__name__, is_ours=True)
        except line.IN_DOUBT as error:
            return Unknown(type(error).__name__)
        return read_answer(self.config.description.answers, status, answer)

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class HttpTransport:
    """Texts by the provider that a practice described."""

    deadline_seconds = DEADLINE_SECONDS

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """What its description says, as far as the provider can reach us."""
        config = config_or_none(practice_id)
        if config is None:
            return Capabilities(Resolution.NOTHING)
        return capabilities_of(config)

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator[HttpSession]:
        """One session for a batch. Raises ``LookupError`` without an open account."""
        session = HttpSession(config_for(practice_id))
        try:
            yield session
        finally:
            session.close()

    def is_configured(self, practice_id: UUID) -> bool:
        """Whether the practice has an account that is open."""
        return config_or_none(practice_id) is not None


def capabilities_of(config: HttpConfig) -> Capabilities:
    """Return what an account can do: class C where its reports carry our id and can reach us, else N."""
    said = config.description
    is_told = bool(config.called_at) and said.carries_our_id
    return Capabilities(
        Resolution.CALL_BACK if is_told else Resolution.NOTHING,
        tells_arrival=is_told,
        hears_answers=bool(config.called_at) and said.arrivals is not None,
        ends_in_time=said.ends_in_time,
    )
