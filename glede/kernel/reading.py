"""How hard a text is to read: LIX for Norwegian, Flesch-Kincaid for English. Pure.

Only running words are measured: links, telephone numbers and codes are taken out, and a line break ends a
sentence, as it does for the reader's eye. The gates are our own: docs/journeys.md#words.

Sources: C. H. Björnsson, *Läsbarhet* (Liber, Stockholm 1968), for LIX; J. P. Kincaid, R. P. Fishburne, R. L. Rogers and
B. S. Chissom, *Derivation of new readability formulas for Navy enlisted personnel* (Research Branch Report 8-75, 1975),
for the grade.
"""

import re

LIX_MOST = 36.0
LIX_MEAN = 32.0
GRADE_MOST = 6.0
LONG_WORD = 6

_LINK = re.compile(r"https?://\S+")
_NUMBER = re.compile(r"\+?\d[\d ]{5,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?:;]+(?=\s|$)|\n+")
# A day of the month in Norwegian carries a dot that ends no sentence.
_ORDINAL = re.compile(r"(\d)\.(?=\s?[a-zæøå\d])")
_VOWELS = re.compile(r"[aeiouy]+")


def _prepared(text: str) -> str:
    return _NUMBER.sub("", _ORDINAL.sub(r"\1", _LINK.sub("", text)))


def counts(text: str) -> tuple[list[str], int]:
    """Return the words and the number of sentences of ``text``."""
    bare = _prepared(text)
    sentences = [part for part in _SENTENCE.split(bare) if _WORD.search(part)]
    return _WORD.findall(bare), max(1, len(sentences))


def lengths(text: str) -> list[int]:
    """Return how many words each sentence of ``text`` has."""
    found = (len(_WORD.findall(part)) for part in _SENTENCE.split(_prepared(text)))
    return [words for words in found if words]


def lix(text: str) -> float:
    """Return LIX: words a sentence plus the share of words longer than six letters, in per cent."""
    words, sentences = counts(text)
    if not words:
        return 0.0
    return len(words) / sentences + 100 * sum(len(word) > LONG_WORD for word in words) / len(words)


def syllables(word: str) -> int:
    """Return the syllables of an English word, by groups of vowels; a silent e at the end is none."""
    small = word.lower()
    groups = len(_VOWELS.findall(small))
    if small.endswith("e") and not small.endswith(("le", "ee", "ye")) and groups > 1:
        groups -= 1
    if small.endswith("ed") and groups > 1 and small[-3:-2] not in {"t", "d"}:
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of an English text."""
    words, sentences = counts(text)
    if not words:
        return 0.0
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def is_easy(text: str, language: str) -> bool:
    """Return True where ``text`` keeps the gate of its language: LIX for Norwegian, the grade for English."""
    return lix(text) <= LIX_MOST if language == "nb" else grade(text) <= GRADE_MOST


def hardest(text: str, language: str) -> str:
    """Return the sentence of ``text`` that is hardest to read by itself; "" where there is none."""
    sentences = (part.strip() for part in _SENTENCE.split(_ORDINAL.sub(r"\1", text)) if _WORD.search(part))
    return max(sentences, key=lix if language == "nb" else grade, default="")
