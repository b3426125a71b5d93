"""Values that the components draw. Pages fill them; no query, no rule of a room stands here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from typing_extensions import override

from glede.ui.urgency import Urgency

Words = str | Promise

TITLES = frozenset({"Dr", "Prof"})


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name, in capitals: "Dr Kari Moe" → "KM"."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    words = [word for word in words if word.rstrip(".") not in TITLES] or words
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@dataclass(frozen=True, slots=True)
class Verb:
    """What a row can do: a label, its key, and where it leads (``href``) or what it posts to (``post``)."""

    label: Words
    key: str = ""
    href: str = ""
    post: str = ""
    fields: Sequence[tuple[str, str]] = ()
    icon: str = ""
    opens: str = ""  # id of a sheet


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of Today: who, what in plain words, by when, the one verb. ``thing`` is an icon in a face's place."""

    id: str
    name: str
    verb: Verb
    urgency: Urgency | None = None
    href: str = ""
    quote: str = ""
    words: Words = ""
    group: Words = ""
    meta: Sequence[Words] = ()
    thing: str = ""
    more: Sequence[Verb] = ()


@dataclass(frozen=True, slots=True)
class Matters:
    """What matters to me: the person's own sentence, rows of (label, words), and what never to do.

    ``flags`` are what it takes to reach or meet them, always first; ``nudge`` says that these are to be asked again;
    ``source`` says which of it are their own words, and from when.
    """

    quote: str = ""
    rows: Sequence[tuple[Words, Words]] = ()
    do_not: Sequence[Words] = ()
    flags: Sequence[Words] = ()
    nudge: Words = ""
    source: Words = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The label of a choice card: large words, small words under them, and words at the far end (a price)."""

    label: Words
    small: Words = ""
    end: Words = ""

    @override
    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time to take. ``day`` stands above the time where the times are of different days."""

    value: str
    time: Words
    small: Words = ""
    day: Words = ""
    chosen: bool = False
    taken: bool = False


@dataclass(frozen=True, slots=True)
class DaySlot:
    """A stretch of a day column in steps of 5 minutes from its top.

    ``kind``: "" (a visit), in (the person is here), gone (over), tight (no time between), old (kept until
    the new one is theirs), fresh (just booked), offer (may be taken), held (somebody's for minutes), open (free: booked
    there when pressed), urgent (kept free for what is urgent), away (nobody is at the chair), buffer (time between).
    ``mark`` is the name of an icon before the title. ``move`` is the address that moves the visit: with it the block
    can be dragged. ``keys`` are letters that lead somewhere while the block has the focus, as (key, words, address).
    ``value`` makes the block a button of the form "times", which the letter ``press`` presses too. ``is_beside``: drawn
    over the right half, because another visit stands there too.
    """

    at: int
    to: int
    title: Words
    small: Words = ""
    kind: str = ""
    quote: str = ""
    href: str = ""
    key: str = ""
    is_beside: bool = False
    mark: str = ""
    move: str = ""
    keys: Sequence[tuple[str, Words, str]] = ()
    value: str = ""
    press: str = ""

    @property
    def is_short(self) -> bool:
        """Too low for two lines of text."""
        return self.to - self.at <= 5


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One chair of the day; ``pace`` is "calm" or "tight" and ``small`` says it in words.

    ``chair`` and ``day`` (as in 2026-11-26) say where what is dropped here would lie; the title leads to ``href``.
    """

    title: str
    slots: Sequence[DaySlot] = ()
    small: Words = ""
    pace: str = ""
    chair: str = ""
    day: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The columns of a day, its hours as (step, words) and the step of the present moment, if it is today.

    ``top`` is the hour of the wall at the first step, as in 09:00.
    """

    columns: Sequence[DayColumn]
    hours: Sequence[tuple[int, str]]
    now: int | None = None
    top: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """One full price; "nothing to buy" is one of them and no smaller than the others."""

    title: Words
    price: str
    small: Words = ""


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """One answer of the palette: a person (``name``) or a verb or page (``icon``)."""

    label: Words
    href: str
    small: Words = ""
    name: str = ""
    icon: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of "why": a short label, a sentence, in warm where a person chose it; a link to its source."""

    label: Words
    words: Words
    quote: str = ""
    is_warm: bool = False
    href: str = ""
    link: Words = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary: what to do, and the field it leads to."""

    words: Words
    field_id: str = ""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of a thread: ``is_theirs`` where the person wrote it."""

    words: str
    at: Words = ""
    is_theirs: bool = False
    by: str = ""
