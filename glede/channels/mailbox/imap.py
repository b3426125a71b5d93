"""A mailbox over IMAP (RFC 3501), read without changing anything in it: EXAMINE, UID SEARCH, and BODY.PEEK alone.

Nothing is deleted, moved or marked as seen, so that colleagues may use the mailbox beside us. Every fault of the
other side is ``Unreached`` with a code; nothing else comes out.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from glede.channels.mailbox.values import HEADER_MOST

DEADLINE_SECONDS: Final = 15.0
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID: Final = re.compile(rb"\bUID (\d+)")
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d+)")


class Unreached(Exception):
    """The mailbox cannot be read now. ``code``: no_answer, refused, no_folder or broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class BoxConfig:
    """A mailbox, ready to be opened."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    folder: str = "INBOX"
    deadline_seconds: float = DEADLINE_SECONDS

    def __repr__(self) -> str:
        return f"BoxConfig({self.host}:{self.port}, tls={self.tls})"


@dataclass(frozen=True, slots=True)
class Item:
    """A mail in the mailbox: its uid, its size in bytes, and when it came there."""

    uid: int
    size: int
    came_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What an open mailbox says of itself: how its mails are numbered, and the uid the next one will get."""

    uidvalidity: int
    uidnext: int


@dataclass(frozen=True, slots=True)
class Box:
    """An open mailbox. ``uidnext`` is the uid that the next mail will get."""

    connection: imaplib.IMAP4
    uidvalidity: int
    uidnext: int

    def uids(self, low: int, high: int | None = None) -> list[int]:
        """Return the uids from ``low`` on, to ``high``, in order."""
        found = self._search(f"UID {low}:{high or '*'}")
        return [uid for uid in found if uid >= low and (high is None or uid <= high)]

    def uids_since(self, day: date) -> list[int]:
        """Return the uids of what came on ``day`` or later."""
        return self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def items(self, uids: Iterable[int]) -> list[Item]:
        """Return size and time of mails; one that was deleted meanwhile is left out."""
        wanted = ",".join(map(str, uids))
        told = self._ask("FETCH", wanted, "(UID RFC822.SIZE INTERNALDATE)") if wanted else []
        lines = [line[0] if isinstance(line, tuple) else line for line in told if line]
        found = [item for line in lines if (item := _item(line)) is not None]
        return sorted(found, key=lambda item: item.uid)

    def mail(self, uid: int) -> bytes | None:
        """Return a mail whole, or None where it is not there any more."""
        return self._body(uid, "(UID BODY.PEEK[])")

    def head(self, uid: int) -> bytes | None:
        """Return the header of a mail that is too big to be kept."""
        found = self._body(uid, f"(UID BODY.PEEK[HEADER]<0.{HEADER_MOST}>)")
        return found if found is None else found[:HEADER_MOST]

    def _body(self, uid: int, what: str) -> bytes | None:
        told = self._ask("FETCH", str(uid), what)
        return next((bytes(one[1]) for one in told if isinstance(one, tuple)), None)

    def _search(self, what: str) -> list[int]:
        told = self._ask("SEARCH", what)
        return sorted({int(word) for line in told if line for word in line.split() if word.isdigit()})

    def _ask(self, command: str, *words: str) -> list[Any]:
        with _faults():
            kind, told = self.connection.uid(command, *words)
        if kind != "OK":
            raise Unreached("broken")
        return list(told)


@contextmanager
def open_box(config: BoxConfig) -> Iterator[Box]:
    """Open a mailbox for reading alone. Raises ``Unreached``."""
    with _faults():
        connection = _connected(config)
    try:
        with _faults():
            if config.tls == "starttls":
                connection.starttls(ssl.create_default_context())
            _sign_in(connection, config)
            yield _examined(connection, config.folder)
    finally:
        with suppress(OSError, imaplib.IMAP4.error, ValueError):
            connection.sock.settimeout(1.0)  # where the other side hangs nobody waits for its goodbye
            connection.logout()
        with suppress(OSError, ValueError):
            connection.shutdown()


def _connected(config: BoxConfig) -> imaplib.IMAP4:
    if config.tls == "tls":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(config.host, config.port, ssl_context=context, timeout=config.deadline_seconds)
    return imaplib.IMAP4(config.host, config.port, timeout=config.deadline_seconds)


def _sign_in(connection: imaplib.IMAP4, config: BoxConfig) -> None:
    try:
        if "AUTH=PLAIN" in connection.capabilities:
            secret = f"\0{config.user}\0{config.password}".encode()
            connection.authenticate("PLAIN", lambda _: secret)
        else:
            connection.login(_quoted(config.user), config.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Unreached("refused") from error


def _examined(connection: imaplib.IMAP4, folder: str) -> Box:
    kind, told = connection.select(_quoted(folder), readonly=True)
    if kind != "OK":
        raise Unreached("no_folder")
    validity = _number(connection.response("UIDVALIDITY")[1])
    following = _number(connection.response("UIDNEXT")[1])
    if validity is None:
        raise Unreached("broken")
    box = Box(connection, validity, following or 0)
    if following is None:
        # Old servers do not say; the newest mail does. "*" is the last one, whatever its number.
        known = box._search("UID *") if _number(told) else []
        box = Box(connection, validity, (known[-1] if known else 0) + 1)
    return box


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _number(told: Any) -> int | None:
    last = next((one for one in reversed(told or []) if one), None)
    return int(last) if isinstance(last, bytes) and last.isdigit() else None


def _item(line: bytes) -> Item | None:
    uid, size = _UID.search(line), _SIZE.search(line)
    if uid is None:
        return None
    return Item(int(uid[1]), int(size[1]) if size else 0, _came(line))


def _came(line: bytes) -> datetime | None:
    told = imaplib.Internaldate2tuple(line)
    if told is None:
        return None
    try:
        return datetime(*told[:6]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@contextmanager
def _faults() -> Iterator[None]:
    """Turn whatever the other side does into ``Unreached``."""
    try:
        yield
    except Unreached:
        raise
    except (OSError, EOFError, imaplib.IMAP4.abort) as error:
        raise Unreached("no_answer") from error
    except imaplib.IMAP4.error as error:
        raise Unreached("broken") from error
    except (ValueError, LookupError, TypeError, AssertionError, AttributeError) as error:
        raise Unreached("broken") from error
