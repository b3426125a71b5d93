"""Lists of words and phrases, found in a text in one pass: linear in its length, whatever it holds.

The small language of the lists: whole words, spelt as people spell them (both sides are folded, apostrophes inside
words dropped); ``*`` = any ending; ``a/b`` = either; ``(a/b)`` = either or neither; ``#`` = a word that begins with
a digit.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Generic, TypeVar

from glede.kernel.text import fold

Label = TypeVar("Label", bound=Hashable)

_APOSTROPHE: Final = re.compile(r"(?<=\w)'(?=\w)")
_WORD: Final = re.compile(r"[^\W_]+|%")
_NUMBER: Final = "#"
_BLANK: Final = "_"
_WORDS_KNOWN: Final = 5000


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a folded text, with where each begins and ends in it, and at which places it stands."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    index: Mapping[str, Sequence[int]]

    def phrase(self, first: int, last: int) -> str:
        """Return the text from the ``first`` word to the ``last``."""
        return self.text[self.starts[first] : self.ends[last]]

    def blanked(self, spans: Iterable[tuple[int, int]]) -> "Tokens":
        """Return these words without those from ``first`` to ``last`` of each span; the rest keep their places."""
        words = list(self.words)
        for first, last in spans:
            words[first : last + 1] = [_BLANK] * (last + 1 - first)
        return Tokens(self.text, tuple(words), self.starts, self.ends, _index(words))


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[Label]):
    rest: tuple[str, ...]
    label: Label


def tokens_of(text: str) -> Tokens:
    """Return the words of ``text``, folded (docs/rules.md#how-words-are-compared)."""
    folded = _APOSTROPHE.sub("", fold(text))
    spans = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded)]
    words, starts, ends = zip(*spans, strict=True) if spans else ((), (), ())
    return Tokens(folded, words, starts, ends, _index(words))


def _index(words: Iterable[str]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    return index


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
        self._known: dict[str, tuple[_Phrase[Label], ...]] = {}
        self._lengths = sorted({len(prefix) for prefix in self._prefix})
        self._heads = frozenset(prefix[:2] for prefix in self._prefix)

    def find(self, tokens: Tokens) -> Iterator[tuple[Label, int, Sequence[int]]]:
        """Yield label, further words, and the places of the first word, for each phrase found; words as they come.

        A phrase of three words that begins at places 4 and 9 is ``(label, 2, [4, 9])``.
        """
        for word, places in tokens.index.items():
            for phrase in self._phrases(word):
                further = len(phrase.rest)
                held = _followed(phrase.rest, places, tokens) if further else places
                if held:
                    yield phrase.label, further, held

    def spans(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """Yield the first and last place of everything found."""
        for _, further, places in self.find(tokens):
            for place in places:
                yield place, place + further

    def are_alike(self, word: str, other: str) -> bool:
        """Return whether the same phrases begin with two folded words, the first of which is seldom met again."""
        return self._looked_up(word) == self._phrases(other)

    def is_in(self, tokens: Tokens) -> bool:
        """Return True where any of the phrases is found."""
        return next(self.find(tokens), None) is not None

    def _add(self, words: tuple[str, ...], label: Label) -> None:
        first, rest = words[0], words[1:]
        phrases = self._prefix if first.endswith("*") else self._exact
        phrases.setdefault(first.rstrip("*"), []).append(_Phrase(rest, label))

    def _phrases(self, word: str) -> tuple[_Phrase[Label], ...]:
        """Return the phrases that begin with ``word``; messages say the same few thousand words over and over."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _WORDS_KNOWN:
                self._known.clear()
            known = self._known[word] = self._looked_up(word)
        return known

    def _looked_up(self, word: str) -> tuple[_Phrase[Label], ...]:
        found = list(self._exact.get(word, ()))
        if word[0].isdigit():
            found += self._exact.get(_NUMBER, ())
        if word[:2] in self._heads:
            for length in self._lengths:
                found += self._prefix.get(word[:length], ()) if length <= len(word) else ()
        return tuple(dict.fromkeys(found))


def _followed(rest: tuple[str, ...], places: Sequence[int], tokens: Tokens) -> Sequence[int]:
    """Return those of ``places`` after which the words of ``rest`` follow."""
    for offset, pattern in enumerate(rest, start=1):
        places = _before(pattern, offset, places, tokens)
        if not places:
            break
    return places


def _before(pattern: str, offset: int, places: Sequence[int], tokens: Tokens) -> Sequence[int]:
    words, last = tokens.words, len(tokens.words) - offset
    if pattern.endswith("*"):
        stem = pattern[:-1]
        return [at for at in places if at < last and words[at + offset].startswith(stem)]
    if pattern == _NUMBER:
        return [at for at in places if at < last and words[at + offset][0].isdigit()]
    if pattern not in tokens.index:
        return ()
    return [at for at in places if at < last and words[at + offset] == pattern]
