"""Identifiers: UUIDv7 for rows, 65-bit Crockford codes for links, hashes for look-ups."""

import hashlib
import hmac
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from glede.kernel import clock

LINK_CODE_CHARACTERS = 13
LINK_CODE_BITS = 65
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READING_ALIASES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

_seeded: ContextVar["_SeededSource | None"] = ContextVar("seeded_ids", default=None)


class _SeededSource:
    """A repeatable source of ids: its own clock of milliseconds and its own random bits."""

    def __init__(self, seed: int) -> None:
        self.bits = random.Random(seed)  # noqa: S311 - repeatable on purpose, never a secret
        self.milliseconds = 1_700_000_000_000

    def next(self) -> tuple[int, int]:
        self.milliseconds += 1
        return self.milliseconds, self.bits.getrandbits(74)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make ``new_id`` repeatable inside the block, for simulations and benchmarks."""
    token = _seeded.set(_SeededSource(seed))
    try:
        yield
    finally:
        _seeded.reset(token)


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    source = _seeded.get()
    if source is None:
        return uuid7(int(clock.now().timestamp() * 1000), secrets.randbits(74))
    return uuid7(*source.next())


def new_ids(count: int) -> list[UUID]:
    """Return ``count`` ids as ``new_id`` makes them, all of one millisecond."""
    if _seeded.get() is not None:
        return [new_id() for _ in range(count)]
    milliseconds, noise = int(clock.now().timestamp() * 1000), secrets.token_bytes(10 * count)
    return [uuid7(milliseconds, int.from_bytes(noise[10 * n : 10 * n + 10], "big")) for n in range(count)]


def uuid7(milliseconds: int, random_bits: int) -> UUID:
    """Return the UUIDv7 made of ``milliseconds`` since 1970 and 74 ``random_bits``."""
    high = (milliseconds & (1 << 48) - 1) << 80
    middle = (random_bits >> 62 & 0xFFF) << 64
    low = random_bits & (1 << 62) - 1
    return UUID(int=high | 0x7 << 76 | middle | 0x2 << 62 | low)


def first_id_at(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of ``moment``, to cut a range of ids by time."""
    return uuid7(int(moment.timestamp() * 1000), 0)


def link_code(key: bytes, visit_id: UUID, counter: int) -> str:
    """Return the 13 characters of a visit's link, which are its receipt code too.

    They are the first 65 bits of HMAC-SHA-256 over the visit's id and its revocation counter, so
    every later message carries the same link and the database alone reveals none
    (docs/decisions, "65 bits in a patient's link").
    """
    digest = hmac.new(key, visit_id.bytes + counter.to_bytes(4, "big"), hashlib.sha256).digest()
    bits = int.from_bytes(digest[:9], "big") >> 72 - LINK_CODE_BITS
    return "".join(CROCKFORD[bits >> 5 * place & 31] for place in reversed(range(LINK_CODE_CHARACTERS)))


def new_code() -> str:
    """Return 13 random Crockford letters, 65 bits: a code on paper, read as a link's code is."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(LINK_CODE_CHARACTERS))


def new_secret() -> str:
    """Return 192 random bits as 32 letters, digits, dashes and underscores: a key that a machine carries."""
    return secrets.token_urlsafe(24)


def read_link_code(text: str) -> str | None:
    """Return the code a person typed or a link held, or None where it cannot be one.

    Small letters, dashes and blanks are forgiven; O is read as 0, I and L as 1 (Crockford).
    """
    code = text.upper().translate(_READING_ALIASES)
    if len(code) != LINK_CODE_CHARACTERS or any(letter not in CROCKFORD for letter in code):
        return None
    return code


def link_hash(code: str) -> bytes:
    """Return what is stored and indexed for ``code``: its SHA-256."""
    return hashlib.sha256(code.encode("ascii")).digest()
