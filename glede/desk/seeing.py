"""What every screen about a person shares: by which way an answer goes, and the page the person sees."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from glede.desk.access import DeskRequest
from glede.desk.matters import CHANNELS, inside
from glede.diary import queries as diary
from glede.diary.facts import VisitFacts
from glede.diary.queries import VisitTimes
from glede.outbox.transports import usable_channels
from glede.people.values import Reach

Visit = TypeVar("Visit", VisitFacts, VisitTimes)

STANDING = frozenset({"booked", "confirmed", "arrived", "with", "done"})


def answers_by(practice: Any, reach: Reach | None, wrote_on: str) -> str:
    """Return in words by which way an answer goes: the one they wrote on, else the first that can be used."""
    usable = usable_channels(practice.pk, live=practice.is_live)
    kinds = {contact.kind for contact in reach.contacts} if reach else set()
    ways = [c for c in (wrote_on, *(reach.channels if reach else ())) if c in usable and _kind(c) in kinds]
    if not ways:
        return gettext("their own page; ring as well")
    return gettext("%(channel)s and their own page") % {"channel": inside(str(CHANNELS[ways[0]]))}


def _kind(channel: str) -> str:
    return "email" if channel == "email" else "phone"


def see_url(request: DeskRequest, patient_id: UUID | None) -> str:
    """Return the address that shows what a person sees: of the next visit, else the last; "" where there is none."""
    shown = nearest(diary.times_of(request.practice.pk, patient_id), request.now) if patient_id else None
    return reverse("desk:as_patient", args=[shown.appointment_id]) if shown else ""


def nearest(visits: Sequence[Visit], now: datetime) -> Visit | None:
    """Return the visit that goes on or comes next and still stands; else the last there was; None without any."""
    standing = [v for v in visits if v.ends_at > now and str(v.state) in STANDING]
    return min(standing, key=lambda v: v.starts_at, default=None) or max(
        visits, key=lambda v: v.starts_at, default=None
    )
