"""Bring a list of visits in: whose they are, where they lie, and what a colleague has to settle by hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from glede.catalogue import queries as catalogue
from glede.diary import rules
from glede.diary.errors import AnotherPerson, ChangedHere
from glede.diary.lists.visits import NO_PERSON, VisitRow, VisitsRead
from glede.diary.operations.importing import import_appointments
from glede.diary.requests import ListedVisit, Outcome
from glede.diary.rules import State
from glede.kernel.actor import Actor
from glede.kernel.clock import at_wall, day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.people.lists.cells import split_name
from glede.people.lists.columns import plain
from glede.people.lists.people import SOURCE
from glede.people.lists.values import Brought, Finding, Reject
from glede.people.operations import add_patients
from glede.people.queries import patients_by_external_id
from glede.people.values import PersonForm, Watch, nobody_watches, numbered
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.models import Promise
from glede.promises.operations import NewPromise, keep_promise, make_promises
from glede.staff import queries as staff

SUBJECT: Final = "list_row"
CAUSE: Final = "diary.list_row"
PROMISES_A_TRANSACTION: Final = 500
CHANGED_HERE: Final = ChangedHere.code
ANOTHER_PERSON: Final = AnotherPerson.code
_ASKED: Final = frozenset({CHANGED_HERE, ANOTHER_PERSON})
_CREATED, _UNCHANGED = "added", frozenset({"same", "kept"})
# What a list says of a visit to come that only time can tell.
_TOO_EARLY: Final = frozenset({State.DONE, State.MISSED})
_EVENING: Final = time(17)


@dataclass
class _Bringing:
    """A list under way."""

    practice: Practice
    now: datetime
    source: str
    watch: Watch
    people_created: int = 0
    findings: list[Finding] = field(default_factory=list)
    rejected: list[tuple[VisitRow, str]] = field(default_factory=list)

    def is_to_come(self, visit: VisitRow) -> bool:
        """Whether the visit, as far as its row tells, has not been yet. Of a visit of the day its day counts."""
        if visit.day is None or visit.at is None:
            return visit.day is None or visit.day >= day_of(self.now, self.practice.zone)
        return at_wall(visit.day, visit.at, self.practice.zone) > self.now


def bring_visits(
    *,
    practice_id: UUID,
    read: VisitsRead,
    rows: int,
    source: str,
    by: Actor,
    now: datetime,
    watch: Watch = nobody_watches,
) -> Brought:
    """Bring in what was read of a list of ``rows`` rows, and return what became of each.

    A person id nobody here has makes a person with that id and the name the row gives, and a visit that says no id one
    of its own. A changed
    time moves the same visit; what a colleague or the patient did to a visit here since stays, and where the list says
    otherwise they are promised to be asked; the same list again changes nothing. A row that contradicts itself or whose
    person cannot be known is rejected; where its visit is still to come, a colleague is promised to settle it from the
    file of rejects. ``source`` is the list's file name, for that promise. ``watch`` is told in each transaction, by the
    numbers of the rows.
    """
    bringing = _Bringing(practice_by_id(practice_id), now, source, watch, findings=list(read.findings))
    bringing.rejected = [(visit, visit.refusal) for visit in read.visits if visit.refusal]
    taken = [visit for visit in read.visits if not visit.refusal]
    people = _people(bringing, taken, by=by)
    known = [visit for visit in taken if visit.whose in people]
    bringing.rejected += [(visit, "asked_to_be_forgotten") for visit in taken if visit.whose not in people]
    lines = _lines(bringing, known, people)
    watch = numbered(watch, [visit.row.number for visit in known])
    outcomes = import_appointments(practice_id=practice_id, rows=lines, by=by, now=now, watch=watch)
    words = _note_outcomes(bringing, known, outcomes)
    _keep_promises(bringing, known, outcomes, by=by)
    _ask(bringing, known, outcomes, by=by)
    _promise(bringing, by=by)
    rejects = sorted((Reject(visit.row, reason) for visit, reason in bringing.rejected), key=lambda r: r.row.number)
    unchanged = sum(words[word] for word in _UNCHANGED)
    return Brought(
        read=rows,
        created=words[_CREATED],
        updated=words.total() - words[_CREATED] - unchanged,
        unchanged=unchanged,
        duplicates=read.duplicates,
        rejects=tuple(rejects),
        findings=tuple(sorted(bringing.findings, key=lambda finding: (finding.row, finding.field))),
        columns=read.columns.names,
        unmatched=read.columns.unmatched,
        people_created=bringing.people_created,
    )


def _people(bringing: _Bringing, visits: Sequence[VisitRow], *, by: Actor) -> dict[str, UUID]:
    """Return the people behind the list's numbers, those nobody here had made anew."""
    numbers: dict[str, VisitRow] = {}
    for visit in visits:
        numbers.setdefault(visit.whose, visit)
    known = patients_by_external_id(bringing.practice.pk, numbers)
    missing = [number for number in numbers if number not in known]
    if missing:
        forms = [_person(number, numbers[number].name) for number in missing]
        watch = numbered(bringing.watch, [numbers[number].row.number for number in missing], counts=False)
        made = add_patients(practice_id=bringing.practice.pk, rows=forms, by=by, now=bringing.now, watch=watch)
        bringing.people_created = made.added
        known |= {number: pk for number, pk in zip(missing, made.ids, strict=True) if pk is not None}
    return known


def _person(number: str, name: str) -> PersonForm:
    given_name, family_name = split_name(name)
    return PersonForm(given_name=given_name, family_name=family_name, external_id=number, source=SOURCE)


def _lines(bringing: _Bringing, visits: Iterable[VisitRow], people: dict[str, UUID]) -> list[ListedVisit]:
    service = _Namesakes(bringing, "service", _services(bringing.practice.pk))
    clinician = _Namesakes(bringing, "clinician", _clinicians(bringing.practice.pk))
    return [
        ListedVisit(
            external_id=visit.external_id,
            patient_id=people[visit.whose],
            day=visit.day,
            wall_time=visit.at,
            minutes=visit.minutes,
            service_id=service.named(visit, visit.service),
            practitioner_id=clinician.named(visit, visit.clinician),
            state=_state(bringing, visit),
            booked_at=min(visit.booked_at, bringing.now) if visit.booked_at else None,
            insists=visit.insists,
            is_time_lost=visit.is_time_lost,
        )
        for visit in visits
        if visit.day is not None
    ]


def _state(bringing: _Bringing, visit: VisitRow) -> State:
    if visit.state in _TOO_EARLY and bringing.is_to_come(visit):
        bringing.findings.append(Finding(visit.row.number, "status", str(visit.state), "too_early"))
        return State.BOOKED
    return visit.state


def _services(practice_id: UUID) -> Iterator[tuple[str, UUID]]:
    for card in catalogue.services(practice_id):
        yield from ((name, card.id) for name in (card.external_id, card.code, *card.name.values()))


def _clinicians(practice_id: UUID) -> Iterator[tuple[str, UUID]]:
    for chair in staff.practitioners(practice_id):
        yield from ((name, chair.id) for name in (chair.external_id, chair.display_name))


class _Namesakes:
    """Who or what a list means by its own words; a word nobody answers to is found once."""

    def __init__(self, bringing: _Bringing, name: str, known: Iterable[tuple[str, UUID]]) -> None:
        self.bringing, self.name = bringing, name
        self.known = {plain(word): pk for word, pk in known if plain(word)}
        self.strange: set[str] = set()

    def named(self, visit: VisitRow, words: str) -> UUID | None:
        word = plain(words)
        if word and word not in self.known and word not in self.strange:
            self.strange.add(word)
            self.bringing.findings.append(Finding(visit.row.number, self.name, words, "unknown"))
        return self.known.get(word)


def _note_outcomes(bringing: _Bringing, visits: Sequence[VisitRow], outcomes: Sequence[Outcome]) -> Counter[str]:
    """Count what became of the visits; note the rejected ones, and those that went another way here."""
    words: Counter[str] = Counter()
    for visit, outcome in zip(visits, outcomes, strict=True):
        if outcome.word == "rejected":
            bringing.rejected.append((visit, outcome.reason))
            continue
        words[outcome.word] += 1
        if outcome.word == "kept":
            name, text = _what_differs(visit, outcome)
            bringing.findings.append(Finding(visit.row.number, name, text, outcome.reason))
        elif not visit.person:
            bringing.findings.append(Finding(visit.row.number, "person", "", NO_PERSON))
    return words


def _what_differs(visit: VisitRow, outcome: Outcome) -> tuple[str, str]:
    if outcome.reason == CHANGED_HERE:
        return "start", f"{visit.day} {visit.at:%H:%M}" if visit.at else str(visit.day)
    if outcome.reason == ANOTHER_PERSON:
        return "person", visit.person
    return "status", str(visit.state)


def _ask(bringing: _Bringing, visits: Sequence[VisitRow], outcomes: Sequence[Outcome], *, by: Actor) -> None:
    """Promise to ask about visits to come that say nothing of whose they are, or other than was arranged here."""
    due = _due(bringing)
    new = []
    for visit, outcome in zip(visits, outcomes, strict=True):
        reason = outcome.reason if outcome.reason in _ASKED else NO_PERSON if _is_nobodys(visit, outcome) else ""
        if reason and outcome.appointment_id and bringing.is_to_come(visit):
            subject, detail = Ref("appointment", outcome.appointment_id), _detail(bringing, visit, reason)
            new.append(NewPromise("settle", subject, due(visit), f"diary.{reason}", detail=detail))
    _make(bringing, new, by=by)


def _is_nobodys(visit: VisitRow, outcome: Outcome) -> bool:
    return not visit.person and outcome.word == "added"


def _promise(bringing: _Bringing, *, by: Actor) -> None:
    """Promise to settle the rejected rows whose visit is still to come, each once however often the list comes."""
    owed = {_subject(bringing, visit): (visit, why) for visit, why in bringing.rejected if bringing.is_to_come(visit)}
    with scope.transaction(bringing.practice.pk):
        promised = Promise.objects.filter(
            practice_id=bringing.practice.pk, subject_kind=SUBJECT, subject_id__in=[ref.id for ref in owed]
        )
        for subject_id in promised.values_list("subject_id", flat=True):
            owed.pop(Ref(SUBJECT, subject_id), None)
    due = _due(bringing)
    new = [
        NewPromise(kind="settle", subject=ref, due_at=due(visit), cause=CAUSE, detail=_detail(bringing, visit, reason))
        for ref, (visit, reason) in sorted(owed.items())
    ]
    _make(bringing, new, by=by)


def _make(bringing: _Bringing, new: Sequence[NewPromise], *, by: Actor) -> None:
    for start in range(0, len(new), PROMISES_A_TRANSACTION):
        some = list(new[start : start + PROMISES_A_TRANSACTION])
        with act(bringing.practice.pk, by=by, now=bringing.now):
            make_promises(practice_id=bringing.practice.pk, new=some, by=by, now=bringing.now)


def _keep_promises(bringing: _Bringing, visits: Sequence[VisitRow], outcomes: Sequence[Outcome], *, by: Actor) -> None:
    """Keep what was promised about rows that have been corrected since: their visits stand in the diary now."""
    practice_id = bringing.practice.pk
    with scope.transaction(practice_id):
        rows = Promise.objects.filter(practice_id=practice_id, subject_kind=SUBJECT, closed_at=None)
        owed = dict(rows.values_list("subject_id", "id"))
    for visit, outcome in zip(visits, outcomes, strict=True) if owed else ():
        promise_id = owed.get(_subject(bringing, visit).id)
        if promise_id is not None and outcome.appointment_id is not None:
            evidence = Ref("appointment", outcome.appointment_id)
            keep_promise(practice_id=practice_id, promise_id=promise_id, evidence=evidence, by=by, now=bringing.now)


def _subject(bringing: _Bringing, visit: VisitRow) -> Ref:
    return Ref(SUBJECT, uuid5(bringing.practice.pk, visit.external_id))


def _due(bringing: _Bringing) -> Callable[[VisitRow], datetime]:
    hours, zone, now = opening_hours(bringing.practice), bringing.practice.zone, bringing.now

    def due(visit: VisitRow) -> datetime:
        day = visit.day or day_of(now, zone) + timedelta(days=7)
        begins = at_wall(day, visit.at, zone) if visit.at else hours.day_end(day) or at_wall(day, _EVENING, zone)
        return rules.settle_by(begins, now, hours)

    return due


def _detail(bringing: _Bringing, visit: VisitRow, reason: str) -> dict[str, object]:
    """Return codes alone: the row's words stand in the file of rejects."""
    return {
        "reason": reason,
        "list": bringing.source,
        "line": visit.row.number,
        "visit": visit.external_id,
        "day": visit.day.isoformat() if visit.day else None,
    }
