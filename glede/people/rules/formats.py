"""How somebody reads, hears and speaks, and which ways of reaching them that closes.

The codes follow the Accessible Information Standard (NHS England DAPB1605: identify, record, flag, share, meet,
review). What a person cannot use is not used: the way is left out, and where none is left a colleague is told.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from glede.people.values import CHANNELS, Channel

WRITTEN: Final = frozenset(CHANNELS) - {"call"}
TEXTS: Final = frozenset({"sms", "whatsapp", "messenger", "instagram"})

CLOSES: Final[dict[str, frozenset[Channel]]] = {
    "large_print": frozenset(),
    "plain_words": frozenset(),
    "easy_read": frozenset(),
    "braille": frozenset({"letter"}),
    "email_only": frozenset(CHANNELS) - {"email"},
    "no_texts": TEXTS,
    "no_phone": frozenset({"call"}),
    "sign_language": frozenset({"call"}),
    "not_in_writing": WRITTEN,
    "interpreter": frozenset(),
    "hears_little": frozenset(),
    "lip_reads": frozenset(),
    "carer_copy": frozenset(),
    "companion": frozenset(),
    "guide_dog": frozenset(),
    "longer_visit": frozenset(),
}
"""Each communication need with the channels that it closes. Who signs hears no call; a screen reader reads e-mail."""

CODES: Final = frozenset(CLOSES)
REVIEW_AFTER: Final = timedelta(days=365)
"""So long after it was asked about or gone over, a need is gone over again. Our choice: the standard says regularly."""


def closed_by(codes: Iterable[str]) -> frozenset[Channel]:
    """Return the channels that a person with these needs cannot use; an unknown code closes none."""
    return frozenset().union(*(CLOSES.get(code, frozenset()) for code in codes))


def is_review_due(noted_on: date, asked_on: date | None, reviewed_on: date | None, today: date) -> bool:
    """Return whether a need is to be gone over again: a year after the last time anybody asked about it."""
    return max(filter(None, (noted_on, asked_on, reviewed_on))) + REVIEW_AFTER <= today
