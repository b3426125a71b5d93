"""A copy of a practice as values: read where the practice lives, put down in the sealed database.

What is not a field here is not copied. Of people nothing is: the times of their visits come along as times that
somebody is busy, without a name, a number or a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from glede.catalogue.operations import add_service
from glede.catalogue.queries import services
from glede.catalogue.rules import ServiceCard, ServiceForm
from glede.diary.models import Claim
from glede.diary.operations import add_facility, set_working_hours
from glede.diary.operations.busy import hold_busy
from glede.diary.queries.facilities import facilities
from glede.diary.queries.leaves import leaves
from glede.diary.queries.own_time import own_hours
from glede.journeys import versions
from glede.journeys.document import Spot
from glede.journeys.operations import change_journey, set_wording
from glede.journeys.queries import journey_raw
from glede.journeys.wording import Words
from glede.kernel.actor import SYSTEM
from glede.kernel.clock import day_of
from glede.kernel.periods import Period, Span
from glede.people.queries import reach
from glede.practices import operations as practices
from glede.practices import scope
from glede.practices.models import OpeningHours, Practice
from glede.practices.queries import OtherHours, exceptions, practice_by_id
from glede.shoes import sealed
from glede.shoes.personas import Persona, Style, masked
from glede.staff import operations as staff
from glede.staff.models import Role
from glede.staff.queries import Chair, practitioners

SETTINGS = (
    "region", "phone", "email", "address", "public_url", "proved_url", "review_link", "red_flag_line",
    "cancellation_note", "answer_minutes", "call_days_before", "calls_per_day", "hours_from", "hours_to", "narrowed",
)  # fmt: skip
"""Which settings come along. The place, its language, zone and name come first of all."""

AT_THE_DESK = "Ingrid"  # made up, as the patient is: who works at a desk is not copied


@dataclass(frozen=True)
class Copied:
    """Everything of a practice that a walk needs. Nothing in it is about a patient."""

    home_id: UUID
    name: str
    country: str
    language: str
    zone: str
    settings: Mapping[str, Any]
    week: tuple[Span, ...]
    other_hours: tuple[OtherHours, ...]
    services: tuple[ServiceCard, ...]
    facilities: tuple[tuple[str, str, str], ...]
    chairs: tuple[Chair, ...]
    hours: Mapping[UUID, tuple[Span, ...]]
    busy: Mapping[UUID, tuple[Period, ...]] = field(repr=False)
    journey: Any = None
    wording: Mapping[Spot, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Copy:
    """A practice that was put down in the sealed database, and who stands at its desk."""

    practice: Practice
    desk_id: UUID


def read_practice(practice_id: UUID, *, since: datetime, until: datetime) -> Copied:
    """Return a copy of a practice, its busy times from ``since`` up to ``until``. PostgreSQL lets it write nothing."""
    with scope.transaction(practice_id, read_only=True):
        practice = practice_by_id(practice_id)
        raw, version = journey_raw(practice_id)
        chairs = tuple(practitioners(practice_id))
        return Copied(
            home_id=practice.pk, name=practice.name, country=practice.country, language=practice.language,
            zone=practice.zone,
            settings={field: getattr(practice, field) for field in SETTINGS},
            week=tuple(
                Span(*row)
                for row in OpeningHours.objects.filter(ended_at=None).values_list("weekday", "opens", "closes")
            ),
            other_hours=tuple(exceptions(practice, from_=since.date())),
            services=tuple(services(practice_id)),
            facilities=tuple((one.kind, one.name, one.serves_as) for one in facilities(practice_id)),
            chairs=chairs,
            hours=own_hours(practice_id),
            busy={chair.id: tuple(_busy(practice, chair.id, since, until)) for chair in chairs},
            journey=raw if version != versions.SHIPPED else None,
            wording=versions.own_words(practice_id),
        )  # fmt: skip


def read_person(practice_id: UUID, patient_id: UUID) -> Persona:
    """Return somebody made up who is reached as this person is. No name, number, address, date or word comes along."""
    with scope.transaction(practice_id, read_only=True):
        known = reach(practice_id, [patient_id])[patient_id]
    kinds = {contact.kind for contact in known.contacts}
    hours = (known.hours_from, known.hours_to) if known.hours_from and known.hours_to else None
    style = next((one for one in get_args(Style) if one == known.style), None)
    return masked(
        known.language, style, known.channels, hours, has_phone="phone" in kinds,
        has_mail="email" in kinds,
    )  # fmt: skip


def put_down(copied: Copied, *, now: datetime) -> Copy:
    """Put a copy down in the sealed database, its clock at ``now``. Raises ``sealed.NotInside`` anywhere else."""
    sealed.check_inside()
    settings = dict(copied.settings)
    practice = practices.start_practice(
        practices.NewPractice(
            copied.name, copied.country, copied.language, copied.zone, virtual_now=now, is_sealed=True, details=settings
        ),
        by=SYSTEM, now=now,
    )  # fmt: skip
    given: dict[str, Any] = {"practice_id": practice.pk, "by": SYSTEM, "now": now}
    practices.set_opening_hours(spans=copied.week, **given)
    for one in copied.other_hours:
        new = practices.NewException(one.first_on, one.last_on, one.hours, one.reason, dict(one.name))
        practices.add_exception(new=new, **given)
    for kind, name, serves_as in copied.facilities:
        add_facility(kind=kind, name=name, serves_as=serves_as, **given)
    for card in copied.services:
        add_service(service=_form(card), **given)
    _seat(copied, given)
    if copied.journey is not None:
        change_journey(raw=copied.journey, **given)
    for spot, words in copied.wording.items():
        set_wording(spot=spot, words=words, **given)
    desk = staff.NewColleague(f"{practice.pk.hex}@shoes.example", AT_THE_DESK, Role.RECEPTIONIST)
    return Copy(practice, staff.add_colleague(new=desk, **given).pk)


def _seat(copied: Copied, given: dict[str, Any]) -> None:
    for sort, chair in enumerate(copied.chairs, start=1):
        new = staff.NewPractitioner(chair.display_name, chair.given_name, chair.title, sort=sort)
        key = staff.add_practitioner(new=new, **given).pk
        if copied.hours.get(chair.id):
            set_working_hours(practitioner_id=key, spans=copied.hours[chair.id], **given)
        if copied.busy[chair.id]:
            hold_busy(practitioner_id=key, wanted=copied.busy[chair.id], held=(), **given)


def _form(card: ServiceCard) -> ServiceForm:
    return ServiceForm(
        code=card.code, name=card.name, minutes=card.minutes, buffer_minutes=card.buffer_minutes,
        price_minor_units=card.price.minor_units if card.price else None,
        price_to_minor_units=card.price_to.minor_units if card.price_to else None, for_new=card.for_new,
        what_to_bring=card.what_to_bring, sort=card.sort, more_minutes=card.more_minutes, asks_for=card.asks_for,
        followed_by=card.followed_by, follow_within=card.follow_within,
    )  # fmt: skip


def _busy(practice: Practice, chair: UUID, since: datetime, until: datetime) -> list[Period]:
    rows = Claim.objects.filter(
        practice_id=practice.pk,
        kind=Claim.Kind.STAFF,
        ref=chair,
        is_active=True,
        starts_at__lt=until,
        ends_at__gt=since,
    )
    found = [Period(start, end) for start, end in rows.values_list("starts_at", "ends_at")]
    first, last = day_of(since, practice.zone), day_of(until, practice.zone)
    absences = [one.away for one in leaves(practice.pk, from_=first) if one.practitioner_id == chair]
    for n in range((last - first).days + 1):
        for away in absences:
            found += away.on(first + timedelta(days=n), practice.zone)
    return sorted(found, key=lambda period: (period.start, period.end))
