"""How people may be reached, for many at once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from glede.people.models import ConsentEvent, ContactPoint, ContactPreference, Need, Patient
from glede.people.rules.consent import consent_states, opted_out
from glede.people.rules.reaching import channels_to_try, likes_calls
from glede.people.values import ConsentFact, Contact, Reach
from glede.practices import scope

WISHES = ("channels", "days", "hours_from", "hours_to", "pause_until", "quiet_all", "preparation_by_text")
FACT = ("action", "purpose", "channel", "created_at", "legal_basis", "jurisdiction", "valid_until")
FLAGS = (Need.Kind.ANXIOUS, Need.Kind.COMPLEX)


def reach(practice_id: UUID, patient_ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """Return how each of the people may be reached, in two statements however many they are.

    Strangers to the practice are left out. Called inside a transaction that share-locks the people, it
    tells what is true under that lock.
    """
    wanted = set(patient_ids)
    with scope.transaction(practice_id):
        known = Patient.objects.filter(practice_id=practice_id, pk__in=wanted)
        heads = dict(known.annotate(head=Coalesce("merged_into_id", "pk")).values_list("pk", "head"))
        told = {row.pk: _reach(row) for row in _rows(practice_id, set(heads.values()))}
    return {
        own: told[head] if own == head else replace(told[head], patient_id=own, merged_into=head)
        for own, head in heads.items()
    }


def _rows(practice_id: UUID, heads: set[UUID]) -> QuerySet[Patient]:
    rows = Patient.objects.filter(practice_id=practice_id, pk__in=heads).select_related("practice", "guardian")
    return rows.annotate(
        found_contacts=_contacts("pk"),
        guardian_contacts=_contacts("guardian_id"),
        found_wishes=_wishes("pk"),
        guardian_wishes=_wishes("guardian_id"),
        found_consents=_consents(patient_id=OuterRef("pk")),
        merged_consents=_consents(patient__practice_id=OuterRef("practice_id"), patient__merged_into_id=OuterRef("pk")),
        guardian_consents=_consents(patient_id=OuterRef("guardian_id")),
        found_flags=ArraySubquery(
            Need.objects.filter(patient_id=OuterRef("pk"), kind__in=FLAGS, ended_at=None).order_by().values("kind")
        ),
    )


def _contacts(owner: str) -> ArraySubquery:
    rows = ContactPoint.objects.filter(patient_id=OuterRef(owner), ended_at=None).order_by("rank", "id")
    names = ("id", "kind", "e164", "email_key", "is_verified", "takes_texts")
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in names})))


def _wishes(owner: str) -> ArraySubquery:
    rows = ContactPreference.objects.filter(patient_id=OuterRef(owner), ended_at=None).order_by()
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in WISHES})))


def _consents(**owner: Any) -> ArraySubquery:
    rows = ConsentEvent.objects.filter(**owner).order_by()
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in FACT})))


def _reach(row: Any) -> Reach:
    guarded = row.guardian is not None and bool(row.guardian_contacts)
    contacts = tuple(_contact(c) for c in (row.guardian_contacts if guarded else row.found_contacts))
    wishes: dict[str, Any] = next(iter(row.guardian_wishes if guarded else row.found_wishes), {})
    told = [*row.found_consents, *row.merged_consents, *(row.guardian_consents if guarded else [])]
    states = consent_states(_fact(fact) for fact in told)
    spoken_to = row.guardian if guarded else row
    wished = tuple(wishes.get("channels") or ())
    return Reach(
        patient_id=row.pk,
        given_name=row.given_name,
        family_name=row.family_name,
        language=spoken_to.language or row.practice.language,
        style=spoken_to.style,
        zone=spoken_to.zone or row.practice.zone,
        contacts=contacts,
        channels=channels_to_try(wished, spoken_to.style, contacts),
        days=frozenset(wishes.get("days") or ()),
        hours_from=_time(wishes.get("hours_from")),
        hours_to=_time(wishes.get("hours_to")),
        pause_until=_day(wishes.get("pause_until")),
        quiet_all=bool(wishes.get("quiet_all")),
        opted_out=opted_out(states),
        consents=states,
        deceased=row.has_died,
        merged_into=None,
        guardian_id=row.guardian_id,
        is_under_safeguarding=row.safeguarded_since is not None,
        preparation_by_text=bool(wishes.get("preparation_by_text")),
        addressed_name=spoken_to.given_name,
        likes_calls=likes_calls(wished, spoken_to.style),
        is_anxious=Need.Kind.ANXIOUS in row.found_flags,
        is_complex=Need.Kind.COMPLEX in row.found_flags,
        is_erased=row.is_erased,
    )


def _contact(found: dict[str, Any]) -> Contact:
    address = found["email_key"] or found["e164"]
    return Contact(UUID(found["id"]), found["kind"], address, found["is_verified"], found["takes_texts"])


def _fact(found: dict[str, Any]) -> ConsentFact:
    until = found["valid_until"]
    times = {"at": datetime.fromisoformat(found["created_at"]), "valid_until": until and datetime.fromisoformat(until)}
    return ConsentFact(
        action=found["action"],
        purpose=found["purpose"],
        channel=found["channel"],
        legal_basis=found["legal_basis"],
        jurisdiction=found["jurisdiction"],
        **times,
    )


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _day(text: str | None) -> Any:
    return datetime.fromisoformat(text).date() if text else None
