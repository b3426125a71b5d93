"""Open the demonstration, move its clock, begin it again."""

import contextlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min
from procrastinate.exceptions import AlreadyEnqueued

from glede.catalogue.defaults import USUAL
from glede.catalogue.operations import add_service
from glede.demonstration import story as stories
from glede.demonstration.people import PEOPLE, Invented
from glede.diary.models import Appointment
from glede.diary.rules import AHEAD
from glede.inbox.operations import return_promises
from glede.journeys.operations import ClockGoesBack, TickReport, advance
from glede.kernel.actor import SYSTEM, Actor, colleague
from glede.kernel.clock import at_wall, day_of
from glede.outbox.models import Message
from glede.outbox.rules import PENDING
from glede.people import operations as people
from glede.people.values import PersonForm, Wishes
from glede.practices import operations as practices
from glede.practices import scope
from glede.practices.durability import relaxed
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id, practices_in_use
from glede.promises.models import Promise
from glede.staff import operations as staff
from glede.staff.models import Membership, Role

ZONE = "Europe/Oslo"
OPENS_AT = time(9, 12)
LIFE = stories.YEAR + timedelta(days=1)
PRICES = (89000, 99000, 69000, 59000, 119000, 0, 0, 69000)
COLLEAGUES = (
    ("Sofie Solberg", Role.OWNER, ""),
    ("Ingrid Sæle", Role.RECEPTIONIST, ""),
    ("Amal Haddad", Role.OPTOMETRIST, "Optometrist"),
    ("Jon Berg", Role.OPTOMETRIST, "Optometrist"),
    ("Marius Nes", Role.DISPENSING_OPTICIAN, "Dispensing optician"),
    ("Nina Holm", Role.MANAGER, ""),
)


class NotTheDemonstration(ValueError):
    """Only the clock of the demonstration is moved by these buttons."""


def sit_down() -> tuple[Practice, Any] | None:
    """Return the demonstration and the user to look around as, or None where none is ready."""
    practice = standing()
    if practice is None:
        return None
    owner = Membership.objects.select_related("user").get(practice=practice, role=Role.OWNER, ended_at=None)
    return practice, owner.user


def standing() -> Practice | None:
    """Return the newest demonstration whose year has been lived to its end, or None."""
    ready = [p for p in practices_in_use() if p.is_demo and lived(p) >= 1]
    return max(ready, key=lambda p: p.pk, default=None)


def being_made() -> Practice | None:
    """Return the demonstration whose year is still being lived, or None."""
    begun = [p for p in practices_in_use() if p.is_demo and lived(p) < 1]
    return max(begun, key=lambda p: p.pk, default=None)


def lived(practice: Practice) -> float:
    """Return how much of its first year a demonstration has lived: 0 to 1, and more once its clock is moved."""
    return ((practice.virtual_now or practice.created_at) - practice.created_at) / LIFE


def ask_for_demonstration(*, instead_of: UUID | None = None) -> None:
    """Let the worker make a demonstration; where one is asked for already, nothing more is done."""
    from glede.demonstration import tasks

    with contextlib.suppress(AlreadyEnqueued):
        tasks.make.defer(instead_of=str(instead_of or ""))


def reset_demonstration(*, now: datetime) -> Practice:
    """Make a demonstration as it was at the beginning, then put every other away."""
    others = [p for p in practices_in_use() if p.is_demo]
    made = make_demonstration(now=now)
    for practice in others:
        practices.retire_practice(practice_id=practice.pk, by=SYSTEM, now=practice.virtual_now or now)
    return made


def make_demonstration(*, now: datetime) -> Practice:
    """Make a practice of invented people and live a year of it; return it on its last morning."""
    end = at_wall(_last_weekday(now), OPENS_AT, ZONE)
    begin = end - LIFE
    practice = practices.start_practice(
        practices.NewPractice(
            "Solberg Optikk", "NO", "nb", ZONE, virtual_now=begin, is_demo=True,
            details={
                "phone": "+4722123456", "email": "hei@solberg.example", "address": "Storgata 12, 0155 Oslo",
                "public_url": "https://solberg.example", "review_link": "https://reviews.example/solberg",
            },
        ),
        by=SYSTEM, now=begin,
    )  # fmt: skip
    desk = _colleagues(practice, begin)
    services = [
        add_service(practice_id=practice.pk, service=_priced(form, price), by=SYSTEM, now=begin).pk
        for form, price in zip(USUAL, PRICES, strict=True)
    ]
    known = {person.name: _invent(practice, person, n, begin) for n, person in enumerate(PEOPLE)}
    story = stories.Story(practice.pk, ZONE, end, known, [services[n] for n in (0, 0, 3, 4)], desk)
    stories.write(story)
    with relaxed():
        story.play()
    return practice_by_id(practice.pk)


def _last_weekday(now: datetime) -> Any:
    day = day_of(now, ZONE)
    # Tuesday: the diary is full, and the days before it were open.
    return day - timedelta(days=(day.weekday() - 1) % 7)


def _priced(form: Any, price: int) -> Any:
    return replace(form, price_minor_units=price)


def _colleagues(practice: Practice, now: datetime) -> Actor:
    desk = SYSTEM
    for n, (name, role, title) in enumerate(COLLEAGUES):
        given = name.split(" ")[0]
        address = f"{given.lower()}@{practice.slug}.example"
        new = staff.NewColleague(address, name, role, language="en")
        member = staff.add_colleague(practice_id=practice.pk, new=new, by=SYSTEM, now=now)
        if title:
            chair = staff.NewPractitioner(name, given, title, member.pk, sort=n)
            staff.add_practitioner(practice_id=practice.pk, new=chair, by=SYSTEM, now=now)
        if role == Role.RECEPTIONIST:
            desk = colleague(member.pk)
    return desk


def _invent(practice: Practice, person: Invented, n: int, now: datetime) -> UUID:
    address = f"{person.given_name}.{person.family_name}@example.com".lower().replace(" ", "")
    form = PersonForm(
        given_name=person.given_name, family_name=person.family_name, how_to_say=person.say, birth_date=person.born,
        language=person.language, style=person.style, external_id=f"{1000 + n}",  # type: ignore[arg-type]
        phones=(f"+47 400 00 {n:03d}",) if person.has_phone else (),
        emails=(_plain(address),) if person.has_email else (), source="walk-in",
        known_since=date(person.since, 1 + n % 12, 3),
    )  # fmt: skip
    patient_id: UUID = people.add_patient(practice_id=practice.pk, person=form, by=SYSTEM, now=now).pk
    given: dict[str, Any] = {"practice_id": practice.pk, "patient_id": patient_id, "by": SYSTEM, "now": now}
    people.set_preference(wishes=Wishes(channels=person.ways), **given)
    for kind, words in person.words:
        people.note_need(kind=kind, words=words, **given)
    return patient_id


def _plain(address: str) -> str:
    return address.translate(str.maketrans("æøå", "eoa"))


def settle(practice: Practice) -> None:
    """Let everything happen that is due by the clock the demonstration shows. Raises ``ClockGoesBack``."""
    shown = practice_by_id(practice.pk).virtual_now
    if shown is not None and practice.retired_at is None:
        advance(practice.pk, to=shown)


@dataclass(frozen=True, slots=True)
class Moved:
    """What the clock shows, and what happened on the way."""

    to: datetime
    report: TickReport


def move_clock(*, practice_id: UUID, by_: str) -> Moved:
    """Move the demonstration's clock: to the ``next`` thing that happens, by an ``hour``, or a ``day``: next morning.

    Raises ``NotTheDemonstration``.
    """
    practice = practice_by_id(practice_id)
    if not practice.is_demo or practice.virtual_now is None:
        raise NotTheDemonstration(practice.slug)
    to = _target(practice, practice.virtual_now, by_)
    report = advance(practice_id, to=to)
    return_promises(practice_id=practice_id, by=SYSTEM, now=to)
    return Moved(to, report)


def _target(practice: Practice, shown: datetime, by_: str) -> datetime:
    if by_ == "hour":
        return shown + timedelta(hours=1)
    morning = at_wall(day_of(shown, practice.zone) + timedelta(days=1), OPENS_AT, practice.zone)
    return min(morning, _next_event(practice, shown) or morning) if by_ == "next" else morning


def _next_event(practice: Practice, shown: datetime) -> datetime | None:
    """Return when the next message is due, the next visit begins, or the next promise is owed."""
    with scope.transaction(practice.pk, read_only=True):
        due = Message.objects.filter(practice_id=practice.pk, state__in=PENDING, due_at__gt=shown)
        visits = Appointment.objects.filter(practice_id=practice.pk, state__in=AHEAD, starts_at__gt=shown)
        owed = Promise.objects.filter(practice_id=practice.pk, closed_at=None, due_at__gt=shown)
        moments = [
            due.aggregate(first=Min("due_at"))["first"],
            visits.aggregate(first=Min("starts_at"))["first"],
            owed.aggregate(first=Min("due_at"))["first"],
        ]
    return min((moment for moment in moments if moment), default=None)


__all__ = [
    "ClockGoesBack",
    "Moved",
    "NotTheDemonstration",
    "ask_for_demonstration",
    "being_made",
    "lived",
    "make_demonstration",
    "move_clock",
    "reset_demonstration",
    "settle",
    "sit_down",
    "standing",
]
