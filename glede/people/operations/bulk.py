"""Many people at once, from a list. As quick as the database allows, and never against what was set here."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.keys import pepper, unwrap
from glede.people.models import ContactPoint, FieldChange, Patient, PatientKey, Suppression
from glede.people.operations.making import contact_row, find_again, make, refuse_again, write
from glede.people.operations.patients import history, typed
from glede.people.rules.contacts import ContactChanges, Known, Normal, from_list, normal
from glede.people.rules.fields import Change, changes, commitment, fields_set_here, form_fields, salted_hash
from glede.people.rules.finding import order_key
from glede.people.values import BroughtIn, PersonForm, Remark, Taken, Watch, nobody_watches
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id

PEOPLE_A_TRANSACTION = 500


@dataclass
class _Tally:
    ids: list[UUID | None] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class _Row:
    place: int
    form: PersonForm
    contacts: list[Normal]
    key: str
    word: str = "unchanged"
    before: dict[str, list[str]] = field(default_factory=dict)


def add_patients(
    *, practice_id: UUID, rows: Sequence[PersonForm], by: Actor, now: datetime, watch: Watch = nobody_watches
) -> BroughtIn:
    """Bring in many people and return what became of each row, in the order given.

    A row whose ``external_id`` (or, without one, whose ``list_key``) is known changes that person, but never a
    field or contact that a colleague or the person set; one the practice was asked to forget is refused, as is one
    that has no number and names nobody. An address that cannot be one is left out, with a remark.

    Each transaction holds 500 people, so a stop half-way leaves whole people behind, and bringing the same list
    again goes on from there. ``watch`` is told in each.
    """
    tally = _Tally()
    batch = Ref("list", new_id())
    practice = practice_by_id(practice_id)
    for chunk in _chunks(list(enumerate(rows))):
        with act(practice_id, by=by, now=now) as bringing:
            watch(len(chunk), _bring(bringing, practice, chunk, tally))
    with act(practice_id, by=by, now=now) as closing:
        counts = {name: getattr(tally, name) for name in ("added", "changed", "unchanged", "refused")}
        closing.record(events.LIST_BROUGHT, subject=batch, data=counts)
    return BroughtIn(
        tuple(tally.ids), tally.added, tally.changed, tally.unchanged, tally.refused, tuple(tally.remarks),
        tuple(tally.words),
    )  # fmt: skip


def _chunks(rows: list[tuple[int, PersonForm]]) -> Iterator[list[tuple[int, PersonForm]]]:
    """Yield rows in parts of a transaction each; a number that comes twice begins a new part."""
    waiting = iter(rows)
    while part := list(islice(waiting, PEOPLE_A_TRANSACTION)):
        seen: set[str] = set()
        start = 0
        for place, (_, form) in enumerate(part):
            if form.external_id and form.external_id in seen:
                yield part[start:place]
                start, seen = place, set()
            seen.add(form.external_id)
        yield part[start:]


def _bring(this: Act, practice: Practice, chunk: list[tuple[int, PersonForm]], tally: _Tally) -> list[Taken]:
    salt = pepper(practice.pk)
    rows = [
        _Row(place, form, _contacts(place, form, practice.country, tally), _key(form, salt)) for place, form in chunk
    ]
    known = _known_people(practice.pk, rows)
    forgotten = _forgotten(practice.pk, {_number(row.form) for row in rows} - {""})
    new, old = [], []
    ids: dict[int, UUID | None] = {}
    for row in rows:
        person = known.get(row.key)
        ids[row.place] = person.pk if person else None
        if reason := _refusal(row, person, forgotten):
            tally.refused += 1
            tally.remarks.append(Remark(row.place, "", reason))
            ids[row.place], row.word = None, "refused"
        elif person is None:
            row.word = "added"
            new.append(row)
        else:
            old.append((person, row))
    ids |= _add(this, practice, new, tally)
    _change(this, practice, old, tally)
    tally.ids.extend(ids[row.place] for row in rows)
    tally.words.extend(row.word for row in rows)
    return [
        Taken(row.place, pk, row.word, row.before)
        for row in rows
        if row.word in {"added", "changed"} and (pk := ids[row.place]) is not None
    ]


def _number(form: PersonForm) -> str:
    return form.external_id.strip()[:120]


def _key(form: PersonForm, salt: bytes) -> str:
    """Return by what a row is known: the number it has in its list, else a salted digest of all it says."""
    number = _number(form)
    if number or not form.list_key:
        return f"number {number}" if number else ""
    return f"row {salted_hash(salt, 'list_key', form.list_key).hex()}"


def _known_people(practice_id: UUID, rows: list[_Row]) -> dict[str, Patient]:
    people = Patient.objects.filter(practice_id=practice_id)
    told = [row.key.partition(" ")[::2] for row in rows]
    known: dict[str, Patient] = {}
    if numbers := [value for kind, value in told if kind == "number"]:
        known |= {f"number {p.external_id}": p for p in people.filter(external_id__in=numbers)}
    if keys := [value for kind, value in told if kind == "row"]:
        known |= {f"row {p.list_key}": p for p in people.filter(list_key__in=keys)}
    return known


def _forgotten(practice_id: UUID, listed: set[str]) -> set[str]:
    if not listed or not Suppression.objects.exists():
        return set()
    salt = pepper(practice_id)
    hashes = {salted_hash(salt, "external_id", number): number for number in listed}
    rows = Suppression.objects.filter(key_hash__in=list(hashes), kind="external_id")
    return {hashes[bytes(row.key_hash)] for row in rows}


def _contacts(place: int, form: PersonForm, country: str, tally: _Tally) -> list[Normal]:
    found: dict[str, Normal] = {}
    typed_contacts = [("phone", v) for v in form.phones] + [("email", v) for v in form.emails]
    for kind, value in typed_contacts:
        contact = normal("email" if kind == "email" else "phone", value, country) if value.strip() else None
        if contact is not None:
            found.setdefault(contact.address, contact)
        elif value.strip():
            tally.remarks.append(Remark(place, kind, "unreadable"))
    return list(found.values())


def _refusal(row: _Row, person: Patient | None, forgotten: set[str]) -> str:
    number = _number(row.form)
    if number in forgotten or (person is not None and person.is_erased):
        return "asked_to_be_forgotten"
    named = number or row.form.given_name.strip() or row.form.family_name.strip() or row.contacts
    return "" if named or person is not None else "nobody_named"


def _add(this: Act, practice: Practice, rows: list[_Row], tally: _Tally) -> dict[int, UUID | None]:
    listed = Actor("import", this.by.id)
    made = [make(practice, row.form, row.contacts, by=listed, now=this.now) for row in rows]
    if not made:
        return {}
    for row, person in zip(rows, made, strict=True):
        person.patient.list_key = row.key.partition(" ")[2] if row.key.startswith("row ") else ""
    write(made, now=this.now)
    for person in made:
        this.record(
            events.PATIENT_ADDED,
            subject=Ref("patient", person.patient.pk),
            patient=person.patient.pk,
            data={"contacts": [c.pk for c in person.contacts], "commit": person.commit},
        )
    tally.added += len(made)
    return {row.place: person.patient.pk for row, person in zip(rows, made, strict=True)}


@dataclass
class _Known:
    """What is on file of the people of a part, read once."""

    last: dict[UUID, dict[str, str]]
    contacts: dict[UUID, list[ContactPoint]]
    keys: dict[UUID, bytes | memoryview]


def _on_file(ids: list[UUID]) -> _Known:
    last: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = FieldChange.objects.filter(patient_id__in=ids).order_by("at", "id")
    for patient_id, name, role in rows.values_list("patient_id", "field", "by_role"):
        last[patient_id][name] = role
    contacts: dict[UUID, list[ContactPoint]] = defaultdict(list)
    for contact in ContactPoint.objects.filter(patient_id__in=ids).order_by("rank", "id"):
        contacts[contact.patient_id].append(contact)
    keys = dict(PatientKey.objects.filter(patient_id__in=ids).values_list("patient_id", "wrapped"))
    return _Known(last, contacts, keys)


def _change(this: Act, practice: Practice, rows: list[tuple[Patient, _Row]], tally: _Tally) -> None:
    if not rows:
        return
    this.lock(*(Ref("patient", person.pk) for person, _ in rows))
    filed = _on_file([person.pk for person, _ in rows])
    touched = []
    for person, row in rows:
        ours = fields_set_here(vars(person), person.added_by_role, filed.last[person.pk]) - row.form.insists
        found = changes(
            {n: getattr(person, n) for n in form_fields(row.form)}, form_fields(row.form), role="import", ours=ours
        )
        tally.remarks.extend(Remark(row.place, name, "kept_ours") for name in found.kept_ours)
        contacts = from_list((_known(c) for c in filed.contacts[person.pk]), row.contacts)
        if found.made or contacts.added or contacts.ended:
            row.before["changes"] = _apply(this, practice, person, found.made)
            added = _take(this, person, filed, contacts)
            row.before |= {"added": [str(c.pk) for c in added], "ended": [str(pk) for pk in contacts.ended]}
            said = {c.field: c.value for c in found.made} | _said_of(added, contacts)
            _record_change(this, person, said, filed.keys[person.pk])
            row.word = "changed"
            touched.append(person)
    if touched:
        find_again(touched, practice.country)
    tally.changed += len(touched)
    tally.unchanged += len(rows) - len(touched)


def _known(row: ContactPoint) -> Known:
    return Known(row.pk, row.kind, row.address, row.added_by_role, row.ended_by_role if row.ended_at else None)


def _apply(this: Act, practice: Practice, person: Patient, made: tuple[Change, ...]) -> list[str]:
    """Write the fields that change, and return the ids of their history."""
    rows = [history(this, person, change) for change in made]
    for change in made:
        setattr(person, change.field, typed(change.field, change.value))
    if made:
        person.sort_key = order_key(person.given_name, person.family_name, practice.language)
        person.save(update_fields=[*(change.field for change in made), "sort_key"])
        FieldChange.objects.bulk_create(rows)
    return [str(row.pk) for row in rows]


def _take(this: Act, person: Patient, filed: _Known, found: ContactChanges) -> list[ContactPoint]:
    """End and add contacts as the list says; return those added."""
    ended = ContactPoint.objects.filter(pk__in=found.ended)
    ended.update(ended_at=this.now, ended_reason="list", ended_by_role="import")
    rank = max((c.rank for c in filed.contacts[person.pk]), default=0)
    listed = Actor("import", this.by.id)
    rows = [contact_row(person, c, rank + n, by=listed, now=this.now) for n, c in enumerate(found.added, start=1)]
    ContactPoint.objects.bulk_create(rows)
    refuse_again(rows, now=this.now)
    return rows


def _said_of(added: Sequence[ContactPoint], found: ContactChanges) -> dict[str, str]:
    """Return what contacts the list brought and ended, for the commitment."""
    return {f"{row.kind}_{row.rank}": row.address for row in added} | {
        f"ended_{n}": str(i) for n, i in enumerate(found.ended)
    }


def _record_change(this: Act, person: Patient, said: dict[str, str], wrapped: bytes | memoryview) -> None:
    this.record(
        events.PATIENT_CHANGED,
        subject=Ref("patient", person.pk),
        patient=person.pk,
        data={"fields": sorted(said), "commit": commitment(unwrap(wrapped), said)},
    )
