"""Which column of a list is which field: by what heads it, or as told."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from glede.kernel.text import fold

IGNORE = "ignore"
"""Told as a field, it leaves a column out, also one that looks like a refusal."""

ODD = ":"
"""Told as "no_sms:yes", a word in that column that is neither yes nor no is a yes."""

_NUMBERED = re.compile(r"#([1-9]\d{0,3})")
_NOT_A_SIGN = re.compile(r"[^a-z0-9]+")
_LOOKS_REFUSED = re.compile(
    r"\b(ikke|ingen|not|dont|no|never|aldri|stopp?|tillat\w*|allow\w*)\b.*\b(sms|text|mail|email|post|epost|ring|call|"
    r"phone|kontakt|contact|send|reklame|market\w*|marked\w*)|reserv|\bopt\b|opt(ed)?out|unsubscri|avmeld|samtykke|"
    r"consent|refus|\bdod\b|avdod|deceased|\bdead\b|sperret|blokkert|\bblocked\b|nyhetsbrev|newsletter|reklame|"
    r"markedsforing|marketing|\bdnc\b|gdpr|^stopp?$|^sms$|\bsms (ok|ja|nei)\b"
)

Words = Mapping[str, tuple[str, ...]]


class UnclearColumns(ValueError):
    """Which column is which cannot be said; the message asks the question."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands: its place and the words that head it, and what heads the columns nobody reads.

    ``how`` says of each field how it was found: told, heading or content. ``odd`` says of a column of yes and no what
    a word means that is neither.
    """

    places: Mapping[str, int]
    names: Mapping[str, str]
    unmatched: tuple[str, ...] = ()
    left_out: frozenset[str] = field(default_factory=frozenset)
    header: tuple[str, ...] = ()
    how: Mapping[str, str] = field(default_factory=dict)
    odd: Mapping[str, bool] = field(default_factory=dict)

    @property
    def free(self) -> tuple[int, ...]:
        """The places of the columns nobody reads and nobody left out."""
        taken = set(self.places.values())
        return tuple(p for p, head in enumerate(self.header) if p not in taken and head not in self.left_out)

    @property
    def width(self) -> int:
        """How many columns the heading has."""
        return len(self.header)

    def place(self, name: str) -> int | None:
        """Return the place of a field's column, or None."""
        return self.places.get(name)


def match_columns(header: Iterable[str], words: Words, told: Iterable[tuple[str, str]] = ()) -> Columns:
    """Return where each field stands. ``words`` are the headings of each field; ``told`` are (field, heading) pairs.

    What is told goes before what a heading says; the first column of a heading is taken. Raises ``UnclearColumns``
    for a field or a column that is not there.
    """
    heads = list(header)
    places: dict[str, int] = {}
    odd: dict[str, bool] = {}
    left_out: set[int] = set()
    for said, column in told:
        name, _, other = said.partition(ODD)
        place = place_of(column, heads)
        if other:
            odd[name] = other == "yes"
        if name == IGNORE:
            left_out.add(place)
        elif name in words:
            places[name] = place
        else:
            raise UnclearColumns(f"There is no field {name!r}. Fields: {', '.join([*words, IGNORE])}.")
    how = dict.fromkeys(places, "told")
    free = {place: plain(head) for place, head in enumerate(heads) if place not in {*places.values(), *left_out}}
    for name, known in words.items():
        if name not in places:
            place_or_none = next((p for p, head in free.items() if head in known or head == plain(name)), None)
            if place_or_none is not None:
                places[name], how[name] = place_or_none, "heading"
                del free[place_or_none]
    return Columns(
        places,
        {name: heads[place] for name, place in places.items()},
        tuple(heads[p] for p in range(len(heads)) if p not in places.values()),
        frozenset(heads[p] for p in left_out),
        tuple(heads),
        how,
        odd,
    )


def with_content(columns: Columns, name: str, place: int) -> Columns:
    """Return the columns with one more, known by what stands in it."""
    head = columns.header[place]
    unmatched = list(columns.unmatched)
    unmatched.remove(head)
    return replace(
        columns,
        places={**columns.places, name: place},
        names={**columns.names, name: head},
        unmatched=tuple(unmatched),
        how={**columns.how, name: "content"},
    )


def place_of(column: str, header: Iterable[str]) -> int:
    """Return the place of a column by its heading, or by "#3" for the third. Raises ``UnclearColumns``."""
    heads = list(header)
    wanted = column.strip()
    for key in (str.strip, str.casefold, plain):
        found = [place for place, head in enumerate(heads) if key(head) == key(wanted)]
        if found:
            return found[0]
    if (numbered := _NUMBERED.fullmatch(wanted)) and int(numbered.group(1)) <= len(heads):
        return int(numbered.group(1)) - 1
    raise UnclearColumns(f"There is no column {wanted!r}. Columns: {', '.join(head or '(blank)' for head in heads)}.")


def plain(heading: str) -> str:
    """Return a heading for comparing: small letters and digits alone, æ ø å folded."""
    return _NOT_A_SIGN.sub("", fold(heading))


def unheard_refusals(columns: Columns) -> list[str]:
    """Return what heads the columns that look like a refusal and are not read. None of them may be passed over."""
    return [
        head
        for head in columns.unmatched
        if head not in columns.left_out and _LOOKS_REFUSED.search(" ".join(re.split(r"[^a-z0-9]+", fold(head))))
    ]
