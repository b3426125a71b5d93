"""By which words a person is found, and what a search asks for. Compared bytewise: by equality and range only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from glede.kernel.contact import phone_words
from glede.kernel.text import name_tokens, sort_key
from glede.people.matching.sounds import sound

LAST = "\U0010ffff"
HEARD = "~"
"""Before a token that is a sound: no word that is typed begins so."""
INSIDE = "}"
"""Before a token that is the end of a word: "berg" of "Solberg". It stands behind all letters and before the sounds."""
LEAST_HEARD = 3
LEAST_INSIDE = 3
TOKEN_LENGTH = 120
LAST_DIGITS = 4
FEWEST_DIGITS = 3
LEAST_ALIKE = 0.7  # "Olson" and "Olsen" are 0.8 alike, "Hansen" and "Hagen" 0.73; a word sharing less is another

_DIGITS = re.compile(r"\+?[\d\s().-]+")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\.?|(\d{2})(\d{2})(\d{4}|\d{2})")
_CENTURIES = (1900, 2000)


@dataclass(frozen=True, slots=True)
class Findable:
    """What a person can be found by."""

    names: tuple[str, ...] = ()
    birth_date: date | None = None
    external_id: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Tokens from ``low`` up to ``high``, not including it."""

    low: str
    high: str


def tokens_of(person: Findable) -> frozenset[str]:
    """Return the tokens of a person: folded name words, their ends and how they sound, birth date, list number,
    e-mail, phone digits.
    """
    words = {token for name in person.names for token in name_tokens(name)}
    tokens = words | sounds_of(words) | ends_of(words)
    if person.birth_date is not None:
        tokens.add(person.birth_date.isoformat())
    if person.external_id:
        tokens.add(_folded(person.external_id))
    tokens.update(person.emails)
    for number in person.phones:
        tokens.update(phone_tokens(number, person.country))
    return frozenset(token[:TOKEN_LENGTH] for token in tokens if token)


def sounds_of(tokens: Iterable[str]) -> set[str]:
    """Return how words of names sound, as tokens; short words and numbers have no sound of their own."""
    return {_heard(token) for token in tokens if _is_heard(token)}


def ends_of(tokens: Iterable[str]) -> set[str]:
    """Return the ends of words of names, as tokens: what stands inside a word begins one of them."""
    return {INSIDE + token[n:] for token in tokens if token.isalpha() for n in range(1, len(token) - LEAST_INSIDE + 1)}


def phone_tokens(e164: str, country: str) -> frozenset[str]:
    """Return the digits a number is found by: abroad, at home as dialled there, and its last four."""
    whole, home = _digits(e164), _digits(phone_words(e164, country or None))
    return frozenset({whole, home, whole[-LAST_DIGITS:]})


def asked(text: str) -> tuple[tuple[Range, ...], ...]:
    """Return what a search asks for: all terms must hold, each by any one of its ranges. Empty for no search.

    A whole e-mail address, birth date or phone number is one term; otherwise each word is one, and the
    beginning of a name word is enough. A birth date may stand beside names.
    """
    words = text.strip()
    if "@" in words:
        return ((_beginning(words.lower()),),)
    if (days := _days(words)) or _is_number(words):
        return ((*days, *_number(words)),)
    terms = [term for word in words.split() for term in _terms(word)]
    if len(terms) > 1 and " " not in words and any(c.isdigit() for c in words):
        return ((_beginning(_folded(words)),),)
    return tuple(dict.fromkeys(terms))


def _terms(word: str) -> list[tuple[Range, ...]]:
    if days := _days(word):
        return [(*days, *_number(word))]
    return [(_beginning(token),) for token in name_tokens(word)]


def near(text: str) -> tuple[tuple[Range, ...], ...]:
    """Return what a search asks for where beginnings leave room: each word as it sounds, or inside a word, or its
    beginning. Empty where nothing is a name.

    "Chettil" asks for "Kjetil" too, "Kristofersen" for "Christophersen", and "berg" for "Solberg".
    """
    words = text.split()
    tokens = name_tokens(text)
    if len(tokens) < len(words) or not any(_is_heard(token) for token in tokens):
        return ()
    return tuple(dict.fromkeys(_near(token) for token in tokens))


def _near(token: str) -> tuple[Range, ...]:
    if not _is_heard(token):
        return (_beginning(token),)
    return (_exact(_heard(token)), _beginning(token), _beginning(INSIDE + token))


def _heard(token: str) -> str:
    # "oe" is an ø on a keyboard that has none; folding makes an o of the letter itself.
    return (HEARD + sound(token.replace("oe", "o")))[:TOKEN_LENGTH]


def _is_heard(token: str) -> bool:
    return len(token) >= LEAST_HEARD and token.isalpha()


def likeness(one: str, other: str) -> float:
    """Return how alike two folded words are, from 0 to 1: twice the letters they share in order, by all letters."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def order_key(given_name: str, family_name: str, language: str) -> str:
    """Return the key people stand in order by: family name first, in the order of ``language``."""
    return sort_key(f"{family_name} {given_name}".strip(), language)[:260]


def _number(words: str) -> tuple[Range, ...]:
    digits = _digits(words)
    spoken = {digits, digits.removeprefix("00"), _folded(words)}
    return tuple(_beginning(token) for token in sorted(spoken) if token)


def _is_number(words: str) -> bool:
    return _DIGITS.fullmatch(words) is not None and len(_digits(words)) >= FEWEST_DIGITS


def _days(words: str) -> tuple[Range, ...]:
    """Return the birth dates that words may mean, the year in two digits or four; none where they are no date."""
    if iso := _ISO_DAY.fullmatch(words):
        year, month, day = (int(part) for part in iso.groups())
        years: tuple[int, ...] = (year,)
    elif spoken := _DAY.fullmatch(words):
        day, month, year = (int(part) for part in spoken.groups() if part)
        years = tuple(century + year for century in _CENTURIES) if len(spoken[3] or spoken[6]) == 2 else (year,)
    else:
        return ()
    return tuple(_exact(found.isoformat()) for year in years if (found := _date(year, month, day)))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _beginning(token: str) -> Range:
    cut = token[:TOKEN_LENGTH]
    return Range(cut, cut + LAST)


def _exact(token: str) -> Range:
    cut = token[:TOKEN_LENGTH]
    return Range(cut, cut + "\x01")


def _folded(text: str) -> str:
    return "".join(text.lower().split())


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal() and c.isascii())


def longest_first(terms: Iterable[tuple[Range, ...]]) -> list[tuple[Range, ...]]:
    """Return the terms with the one that finds fewest, by its length, first."""
    return sorted(terms, key=lambda ranges: -len(ranges[0].low))
