"""Try a list out: what would become of each row. All of it is taken back at once, nothing of it is saved."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from glede.diary.lists.visits import VisitsRead
from glede.diary.operations import bring_visits
from glede.kernel.actor import IMPORT
from glede.lists.looking import groups, read_list, shown
from glede.lists.models import BroughtList
from glede.lists.operations.holding import looked_at, place_of, what_of
from glede.lists.proposing import proposals
from glede.lists.values import Ask, Found, RejectLine
from glede.people.lists.people import ListedPerson, PeopleRead
from glede.people.lists.values import Brought, Finding
from glede.people.models import Patient
from glede.people.operations import bring_people
from glede.people.queries import patients_by_external_id
from glede.people.rules.fields import FIELDS, as_text
from glede.practices import scope
from glede.practices.queries import practice_by_id

ROWS_A_TRIAL: Final = 2000
SHOWN: Final = 20
ASKED: Final = 200


def try_list(row: BroughtList, now: datetime, tell: Callable[[int], None] = lambda _: None) -> Found:
    """Return what a list holds, and what would become of each row.

    It is tried in parts of 2,000 rows, so it takes about as long as bringing it in; ``tell`` hears after each how many
    rows are through. Raises ``ForgottenList``.
    """
    looked = looked_at(row, now)
    practice = practice_by_id(row.practice_id)
    with scope.transaction(row.practice_id):
        remembered = set(row.source.told)
    first = Found(
        row.pk, row.what, row.name, len(looked.sheet.rows), shown(looked, row.told, remembered), looked.questions, now
    )
    if looked.needed:
        return first
    read = read_list(looked, what_of(row), row.told, place_of(practice, now))
    brought = _tried(row, read, now, tell)
    return replace(
        first,
        counts=brought.counts,
        groups=groups(brought.findings),
        rejects=reject_lines(brought),
        rejected=brought.rejected,
        people_new=brought.people_created,
        asks=tuple(_asks(row, read, brought.findings)),
        proposals=proposals(practice, looked, row.told, now) if row.what == "appointments" else (),
        not_kept=tuple(brought.not_kept),
        sharing=_sharing(read.people) if isinstance(read, PeopleRead) else 0,
        without_contact=_without_contact(read.people) if isinstance(read, PeopleRead) else 0,
    )


def reject_lines(brought: Brought) -> tuple[RejectLine, ...]:
    """Return the first rows that were not taken, as a page shows them."""
    return tuple(RejectLine(r.row.number, r.reason, r.row.cells) for r in brought.rejects[:SHOWN])


@contextmanager
def _taken_back(practice_id: UUID) -> Iterator[None]:
    """Take back everything at the end."""
    with scope.transaction(practice_id), transaction.atomic():
        yield
        transaction.set_rollback(True)


def _tried(row: BroughtList, read: PeopleRead | VisitsRead, now: datetime, tell: Callable[[int], None]) -> Brought:
    """Return what would become of each row, tried in parts: the head of the ledger is held for one part at a time."""
    given: dict[str, Any] = {"practice_id": row.practice_id, "rows": row.rows, "by": IMPORT, "now": now}
    rows: Sequence[Any] = read.people if isinstance(read, PeopleRead) else read.visits
    whole = Brought(read=row.rows, duplicates=read.duplicates)
    for start in range(0, max(len(rows), 1), ROWS_A_TRIAL):
        some = list(rows[start : start + ROWS_A_TRIAL])
        with _taken_back(row.practice_id):
            if isinstance(read, PeopleRead):
                part = bring_people(read=_part_of_people(read, some, is_first=start == 0), **given)
            else:
                part = bring_visits(read=replace(read, visits=some, findings=[]), source=row.name, **given)
        whole = _together(whole, part)
        tell(min(start + ROWS_A_TRIAL, row.rows))
    if isinstance(read, VisitsRead):
        whole = replace(whole, findings=(*read.findings, *whole.findings), people_created=_strangers(row, read))
    return replace(whole, read=row.rows, duplicates=read.duplicates)


def _part_of_people(read: PeopleRead, people: list[ListedPerson], *, is_first: bool) -> PeopleRead:
    if is_first:
        return replace(read, people=people)
    return replace(read, people=people, rejects=[], findings=[])


def _together(whole: Brought, part: Brought) -> Brought:
    return replace(
        part,
        created=whole.created + part.created,
        updated=whole.updated + part.updated,
        unchanged=whole.unchanged + part.unchanged,
        rejects=(*whole.rejects, *part.rejects),
        findings=(*whole.findings, *part.findings),
    )


def _strangers(row: BroughtList, read: VisitsRead) -> int:
    numbers = {visit.person for visit in read.visits if not visit.refusal}
    return len(numbers - set(patients_by_external_id(row.practice_id, numbers)))


def _without_contact(people: Sequence[ListedPerson]) -> int:
    return sum(not (person.form.phones or person.form.emails) for person in people)


def _sharing(people: Sequence[ListedPerson]) -> int:
    """Return how many share a number or an address, as it is written, with another row."""
    addresses = [{*person.form.phones, *person.form.emails} for person in people]
    counts = Counter(address for held in addresses for address in held)
    return sum(any(counts[address] > 1 for address in held) for held in addresses)


def _asks(row: BroughtList, read: PeopleRead | VisitsRead, findings: Sequence[Finding]) -> Iterator[Ask]:
    """Yield where the list says otherwise than what was set here."""
    kept = [finding for finding in findings if finding.reason in {"kept_ours", "changed_here"}][:ASKED]
    people = {p.row.number: p.form for p in read.people} if isinstance(read, PeopleRead) else {}
    numbers = {people[f.row].external_id for f in kept if f.row in people} - {""}
    ids = patients_by_external_id(row.practice_id, numbers)
    ours = _written(row.practice_id, ids.values())
    for finding in kept:
        form = people.get(finding.row)
        mine = ours.get(ids[form.external_id], {}) if form and form.external_id in ids else {}
        name = f"{form.given_name} {form.family_name}".strip() if form else ""
        yield Ask(finding.row, name, finding.field, mine.get(finding.field, ""), finding.text)


def _written(practice_id: UUID, patient_ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    with scope.transaction(practice_id):
        people = Patient.objects.filter(practice_id=practice_id, pk__in=set(patient_ids))
        return {person.pk: {name: as_text(getattr(person, name)) for name in FIELDS} for person in people}
