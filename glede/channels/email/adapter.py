"""SMTP as a transport: what is certain, what is refused, and what nobody can know.

Everything before the end of the words is certain: no answer means not taken. From the moment the words are on
the line until the server's answer the outcome is in doubt (RFC 5321 4.2.5 puts the duty on the server only once
it has answered), so a lost answer is `Unknown`, never a second try.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings

from glede.channels.email.config import DEADLINE_SECONDS, SmtpConfig, read_config
from glede.channels.email.mime import to_bytes
from glede.channels.letters import plain_address
from glede.kernel import clock
from glede.outbox.rules import Reason, Resolution
from glede.outbox.transports import Accepted, Capabilities, Envelope, Outcome, Refused, Unknown

_DOT = re.compile(rb"(?m)^\.")
_POLICY = re.compile(rb"\b5\.7\.\d")
_BROKEN = (OSError, smtplib.SMTPException)


class _NotTaken(Exception):
    """The server answered before the words were sent, and said no."""

    def __init__(self, refused: Refused) -> None:
        self.refused = refused


@dataclass(slots=True)
class _Ready:
    """A message whose sender and recipient the server is being told, before anything is begun."""

    envelope: Envelope
    payload: bytes
    is_asked: bool = False


class SmtpSession:
    """One connection, opened at the first message and again where the server hung up between two."""

    def __init__(self, config: SmtpConfig) -> None:
        self.config = config
        self._smtp: smtplib.SMTP | None = None
        self._ready: _Ready | None = None
        self._ends_at = 0.0

    def prepare(self, envelope: Envelope) -> None:
        """Tell the server who writes to whom, where it takes commands in one go (RFC 2920), without waiting.

        Nothing is sent by this: without its words no message comes about, and hanging up undoes it.
        """
        self._ends_at = clock.monotonic() + self.config.deadline_seconds
        sent_as = self._as_sender(envelope)
        to_address, from_address = plain_address(sent_as.to_address), plain_address(sent_as.from_address)
        if to_address is None or from_address is None:
            return
        self._ready = _Ready(sent_as, _DOT.sub(b"..", to_bytes(sent_as)) + b".\r\n")
        smtp = self._smtp
        if smtp is None or not smtp.has_extn("pipelining"):
            return
        try:
            self._set_timeout(smtp)
            smtp.send(f"MAIL FROM:<{from_address}>\r\nRCPT TO:<{to_address}>\r\nDATA\r\n")
            self._ready.is_asked = True
        except _BROKEN:
            self.close()

    def forget(self) -> None:
        """The message that was prepared is not ours to send any more."""
        if self._ready is not None and self._ready.is_asked:
            self.close()
        self._ready = None

    def send(self, envelope: Envelope) -> Outcome:
        """Send one message to its one recipient, within the deadline. Never raises for the server's doings."""
        if self._ready is None or self._ready.envelope.message_id != envelope.message_id:
            self.forget()
            self.prepare(envelope)
        ready, self._ready = self._ready, None
        if ready is None:
            return self._unfit(envelope)
        try:
            smtp = self._open_envelope(ready)
        except _NotTaken as no:
            return no.refused
        except _BROKEN as error:
            self.close()
            return Refused(is_permanent=False, words=_words(error), is_ours=True)
        return self._send_words(smtp, ready.payload)

    def _unfit(self, envelope: Envelope) -> Refused:
        if plain_address(envelope.to_address) is None:
            return Refused(is_permanent=True, reason=Reason.BAD_ADDRESS)
        return Refused(is_permanent=False, words="the practice has no address to send from", is_ours=True)

    def _as_sender(self, envelope: Envelope) -> Envelope:
        """Where the server sends for one address only, mail comes from it and answers go to the practice."""
        if not self.config.sender:
            return envelope
        answers_to = envelope.reply_to or envelope.from_address
        return replace(envelope, from_address=self.config.sender, reply_to=answers_to)

    def _open_envelope(self, ready: _Ready) -> smtplib.SMTP:
        """Come to the point where the server waits for the words. Raises `_NotTaken` and what smtplib raises."""
        if ready.is_asked and self._smtp is not None:
            try:
                return self._hear_three(self._smtp)
            except _BROKEN:
                # The server hung up while nothing was under way: one fresh connection, nothing is in doubt.
                self.close()
        smtp, is_new = self._connected()
        try:
            return self._ask_three(smtp, ready.envelope)
        except _BROKEN:
            if is_new:
                raise
        self.close()
        smtp, _ = self._connected()
        return self._ask_three(smtp, ready.envelope)

    def _hear_three(self, smtp: smtplib.SMTP) -> smtplib.SMTP:
        """The answers to what `prepare` said in one go."""
        answers = []
        for _ in range(3):
            self._set_timeout(smtp)
            answers.append(smtp.getreply())
        (mail, mail_words), (rcpt, rcpt_words), (data, data_words) = answers
        if data == 354 and (mail != 250 or rcpt not in {250, 251}):
            self.close()  # the server waits for words it should not get
        self._unless(mail == 250, mail, mail_words, ours=True)
        self._unless(rcpt in {250, 251}, rcpt, rcpt_words, ours=False)
        self._unless(data == 354, data, data_words, ours=False)
        return smtp

    def _ask_three(self, smtp: smtplib.SMTP, envelope: Envelope) -> smtplib.SMTP:
        code, answer = self._ask(smtp, f"MAIL FROM:<{plain_address(envelope.from_address)}>")
        self._unless(code == 250, code, answer, ours=True)
        code, answer = self._ask(smtp, f"RCPT TO:<{plain_address(envelope.to_address)}>")
        self._unless(code in {250, 251}, code, answer, ours=False)
        code, answer = self._ask(smtp, "DATA")
        self._unless(code == 354, code, answer, ours=False)
        return smtp

    def _unless(self, fine: bool, code: int, answer: bytes, *, ours: bool) -> None:
        if fine:
            return
        self._reset()
        permanent = code >= 500 and not ours and not _POLICY.search(answer)
        reason = Reason.REFUSED if permanent else ""
        raise _NotTaken(Refused(permanent, reason, _answer_words(code, answer), is_ours=ours or code == 421))

    def _send_words(self, smtp: smtplib.SMTP, payload: bytes) -> Outcome:
        try:
            self._set_timeout(smtp)
            smtp.send(payload)
            self._set_timeout(smtp)
            code, answer = smtp.getreply()
        except _BROKEN as error:
            self.close()
            return Unknown(_words(error))
        told = _answer_words(code, answer)
        if code // 100 == 2:  # any answer that begins with 2 is a yes (RFC 5321 4.2.1)
            return Accepted(provider_id=told[:200])
        if code // 100 not in {4, 5}:  # neither yes nor no: it may well have been taken
            self.close()
            return Unknown(told)
        self._reset()
        if code >= 500:
            return Refused(is_permanent=True, reason=Reason.CONTENT_REFUSED, words=told)
        return Refused(is_permanent=False, words=told, is_ours=code == 421)

    def _ask(self, smtp: smtplib.SMTP, line: str) -> tuple[int, bytes]:
        self._set_timeout(smtp)
        return smtp.docmd(line)

    def _set_timeout(self, smtp: smtplib.SMTP) -> None:
        left = self._ends_at - clock.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        if smtp.sock is not None:
            smtp.sock.settimeout(left)

    def _connected(self) -> tuple[smtplib.SMTP, bool]:
        if self._smtp is not None:
            return self._smtp, False
        config = self.config
        name = socket.gethostname()  # never asked of a name server: that can take longer than the whole call
        if config.tls == "tls":
            self._smtp = smtplib.SMTP_SSL(
                config.host, config.port, name, timeout=config.deadline_seconds, context=ssl.create_default_context()
            )
        else:
            self._smtp = smtplib.SMTP(config.host, config.port, name, timeout=config.deadline_seconds)
        if self._smtp.sock is not None:
            self._smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if config.tls == "starttls":
            self._smtp.starttls(context=ssl.create_default_context())
        self._smtp.ehlo_or_helo_if_needed()
        if config.user:
            self._smtp.login(config.user, config.password)
        return self._smtp, True

    def _reset(self) -> None:
        """Clear the server's mind between two messages; where it will not, hang up."""
        try:
            if self._smtp is not None and self._ask(self._smtp, "RSET")[0] != 250:
                self.close()
        except _BROKEN:
            self.close()

    def close(self) -> None:
        """Hang up; an accepted message stays accepted."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(*_BROKEN):
                smtp.close()

    def leave(self) -> None:
        """Say goodbye and hang up."""
        if self._smtp is not None:
            self._ends_at = clock.monotonic() + 1.0
            with suppress(*_BROKEN):
                self._ask(self._smtp, "QUIT")
        self.close()


class SmtpTransport:
    """Plain SMTP with the server of the settings."""

    @property
    def deadline_seconds(self) -> float:
        """The longest one message may take."""
        config = read_config(settings.GLEDE_SMTP_URL)
        return config.deadline_seconds if config else DEADLINE_SECONDS

    def config_for(self, practice_id: UUID) -> SmtpConfig | None:
        """The practice's mail server, or None. One server serves the installation for now."""
        return read_config(settings.GLEDE_SMTP_URL)

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """A lost answer to the words can be asked for nowhere; what comes back comes as mail."""
        return Capabilities(Resolution.NOTHING, hears_answers=True)

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator[SmtpSession]:
        """One session for a batch."""
        config = self.config_for(practice_id)
        if config is None:
            raise LookupError("no mail server is set")
        session = SmtpSession(config)
        try:
            yield session
        finally:
            session.leave()

    def is_configured(self, practice_id: UUID) -> bool:
        """Whether a mail server is set."""
        return self.config_for(practice_id) is not None


def _answer_words(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('ascii', 'replace')}"[:300]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
