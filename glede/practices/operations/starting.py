"""Start a practice, prove its address, move its clock, and take it out of use."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from babel.numbers import get_territory_currencies
from django.utils.text import slugify

from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.practices import scope
from glede.practices.models import Organisation, Practice
from glede.practices.operations.hours import USUAL_WEEK, write_spans
from glede.practices.operations.locking import locked
from glede.practices.recording import act

LANGUAGES = frozenset({"en", "nb"})


class UnknownPlace(ValueError):
    """A country, zone or language Glede does not know; the message says what to write."""


@dataclass(frozen=True)
class NewPractice:
    """What is asked of a practice that starts."""

    name: str
    country: str
    language: str
    zone: str
    virtual_now: datetime | None = None
    is_demo: bool = False
    is_sealed: bool = False
    details: dict[str, Any] = field(default_factory=dict)


def start_practice(new: NewPractice, *, by: Actor, now: datetime) -> Practice:
    """Start a practice in rehearsal, with a usual week of hours. Raises ``UnknownPlace``.

    ``virtual_now`` gives it a clock that only ticks by hand; it never goes live. ``is_sealed``: it is a copy in which
    somebody walks in a patient's shoes.
    """
    currency = check_place(new)
    at = new.virtual_now or now
    practice_id = new_id()
    with scope.transaction(practice_id):
        organisation = Organisation.objects.create(name=new.name, created_at=at)
        practice = Practice.objects.create(
            id=practice_id,
            organisation=organisation,
            slug=free_slug(new.name),
            name=new.name,
            country=new.country,
            language=new.language,
            zone=new.zone,
            currency=currency,
            clock=_clock_of(new),
            virtual_now=new.virtual_now,
            is_demo=new.is_demo,
            created_at=at,
            **new.details,
        )
        with act(practice_id, by=by, now=at) as started:
            write_spans(practice_id, USUAL_WEEK)
            started.record("practices.practice.started", subject=Ref("practice", practice_id))
    return practice


def _clock_of(new: NewPractice) -> str:
    if new.virtual_now is None:
        return Practice.Clock.REAL
    return Practice.Clock.SEALED if new.is_sealed else Practice.Clock.VIRTUAL


def check_place(new: NewPractice) -> str:
    """Return the currency of the country. Raises ``UnknownPlace`` with what to write instead."""
    if new.zone not in available_timezones():
        raise UnknownPlace(f"There is no time zone {new.zone!r}. Write one like Europe/Oslo.")
    if new.language not in LANGUAGES:
        raise UnknownPlace(f"Glede does not speak {new.language!r} yet. Write en or nb.")
    currencies = get_territory_currencies(new.country) if len(new.country) == 2 and new.country.isupper() else []
    if not currencies:
        raise UnknownPlace(f"There is no country {new.country!r}. Write two letters like NO or GB.")
    return str(currencies[0])


def free_slug(name: str) -> str:
    """Return a short name for addresses and commands that no practice has yet."""
    base = slugify(name)[:40] or "practice"
    taken = set(Practice.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(c for c in candidates if c not in taken)


def note_address(*, practice_id: UUID, url: str, leads_here: bool, by: Actor, now: datetime) -> None:
    """Keep whether the public address was fetched back and led here. Links are sent for a proved one alone."""
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        proved = url if leads_here else ""
        if practice.proved_url != proved:
            Practice.objects.filter(pk=practice_id).update(proved_url=proved)
            changing.record(
                "practices.address.checked", subject=Ref("practice", practice_id), data={"leads_here": leads_here}
            )


def begin_clock(*, practice_id: UUID, at: datetime) -> None:
    """Let a virtual clock that was never moved begin at ``at``, earlier or later than it shows.

    Called by ``journeys.operations.come_to`` alone, which knows that nothing has happened yet.
    """
    waiting = Practice.objects.filter(pk=practice_id, ticked_at=None).exclude(clock=Practice.Clock.REAL)
    if not waiting.update(virtual_now=at):
        raise ValueError("Only a virtual clock that was never moved can begin elsewhere.")


def move_clock(*, practice_id: UUID, to: datetime) -> None:
    """Set a virtual clock forward. Called by ``journeys.operations.advance`` alone; never backwards."""
    moved = Practice.objects.filter(pk=practice_id, virtual_now__lte=to).exclude(clock=Practice.Clock.REAL)
    if not moved.update(virtual_now=to, ticked_at=to):
        raise ValueError("Only a virtual clock can be moved, and only forward.")


def retire_practice(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Take a practice out of use: nothing is deleted, nobody is shown it any more."""
    with act(practice_id, by=by, now=now) as changing:
        locked(practice_id, changing)
        Practice.objects.filter(pk=practice_id, retired_at=None).update(retired_at=now)
        changing.record("practices.practice.retired", subject=Ref("practice", practice_id))
