"""A walk over all that may be done with people: added, brought, booked, heard, refusing, merged, parted, forgotten.

Beside the practice stands a plain model of it: who was said to be whom, as a tree of what colleagues pressed, and whom
each visit was booked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from glede.diary import errors
from glede.diary import operations as diary
from glede.diary.models import Appointment
from glede.diary.queries import visits_of
from glede.diary.requests import Booking
from glede.inbox.models import InboundMessage
from glede.inbox.operations import Incoming, receive_message
from glede.journeys.operations import follow
from glede.kernel.actor import IMPORT, Actor
from glede.ledger.models import Event
from glede.outbox.models import Message, Touch
from glede.outbox.sending import send_due
from glede.people import operations as people
from glede.people.models import ConsentEvent, Note
from glede.people.operations.merging import CannotMerge
from glede.people.operations.patients import NoSuchPatient
from glede.people.queries import reach, search
from glede.people.rules.consent import SCOPES, has_refused
from glede.people.values import CHANNELS, ConsentForm, PersonForm
from glede.practices import scope
from tests.cast import House

KEPT: Final[tuple[type[Model], ...]] = (
    Appointment, InboundMessage, Message, Touch, ConsentEvent, Event, Note,
)  # fmt: skip
GIVEN = ("Kari", "Ola", "Liv", "Nils", "Berit", "Emil")
FAMILY = ("Moe", "Dahl", "Vik", "Lund")
FIRST_DAY = date(2026, 11, 26)
LOOK_EVERY = 40

Refused = frozenset[tuple[str, str]]


class Walk:
    """One practice, its model, and a hand that does whatever ``random`` says."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.random, self.now = house, Random(seed), house.now
        self.into: dict[UUID, UUID] = {}
        self.gone: set[UUID] = set()
        self.rows: list[UUID] = []
        self.visits: dict[UUID, UUID] = {}
        self.seen: dict[type[Model], set[UUID]] = {kind: set() for kind in KEPT}
        self.done: dict[str, int] = {}
        self.numbers = 0

    # The model.

    def head(self, row: UUID) -> UUID:
        """Whom a row stands for, by the tree."""
        while row in self.into:
            row = self.into[row]
        return row

    def group(self, head: UUID) -> list[UUID]:
        """Every row that stands for the same person."""
        return [row for row in self.rows if self.head(row) == head]

    def refused(self, row: UUID) -> Refused:
        """What somebody refuses, each channel and reach by itself."""
        told = reach(self.house.id, [row])[row].opted_out
        return frozenset((c, s) for c in CHANNELS for s in SCOPES if has_refused(told, c, s))

    # The acts.

    def step(self) -> None:
        """Do one thing."""
        acts: list[tuple[int, Any]] = [
            (10, self.add), (6, self.bring), (18, self.book), (6, self.cancel), (10, self.hear), (12, self.refuse),
            (8, self.allow), (6, self.note), (14, self.merge), (10, self.part), (1, self.forget),
            (1, self.send),
        ]  # fmt: skip
        weights, choices = zip(*acts, strict=True)
        act = self.random.choices(choices, weights)[0] if len(self.rows) > 5 else self.add
        self.now += timedelta(seconds=self.random.randrange(1, 40))
        act()
        self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    def given(self, by: Actor | None = None) -> dict[str, Any]:
        return {"practice_id": self.house.id, "by": by or self.house.by("ingrid"), "now": self.now}

    def somebody(self) -> UUID:
        return self.random.choice(self.rows)

    def form(self, number: int) -> PersonForm:
        born = date(1950 + self.random.randrange(50), 1 + self.random.randrange(12), 1 + self.random.randrange(28))
        phone = f"9{self.random.randrange(10_000_000):07d}" if self.random.random() < 0.7 else ""
        email = f"p{self.random.randrange(2000)}@example.org" if self.random.random() < 0.5 else ""
        return PersonForm(
            given_name=self.random.choice(GIVEN), family_name=self.random.choice(FAMILY), birth_date=born,
            external_id=f"L{number}", phones=(phone,) if phone else (), emails=(email,) if email else (),
        )  # fmt: skip

    def add(self) -> None:
        self.numbers += 1
        self.rows.append(people.add_patient(person=self.form(self.numbers), **self.given()).pk)

    def bring(self) -> None:
        known = self.random.randrange(1, self.numbers + 1)
        rows = [self.form(known), self.form(self.numbers + 1), self.form(self.numbers + 2)]
        self.numbers += 2
        brought = people.add_patients(practice_id=self.house.id, rows=rows, by=IMPORT, now=self.now)
        self.rows += [one for one in brought.ids if one and one not in self.rows]

    def book(self) -> None:
        who = self.somebody()
        request = Booking(
            patient_id=who, service_id=self.house.services["eye-test"], wall_time=time(9 + self.random.randrange(7)),
            day=FIRST_DAY + timedelta(days=7 * self.random.randrange(40)),
            practitioner_id=self.random.choice(list(self.house.chairs.values())),
        )  # fmt: skip
        try:
            visit = diary.book_appointment(request=request, **self.given())
        except (errors.Refused, NoSuchPatient):
            return
        assert self.head(who) not in self.gone, "a forgotten person was booked"
        self.visits[visit.pk] = self.head(who)

    def cancel(self) -> None:
        if not self.visits:
            return
        visit = self.random.choice(list(self.visits))
        try:
            if self.random.random() < 0.5:
                diary.cancel_appointment(appointment_id=visit, reason="time", **self.given())
            else:
                diary.reinstate_appointment(appointment_id=visit, **self.given())
        except errors.Refused:
            return

    def hear(self) -> None:
        who = self.somebody()
        if self.head(who) not in self.gone:
            incoming = Incoming(patient_id=who, words=f"Hello {self.now.isoformat()}")
            receive_message(message=incoming, **self.given(Actor("patient", who)))

    def refuse(self) -> None:
        who = self.somebody()
        if self.head(who) in self.gone:
            return
        channel, reaches = self.random.choice([None, *CHANNELS]), self.random.choice(SCOPES)
        people.opt_out(patient_id=who, channel=channel, scope=reaches, how="form", **self.given())
        wanted = {(c, reaches) for c in ([channel] if channel else CHANNELS)}
        assert wanted <= self.refused(who), "a refusal did not hold at once"

    def allow(self) -> None:
        who = self.somebody()
        if self.head(who) in self.gone:
            return
        action = self.random.choice(["grant", "import", "soft_optin_recorded"])
        consent = ConsentForm(action=action, purpose=self.random.choice(SCOPES), channel=self.random.choice(CHANNELS))
        before = self.refused(who)
        people.record_consent(patient_id=who, consent=consent, **self.given())
        assert action == "grant" or self.refused(who) == before, "what the person did not say lifted a refusal"

    def note(self) -> None:
        who = self.somebody()
        if self.head(who) not in self.gone:
            people.write_note(patient_id=who, words="Comes by bus", **self.given())

    def merge(self) -> None:
        keep, other = self.somebody(), self.somebody()
        free = keep != other and not {keep, other} & (self.into.keys() | self.gone)
        before = self.refused(keep) | self.refused(other)
        try:
            people.merge_patients(keep_id=keep, merge_id=other, **self.given())
        except (CannotMerge, NoSuchPatient):
            assert not free, "two halves could not be joined"
            return
        assert free, "one who is somebody else already was merged again"
        self.into[other] = keep
        assert before <= self.refused(keep), "a refusal was lost by merging"

    def part(self) -> None:
        who = self.random.choice([*self.into, self.somebody()])
        may = who in self.into and self.head(who) not in self.gone
        before = self.refused(who)
        try:
            people.unmerge_patient(patient_id=who, **self.given())
        except NoSuchPatient:
            assert not may, "a merged person could not be parted"
            return
        assert may, "one who was nobody else was parted"
        head = self.head(who)
        del self.into[who]
        for each in (who, head):
            assert before <= self.refused(each), "a refusal was lost by parting"
        self.owners_follow(who)

    def owners_follow(self, parted: UUID) -> None:
        """After a parting each visit is of whoever its own row stands for."""
        for visit, row in self.rows_of_visits():
            if self.head(row) == self.head(parted):
                self.visits[visit] = self.head(row)

    def rows_of_visits(self) -> Iterator[tuple[UUID, UUID]]:
        with scope.transaction(self.house.id):
            yield from Appointment.objects.filter(pk__in=self.visits).values_list("pk", "patient_id")

    def forget(self) -> None:
        who = self.somebody()
        if who in self.into or who in self.gone:
            return
        people.erase_patient(patient_id=who, reason="asked", **self.given(self.house.by("sofie")))
        self.gone |= set(self.group(who))

    def send(self) -> None:
        follow(self.house.id, now=self.now)
        send_due(self.house.id, now=self.now)

    # What must be true.

    def look(self) -> None:
        """See that nothing is lost, and that everything stands with whom it is about."""
        with scope.transaction(self.house.id):
            for kind, before in self.seen.items():
                now = set(kind._default_manager.values_list("pk", flat=True))
                assert before <= now, f"{kind.__name__}: {len(before - now)} lost"
                self.seen[kind] = now
        found = reach(self.house.id, self.rows)
        for row in self.rows:
            assert (found[row].merged_into or row) == self.head(row), "somebody stands with somebody else"
            assert found[row].is_erased == (row in self.gone)
        rows = dict(self.rows_of_visits())
        head = self.head(self.somebody())
        theirs = {visit.appointment_id for visit in visits_of(self.house.id, head)}
        wanted = {visit for visit, row in rows.items() if self.head(row) == head}
        assert theirs == wanted, "a visit stands with nobody, or with somebody else"
        shown = {one.patient_id for name in GIVEN for one in search(self.house.id, name, limit=50)}
        assert not shown & (self.gone | self.into.keys()), "somebody forgotten or merged is found"


def walked(house: House, *, seed: int, steps: int) -> Walk:
    """Walk so many steps and look every forty; return the walk."""
    walk = Walk(house, seed)
    for number in range(1, steps + 1):
        walk.step()
        if number % LOOK_EVERY == 0 or number == steps:
            walk.look()
    return walk
