"""The words of a message: named places filled in, unasked-for parts left out, texts kept to one part.

A place is ``{name}``; a part in ``[square brackets]`` is left out when one of its places is empty. There
is no other syntax: nothing in a journey a practice edits can reach an attribute, a method or a format.
Pure: no Django, no clock.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from glede.kernel.gsm import for_sms, sms_segments

PLACES = frozenset({
    "name", "service", "when", "when_at", "tomorrow", "also", "who", "sender", "link", "code", "practice", "phone",
    "price", "minutes", "bring", "today", "address", "late", "begins", "stop",
})  # fmt: skip
"""What a journey's wording may name; ``docs/journeys.md`` says what each stands for."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"\[([^\[\]]*)\]")
_STRAY = re.compile(r"[\[\]{}]")
_BLANKS = re.compile(r"[ \t]+")
_LINES = re.compile(r"\n{3,}")
ONE_PART = 1


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of one row in one language for one channel: the two styles, and an e-mail's subject line."""

    short: str
    friendly: str
    subject: str = ""

    def of(self, style: str) -> str:
        """Return the text in the person's style; who likes to be called gets the friendly one."""
        return self.short if style == "short" else self.friendly


def faults(text: str) -> list[str]:
    """Return what is wrong with a wording, as codes: unknown places and brackets that do not close."""
    found = [f"unknown_place:{place}" for place in _PLACE.findall(text) if place not in PLACES]
    bare = _PART.sub(r"\1", _PLACE.sub("", text))
    if _STRAY.search(bare):
        found.append("stray_bracket")
    return found


NEEDED = ("name", "practice", "link")
"""A message names the person and the practice, and holds the way to answer it (docs/journeys.md#words)."""
WISHED_FOR = frozenset({"greeting", "winback"})
"""What only those get who said yes to it: its words tell how to hear no more of it, and sell nothing."""


def missing(text: str, purpose: str = "") -> list[str]:
    """Return the places every message of a purpose needs and ``text`` lacks."""
    needed = ("name", "practice", "stop") if purpose in WISHED_FOR else NEEDED
    return [place for place in needed if f"{{{place}}}" not in text]


def fill(text: str, values: Mapping[str, str], *, without: frozenset[str] = frozenset()) -> str:
    """Return ``text`` with its places filled; a part with an empty place is left out.

    ``without`` names places to be treated as empty. A place outside a part that has no value becomes nothing.
    """

    def value(place: str) -> str:
        return "" if place in without else values.get(place, "")

    filled = "".join(
        "".join(value(piece) if number % 2 else piece for number, piece in enumerate(pieces))
        for is_part, pieces in _taken_apart(text)
        if not is_part or all(map(value, pieces[1::2]))
    )
    lines = (line.strip() for line in _BLANKS.sub(" ", filled).split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


@lru_cache(maxsize=1024)
def _taken_apart(text: str) -> list[tuple[bool, list[str]]]:
    """Return what stands inside square brackets and outside them, in order, each as words and places by turns."""
    return [(number % 2 == 1, _PLACE.split(some)) for number, some in enumerate(_PART.split(text))]


# What a text gives up, in this order, to stay within one part: first the phone, then the weekday.
_GIVEN_UP = ("phone", "weekday", "who", "sender", "also")


def text_message(words: Words, style: str, values: Mapping[str, str], shorter: Mapping[str, str]) -> str:
    """Return a text message of one part in the person's style, or in the short one where only that fits."""
    text = fill_text(words.of(style), values, shorter)
    if sms_segments(text).parts == ONE_PART:
        return text
    brief = fill_text(words.short, values, shorter)
    return brief if sms_segments(brief).parts == ONE_PART else text


def fill_text(text: str, values: Mapping[str, str], shorter: Mapping[str, str]) -> str:
    """Return a text message of one part where that can be had.

    ``shorter`` holds the values that are used instead once the weekday falls away. Where even the
    shortest form takes two parts (a very long name, or letters outside the GSM alphabet) all of it is kept.
    """
    whole = for_sms(fill(text, values))
    attempt, gone = whole, frozenset[str]()
    for step in _GIVEN_UP:
        if sms_segments(attempt).parts == ONE_PART:
            return attempt
        gone |= {step}
        attempt = for_sms(fill(text, {**values, **shorter} if "weekday" in gone else values, without=gone))
    return attempt if sms_segments(attempt).parts == ONE_PART else whole
