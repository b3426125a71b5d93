"""A line of a list about a visit that is known: take over only what the list says anew."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from glede.diary import errors, rules
from glede.diary.models import Appointment
from glede.diary.operations import claims
from glede.diary.operations.booking import UNSAID
from glede.diary.operations.listed import Known, as_it_stands, columns_of, said_by, state_columns
from glede.diary.operations.states import CLEARED
from glede.diary.operations.writing import Happening, note
from glede.diary.requests import ListedVisit, Outcome
from glede.diary.rules import Change, Reason, State
from glede.ledger.operations import Act
from glede.people.models import Patient
from glede.people.rules.fields import OURS

PLACE = ("day", "at", "minutes", "practitioner")
CHANGES = {
    State.CONFIRMED: Change.CONFIRMED,
    State.CANCELLED: Change.CANCELLED,
    State.DONE: Change.DONE,
    State.MISSED: Change.MISSED,
}
WORDS = {Change.CANCELLED: "cancelled", Change.REINSTATED: "reinstated", Change.MOVED: "moved"}


def take_over(
    importing: Act, visit: Appointment, line: ListedVisit, known: Known, seated: list[Appointment]
) -> Outcome:
    """Change a visit where its line says something new; the caller seats those put into ``seated``.

    Raises the refusal of a rule where the visit has gone another way here, and ``ChangedHere`` where a colleague or
    the patient moved or cancelled it: it is then kept. So it is where the line gives it to somebody else
    (``AnotherPerson``); a time that cannot be read leaves the one we know.
    """
    if line.patient_id != visit.patient_id and not _is_merged_or_erased(visit):
        raise errors.AnotherPerson
    if line.is_time_lost and line.day == visit.day:
        line = replace(line, wall_time=visit.wall_time)
    said, before = said_by(line), visit.list_said or {}
    fresh = {name for name, value in said.items() if before.get(name) != value}
    if not fresh:
        return Outcome(line.external_id, "same", visit.pk)
    known.check(line)
    stands = as_it_stands(visit)
    fresh -= {name for name in PLACE if said[name] == stands[name]}
    steps = _steps(visit, line, fresh)
    if not line.insists and _goes_against_ours(visit, steps):
        raise errors.ChangedHere
    place = columns_of(line, known, importing.now) if Change.MOVED in steps else {}
    for change in steps:
        _take(importing, visit, change, line, place)
    _remember(importing, visit, said)
    if {Change.REINSTATED, Change.MOVED}.intersection(steps) and visit.holds_time:
        seated.append(visit)
    return Outcome(line.external_id, _word(steps), visit.pk)


def _is_merged_or_erased(visit: Appointment) -> bool:
    return (
        Patient.objects.filter(practice_id=visit.practice_id, pk=visit.patient_id)
        .exclude(merged_into=None, erased_at=None)
        .exists()
    )


def _steps(visit: Appointment, line: ListedVisit, fresh: set[str]) -> list[Change]:
    """Return what to write, in order, everything allowed; nothing is written before all of it is."""
    steps, state = [], State(visit.state)
    for change in _wished(visit, line, fresh):
        if rules.target(change, state) == state and change in CHANGES.values():
            continue
        if state not in rules.STEPS[change].origins:
            raise rules.STEPS[change].refusal
        steps.append(change)
        state = rules.target(change, state)
    return [Change.IMPORTED, *steps] if "service" in fresh else steps


def _goes_against_ours(visit: Appointment, steps: list[Change]) -> bool:
    moves = Change.MOVED in steps and visit.moved_by in OURS
    return moves or (Change.REINSTATED in steps and visit.cancelled_by in OURS)


def _wished(visit: Appointment, line: ListedVisit, fresh: set[str]) -> Iterator[Change]:
    gone = visit.state in rules.STEPS[Change.REINSTATED].origins
    if "state" in fresh and line.state in rules.AHEAD and gone:
        yield Change.REINSTATED
    moved = not fresh.isdisjoint(PLACE)
    if moved:
        yield Change.MOVED
    if line.state in CHANGES and (moved or "state" in fresh):
        yield CHANGES[line.state]


def _take(importing: Act, visit: Appointment, change: Change, line: ListedVisit, place: dict[str, Any]) -> None:
    if change == Change.MOVED:
        _move(importing, visit, line, place)
    elif change == Change.REINSTATED:
        _write(importing, visit, change, State.BOOKED, {**CLEARED, **UNSAID})
    elif change == Change.IMPORTED:
        _write(importing, visit, change, State(visit.state), {"service_id": line.service_id})
    else:
        _change_state(importing, visit, change, line.state)


def _word(steps: list[Change]) -> str:
    return next((WORDS[change] for change in WORDS if change in steps), "changed" if steps else "same")


def _move(importing: Act, visit: Appointment, line: ListedVisit, place: dict[str, Any]) -> None:
    before = visit.starts_at
    claims.release(importing, [visit.pk])
    fields: dict[str, Any] = {
        **place,
        **UNSAID,
        "practitioner_id": line.practitioner_id or visit.practitioner_id,
        "moved_at": importing.now,
        "moved_by": importing.by.role,
    }
    happening = Happening(
        change=Change.MOVED,
        state=State.BOOKED,
        fields=fields,
        reason=Reason.LIST,
        from_start=before,
        data={"imported": True},
    )
    for name, value in fields.items():
        setattr(visit, name, value)
    note(importing, visit, happening)


def _change_state(importing: Act, visit: Appointment, change: Change, state: State) -> None:
    if state not in rules.HOLDING:
        claims.release(importing, [visit.pk])
    _write(importing, visit, change, state, state_columns(visit, state, importing))


def _write(importing: Act, visit: Appointment, change: Change, state: State, fields: dict[str, Any]) -> None:
    reason = Reason.LIST if change == Change.CANCELLED else ""
    note(
        importing,
        visit,
        Happening(change=change, state=state, fields=fields, reason=reason, data={"imported": True}),
    )


def _remember(importing: Act, visit: Appointment, said: dict[str, Any]) -> None:
    visit.list_said = said
    Appointment.objects.filter(practice_id=importing.practice_id, pk=visit.pk).update(list_said=said)
