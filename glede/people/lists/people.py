"""A list of people, row by row."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Final

from glede.people.lists import cells, centuries
from glede.people.lists.cells import DayOrder
from glede.people.lists.columns import Columns, UnclearColumns, match_columns, unheard_refusals, with_content
from glede.people.lists.fields import FIELDS
from glede.people.lists.guessing import is_email_column
from glede.people.lists.opening import Row, Sheet
from glede.people.lists.values import Finding, Reject
from glede.people.values import Channel, PersonForm, Scope

REFUSALS: Final[dict[str, tuple[Channel | None, Scope]]] = {
    "no_sms": ("sms", "all"),
    "no_email": ("email", "all"),
    "no_marketing": (None, "marketing"),
}
CONSENTS: Final = {"sms_ok": "no_sms", "email_ok": "no_email", "marketing_ok": "no_marketing"}
"""Columns that ask the other way round: a no there is the refusal named beside it, a yes is no consent by law."""
SOURCE = "list"
UNREADABLE, BROKEN, TWO_CENTURIES = "unreadable", "broken_by_a_spreadsheet", "two_centuries"
NOBODY = "no_id_name_or_contact"
_OLDEST = date(1880, 1, 1)
_NOTES_LENGTH = 4000
_SAMPLE = 1000

Refusal = tuple[Channel | None, Scope]


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A row about a person: who they are, what they refuse, and how they wish to be reached.

    ``has_died``: the list says so without a day. ``guardian``: the outer id of who is written to instead.
    ``insists`` names the fields where somebody took the list's word before ours.
    """

    row: Row
    form: PersonForm
    refusals: tuple[Refusal, ...] = ()
    channel: Channel = ""
    guardian: str = ""
    notes: str = ""
    has_died: bool = False
    insists: frozenset[str] = frozenset()

    def insisting(self, answers: Collection[tuple[int, str]]) -> "ListedPerson":
        """Return the row with those of its fields that go before what was set here: (row, field) pairs."""
        mine = frozenset(name for number, name in answers if number == self.row.number)
        return replace(self, insists=mine, form=replace(self.form, insists=mine)) if mine else self


@dataclass
class PeopleRead:
    """A list of people as it was read: whom it names, rows that repeat others or name nobody, and what was found."""

    columns: Columns
    people: list[ListedPerson] = field(default_factory=list)
    duplicates: int = 0
    rejects: list[Reject] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_people(
    sheet: Sheet, *, told: Iterable[tuple[str, str]] = (), today: date, usual_order: DayOrder = "dmy"
) -> PeopleRead:
    """Return what a list says of people. ``told`` are (field, heading) pairs that go before what a heading says.

    A row whose id, or all of whose cells where it has no id, stood earlier in the list is a duplicate; one without
    id, name and contact is rejected; a cell that cannot be read stays empty and is found. Nobody is born or dies
    after ``today``. Raises ``UnclearColumns`` where a column or a cell that may be a refusal is not understood.
    """
    columns = columns_of(sheet, told)
    for head in unheard_refusals(columns):
        raise UnclearColumns(
            f"Column {head!r} looks like a refusal. Say what it means: --map no_sms={head!r} (or no_email,"
            f" no_marketing, deceased), or --map ignore={head!r} to leave it out."
        )
    for name in silent_consents(sheet, columns):
        head = columns.names[name]
        raise UnclearColumns(
            f"Column {head!r} says yes for some and nothing for the others. Say what an empty cell means:"
            f" --map {name}:no={head!r}, or --map {name}:yes={head!r}."
        )
    days = [row.cell(columns.place(name)) for name in ("birth_date", "deceased") for row in sheet.rows]
    found = PeopleRead(columns)
    order = cells.day_order(days, usual_order)
    seen: set[object] = set()
    for row in sheet.rows:
        reading = _Reading(columns, order, today, row)
        key = reading.key()
        if key in seen:
            found.duplicates += 1
            continue
        seen.add(key)
        person = reading.person()
        found.findings += reading.findings
        if _names_somebody(person.form):
            found.people.append(person)
        else:
            found.rejects.append(Reject(row, BROKEN if reading.cell("id") else NOBODY))
    return found


def columns_of(sheet: Sheet, told: Iterable[tuple[str, str]] = ()) -> Columns:
    """Return which column is which: as told, else by its heading, else by what stands in it where nothing else can."""
    columns = match_columns(sheet.header, FIELDS, told)
    if "email" not in columns.places:
        for place in columns.free:
            if is_email_column(row.cell(place) for row in sheet.rows[:_SAMPLE]):
                return with_content(columns, "email", place)
    return columns


def odd_words(sheet: Sheet, columns: Columns) -> dict[str, tuple[str, ...]]:
    """Return, of each field of yes and no, the words in its column that are neither and that nobody answered for."""
    found: dict[str, tuple[str, ...]] = {}
    for name in (*REFUSALS, *CONSENTS, "deceased"):
        place = columns.place(name)
        if place is None or name in columns.odd:
            continue
        cells_of = dict.fromkeys(row.cell(place) for row in sheet.rows)
        odd = [c for c in cells_of if cells.read_yes_no(c) is None and not (name == "deceased" and cells.is_day(c))]
        if odd:
            found[name] = tuple(odd)
    for name in silent_consents(sheet, columns):
        found[name] = ("", *found.get(name, ()))
    return found


def silent_consents(sheet: Sheet, columns: Columns) -> list[str]:
    """Return the columns of consent that say yes for some and nothing for the others, and no for nobody.

    Whether nothing means no there, nobody can know. Where a column says no at all, an empty cell says nothing.
    """
    found = []
    for name in CONSENTS:
        place = columns.place(name)
        if place is not None and name not in columns.odd:
            said = {cell and cells.read_yes_no(cell) for row in sheet.rows for cell in (row.cell(place),)}
            if True in said and "" in said and False not in said:
                found.append(name)
    return found


def _names_somebody(form: PersonForm) -> bool:
    return bool(form.external_id or form.given_name or form.family_name or form.phones or form.emails)


@dataclass
class _Reading:
    """One row while it is read."""

    columns: Columns
    order: DayOrder
    today: date
    row: Row
    findings: list[Finding] = field(default_factory=list)

    def cell(self, name: str) -> str:
        return self.row.cell(self.columns.place(name))

    def note(self, name: str, reason: str = UNREADABLE) -> None:
        self.findings.append(Finding(self.row.number, name, self.cell(name), reason))

    def key(self) -> object:
        """Return what makes this row the same as another."""
        number = self.cell("id")
        return number if number and not cells.is_broken(number) else self.row.text

    def person(self) -> ListedPerson:
        has_died, died_on = self._death()
        beyond = self.row.cells[self.columns.width :]
        if any(beyond):
            self.findings.append(Finding(self.row.number, "", " ".join(beyond), "more_cells_than_columns"))
        return ListedPerson(
            self.row,
            self._form(died_on),
            refusals=tuple(self._refusals()),
            channel=self._known("channel", cells.read_channel(self.cell("channel"))),
            guardian=self._id("guardian_id"),
            notes=self.cell("notes")[:_NOTES_LENGTH],
            has_died=has_died,
        )

    def _form(self, died_on: date | None) -> PersonForm:
        number = self._id("id")
        given, family = self._name()
        return PersonForm(
            given_name=given,
            family_name=family,
            birth_date=self._day("birth_date"),
            language=self._known("language", cells.read_language(self.cell("language"))),
            external_id=number,
            phones=tuple(self._addresses("phone", "phone_2")),
            emails=tuple(self._addresses("email", "email_2")),
            source=SOURCE,
            deceased_on=died_on,
            street=self._street(),
            postcode=self.cell("postcode"),
            city=self.cell("city"),
            list_key="" if number else self._row_key(),
        )

    def _name(self) -> tuple[str, str]:
        given, family = self.cell("given_name"), self.cell("family_name")
        if given or family or not self.cell("full_name"):
            return given, family
        return cells.split_name(self.cell("full_name"))

    def _street(self) -> str:
        """Return the first lines of an address: "12 Mill Lane, Bank House"."""
        first = " ".join(filter(None, (self.cell("street_number"), self.cell("address"))))
        return ", ".join(filter(None, (first, self.cell("address_2"))))

    def _id(self, name: str) -> str:
        number = self.cell(name)
        if cells.is_broken(number):
            self.note(name, BROKEN)
            return ""
        return number

    def _day(self, name: str) -> date | None:
        text = self.cell(name)
        day = cells.read_day(text, self.order, centuries.of_a_birth(self.today)) if text else None
        if text and (day is None or not _OLDEST <= day <= self.today):
            is_unsure = day is None and cells.read_day(text, self.order, centuries.last(self.today))
            self.note(name, TWO_CENTURIES if is_unsure else UNREADABLE)
            return None
        return day

    def _known(self, name: str, code: str | None) -> str:
        if self.cell(name) and code is None:
            self.note(name)
        return code or ""

    def _addresses(self, *names: str) -> Iterator[str]:
        for name in names:
            if cells.is_broken(self.cell(name)):
                self.note(name, BROKEN)
            else:
                yield from cells.split_addresses(self.cell(name))

    def _refusals(self) -> Iterator[Refusal]:
        for name, refusal in REFUSALS.items():
            answer = self._answer(name)
            if answer is None:
                raise self._unclear(name, "is that a refusal? Write yes or no there (ja, nei, x, 1, 0)")
            if answer:
                yield refusal
        for name, refusal_of in CONSENTS.items():
            if self._is_unwelcome(name):
                yield REFUSALS[refusal_of]

    def _is_unwelcome(self, name: str) -> bool:
        """Return True where a column of consent says no."""
        if not self.cell(name):
            return self.columns.place(name) is not None and self.columns.odd.get(name) is False
        answer = self._answer(name)
        if answer is None:
            raise self._unclear(name, "is that a consent? Write yes or no there (ja, nei, x, 1, 0)")
        return not answer

    def _answer(self, name: str) -> bool | None:
        answer = cells.read_yes_no(self.cell(name))
        return self.columns.odd.get(name) if answer is None else answer

    def _death(self) -> tuple[bool, date | None]:
        """Return whether the list says that they died, and the day where it gives one that can be."""
        text = self.cell("deceased")
        day = cells.read_day(text, self.order, centuries.last(self.today))
        answer = self._answer("deceased") if day is None else None
        if answer is not None:
            return answer, None
        if day is None:
            raise self._unclear("deceased", "did they die? Write the day, yes or no there")
        if not _OLDEST <= day <= self.today:
            self.note("deceased")
            return True, None
        return True, day

    def _unclear(self, name: str, question: str) -> UnclearColumns:
        head = self.columns.names[name]
        return UnclearColumns(
            f"Row {self.row.number} has {self.cell(name)!r} in column {head!r}: {question}, or leave the column out"
            f" with --map ignore={head!r}."
        )

    def _row_key(self) -> str:
        said = sorted((head, cell) for head, cell in zip(self.columns.header, self.row.cells, strict=False) if cell)
        return sha256(repr(said).encode()).hexdigest()
