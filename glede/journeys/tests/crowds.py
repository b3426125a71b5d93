"""A crowd of people with all kinds of wishes and refusals, for tests that need many."""

from datetime import date, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from glede.diary.models import Appointment
from glede.journeys.tests.stories import NEXT_THURSDAY, book, bring
from glede.people import operations as people
from glede.people.values import PersonForm, Wishes
from tests.cast import House, add


def refuse(house: House, who: str, channel: str | None = None) -> None:
    """Let somebody want no messages, or none on a channel."""
    people.opt_out(
        practice_id=house.id, patient_id=house.people[who], channel=channel, scope="all", how="phone",
        by=house.by("ingrid"), now=house.now,
    )  # fmt: skip


def wish(house: House, who: str, **wishes: Any) -> None:
    """Let somebody say how and when they like to be reached."""
    people.set_preference(
        practice_id=house.id, patient_id=house.people[who], wishes=Wishes(**wishes), by=house.by(who), now=house.now
    )


def free(first: date, number: int) -> tuple[date, str]:
    """Return the day and the hour of the n-th visit from a day on, fourteen of half an hour on each working day."""
    days = (first + timedelta(days=n) for n in range(99))
    working = [day for day in days if day.weekday() < 5]
    return working[number // 14], f"{9 + number % 14 // 2:02}:{number % 2 * 30:02}"


def crowd(house: House, random: Random, how_many: int, *, first: date = NEXT_THURSDAY) -> list[Appointment]:
    """Let many people with all kinds of wishes and refusals book a visit."""
    visits = []
    for number in range(how_many):
        who = somebody(house, random, number)
        visits.append(book(house, who, *free(first, number), service_id=house.services["lens-check"]))
    return visits


def somebody(house: House, random: Random, number: int) -> str:
    """Let there be one more person, with any wishes and refusals."""
    who = f"person{number}"
    emails = (f"{who}@example.org",) if random.random() < 0.8 else ()
    phones = (f"400 01 {number:03}",) if random.random() < 0.8 else ()
    add(house, who, PersonForm(given_name=f"Person {number}", phones=phones, emails=emails))
    start = random.randint(0, 21)
    wish(
        house, who,
        channels=tuple(random.sample(("email", "sms", "call"), random.randint(0, 3))),
        days=tuple(random.sample(range(7), random.choice((0, 0, 2, 4)))),
        hours=random.choice(("any", (time(start), time(random.randint(start + 1, 23))))),
        pause_until=random.choice(("none", "none", "none", date(2026, 11, 25 + random.randint(0, 5)))),
        quiet_all=random.random() < 0.1,
    )  # fmt: skip
    for channel in random.sample((None, "email", "sms"), random.choice((0, 0, 0, 1, 2))):
        refuse(house, who, channel)
    return who


def listed(house: House, random: Random, how_many: int, *, first: date, days: int) -> list[UUID]:
    """Let the practice's list bring many visits of the day, some people having several, even on one day."""
    found: list[UUID] = []
    for number in range(how_many):
        who = somebody(house, random, 500 + number)
        for n in range(random.choice((1, 1, 1, 2, 3, 4))):
            day = first + timedelta(days=random.randrange(days))
            found.append(bring(house, who, day, None, number=f"L{number}-{n}", now=house.now))
    return found
