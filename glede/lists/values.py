"""The frozen values this room takes and gives. No Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from glede.kernel.periods import Span
from glede.people.lists.values import Finding

What = Literal["people", "appointments"]


class State(StrEnum):
    """Where a list stands."""

    STAGED = "staged"
    BRINGING = "bringing"
    STOPPED = "stopped"
    BROUGHT = "brought"
    DISCARDED = "discarded"
    TAKEN_BACK = "taken_back"


UNDECIDED: Final = frozenset({State.STAGED, State.STOPPED})
"""Where a list waits for somebody to say what becomes of it."""
READ_AT_ONCE: Final = 2000
"""A list of at most so many rows is looked through while the page waits; a longer one by the worker."""


def is_long(rows: int) -> bool:
    """Return True for a list through which it takes longer to look than a page may wait."""
    return rows > READ_AT_ONCE


GOING_BACK: Final = "taking_back"
"""The reason that stands at a list while the worker takes it back."""


@dataclass(frozen=True, slots=True)
class NewList:
    """A file as it was put in. ``told`` maps headings to fields (or "ignore") where somebody already said."""

    what: What
    name: str
    content: bytes
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the field it is (blank for none), how that is known, and up to three of its cells.

    ``how`` is told, remembered, heading, content, unsure, ignored or none.
    """

    place: int
    heading: str
    field: str
    how: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing nobody can know but who made the list.

    ``code``: "column" (what is this column? one of ``choices``, or ignore), "refusal" (it looks like one and is not
    understood), "cell" (a yes or no that is neither, in ``field``), "needed" (no column says ``field``). Where
    ``is_needed`` the list cannot be brought before the answer.
    """

    code: Literal["column", "refusal", "cell", "needed"]
    heading: str
    place: int | None
    samples: tuple[str, ...]
    choices: tuple[str, ...]
    field: str = ""
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one field and one reason, mended by one repair: how many, and the first of them."""

    field: str
    reason: str
    count: int
    first: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RejectLine:
    """A row that would not be taken: its number, the code of why, and its cells."""

    row: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """The list says otherwise than a colleague or the person set here. Ours stays unless somebody answers."""

    row: int
    name: str
    field: str
    ours: str
    theirs: str
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A service, a clinician or opening hours found in a list and not known here. ``key`` names it in an answer."""

    key: str
    kind: Literal["service", "clinician", "hours"]
    words: str
    count: int
    minutes: int | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a list holds, before anything of it is saved. ``counts`` is None while a needed question stands.

    ``is_old``: another list came in, or went back, since it was looked through.
    """

    list_id: UUID
    what: str
    name: str
    rows: int
    columns: tuple[Column, ...]
    questions: tuple[Question, ...]
    read_at: datetime
    counts: Mapping[str, int] | None = None
    groups: tuple[Group, ...] = ()
    rejects: tuple[RejectLine, ...] = ()
    rejected: int = 0
    sharing: int = 0
    without_contact: int = 0
    people_new: int = 0
    asks: tuple[Ask, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    not_kept: tuple[str, ...] = ()
    is_old: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether it can be brought as it stands."""
        return not any(question.is_needed for question in self.questions)


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list and where it stands: ``done`` of ``rows`` rows are through, and ``read_to`` of them looked at."""

    id: UUID
    what: str
    name: str
    state: str
    rows: int
    done: int
    put_in_at: datetime
    ended_at: datetime | None
    undo_until: datetime | None
    counts: Mapping[str, int]
    reason: str
    is_being_read: bool = False
    read_to: int = 0

    @property
    def is_long(self) -> bool:
        """Whether the worker looks through it."""
        return is_long(self.rows)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The report of a list that was brought: what was found, what was not taken, which column was which."""

    line: ListLine
    groups: tuple[Group, ...]
    rejects: tuple[RejectLine, ...]
    columns: Mapping[str, str]
    unmatched: tuple[str, ...]
    not_kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What taking a list back did: people and visits it had made and that are gone, those changed back, those kept.

    Whoever a colleague or the person themselves have dealt with since stays.
    """

    people: int = 0
    visits: int = 0
    changed: int = 0
    kept: int = 0


Theirs = Sequence[tuple[int, str]]
"""Rows and fields where the list's word goes before ours."""
