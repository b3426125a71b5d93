"""Look at a list without saving anything: which column is which, what nobody can know, what it says. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from glede.diary.lists import fields as visit_fields
from glede.diary.lists.visits import VisitsRead, read_visits
from glede.diary.lists.visits import columns_of as visit_columns
from glede.lists.values import Column, Group, Question, What
from glede.people.lists import fields as people_fields
from glede.people.lists.cells import DayOrder
from glede.people.lists.columns import IGNORE, ODD, Columns, unheard_refusals
from glede.people.lists.guessing import may_be
from glede.people.lists.opening import Sheet
from glede.people.lists.people import CONSENTS, REFUSALS, PeopleRead, odd_words, read_people
from glede.people.lists.people import columns_of as people_columns
from glede.people.lists.values import Finding

SAMPLES: Final = 3
_SAMPLE_ROWS: Final = 1000
_FIRST: Final = 5
_MONTH_FIRST: Final = frozenset({"US"})
_REFUSAL_CHOICES: Final = (*REFUSALS, *CONSENTS, "deceased", IGNORE)
FIELDS: Final = {"people": people_fields.FIELDS, "appointments": visit_fields.FIELDS}


@dataclass(frozen=True, slots=True)
class Place:
    """What a list is read by: the practice's country and zone, and the day it is there."""

    country: str
    zone: str
    today: date

    @property
    def order(self) -> DayOrder:
        """The order in which days are written there, where a file does not prove another."""
        return "mdy" if self.country in _MONTH_FIRST else "dmy"


@dataclass(frozen=True, slots=True)
class Looked:
    """A list with its columns and what must be asked about them."""

    sheet: Sheet
    columns: Columns
    questions: tuple[Question, ...]

    @property
    def needed(self) -> tuple[Question, ...]:
        """The questions without whose answers nothing is brought."""
        return tuple(question for question in self.questions if question.is_needed)


def look(sheet: Sheet, what: What, told: Mapping[str, str], place: Place) -> Looked:
    """Return which column of a list is which, as told by heading, and the questions that remain."""
    columns = (people_columns if what == "people" else visit_columns)(sheet, pairs(told))
    ask = _of_people if what == "people" else _of_visits
    return Looked(sheet, columns, tuple(ask(sheet, columns, place)))


def pairs(told: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what was told of headings as the readers take it: (field, heading)."""
    return [(name, heading) for heading, name in told.items()]


def read_list(looked: Looked, what: What, told: Mapping[str, str], place: Place) -> PeopleRead | VisitsRead:
    """Return what a list says, row by row. Raises ``UnclearColumns`` where a needed question stands."""
    if what == "people":
        return read_people(looked.sheet, told=pairs(told), today=place.today, usual_order=place.order)
    return read_visits(looked.sheet, told=pairs(told), zone=place.zone, today=place.today, usual_order=place.order)


def shown(looked: Looked, told: Mapping[str, str], remembered: Iterable[str] = ()) -> tuple[Column, ...]:
    """Return every column as a page shows it; ``remembered`` are the headings answered for an earlier list."""
    sheet, columns, known = looked.sheet, looked.columns, set(remembered)
    fields = {place: name for name, place in columns.places.items()}
    asked = {question.place for question in looked.questions}
    found = []
    for place in range(len(sheet.header)):
        key, name = sheet.key(place), fields.get(place, "")
        how = columns.how.get(name, "") if name else "unsure" if place in asked else "none"
        if told.get(key) == IGNORE:
            how = "ignored" if key not in known else "passed_over"
        elif how == "told" and key in known:
            how = "remembered"
        found.append(Column(place, key, name, how, samples(sheet, place)))
    return tuple(found)


def samples(sheet: Sheet, place: int) -> tuple[str, ...]:
    """Return the first three different cells of a column that say something."""
    return tuple(dict.fromkeys(filter(None, (row.cell(place) for row in sheet.rows[:_SAMPLE_ROWS]))))[:SAMPLES]


def groups(findings: Sequence[Finding]) -> tuple[Group, ...]:
    """Return findings by field and reason, the most first."""
    counts = Counter((finding.field, finding.reason) for finding in findings)
    first: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        same = first.setdefault((finding.field, finding.reason), [])
        if len(same) < _FIRST:
            same.append(finding)
    return tuple(Group(*key, count, tuple(first[key])) for key, count in counts.most_common())


def _of_people(sheet: Sheet, columns: Columns, place: Place) -> Iterable[Question]:
    refusing = set(unheard_refusals(columns))
    for at in columns.free:
        if sheet.header[at] in refusing:
            yield Question("refusal", sheet.key(at), at, samples(sheet, at), _REFUSAL_CHOICES, is_needed=True)
    for name, odd in odd_words(sheet, columns).items():
        at = columns.places[name]
        answers = (f"{name}{ODD}yes", f"{name}{ODD}no", IGNORE)
        yield Question("cell", sheet.key(at), at, odd[:SAMPLES], answers, name, is_needed=True)
    for at in columns.free:
        if sheet.header[at] not in refusing:
            cells = [row.cell(at) for row in sheet.rows[:_SAMPLE_ROWS]]
            choices = tuple(name for name in may_be(sheet.header[at], cells, place.today) if name not in columns.places)
            if choices:
                yield Question("column", sheet.key(at), at, samples(sheet, at), (*choices, IGNORE))


def _of_visits(sheet: Sheet, columns: Columns, place: Place) -> Iterable[Question]:
    free = tuple(sheet.key(at) for at in columns.free)
    if "person" not in columns.places:
        yield Question("needed", "", None, (), free, "person", is_needed=True)
    if not {"start", "date"} & set(columns.places):
        yield Question("needed", "", None, (), free, "start", is_needed=True)
