"""Text made comparable: folding, sorting, search tokens."""

import re
import unicodedata

_FOLDS = str.maketrans({
    "æ": "ae", "ø": "o", "å": "a", "‘": "'", "’": "'", "“": '"', "”": '"', "ß": "ss", "đ": "d", "ł": "l",
})  # fmt: skip
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_PLACES = {"æ": "z{", "ä": "z{", "ø": "z|", "ö": "z|", "å": "z}"}


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
