"""Names for tens of thousands of invented people, and the ways to reach them."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from glede.kernel.contact import email_key


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _words(
    "Anne Bjørn Camilla Dag Else Frode Grete Håkon Ida Jens Kari Lars Marit Nils Oda Per Ragnhild Stein Tone Ulf"
    " Vigdis Øyvind Åse Amalie Birger Cecilie Eirik Frida Geir Hilde Ivar Johanne Knut Liv Magnus Nora Olav Pernille"
    " Rolf Sigrid Thea Unni Vidar Yngve Astrid Brage Dina Einar Fredrik Guro Henrik Ingrid Jorunn Kristian Lise Mona"
    " Njål Odd Ranveig Sondre"
)
BEGINNINGS = _words("Berg Dal Eik Fjell Grøn Haug Kvam Lind Mos Nord Os Ros Sand Sol Strand Tor Vang Vest Øst Ås")
ENDINGS = _words("aas bakken dahl gård heim land lie moen nes rud set stad vik øy")
FAMILY = tuple(first + last for first, last in product(BEGINNINGS, ENDINGS))
FIRST_BIRTHDAY = date(1932, 1, 1)
DAYS_OF_BIRTHDAYS = 31_000


@dataclass(frozen=True, slots=True)
class Somebody:
    """An invented person, the same each time for the same number."""

    given_name: str
    family_name: str
    birth_date: date
    phone: str
    email: str
    external_id: str


def somebody(number: int) -> Somebody:
    """Return the invented person ``number``; two in twenty thousand share a name, none an address."""
    given, family = GIVEN[number * 7 % len(GIVEN)], FAMILY[number * 11 % len(FAMILY)]
    if number % 3 == 0:
        family = f"{FAMILY[number * 31 // 7 % len(FAMILY)]} {family}"
    address = email_key(f"person.{number}@example.org")
    if address is None:
        raise ValueError("an invented address is none")
    birthday = FIRST_BIRTHDAY + timedelta(days=number * 7919 % DAYS_OF_BIRTHDAYS)
    return Somebody(given, family, birthday, f"+4740{number:06d}", address, f"L-{number:06d}")
