"""Take back what a list made of people: those it made are blanked, those it changed are as before."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger import registry
from glede.ledger.models import Event
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.models import ContactPoint, FieldChange, Patient
from glede.people.operations.erasure import blank
from glede.people.operations.making import find_again
from glede.people.operations.patients import history, typed
from glede.people.rules.fields import OURS, Change, as_text
from glede.people.rules.finding import order_key
from glede.practices.queries import practice_by_id

PEOPLE_A_TRANSACTION = 200
LIST = "list_taken_back"


def take_back_patients(
    *,
    practice_id: UUID,
    added: Sequence[UUID],
    changed: Mapping[UUID, Mapping[str, Any]],
    keep: Collection[UUID],
    by: Actor,
    now: datetime,
) -> tuple[set[UUID], set[UUID]]:
    """Take back people a list ``added`` and what it ``changed``; return both, as far as done.

    Whoever a colleague or the person themselves had anything to do with since stays, and so does everybody in
    ``keep``. Who goes is blanked in every room as if they had asked to be forgotten, only that their number and
    address are not refused: the same list brings them again. A field that was changed again since stays as it is.
    Refusals, wishes and notes that a list brought to somebody who was known stay: a refusal is never undone.
    """
    gone: set[UUID] = set()
    back: set[UUID] = set()
    for some in _parts([pk for pk in added if pk not in keep]):
        with act(practice_id, by=by, now=now) as taking:
            gone |= set(_blank(taking, some))
    for some in _parts(list(changed)):
        with act(practice_id, by=by, now=now) as taking:
            back |= set(_put_back(taking, {pk: changed[pk] for pk in some}))
    return gone, back


def _parts(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    waiting = iter(ids)
    while some := list(islice(waiting, PEOPLE_A_TRANSACTION)):
        yield some


def _blank(this: Act, ids: Sequence[UUID]) -> Iterator[UUID]:
    this.lock(*(Ref("patient", pk) for pk in ids))
    people = Patient.objects.filter(practice_id=this.practice_id, pk__in=ids)
    wards = set(people.model.objects.filter(guardian_id__in=ids).values_list("guardian_id", flat=True))
    touched = Event.objects.filter(practice_id=this.practice_id, patient_id__in=ids, actor_role__in=OURS)
    stays = wards | set(touched.values_list("patient_id", flat=True))
    for pk in people.filter(erased_at=None, merged_into=None).order_by("pk").values_list("pk", flat=True):
        if pk in stays:
            continue
        blank(this, pk)
        Patient.objects.filter(pk=pk).update(list_key="")  # it refuses who asked to be forgotten; nobody asked here
        for _room, handler in sorted(registry.handlers("erase").items()):
            handler(this.practice_id, pk, by=this.by, now=this.now)
        this.record(events.PATIENT_ERASED, subject=Ref("patient", pk), patient=pk, data={"reason": LIST}, moot=True)
        yield pk


def _put_back(this: Act, before: Mapping[UUID, Mapping[str, Any]]) -> Iterator[UUID]:
    this.lock(*(Ref("patient", pk) for pk in before))
    country = practice_by_id(this.practice_id)
    people = list(Patient.objects.filter(practice_id=this.practice_id, pk__in=list(before), erased_at=None))
    for person in people:
        fields = _put_back_fields(this, person, before[person.pk].get("changes", ()), country.language)
        contacts = _put_back_contacts(this, person.pk, before[person.pk])
        if fields or contacts:
            data = {"fields": sorted(fields), "reason": LIST}
            this.record(events.PATIENT_CHANGED, subject=Ref("patient", person.pk), patient=person.pk, data=data)
            yield person.pk
    if people:
        find_again(people, country.country)


def _put_back_fields(this: Act, person: Patient, ids: Sequence[str], language: str) -> list[str]:
    made = []
    for row in FieldChange.objects.filter(patient_id=person.pk, pk__in=ids):
        if as_text(getattr(person, row.field)) == row.value:
            made.append(Change(row.field, row.value, row.was))
            setattr(person, row.field, typed(row.field, row.was))
    if made:
        person.sort_key = order_key(person.given_name, person.family_name, language)
        person.save(update_fields=[*(change.field for change in made), "sort_key"])
        FieldChange.objects.bulk_create(history(this, person, change) for change in made)
    return [change.field for change in made]


def _put_back_contacts(this: Act, patient_id: UUID, before: Mapping[str, Any]) -> int:
    mine = ContactPoint.objects.filter(patient_id=patient_id)
    added = mine.filter(pk__in=before.get("added", ()), ended_at=None)
    ended = mine.filter(pk__in=before.get("ended", ()), ended_reason="list")
    standing = set(mine.filter(ended_at=None).exclude(pk__in=added).values_list("email_key", "e164"))
    back = [c.pk for c in ended if (c.email_key, c.e164) not in standing]
    n = added.update(ended_at=this.now, ended_reason=LIST[:30], ended_by_role=this.by.role)
    return n + mine.filter(pk__in=back).update(ended_at=None, ended_reason="", ended_by_role="")
