"""What is compared, and what comes of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

Verdict = Literal["same", "perhaps"]
"""``same``: nothing speaks for two people. ``perhaps``: a colleague looks. What is neither is not listed."""


class Reason(StrEnum):
    """What speaks for one person, or for two."""

    SAME_NAME = "same_name"
    NAMES_SWAPPED = "names_swapped"
    ONE_NAME_SWAPPED = "one_name_swapped"
    SAME_FIRST_NAME = "same_first_name"
    SAME_LAST_NAME = "same_last_name"
    FIRST_NAME_SOUNDS_ALIKE = "first_name_sounds_alike"
    LAST_NAME_SOUNDS_ALIKE = "last_name_sounds_alike"
    FIRST_NAME_MISTYPED = "first_name_mistyped"
    LAST_NAME_MISTYPED = "last_name_mistyped"
    OTHER_FIRST_NAME = "other_first_name"
    OTHER_LAST_NAME = "other_last_name"
    SAME_BIRTH_DATE = "same_birth_date"
    BIRTH_DATE_NEAR = "birth_date_near"
    BIRTH_DATE_SWAPPED = "birth_date_swapped"
    OTHER_BIRTH_DATE = "other_birth_date"
    A_GENERATION_APART = "a_generation_apart"
    SAME_PHONE = "same_phone"
    SAME_EMAIL = "same_email"
    EMAIL_MISTYPED = "email_mistyped"
    SAME_ADDRESS = "same_address"
    ADDRESS_ALIKE = "address_alike"
    SAME_STREET = "same_street"
    SAME_TOWN = "same_town"


@dataclass(frozen=True, slots=True)
class Record:
    """One person as they stand in the list, folded for comparing; blank and empty mean not known.

    ``given`` and ``family`` are folded words joined by blanks, ``street`` folded without marks, ``houses`` the numbers
    in it. ``known_apart`` are ids of those a colleague said are somebody else, or whose guardian or ward they are.
    """

    id: UUID
    given: str = ""
    family: str = ""
    born: date | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    street: str = ""
    houses: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    known_apart: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person. ``score`` is from 0 to 1: how likely it is that they are."""

    a: UUID
    b: UUID
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
