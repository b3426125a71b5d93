"""Lists of words and phrases, found in a text in one pass: linear in its length, whatever it holds.

The small language of the lists: whole words, spelt as people spell them (both sides are folded, apostrophes inside
words dropped); ``*`` = any ending; ``a/b`` = either; ``(a/b)`` = either or neither; ``#`` = a word that begins with
a digit.
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, Generic, TypeVar

from glede.kernel.text import fold

Label = TypeVar("Label", bound=Hashable)

_APOSTROPHE: Final = re.compile(r"(?<=\w)'(?=\w)")
_WORD: Final = re.compile(r"[^\W_]+|%")
_NUMBER: Final = "#"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a folded text, with where each begins and ends in it."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def phrase(self, first: int, last: int) -> str:
        """Return the text from the ``first`` word to the ``last``."""
        return self.text[self.starts[first] : self.ends[last]]


@dataclass(frozen=True, slots=True)
class Hit(Generic[Label]):
    """One phrase found: its label, and its first and last word."""

    label: Label
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[Label]):
    rest: tuple[str, ...]
    label: Label


def tokens_of(text: str) -> Tokens:
    """Return the words of ``text``, folded as RULES A.1 says."""
    folded = _APOSTROPHE.sub("", fold(text))
    spans = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded)]
    words, starts, ends = zip(*spans, strict=True) if spans else ((), (), ())
    return Tokens(folded, words, starts, ends)


def spellings(term: str) -> Iterator[tuple[str, ...]]:
    """Return every sequence of words that ``term`` stands for, folded, each ``*`` kept at its end."""
    places = re.findall(r"\([^)]*\)|[^\s()]+", term)
    for chosen in product(*(_choices(place) for place in places)):
        words = tuple(word for choice in chosen for word in choice)
        if words:
            yield words


def _choices(place: str) -> list[tuple[str, ...]]:
    if place.startswith("("):
        return [(), *(_folded(one) for one in place[1:-1].split("/"))]
    return [_folded(one) for one in place.split("/")]


def _folded(text: str) -> tuple[str, ...]:
    if text == _NUMBER:
        return (_NUMBER,)
    words = _WORD.findall(_APOSTROPHE.sub("", fold(text.rstrip("*"))))
    if not words:
        raise ValueError(f"no word in {text!r}")
    if text.endswith("*"):
        words[-1] += "*"
    return tuple(words)


class Terms(Generic[Label]):
    """Phrases with their labels, ready to be looked for."""

    def __init__(self, terms: Iterable[tuple[str, Label]]) -> None:
        self._exact: dict[str, list[_Phrase[Label]]] = {}
        self._prefix: dict[str, list[_Phrase[Label]]] = {}
        for term, label in terms:
            for words in spellings(term):
                self._add(words, label)
        self._lengths = sorted({len(prefix) for prefix in self._prefix})
        self._heads = frozenset(prefix[:2] for prefix in self._prefix)

    def find(self, tokens: Tokens) -> Iterator[Hit[Label]]:
        """Yield every phrase in ``tokens``, in the order of their first words."""
        words = tokens.words
        known: dict[str, tuple[_Phrase[Label], ...]] = {}
        for index, word in enumerate(words):
            phrases = known.get(word)
            if phrases is None:
                phrases = known[word] = self._phrases(word)
            for phrase in phrases:
                if not phrase.rest or _follows(phrase.rest, words, index + 1):
                    yield Hit(phrase.label, index, index + len(phrase.rest))

    def _add(self, words: tuple[str, ...], label: Label) -> None:
        first, rest = words[0], words[1:]
        phrases = self._prefix if first.endswith("*") else self._exact
        phrases.setdefault(first.rstrip("*"), []).append(_Phrase(rest, label))

    def _phrases(self, word: str) -> tuple[_Phrase[Label], ...]:
        found = list(self._exact.get(word, ()))
        if word[0].isdigit():
            found += self._exact.get(_NUMBER, ())
        if word[:2] in self._heads:
            for length in self._lengths:
                found += self._prefix.get(word[:length], ()) if length <= len(word) else ()
        return tuple(dict.fromkeys(found))


def _follows(rest: tuple[str, ...], words: tuple[str, ...], at: int) -> bool:
    if at + len(rest) > len(words):
        return False
    return all(_matches(pattern, words[at + offset]) for offset, pattern in enumerate(rest))


def _matches(pattern: str, word: str) -> bool:
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    return word == pattern or (pattern == _NUMBER and word[0].isdigit())
