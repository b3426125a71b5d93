"""Days in which clocks change, in Oslo and in London: two practices, their people, and what is done in their diaries.

It is told from a seed, ids and all, so that the same week can be lived several times and be compared.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from glede.diary import operations as diary
from glede.diary.errors import Refused
from glede.diary.requests import Booking, ListedVisit, Slot
from glede.diary.rules import Reason
from glede.kernel import ids
from glede.kernel.actor import IMPORT, SYSTEM, Actor, colleague
from glede.kernel.clock import at_wall
from glede.people import operations as people
from glede.people.values import PersonForm, Wishes
from glede.practices.operations import NewPractice, start_practice
from glede.staff.models import Role
from glede.staff.operations import NewColleague, add_colleague
from tests.depth import DEPTH

# Friday 23 October 2026, 8 in Oslo and 7 in London. In the night to Sunday the clocks go back.
BEGINS = datetime(2026, 10, 23, 6, tzinfo=UTC)
ENDS = datetime(2026, 10, 27, 22, tzinfo=UTC)
# Monday's six hours in which the machine may be off: nothing is done in the diaries then. From one to seven in Oslo.
OFF_FROM, OFF_TO = datetime(2026, 10, 26, 12, tzinfo=UTC), datetime(2026, 10, 26, 18, tzinfo=UTC)
DAYS = tuple(date(2026, 10, n) for n in (26, 27, 28))
HOUSES = (
    ("Solberg Optikk", "NO", "Europe/Oslo", "+47400{:05}"),
    ("Larch Optics", "GB", "Europe/London", "+447700{:06}"),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does at a moment."""

    at: datetime
    do: Callable[[datetime], object]


@dataclass
class House:
    """One of the two practices; each visit with whose it is and its day, as the list brought them."""

    id: UUID
    zone: str
    desk: Actor
    people: list[UUID] = field(default_factory=list)
    visits: list[tuple[UUID, UUID, date]] = field(default_factory=list)


def open_houses(how_many: int, seed: int) -> list[House]:
    """Open the practices (one at depth 1), with so many people in all and the visits of their lists."""
    random, wanted = Random(seed), HOUSES[: 1 if DEPTH == 1 else 2]
    return [_open(*house, how_many // len(wanted), random) for house in wanted]


def _open(name: str, country: str, zone: str, numbers: str, how_many: int, random: Random) -> House:
    details = {"email": "hei@solberg.example", "phone": "+4722123456", "public_url": "https://solberg.example"}
    practice_id = start_practice(NewPractice(name, country, "en", zone, details=details), by=SYSTEM, now=BEGINS).pk
    new = NewColleague(f"desk{country}@solberg.example", "Ingrid Berg", Role.RECEPTIONIST)
    member = add_colleague(practice_id=practice_id, new=new, by=SYSTEM, now=BEGINS)
    house = House(practice_id, zone, colleague(member.pk))
    forms = [_somebody(n, numbers, random) for n in range(how_many)]
    added = people.add_patients(practice_id=practice_id, rows=forms, by=SYSTEM, now=BEGINS).ids
    house.people = [person for person in added if person]
    for person in random.sample(house.people, how_many // 4):
        _wish(house, person, random)
    lines = [line for n, person in enumerate(house.people) for line in _lines(n, person, random)]
    outcomes = diary.import_appointments(practice_id=practice_id, rows=lines, by=IMPORT, now=BEGINS)
    house.visits = [
        (outcome.appointment_id, line.patient_id, line.day)
        for line, outcome in zip(lines, outcomes, strict=True)
        if outcome.appointment_id
    ]
    return house


def _somebody(number: int, numbers: str, random: Random) -> PersonForm:
    phone = numbers.format(10_000 + number)
    return PersonForm(
        given_name=f"Person {number}",
        phones=(phone,) if random.random() < 0.5 else (),
        emails=(f"person{number}@example.org",) if random.random() < 0.9 else (),
        style="call" if random.random() < 0.1 else None,
    )


def _wish(house: House, person: UUID, random: Random) -> None:
    """Let somebody want to hear at certain hours, on certain days or by a certain way."""
    begins = random.choice((10, 13))
    wishes = Wishes(
        channels=tuple(random.sample(("email", "sms", "call"), random.randint(0, 2))),
        days=random.choice(((), (), (0, 2, 4))),
        hours=(time(begins), time(begins + 4)),
    )
    people.set_preference(
        practice_id=house.id, patient_id=person, wishes=wishes, by=Actor("patient", person), now=BEGINS
    )


def _lines(number: int, person: UUID, random: Random) -> Iterator[ListedVisit]:
    for n in range(random.choice((1, 1, 2))):
        at = random.choice((None, time(random.randint(9, 16), random.choice((0, 30)))))
        yield ListedVisit(
            external_id=f"L{number}-{n}", patient_id=person, day=random.choice(DAYS), wall_time=at, minutes=30
        )


def deeds(houses: list[House], how_many: int, seed: int) -> list[Deed]:
    """Return what is done in the week, in order: so many deeds of people and colleagues, and visits that end."""
    random = Random(seed)
    found = [deed for house in houses for day in DAYS for deed in _day_ends(house, day)]
    for number in range(how_many):
        house = random.choice(houses)
        visit = random.choice(house.visits)
        # Hours and minutes at which nothing falls due by itself: two things of one moment have no order.
        day = random.choice([d for d in (date(2026, 10, 23), *DAYS) if d < visit[2]])
        at = at_wall(day, time(random.randint(9, 16), 7, random.randint(0, 59)), house.zone)
        if not OFF_FROM <= at <= OFF_TO:
            found.append(Deed(at, partial(_do, house, visit, number, random.choice(DAYS[1:]), random.random())))
    return sorted(found, key=lambda deed: deed.at)


def _day_ends(house: House, day: date) -> Iterator[Deed]:
    mine = [visit for visit, _, on in house.visits if on == day]
    yield Deed(at_wall(day, time(11, 40), house.zone), partial(_finish, house, mine[::2]))
    yield Deed(at_wall(day, time(19, 40), house.zone), partial(_finish, house, mine[1::2]))


def _finish(house: House, visits: list[UUID], now: datetime) -> None:
    diary.finish_appointments(practice_id=house.id, appointment_ids=visits, by=house.desk, now=now)


def _do(house: House, visit: tuple[UUID, UUID, date], number: int, to: date, chance: float, now: datetime) -> None:
    """Do one of six things; what the diary refuses by now (a visit that is over) is refused each time."""
    visit_id, person, _ = visit
    of_visit: dict[str, Any] = {"practice_id": house.id, "appointment_id": visit_id, "now": now}
    with ids.seeded(number):
        try:
            if chance < 0.3:
                diary.move_appointment(to=Slot(day=to, wall_time=None), by=Actor("patient", person), **of_visit)
            elif chance < 0.45:
                diary.move_appointment(to=Slot(day=to, wall_time=None), by=house.desk, **of_visit)
            elif chance < 0.55:
                diary.cancel_appointment(reason=Reason.PRACTITIONER_AWAY, by=house.desk, **of_visit)
            elif chance < 0.7:
                diary.confirm_appointment(by=Actor("patient", person), **of_visit)
            elif chance < 0.8:
                people.opt_out(
                    practice_id=house.id, patient_id=person, channel="email", scope="all", how="phone",
                    by=house.desk, now=now,
                )  # fmt: skip
            else:
                _book(house, person, to, now)
        except Refused:
            return


def _book(house: House, person: UUID, day: date, now: datetime) -> None:
    request = Booking(patient_id=person, day=day, wall_time=None, minutes=20)
    diary.book_appointment(practice_id=house.id, request=request, by=house.desk, now=now)
