""" "What matters to me": one person, first on every screen where they appear."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from glede.kernel.ref import Ref
from glede.people.models import Need, Note, Patient
from glede.people.queries.names import NAME, head_of, records_of
from glede.people.queries.reach import reach
from glede.people.queries.wishing import wisher, wishes_of
from glede.people.values import NoteLine, PatientCard, PersonName, Words
from glede.practices import scope
from glede.promises.queries import open_about

LATEST_NOTES = 20
NOTE = "note:"


def patient_card(practice_id: UUID, patient_id: UUID) -> PatientCard | None:
    """Return the card of a person, or of the one they were merged into; None for a stranger to the practice."""
    with scope.transaction(practice_id):
        head = head_of(practice_id, patient_id)
        if head is None:
            return None
        row = Patient.objects.select_related("practice").get(practice_id=practice_id, pk=head)
        family = _family(row)
        records = records_of(practice_id, [head])
        owed = open_about(practice_id, Ref("patient", head))
        promised = {one.cause for one in owed if one.kind == "follow_up"}
        notes = _notes(practice_id, records, promised)
        return PatientCard(
            person=_name(row),
            language=row.language or row.practice.language,
            style=row.style,
            zone=row.zone or row.practice.zone,
            known_since=row.known_since,
            street=row.street,
            postcode=row.postcode,
            city=row.city,
            source=row.source,
            campaign=row.campaign,
            external_id=row.external_id,
            deceased_on=row.deceased_on,
            is_under_safeguarding=row.safeguarded_since is not None,
            is_erased=row.is_erased,
            reach=reach(practice_id, [head])[head],
            wishes=wishes_of(practice_id, wisher(practice_id, head, row.guardian_id)),
            words=_words(practice_id, records),
            notes=tuple(notes[:LATEST_NOTES]),
            follow_ups=tuple(
                sorted((n for n in notes if f"{NOTE}{n.id}" in promised), key=lambda n: (str(n.on), n.id))
            ),
            household=tuple(_name(p) for p in family if p.household_id and p.household_id == row.household_id),
            guardian=next((_name(p) for p in family if p.pk == row.guardian_id), None),
            wards=tuple(_name(p) for p in family if p.guardian_id == row.pk),
        )


def _family(row: Patient) -> list[Patient]:
    near = Q(pk=row.guardian_id) | Q(guardian_id=row.pk)
    if row.household_id is not None:
        near |= Q(household_id=row.household_id)
    people = Patient.objects.filter(near, practice_id=row.practice_id, merged_into=None, erased_at=None)
    return list(people.exclude(pk=row.pk).order_by("sort_key", "pk"))


def _name(row: Patient) -> PersonName:
    return PersonName(
        row.pk, row.given_name, row.family_name, row.how_to_say, row.birth_date, row.merged_into_id, row.external_id
    )


def _words(practice_id: UUID, records: list[UUID]) -> dict[str, tuple[Words, ...]]:
    lines: dict[str, list[Words]] = defaultdict(list)
    rows = Need.objects.filter(practice_id=practice_id, patient_id__in=records, ended_at=None)
    for row in rows.order_by("noted_at", "id"):
        lines[row.kind].append(_line(row))
    return {kind: tuple(held) for kind, held in lines.items()}


def _line(row: Need) -> Words:
    return Words(
        row.pk, row.kind, row.words, row.noted_at, row.asked_on, row.noted_by_role, row.code, row.reviewed_on,
        row.noted_by_id,
    )  # fmt: skip


def _notes(practice_id: UUID, records: list[UUID], causes: Iterable[str]) -> list[NoteLine]:
    """Return the last notes, and those that were promised to come back, newest first."""
    rows = Note.objects.filter(practice_id=practice_id, patient_id__in=records).order_by("-written_at", "-id")
    promised = [cause.removeprefix(NOTE) for cause in causes if cause.startswith(NOTE)]
    shown = rows.filter(Q(pk__in=rows.values("pk")[:LATEST_NOTES]) | Q(pk__in=promised))
    return [NoteLine(r.pk, r.words, r.on, r.written_at, r.written_by_id) for r in shown]


def _follow_ups(notes: list[NoteLine], causes: set[str]) -> tuple[NoteLine, ...]:
    promised = (note for note in notes if f"{NOTE}{note.id}" in causes)
    return tuple(sorted(promised, key=lambda note: (str(note.on), note.id)))


def household_of(practice_id: UUID, patient_id: UUID) -> list[PersonName]:
    """Return the people who live with a person, those merged or erased left out."""
    with scope.transaction(practice_id):
        home = Patient.objects.filter(practice_id=practice_id, pk=patient_id).values("household_id")
        people = Patient.objects.filter(
            practice_id=practice_id, household_id__in=home, merged_into=None, erased_at=None
        )
        return [PersonName(*row) for row in people.exclude(pk=patient_id).order_by("sort_key").values_list(*NAME)]


def wordings(practice_id: UUID, patient_ids: Iterable[UUID], kinds: Iterable[str]) -> dict[UUID, tuple[Words, ...]]:
    """Return lines in force of the given kinds for many people, in one statement (for Today and call cards)."""
    lines: dict[UUID, list[Words]] = defaultdict(list)
    with scope.transaction(practice_id):
        rows = Need.objects.filter(
            practice_id=practice_id, patient_id__in=set(patient_ids), kind__in=list(kinds), ended_at=None
        )
        for row in rows.order_by("noted_at", "id"):
            lines[row.patient_id].append(_line(row))
    return {patient_id: tuple(held) for patient_id, held in lines.items()}
