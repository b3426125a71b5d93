"""Words that do not belong in a message: advertising, illness, debt, and orders that would opt a person out.

The lists are data (``policy/data/lint.yaml``; docs/rules.md#what-a-message-may-not-hold). The linter names what it
finds; ``may_send`` decides what follows from it, and the staff pages show it while somebody writes. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from glede.kernel.terms import Terms, Tokens, tokens_of
from glede.kernel.text import fold
from glede.outbox.reading import BadPolicy, Fields, load

# A link's "%20" is no discount.
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}(?=\S)")
# The code of a visit, in its link and by itself, is another one in each message and mostly says nothing.
_CODE: Final = re.compile(r"(?<!\w)[0-9A-HJKMNP-TV-Z]{13}(?!\w)")


class Kind(StrEnum):
    """What is wrong with a word in a message."""

    PROMOTION = "promotion"
    DIAGNOSIS = "diagnosis"
    DRUG = "drug"
    RESULT = "result"
    PRESCRIPTION = "prescription"
    DEBT = "debt"
    PREPARATION = "preparation"
    STOP_WORD = "stop_word"


HUMAN_MUST_NOT: Final = frozenset({Kind.DIAGNOSIS, Kind.DRUG, Kind.RESULT})
"""What even a colleague's own answer never holds outside the secure page."""


@dataclass(frozen=True, slots=True)
class Found:
    """One word or phrase that does not belong, as it stands in the folded text."""

    kind: Kind
    word: str


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists, read and ready."""

    terms: Terms[Kind]
    commands: re.Pattern[str]


def lint(text: str, leave_out: Iterable[str] = ()) -> tuple[Found, ...]:
    """Return what does not belong in ``text``: the first word of each kind, in the order they stand there.

    ``leave_out`` are names in it that are nobody's advertisement: a person called Win, a practice in Sale.
    """
    return _found(_CODE.sub(_code, _without(_ESCAPE.sub(" ", text), leave_out)))


def _code(found: re.Match[str]) -> str:
    """Return one word for all codes, or for all that begin with a digit; a code that says something stays."""
    word = fold(found.group())
    plain = "0x" if word[0].isdigit() else "x"
    return plain if LISTS.terms.are_alike(word, plain) else found.group()


@lru_cache(maxsize=2048)
def _found(text: str) -> tuple[Found, ...]:
    """What does not belong in a text without names and codes: many people get the same."""
    tokens = tokens_of(text)
    first: dict[Kind, tuple[int, str]] = {}
    for kind, further, places in LISTS.terms.find(tokens):
        for place in places:
            known = first.get(kind)
            if (known is None or place < known[0]) and (word := _wrong(kind, place, place + further, tokens)):
                first[kind] = (place, word)
                break
    return tuple(Found(kind, word) for kind, (_, word) in sorted(first.items(), key=lambda one: one[1]))


def _wrong(kind: Kind, start: int, end: int, tokens: Tokens) -> str:
    if kind is not Kind.STOP_WORD:
        return tokens.phrase(start, end)
    match = LISTS.commands.match(tokens.text, tokens.starts[start])
    return match.group() if match else ""


def _without(text: str, names: Iterable[str]) -> str:
    folded = text.casefold()
    for name in names:
        if name.strip() and name.casefold() in folded:
            text = _whole(name).sub(" ", text)
    return text


@lru_cache(maxsize=4096)
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name.strip())}(?!\w)", re.IGNORECASE)


def _commands(fields: Fields) -> tuple[list[str], re.Pattern[str]]:
    """Return the words that may open an order, and the pattern of "reply CANCEL" or "STOP to cancel"."""
    verbs, fillers = fields.texts("command_verbs"), _any(fields.texts("command_fillers"))
    stops, meanings = fields.texts("stop_verbs"), _any(fields.texts("stop_meanings"))
    mark = r"[\s:\"'*]{1,4}"
    asked = rf"{_any(verbs)}(?:{mark}{fillers}){{0,2}}{mark}{_any(fields.texts('command_words'))}(?!\w)"
    return [*verbs, *stops], re.compile(rf"{asked}|{_any(stops)}{mark}{meanings}(?!\w)")


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(fold(word)) for word in words) + ")"


def read_lists(name: str, raw: Any) -> Lists:
    """Return the lists from a file's content. Raises ``BadPolicy``."""
    fields = Fields(name, raw)
    for said in ("version", "source", "reviewer"):
        fields.text(said)
    terms: list[tuple[str, Kind]] = []
    for kind in (one for one in Kind if one is not Kind.STOP_WORD):
        words = fields.texts(kind.value)
        if not words:
            raise BadPolicy(name, f"has no words for {kind.value}")
        terms += [(word, kind) for word in words]
    openers, commands = _commands(fields)
    fields.close()
    return Lists(Terms([*terms, *((word, Kind.STOP_WORD) for word in openers)]), commands)


LISTS: Final = read_lists("lint", load("lint"))
