"""Bring a list of people in: who they are, what they refuse, how they wish to be reached, who is written to instead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.people.lists.fields import NOT_KEPT
from glede.people.lists.people import ListedPerson, PeopleRead
from glede.people.lists.values import Brought, Finding, Reject
from glede.people.models import Patient
from glede.people.operations.bulk import add_patients
from glede.people.operations.patients import CannotGuard, NoSuchPatient, set_guardian
from glede.people.operations.wishing import Told, take_wishes
from glede.people.values import BroughtIn, Watch, nobody_watches, numbered
from glede.practices import scope
from glede.practices.queries import practice_by_id

KEPT_OURS: Final = "kept_ours"


@dataclass
class _Bringing:
    """A list under way."""

    practice_id: UUID
    people: Sequence[ListedPerson]
    findings: list[Finding]
    rejects: list[Reject]
    words: list[str]
    ids: tuple[UUID | None, ...] = ()


def bring_people(
    *, practice_id: UUID, read: PeopleRead, rows: int, by: Actor, now: datetime, watch: Watch = nobody_watches
) -> Brought:
    """Bring in what was read of a list of ``rows`` rows, and return what became of each.

    New people are added, known ones changed where the list says something new; the same list again changes nothing,
    and what a colleague or the person set here stays (a finding says so). A refusal is recorded once as the list's
    word: who allows it here later is not refused again by the same list. ``watch`` is told in each transaction, by the
    numbers of the rows.
    """
    today = day_of(now, practice_by_id(practice_id).zone)
    people = _with_days_of_death(practice_id, read.people, today)
    watch = numbered(watch, [p.row.number for p in people])
    brought = add_patients(practice_id=practice_id, rows=[p.form for p in people], by=by, now=now, watch=watch)
    bringing = _Bringing(practice_id, people, list(read.findings), list(read.rejects), list(brought.words), brought.ids)
    _note_remarks(bringing, brought)
    _take_wishes(bringing, by=by, now=now)
    _set_guardians(bringing, by=by, now=now)
    return Brought(
        read=rows,
        created=bringing.words.count("added"),
        updated=bringing.words.count("changed"),
        unchanged=bringing.words.count("unchanged"),
        duplicates=read.duplicates,
        rejects=tuple(sorted(bringing.rejects, key=lambda reject: reject.row.number)),
        findings=tuple(sorted(bringing.findings, key=lambda finding: (finding.row, finding.field))),
        columns=read.columns.names,
        unmatched=read.columns.unmatched,
        not_kept=tuple(read.columns.names[name] for name in NOT_KEPT if name in read.columns.names),
    )


def _with_days_of_death(practice_id: UUID, people: Sequence[ListedPerson], today: object) -> list[ListedPerson]:
    """Give those a list only calls dead a day: the one that is known, else today."""
    undated = {p.form.external_id for p in people if p.has_died and p.form.deceased_on is None} - {""}
    known: dict[str, object] = {}
    if undated:
        with scope.transaction(practice_id):
            rows = Patient.objects.filter(practice_id=practice_id, external_id__in=undated, deceased_on__isnull=False)
            known = dict(rows.values_list("external_id", "deceased_on"))
    return [
        replace(p, form=replace(p.form, deceased_on=known.get(p.form.external_id, today)))  # type: ignore[arg-type]
        if p.has_died and p.form.deceased_on is None
        else p
        for p in people
    ]


_CELLS: Final = {"phone": ("phone", "phone_2"), "email": ("email", "email_2")}


def _note_remarks(bringing: _Bringing, brought: BroughtIn) -> None:
    for remark in brought.remarks:
        person = bringing.people[remark.row]
        if remark.field:
            bringing.findings.append(
                Finding(person.row.number, remark.field, _said(person, remark.field), remark.reason)
            )
        else:
            bringing.rejects.append(Reject(person.row, remark.reason))


def _said(person: ListedPerson, name: str) -> str:
    if name in _CELLS:
        return "; ".join(person.form.phones if name == "phone" else person.form.emails)
    return str(getattr(person.form, name, "") or "")


def _take_wishes(bringing: _Bringing, *, by: Actor, now: datetime) -> None:
    told: list[Told] = []
    places: list[int] = []
    for place, person in enumerate(bringing.people):
        patient_id = bringing.ids[place]
        if patient_id and (person.refusals or person.channel or person.notes):
            told.append(Told(patient_id, person.refusals, person.channel, person.notes, "channel" in person.insists))
            places.append(place)
    if not told:
        return
    answers = take_wishes(practice_id=bringing.practice_id, told=told, by=by, now=now)
    for place, answer in zip(places, answers, strict=True):
        if answer.kept_ours:
            person = bringing.people[place]
            bringing.findings.append(Finding(person.row.number, "channel", person.channel, KEPT_OURS))
        if answer.changed and bringing.words[place] == "unchanged":
            bringing.words[place] = "changed"


def _set_guardians(bringing: _Bringing, *, by: Actor, now: datetime) -> None:
    wards = [(place, person) for place, person in enumerate(bringing.people) if person.guardian and bringing.ids[place]]
    if not wards:
        return
    with scope.transaction(bringing.practice_id):
        people = Patient.objects.filter(practice_id=bringing.practice_id)
        named = people.filter(external_id__in={person.guardian for _, person in wards}).order_by("id")
        guardians = dict(named.values_list("external_id", "id"))
        now_held = dict(people.filter(pk__in=[bringing.ids[p] for p, _ in wards]).values_list("id", "guardian_id"))
    for place, person in wards:
        ward, guardian = bringing.ids[place], guardians.get(person.guardian)
        if ward is None or (guardian is not None and now_held.get(ward) == guardian):
            continue
        if guardian is None or not _guarded(bringing.practice_id, ward, guardian, by=by, now=now):
            bringing.findings.append(Finding(person.row.number, "guardian_id", person.guardian, "unknown"))
        elif bringing.words[place] == "unchanged":
            bringing.words[place] = "changed"


def _guarded(practice_id: UUID, ward: UUID, guardian: UUID, *, by: Actor, now: datetime) -> bool:
    try:
        set_guardian(practice_id=practice_id, patient_id=ward, guardian_id=guardian, by=by, now=now)
    except (CannotGuard, NoSuchPatient):
        return False
    return True
