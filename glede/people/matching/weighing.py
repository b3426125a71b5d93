"""How likely two records are one person, and where likely is not enough: families, twins, father and son.

Each thing that agrees or differs adds its weight in bits: log2 of how much more often it is seen between two records
of one person than between two people (Fellegi and Sunter, "A Theory for Record Linkage", 1969). The weights were set
on half of two public sets and are judged on the other half (docs/matching.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import log2
from typing import Final

from glede.people.matching.comparing import Habits, compare
from glede.people.matching.given import borne, share
from glede.people.matching.sounds import sound
from glede.people.matching.values import Pair, Reason, Record, Verdict

WEIGHTS: Final[Mapping[Reason, float]] = {
    Reason.NAMES_SWAPPED: 7.0,  # counted for both names
    Reason.ONE_NAME_SWAPPED: 5.0,
    Reason.FIRST_NAME_SOUNDS_ALIKE: 5.5,
    Reason.FIRST_NAME_MISTYPED: 6.0,
    Reason.OTHER_FIRST_NAME: -3.3,
    Reason.LAST_NAME_SOUNDS_ALIKE: 6.5,
    Reason.LAST_NAME_MISTYPED: 6.5,
    Reason.OTHER_LAST_NAME: -3.8,
    Reason.SAME_BIRTH_DATE: 14.0,
    Reason.BIRTH_DATE_SWAPPED: 9.0,
    Reason.BIRTH_DATE_NEAR: 6.0,
    Reason.OTHER_BIRTH_DATE: -2.5,
    Reason.A_GENERATION_APART: -4.0,
    Reason.SAME_PHONE: 8.0,
    Reason.SAME_EMAIL: 9.0,
    Reason.EMAIL_MISTYPED: 8.0,
    Reason.SAME_ADDRESS: 10.0,
    Reason.ADDRESS_ALIKE: 8.0,
    Reason.SAME_STREET: 6.0,
    Reason.SAME_TOWN: 2.5,
}
RAREST_NAME = 10.0
"""Bits a name may weigh at most that agrees letter by letter: one in a thousand."""
SAME_FROM = 0.95
PERHAPS_FROM = 0.5
FAMILY_AT_MOST = 0.9
TWINS_UNTIL = 25
"""Years in which twins are taken to live at one address and share a number."""

_CONTACT = frozenset({Reason.SAME_PHONE, Reason.SAME_EMAIL, Reason.EMAIL_MISTYPED})
_HOME = frozenset({Reason.SAME_ADDRESS, Reason.ADDRESS_ALIKE})
_NEARLY = frozenset({Reason.BIRTH_DATE_NEAR, Reason.BIRTH_DATE_SWAPPED, Reason.OTHER_BIRTH_DATE})
_NEARBY = _HOME | {Reason.SAME_STREET}
_FAMILY_NAME = frozenset({Reason.SAME_LAST_NAME, Reason.LAST_NAME_SOUNDS_ALIKE, Reason.LAST_NAME_MISTYPED})
_ANOTHER_SPELLING = frozenset({Reason.FIRST_NAME_SOUNDS_ALIKE, Reason.FIRST_NAME_MISTYPED})


Found = Mapping[str, Reason]
"""What each field says that both know, by field."""


@dataclass(frozen=True, slots=True)
class Population:
    """The people compared: how many, how common each name is among them, and the day it is."""

    size: int
    today: date
    habits: Habits = field(default_factory=Habits)
    given: Mapping[str, float] = field(default_factory=dict)
    family: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, records: list[Record], today: date) -> "Population":
        """Return what is usual among ``records``."""
        habits = Habits(borne((r.given, r.family) for r in records))
        return cls(len(records), today, habits, share(r.given for r in records), share(r.family for r in records))


def weigh(one: Record, other: Record, among: Population) -> Pair | None:
    """Return what two records are to each other, or None where they are two people."""
    found = compare(one, other, among.habits)
    bits = -log2(max(among.size, 2))
    for reason in found.values():
        bits += WEIGHTS.get(reason, 0.0)
    if found.get("given") is Reason.SAME_FIRST_NAME:
        bits += _rarity(among.given.get(one.given))
    if found.get("family") is Reason.SAME_LAST_NAME:
        bits += _rarity(among.family.get(one.family))
    score = 1 / (1 + 2.0**-bits) if bits > -60 else 0.0
    if score < PERHAPS_FROM or _are_two(found):
        return None
    if _may_be_two(found, one, other, among):
        score = min(score, FAMILY_AT_MOST)
    verdict: Verdict = "same" if score >= SAME_FROM else "perhaps"
    a, b = sorted((one.id, other.id))
    return Pair(a, b, round(score, 4), verdict, _told(found))


def _rarity(share_of_name: float | None) -> float:
    return min(RAREST_NAME, -log2(share_of_name)) if share_of_name else RAREST_NAME


def _are_two(found: Found) -> bool:
    """Whether only a last name, a town and a birth date a little like it speak for one person."""
    is_near = not (_CONTACT | _HOME | {Reason.SAME_BIRTH_DATE}).isdisjoint(found.values())
    return found.get("given") is Reason.OTHER_FIRST_NAME and not is_near


def _may_be_two(found: Found, one: Record, other: Record, among: Population) -> bool:
    """Whether what agrees would agree as well between two people of one family, however much it is."""
    if found.get("born") is Reason.A_GENERATION_APART:
        return not _is_a_wrong_birth_date(found, one, other, among)
    if _may_be_siblings(found, one, other, among) or _may_be_a_couple(found):
        return True
    return found.get("born") in _NEARLY and _may_be_namesakes(found, one, other)


def _may_be_namesakes(found: Found, one: Record, other: Record) -> bool:
    """Whether two birth dates that differ a little leave room for somebody else of that name."""
    return _CONTACT.isdisjoint(found.values()) and (_have_numbers(one, other) or _HOME.isdisjoint(found.values()))


def _may_be_siblings(found: Found, one: Record, other: Record, among: Population) -> bool:
    """Whether first names that differ, or one that is missing, leave room for a brother, a sister or a twin."""
    given, born = found.get("given"), found.get("born")
    if given is None:
        return not _is_grown_up(one, among)
    is_shared = not _CONTACT.isdisjoint(found.values())
    if given is Reason.OTHER_FIRST_NAME:
        return _have_numbers(one, other) or not _is_one_grown_up(found, one, among)
    if given is Reason.ONE_NAME_SWAPPED:
        return born is not Reason.SAME_BIRTH_DATE or _NEARBY.isdisjoint(found.values())
    if given not in _ANOTHER_SPELLING:
        return False
    if _is_a_slip(one, other, given, among):
        return born is Reason.OTHER_BIRTH_DATE
    if born is not Reason.SAME_BIRTH_DATE:
        return True
    return not _sounds_the_same(one, other) and (is_shared or not _is_grown_up(one, among))


def _may_be_a_couple(found: Found) -> bool:
    """Whether a name that is missing or differs leaves room for somebody else in the house."""
    family, is_same_birth = found.get("family"), found.get("born") is Reason.SAME_BIRTH_DATE
    if "given" not in found:
        return not is_same_birth or family is Reason.OTHER_LAST_NAME
    if family in {None, Reason.OTHER_LAST_NAME}:
        return not is_same_birth or (_CONTACT | _HOME).isdisjoint(found.values())
    return False


def _is_a_wrong_birth_date(found: Found, one: Record, other: Record, among: Population) -> bool:
    """Whether two of one whole name and address are no parent and child: both grown up, and no number tells them apart.

    A grown child of the same name who still lives at home is rarer than a birth date somebody guessed.
    """
    return (
        not _have_numbers(one, other)
        and found.get("given") in {Reason.SAME_FIRST_NAME, Reason.NAMES_SWAPPED, Reason.FIRST_NAME_MISTYPED}
        and found.get("family") in _FAMILY_NAME | {Reason.NAMES_SWAPPED}
        and found.get("street") in _HOME
        and _is_grown_up(one, among)
        and _is_grown_up(other, among)
    )


def _have_numbers(one: Record, other: Record) -> bool:
    """Whether both can be reached: on one number they are a family, on two they are two."""
    return bool(one.phones or one.emails) and bool(other.phones or other.emails)


def _is_one_grown_up(found: Found, one: Record, among: Population) -> bool:
    """Whether another first name is all that differs in somebody too old to be a twin at home."""
    return (
        found.get("born") is Reason.SAME_BIRTH_DATE
        and found.get("family") in _FAMILY_NAME | {None}
        and found.get("street") in _NEARBY
        and _is_grown_up(one, among)
    )


def _is_grown_up(one: Record, among: Population) -> bool:
    return one.born is not None and among.today.year - one.born.year > TWINS_UNTIL


def _sounds_the_same(one: Record, other: Record) -> bool:
    """Whether two first names are one name in two spellings: nobody calls two children so."""
    return sound(one.given) == sound(other.given)


def _is_a_slip(one: Record, other: Record, given: Reason, among: Population) -> bool:
    """Whether of two spellings exactly one is a name, so that the other is no twin's."""
    names = among.habits.is_name(one.given), among.habits.is_name(other.given)
    return given is Reason.FIRST_NAME_MISTYPED and names[0] != names[1]


def _told(found: Found) -> tuple[Reason, ...]:
    told = list(dict.fromkeys(found.values()))
    if {Reason.SAME_FIRST_NAME, Reason.SAME_LAST_NAME} <= set(told):
        return (Reason.SAME_NAME, *(r for r in told if r not in {Reason.SAME_FIRST_NAME, Reason.SAME_LAST_NAME}))
    return tuple(told)
