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
from glede.people.names import FORMATS, listed
from glede.people.rules.reaching import cannot_be_written_to
from glede.people.values import Reach

Visit = TypeVar("Visit", VisitFacts, VisitTimes)

STANDING = frozenset({"booked", "confirmed", "arrived", "with", "done"})


def answers_by(practice: Any, reach: Reach | None, wrote_on: str) -> str:
    """Return in words by which way an answer goes: the one they wrote on, else the first that can be used."""
    usable = usable_channels(practice.pk, live=practice.is_live)
    kinds = {contact.kind for contact in reach.contacts} if reach else set()
    closed = reach.closed if reach else ()
    own = reach.channels_for.get("answers", ()) if reach else ()
    order = own or (wrote_on, *(reach.channels if reach else ()))
    ways = [c for c in order if c in usable and c not in closed and _kind(c) in kinds]
    if not ways:
        return gettext("their own page; ring as well")
    return gettext("%(channel)s and their own page") % {"channel": inside(str(CHANNELS[ways[0]]))}


def cannot_use(reach: Reach | None, name: str) -> tuple[str, bool]:
    """Return a warning about what a person cannot use, "" where there is none, and whether nothing can be written."""
    if reach is None or not reach.closed:
        return "", False
    needs = listed(FORMATS, sorted(reach.formats))
    told = {"name": name, "needs": needs[:1].lower() + needs[1:]}
    if cannot_be_written_to(reach.contacts, reach.closed):
        words = gettext("%(name)s cannot use what we would write: %(needs)s. Nothing is sent. Tell them another way.")
        return words % told, True
    return gettext("Mind how %(name)s reads and hears: %(needs)s.") % told, False


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
