"""Names as they sound in Norwegian and English, so that two spellings of one name are found together."""

import re
from functools import lru_cache
from typing import Final

from glede.kernel.text import name_tokens

# Read from the top: the first that fits is taken. Capital letters are sounds, which later rules leave alone.
_SOUNDS: Final = tuple(
    (re.compile(written), sound)
    for written, sound in (
        (r"sch|skj|sj|sh|ski(?=[aou])", "S"),
        (r"ch(?=r)", "k"),  # Christian, Kristian
        (r"(?:kj|tj)", "C"),
        (r"^ch(?=[eiy])", "C"),  # Chettil, Kjetil
        (r"^k(?=[iy])", "C"),  # Kirsten stays beside Kjersti's K only where it begins so
        (r"ch|ck|q|c(?![eiyC])", "k"),
        (r"c(?=[eiy])|z", "s"),
        (r"x", "ks"),
        (r"ph", "f"),
        (r"th|dt", "t"),
        (r"gh(?=t)|(?<=[aeiou])h(?![aeiou])", ""),
        (r"^(?:hj|gj|lj)", "j"),
        (r"^hv|w", "v"),
        (r"y", "i"),
        (r"(?:ei|ai|ej|aj)", "ei"),
        (r"(?:s+en|s+on)$", "sn"),  # Hansen, Hanssen, Hanson
        (r"([a-zSC])\1+", r"\1"),
    )
)


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Return how a folded word sounds, in a spelling of our own: "kjetil" and "chettil" are both "Cetil"."""
    heard = word
    for written, spoken in _SOUNDS:
        heard = written.sub(spoken, heard)
    return heard


def sounds(name: str) -> tuple[str, ...]:
    """Return the sounds of the words of a name."""
    return tuple(sound(word) for word in name_tokens(name))
