"""Text made comparable: folding, sorting, search tokens, and the length of a text message."""

import re
import unicodedata
from dataclasses import dataclass

_FOLDS = str.maketrans({
    "æ": "ae", "ø": "o", "å": "a", "‘": "'", "’": "'", "“": '"', "”": '"', "ß": "ss", "đ": "d", "ł": "l",
})  # fmt: skip
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_PLACES = {"æ": "z{", "ä": "z{", "ø": "z|", "ö": "z|", "å": "z}"}
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
_SMART = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})


def fold(text: str) -> str:
    """Return ``text`` for matching words: small letters, straight quotes, ae/o/a for æ/ø/å, single blanks.

    "oey" becomes "oy" and "aa" becomes "a", but "oe" is never folded to "o": that would turn the
    Norwegian "noe" into "no" and break negation.
    """
    small = text.lower().translate(_FOLDS)
    bare = small if small.isascii() else _without_marks(small)
    return " ".join(bare.replace("oey", "oy").replace("aa", "a").split())


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def name_tokens(text: str) -> list[str]:
    """Return the folded words of a name, for the search table."""
    return _WORD.findall(fold(text))


def sort_key(name: str, language: str = "nb") -> str:
    """Return a key that sorts bytewise in the order of the language: in Norwegian æ, ø, å (and aa) last."""
    small = name.casefold()
    if language[:2] in {"nb", "nn", "no", "da"}:
        small = "".join(_PLACES.get(c, c) for c in small.replace("aa", "å"))
    bare = "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s{|}]", "", bare).split())


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text message will be billed: its encoding, units used, and parts."""

    encoding: str
    units: int
    parts: int


def for_sms(text: str) -> str:
    """Return ``text`` with curly quotes, dashes and dots replaced by signs of the GSM alphabet."""
    return text.translate(_SMART)


def sms_segments(text: str) -> Segments:
    """Return encoding, units and parts of ``text`` (GSM 03.38: 160 or 153 a part; UCS-2: 70 or 67).

    An escape pair never straddles two parts.
    """
    if all(c in _GSM or c in _GSM_EXTENDED for c in text):
        widths = [2 if c in _GSM_EXTENDED else 1 for c in text]
        return Segments("GSM-7", sum(widths), _parts(widths, 160, 153))
    widths = [2 if ord(c) > 0xFFFF else 1 for c in text]
    return Segments("UCS-2", sum(widths), _parts(widths, 70, 67))


def _parts(widths: list[int], alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return parts
