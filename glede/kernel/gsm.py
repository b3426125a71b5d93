"""What a text message is made of: the GSM 7-bit alphabet, UCS-2, parts, and plain signs in the place of fine ones.

GSM 03.38: 160 units in a part by itself, 153 in each of several; a sign of the extension table counts two. Any other
sign makes the whole text UCS-2: 70 units, or 67. Neither an escape pair nor a surrogate pair is ever split. Pure.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("^{}\\[~]|€\f")
GSM, UCS = "GSM-7", "UCS-2"

_SIGNS: Final = {
    "'": "‘’‚‛ʼ′´`",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−•",
    " ": "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "": "\u00ad\u200b\u2060\ufeff",
    "\n": "\x85\u2028\u2029",
    "...": "…", ".": "·", "x": "×", "->": "→", "<-": "←", "<": "‹", ">": "›",
    "1/2": "½", "1/4": "¼", "3/4": "¾",
}  # fmt: skip
PLAIN: Final = str.maketrans({fine: plain for plain, signs in _SIGNS.items() for fine in signs})
"""Signs that say the same in plain ones. No letter stands here: a name is written as it is spelt."""


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text message will be billed: its encoding, units used, and parts."""

    encoding: str
    units: int
    parts: int


def for_sms(text: str) -> str:
    """Return ``text`` in signs of the GSM alphabet where the same can be said in them; no letter is changed.

    A letter written as two (a and a ring) becomes the one it is; a line ends with one sign.
    """
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(PLAIN)


def beyond_gsm(text: str) -> tuple[str, ...]:
    """Return the signs because of which ``text`` takes UCS-2, each once, in order; empty where none does."""
    return tuple(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENDED))


def sms_segments(text: str) -> Segments:
    """Return encoding, units and parts of ``text``."""
    encoding, widths, alone, joined = _measured(text)
    units = sum(widths)
    return Segments(encoding, units, 1 if units <= alone else sum(1 for _ in _borders(widths, joined)))


def sms_parts(text: str) -> list[str]:
    """Return ``text`` as the parts in which it travels; together they are the text."""
    _, widths, alone, joined = _measured(text)
    if sum(widths) <= alone:
        return [text]
    starts = list(_borders(widths, joined))
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _measured(text: str) -> tuple[str, list[int], int, int]:
    """Return the encoding, the units of each sign, and what a part holds alone and among several."""
    if beyond_gsm(text):
        return UCS, [2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67
    return GSM, [2 if c in EXTENDED else 1 for c in text], 160, 153


def _borders(widths: list[int], joined: int) -> Iterator[int]:
    """Yield where each part begins; a sign that does not fit goes whole to the next."""
    yield 0
    used = 0
    for at, width in enumerate(widths):
        if used + width > joined:
            yield at
            used = 0
        used += width
