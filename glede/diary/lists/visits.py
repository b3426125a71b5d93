"""A list of visits, row by row."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Final

from glede.diary.lists.fields import FIELDS, STATES
from glede.diary.rules import MINUTES_MAX, State
from glede.kernel.clock import at_wall, day_of, wall
from glede.people.lists import cells, centuries
from glede.people.lists.cells import DayOrder, WrittenMoment
from glede.people.lists.centuries import Century
from glede.people.lists.columns import Columns, UnclearColumns, match_columns, plain
from glede.people.lists.opening import Row, Sheet
from glede.people.lists.values import Finding

UNREADABLE: Final = "unreadable"
BROKEN_ID: Final = "broken_by_a_spreadsheet"
BROKEN: Final = "person_id_broken_by_a_spreadsheet"
NO_PERSON, NO_DAY, BEFORE_BOOKING = "no_person", "no_day", "visit_before_its_booking"
_ID_LENGTH = 120


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A row about a visit. ``day`` is None where none can be read; ``at`` is None for a visit of the day.

    ``person`` is blank where the row does not say whose visit it is; ``name`` is what it calls them. ``refusal`` is the
    code of why the row cannot be taken, else blank. ``service`` and ``clinician`` are the list's own words.
    ``is_time_lost``: a time stands there that cannot be read. ``insists``: somebody took the list's word before what
    was changed here.
    """

    row: Row
    external_id: str
    person: str
    day: date | None
    at: time | None
    name: str = ""
    refusal: str = ""
    minutes: int | None = None
    service: str = ""
    clinician: str = ""
    state: State = State.BOOKED
    booked_at: datetime | None = None
    insists: bool = False
    is_time_lost: bool = False

    @property
    def whose(self) -> str:
        """The number of the person, or one made of the visit's where nobody is named."""
        return self.person or f"visit {self.external_id}"[:_ID_LENGTH]

    def insisting(self, answers: Collection[tuple[int, str]]) -> "VisitRow":
        """Return the row, which goes before what was changed here where ``answers`` (row, field) say so."""
        return replace(self, insists=True) if any(number == self.row.number for number, _ in answers) else self


@dataclass
class VisitsRead:
    """A list of visits as it was read: its rows, how many repeat others, and what was found."""

    columns: Columns
    visits: list[VisitRow] = field(default_factory=list)
    duplicates: int = 0
    findings: list[Finding] = field(default_factory=list)


def read_visits(
    sheet: Sheet, *, told: Iterable[tuple[str, str]] = (), zone: str, today: date, usual_order: DayOrder = "dmy"
) -> VisitsRead:
    """Return what a list says of visits, by the walls of ``zone``. A year of two digits is the one nearest ``today``.

    A day without a time, or with midnight in every row, is a visit of that day as it is written, never shifted by a
    zone; a time with a zone is brought to the wall, one without stands on it. A row whose id, or all of whose cells
    where it has none, stood earlier is a duplicate. Raises ``UnclearColumns`` where nothing says whose visits these
    are, or when they are.
    """
    columns = columns_of(sheet, told)
    for name, question in (("person", "whose visits these are"), ("start", "when the visits are")):
        if name not in columns.places and not (name == "start" and "date" in columns.places):
            heads = ", ".join(columns.header)
            raise UnclearColumns(f"No column says {question}. Name one: --map {name}=COLUMN. Columns: {heads}.")
    reader = _Reader(sheet, columns, zone, usual_order, centuries.nearest(today))
    found = VisitsRead(columns)
    seen: set[object] = set()
    made: Counter[str] = Counter()
    for row in sheet.rows:
        number = row.cell(columns.place("id"))
        # A spreadsheet breaks many numbers into one: what is left of them says nothing about which visit it was.
        key = number if number and not cells.is_broken(number) else row.text
        if key in seen:
            found.duplicates += 1
            continue
        seen.add(key)
        visit = _OneRow(reader, row, found.findings).visit()
        if not number:
            # Two rows of one person at one time that differ elsewhere are two visits, until somebody has looked.
            made[visit.external_id] += 1
            nth = made[visit.external_id]
            visit = replace(visit, external_id=f"{visit.external_id}-{nth}") if nth > 1 else visit
        found.visits.append(visit)
    return found


def columns_of(sheet: Sheet, told: Iterable[tuple[str, str]] = ()) -> Columns:
    """Return which column is which: as told, else by its heading."""
    return match_columns(sheet.header, FIELDS, told)


class _Reader:
    """What all rows share: the columns, the order of days, and whether the list knows times at all."""

    def __init__(self, sheet: Sheet, columns: Columns, zone: str, usual: DayOrder, century: Century) -> None:
        self.columns, self.zone, self.century = columns, zone, century
        places = {name: columns.place(name) for name in ("start", "date", "booked_at")}
        self.order = cells.day_order((row.cell(p) for p in places.values() for row in sheet.rows), usual)
        self.has_times = any(self._tells_time(row) for row in sheet.rows)

    def when(self, row: Row) -> str:
        """Return the name of the column that says when a row's visit is."""
        return "start" if row.cell(self.columns.place("start")) else "date"

    def moment(self, text: str) -> WrittenMoment | None:
        """Return the day and the time written in a cell."""
        return cells.read_moment(text, self.order, self.century)

    def _tells_time(self, row: Row) -> bool:
        written = self.moment(row.cell(self.columns.place(self.when(row))))
        at = cells.read_time(row.cell(self.columns.place("time")))
        return (written is not None and not written.is_midnight) or (at is not None and at != time(0))

    def placed(self, written: WrittenMoment) -> tuple[date, time | None]:
        """Return where on the wall a visit lies."""
        if not self.has_times or written.at is None:
            return written.day, None
        moment = cells.moment_of(written)
        if moment is None:
            return written.day, written.at
        there = wall(moment, self.zone)
        return there.date(), there.time()


@dataclass
class _OneRow:
    """One row while it is read."""

    reader: _Reader
    row: Row
    findings: list[Finding]

    def cell(self, name: str) -> str:
        return self.row.cell(self.reader.columns.place(name))

    def note(self, name: str, reason: str = UNREADABLE) -> None:
        self.findings.append(Finding(self.row.number, name, self.cell(name), reason))

    def visit(self) -> VisitRow:
        before = len(self.findings)
        day, at = self._place()
        booked = self._moment("booked_at")
        person = self.cell("person")
        return VisitRow(
            self.row,
            external_id=self._number() or self._own_id(day, at),
            person=person[:_ID_LENGTH],
            day=day,
            at=at,
            name=self.cell("name") or ("" if any(map(str.isdigit, person)) else person),
            refusal=self._refusal(person, day, booked),
            minutes=self._minutes(),
            service=self.cell("service"),
            clinician=self.cell("clinician"),
            state=self._state(),
            booked_at=self._booked_at(booked),
            is_time_lost=any(finding.field in {"start", "date", "time"} for finding in self.findings[before:]),
        )

    def _refusal(self, person: str, day: date | None, booked: WrittenMoment | None) -> str:
        if cells.is_broken(person):
            return BROKEN
        if day is None:
            return NO_DAY
        return BEFORE_BOOKING if booked is not None and day < self._first_day(booked) else ""

    def _first_day(self, booked: WrittenMoment) -> date:
        """Return the earliest day on which that booking can have been made, whatever its zone was meant to be."""
        moment = cells.moment_of(booked)
        return booked.day if moment is None else min(booked.day, day_of(moment, self.reader.zone))

    def _place(self) -> tuple[date | None, time | None]:
        name = self.reader.when(self.row)
        written = self._moment(name)
        if written is None:
            # Its time is lost to us, the visit is not: it stays on its day.
            day = cells.read_day(self.cell(name), self.reader.order, self.reader.century)
            return day, self._time() if day else None
        if "time" in self.reader.columns.places and written.is_midnight:
            return written.day, self._time()
        return self.reader.placed(written)

    def _time(self) -> time | None:
        text = self.cell("time")
        at = cells.read_time(text)
        if text and at is None:
            self.note("time")
        return at if self.reader.has_times else None

    def _moment(self, name: str) -> WrittenMoment | None:
        text = self.cell(name)
        written = self.reader.moment(text) if text else None
        if text and written is None:
            self.note(name)
        return written

    def _booked_at(self, booked: WrittenMoment | None) -> datetime | None:
        if booked is None:
            return None
        return cells.moment_of(booked) or at_wall(booked.day, booked.at or time(0), self.reader.zone)

    def _minutes(self) -> int | None:
        text = self.cell("minutes")
        if not text:
            return None
        if text.isdecimal() and 0 < int(text) <= MINUTES_MAX:
            return int(text)
        self.note("minutes")
        return None

    def _state(self) -> State:
        text = self.cell("status")
        state = STATES.get(plain(text)) if text else State.BOOKED
        if state is None:
            self.note("status")
        return state or State.BOOKED

    def _number(self) -> str:
        number = self.cell("id")
        if cells.is_broken(number):
            self.note("id", BROKEN_ID)
            return ""
        return number[:_ID_LENGTH]

    def _own_id(self, day: date | None, at: time | None) -> str:
        """Return a number for a visit whose list has none: the same row has the same one each time."""
        told = ("person", "service", "clinician")
        said = [str(day), str(at), *(self.cell(name) for name in told)] if day else list(self.row.text)
        return f"row-{sha256(repr(said).encode()).hexdigest()[:16]}"
