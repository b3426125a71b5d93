"""What a column may be by what stands in it, where its heading does not say."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from glede.kernel.contact import email_key
from glede.people.lists.cells import read_day
from glede.people.lists.centuries import last
from glede.people.lists.columns import plain

_NUMBER = re.compile(r"\+?[\d\s().-]{8,20}")
_NEVER_ASKED = frozenset(
    {
        "ssn", "socialsecuritynumber", "nationalid", "nationalinsurancenumber", "nino", "nhsnumber", "nhsno",
        "passport", "passportno", "drivers", "driverslicense", "fodselsnummer", "fodselsnr", "fnr", "personnummer",
        "personnr", "dnummer", "passnr",
    }
)  # fmt: skip
"""Numbers a country gives a person. A practice's bookings need none of them, so nobody is asked to keep one."""

_MOST = 0.9
"""How many of a column's cells must look alike. One column of addresses may hold a typing error."""
_OLDEST = date(1900, 1, 1)


def is_email_column(cells: Iterable[str]) -> bool:
    """Return True where nearly every cell that says something is an e-mail address: nothing else looks like one."""
    return _share(cells, lambda cell: email_key(cell) is not None) >= _MOST


def may_be(heading: str, cells: Iterable[str], today: date) -> tuple[str, ...]:
    """Return the fields of a person a column may be, likeliest first; none where it looks like none of them.

    Digits can be a phone number or the number of somebody else's system, and a day many things: that is asked. The
    number a country gives a person is never asked for.
    """
    if plain(heading) in _NEVER_ASKED:
        return ()
    held = list(cells)
    if _share(held, lambda cell: _is_past_day(cell, today)) >= _MOST:
        return ("birth_date", "last_visit")
    if _share(held, lambda cell: _NUMBER.fullmatch(cell) is not None and 8 <= _digits(cell) <= 15) >= _MOST:
        return ("phone", "id")
    return ()


def _share(cells: Iterable[str], holds: Callable[[str], bool]) -> float:
    said = [cell for cell in cells if cell]
    return sum(map(holds, said)) / len(said) if said else 0.0


def _digits(cell: str) -> int:
    return sum(sign.isdigit() for sign in cell)


def _is_past_day(cell: str, today: date) -> bool:
    day = read_day(cell, "dmy", last(today)) or read_day(cell, "mdy", last(today))
    return day is not None and _OLDEST <= day <= today
