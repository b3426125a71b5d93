"""Texts: who got one, which are not settled yet, which failed, what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum

from glede.outbox.models import Message
from glede.outbox.rules import Reason, State
from glede.people.queries import owners_of
from glede.practices import scope


def texted(practice_id: UUID, patient_ids: Iterable[UUID], *, since: datetime) -> set[UUID]:
    """Which of these people got a text since a moment."""
    with scope.transaction(practice_id):
        sent = Message.objects.filter(touch__patient_id__in=list(patient_ids), channel="sms", sent_at__gte=since)
        return set(sent.values_list("touch__patient_id", flat=True))


@dataclass(frozen=True, slots=True)
class Awaited:
    """A text the provider may know more of than we do: under way, without a price, or in doubt (no ``provider_id``)."""

    message_id: UUID
    provider_id: str
    address: str
    words: str
    intent_at: datetime


def awaited_texts(practice_id: UUID, *, since: datetime) -> list[Awaited]:
    """Return the texts begun since a moment of which more may be told, oldest first; numbers only of those in doubt."""
    unsure = Q(state__in=[State.ACCEPTED, State.SENT, State.SENDING, State.UNKNOWN]) | Q(price=None)
    unsure &= ~Q(state=State.HANDED) | Q(reason=Reason.IN_DOUBT)
    with scope.transaction(practice_id):
        texts = Message.objects.filter(practice_id=practice_id, channel="sms", intent_at__gte=since)
        begun = texts.filter(unsure, live=True, fence__gte=1)
        rows = list(begun.only("id", "provider_id", "contact_id", "body", "intent_at").order_by("intent_at", "id"))
        unclear = {r.contact_id for r in rows if r.contact_id and not r.provider_id}
        numbers = {i: address for i, (_, address) in owners_of(practice_id, unclear).items()}
        return [
            Awaited(r.pk, r.provider_id, numbers.get(r.contact_id, "") if r.contact_id else "", r.body, r.intent_at)
            for r in rows
            if r.intent_at is not None
        ]


@dataclass(frozen=True, slots=True)
class TextCosts:
    """What texts cost since a moment: how many, in how many parts, and the prices told so far by currency."""

    texts: int
    parts: int
    prices: tuple[tuple[str, Decimal], ...]


def text_costs(practice_id: UUID, *, since: datetime) -> TextCosts:
    """Return what this practice's texts cost since a moment. The provider tells a price hours after the text."""
    with scope.transaction(practice_id):
        begun = Message.objects.filter(practice_id=practice_id, channel="sms", intent_at__gte=since)
        sent = begun.filter(live=True, parts__gt=0, sent_at__isnull=False)
        told = sent.values("price_currency").annotate(n=Count("id"), parts_=Sum("parts"), cost=Sum("price"))
        rows = list(told.order_by("price_currency"))
    prices = tuple((str(r["price_currency"]), r["cost"]) for r in rows if r["cost"] is not None)
    return TextCosts(sum(r["n"] for r in rows), sum(r["parts_"] for r in rows), prices)


REPORTS_WITHIN = timedelta(days=3)
"""So long after a text left a report may still say that it failed."""


def people_failed_for(practice_id: UUID, reason: str, *, since: datetime) -> set[UUID]:
    """Whose texts failed for this reason since a moment."""
    with scope.transaction(practice_id):
        texts = Message.objects.filter(practice_id=practice_id, channel="sms", intent_at__gte=since - REPORTS_WITHIN)
        failed = texts.filter(state=State.FAILED, reason=reason, closed_at__gte=since)
        return set(failed.values_list("touch__patient_id", flat=True))
