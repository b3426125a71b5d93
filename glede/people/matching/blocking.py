"""Which pairs are worth comparing: those that share at least one key. All pairs of 100,000 people are 5,000,000,000."""

from array import array
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import groupby
from zlib import crc32

from glede.people.matching.sounds import sound
from glede.people.matching.values import Record

Key = tuple[str, ...]
PLACES = 32
LAST_PLACE = (1 << PLACES) - 1
CROWD = 60
"""A key that more people share says nothing of one person; theirs are found by other keys."""


def keys_of(record: Record) -> Iterator[Key]:
    """Yield the keys of a record: what one person's rows share although one or two of their fields went wrong."""
    first, last = _heard(record)
    names = {first, last} - {""}
    if first and last:
        yield ("name", *sorted(names))
        yield ("ends", *sorted((first[:3], last[:3])), record.postcode[:2] or record.city[:3])
    if record.born is not None:
        yield from _birth_keys(record.born, names)
    yield from _contact_keys(record, f"{first[:2]} {last[:2]}".strip())
    if record.street:
        longest = max(record.street.split(), key=len)
        yield from (("house", house, record.postcode or record.city[:4], longest) for house in record.houses or ("",))
        yield from (("street", longest, name[:4]) for name in names)


def _heard(record: Record) -> tuple[str, str]:
    """Return how the first word of the first name and the last word of the last name sound."""
    return sound(record.given.partition(" ")[0]), sound(record.family.rpartition(" ")[2])


def _birth_keys(born: date, names: Collection[str]) -> Iterator[Key]:
    year, month, day = f"{born:%Y %m %d}".split()
    yield ("born", year, month, day)
    for name in names:
        yield ("year", year, name)
        yield ("day", month, day, name[:4])
        yield ("swap", *sorted((month, day)), year, name[:2])


def _contact_keys(record: Record, ends: str) -> Iterator[Key]:
    yield from (("phone", phone) for phone in record.phones)
    for email in record.emails:
        head, _, domain = email.partition("@")
        yield ("email", email)
        yield ("head", head)
        if ends:
            yield ("domain", domain, ends)


def candidates(records: Iterable[Record]) -> Iterator[tuple[Record, Record]]:
    """Yield each pair that shares a key once, in a fixed order.

    Keys are kept as numbers, side by side in one array: 100,000 people have some 1,400,000 of them. Two keys of one
    number only bring a pair too many.
    """
    people = sorted(records, key=lambda record: record.id)
    blocks = list(_blocks(people))
    held = array("Q", sorted(place << PLACES | n for n, block in enumerate(blocks) for place in block))
    for place, mine in groupby(held, key=lambda entry: entry >> PLACES):
        others = {other for entry in mine for other in blocks[entry & LAST_PLACE] if other > place}
        for other in sorted(others):
            yield people[place], people[other]


def _blocks(people: list[Record]) -> Iterator["array[int]"]:
    """Yield the places of people who share a key, of each key that more than one and no crowd share."""
    entries = array(
        "Q",
        (
            crc32("\x1f".join(key).encode()) << PLACES | place
            for place, record in enumerate(people)
            for key in set(keys_of(record))
        ),
    )
    for _key, shared in groupby(sorted(entries), key=lambda entry: entry >> PLACES):
        places = array("L", (entry & LAST_PLACE for entry in shared))
        if 1 < len(places) <= CROWD:
            yield places
