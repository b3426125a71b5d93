"""How often one address, and everybody together, may try. Real time; only hashed addresses are kept.

A wrong code costs most: 65 bits cannot be guessed at 20 tries in ten minutes, nor at all the tries
the whole world may make. A right code is never locked out by what others do.
"""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from glede.kernel import clock

WINDOW_SECONDS = 600
LIMITS = {"read": 6_000, "write": 120, "wrong": 20, "hold": 20}
GLOBAL_WRONG = 2_000
GLOBAL_WRONG_EACH = 3
EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from: a keyed hash of its address, forgotten with the window."""

    key: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Caller":
        """Return the caller behind a request."""
        address = request.META.get("REMOTE_ADDR", "")
        digest = hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256)
        return cls(digest.hexdigest()[:32])

    def may(self, kind: str) -> bool:
        """Count one try of ``kind`` ("read", "write", "hold") and return whether it is within the limit."""
        return _count(kind, self.key) <= LIMITS[kind] and not self.is_guessing()

    def was_wrong(self) -> None:
        """Count a code that opened nothing, for this caller and for everybody."""
        _count("wrong", self.key)
        _count("wrong", EVERYBODY)

    def is_guessing(self) -> bool:
        """Whether this caller has tried too many wrong codes; fewer are forgiven while the world is guessing."""
        tried = _seen("wrong", self.key)
        crowd = _seen("wrong", EVERYBODY) > GLOBAL_WRONG
        return tried >= (GLOBAL_WRONG_EACH if crowd else LIMITS["wrong"])


def _key(kind: str, who: str) -> str:
    window = int(clock.now().timestamp()) // WINDOW_SECONDS
    return f"portal.{kind}.{who}.{window}"


def _seen(kind: str, who: str) -> int:
    return int(cache.get(_key(kind, who), 0))


def _count(kind: str, who: str) -> int:
    key = _key(kind, who)
    cache.add(key, 0, timeout=WINDOW_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # the window ended between the two
        return 1
