"""The words for what becomes of a mail, and for what a mailbox needs. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

IMAP, HOOK = "imap", "hook"
TLS: Final = ("tls", "starttls", "no")
PORTS: Final = {"tls": 993, "starttls": 143, "no": 143}
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

SIZE_MOST: Final = 20 * 1024 * 1024
"""Bytes of a mail that are kept. Of a bigger one the header is, and a person is told where the rest lies."""
HEADER_MOST: Final = 64 * 1024
BATCH: Final = 50
"""Mails of one connection's turn; after an outage the next turn follows at once."""
PORTION: Final = 10
PORTION_BYTES: Final = 20 * 1024 * 1024
"""Mails, and bytes, that are kept in one transaction."""
MAILS_AN_HOUR: Final = 30
"""More than this from one sender within an hour is held: no person writes so much (our choice)."""
COUNT_EVERY: Final = timedelta(hours=1)
COUNT_BACK: Final = 2_000
"""So many uids behind the newest are counted each time."""
PAUSES: Final = (1, 2, 5, 10, 15)
"""Minutes until a mailbox that cannot be read is tried again."""


class Form(StrEnum):
    """How a mail's bytes are to be read."""

    MIME = "mime"
    POSTMARK = "postmark"


class Kept(StrEnum):
    """Where a mail stands: kept unread, read, held for a colleague, or refused with a reason that stands beside it."""

    STORED = "stored"
    READ = "read"
    HELD = "held"
    REFUSED = "refused"


class Why(StrEnum):
    """Why a mail is held for a colleague, or is nobody's to answer."""

    UNREADABLE = "unreadable"
    NO_SENDER = "no_sender"
    TOO_MANY = "too_many"
    URGENT_WORDS = "urgent_words"
    LIST_OF_A_PATIENT = "list_of_a_patient"
    OWN = "own"
    TWICE = "twice"
    LIST = "list"
    AUTOMATIC = "automatic"
    NOT_OURS = "not_ours"
    NOT_A_MAIL = "not_a_mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A mail as a mailbox or a provider brought it. ``key`` makes it the same mail when it is brought again."""

    key: str
    raw: bytes
    size: int
    came_at: datetime
    form: str = Form.MIME.value
    uidvalidity: int | None = None
    uid: int | None = None
    is_cut: bool = False


def pause_after(failures: int) -> timedelta:
    """Return how long a mailbox that failed so many times in a row is left alone."""
    return timedelta(minutes=PAUSES[min(failures, len(PAUSES)) - 1]) if failures else timedelta(0)
