"""The year behind the demonstration: who comes when, who moves, who forgets, who writes.

A script of moments, played in order on the practice's own clock. It is the same every time.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from glede.demonstration.people import COMPLAINT, EARLIER, PRAISE, QUESTIONS
from glede.diary import operations as diary
from glede.diary import queries as times
from glede.diary.errors import Refused
from glede.diary.requests import Booking, Slot
from glede.feedback.operations import Answers, give_response
from glede.inbox import operations as inbox
from glede.inbox.queries import conversation_of
from glede.journeys.operations import advance, note_call
from glede.kernel.actor import Actor
from glede.kernel.clock import at_wall, day_of
from glede.promises import queries as promises
from glede.promises.operations import keep_promise

SEED = 40
YEAR = timedelta(days=364)
TODAY_VISITS, COMING_VISITS = 9, 16
MORE_PAST = 14  # people who came twice


@dataclass
class Story:
    """The practice, its people, and the moments still to come."""

    practice_id: UUID
    zone: str
    end: datetime
    people: dict[str, UUID]
    services: list[UUID]
    desk: Actor
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - the same story each time
    moments: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    count: int = 0

    def at(self, moment: datetime, happen: Callable[[datetime], object]) -> None:
        """Let something happen at ``moment``, where that lies between the beginning and the end."""
        if self.end - YEAR <= moment <= self.end:
            self.count += 1
            heapq.heappush(self.moments, (moment, self.count, happen))

    def play(self) -> None:
        """Play every moment in order, the clock moving from one to the next."""
        while self.moments:
            moment, _, happen = heapq.heappop(self.moments)
            advance(self.practice_id, to=moment, is_counted=False)
            try:
                happen(moment)
            except Refused:
                continue  # somebody was quicker, as in life
        advance(self.practice_id, to=self.end, is_counted=False)

    def wall(self, day: date, at: time) -> datetime:
        """Return a moment by the practice's wall clock."""
        return at_wall(day, at, self.zone)

    @property
    def today(self) -> date:
        """The day on which the story ends."""
        return day_of(self.end, self.zone)


def write(story: Story) -> None:
    """Write the whole year into ``story``."""
    names = list(story.people)
    for name in names[:-1]:
        _past_visit(story, name)
    for name in story.chance.sample(names[:-1], MORE_PAST):
        _past_visit(story, name)
    for name, days in _next_visits(story, names):
        _coming_visit(story, name, days)
    _conversations(story)
    _calls(story)


def _calls(story: Story) -> None:
    """Let the desk ring whom it owes a call, once each open day; what is owed today is left for the reader."""
    day = day_of(story.end - YEAR, story.zone)
    while day < story.today:
        if day.weekday() < 5:
            story.at(story.wall(day, time(15, 40)), lambda now: _ring(story, now))
        day += timedelta(days=1)


def _ring(story: Story, now: datetime) -> None:
    for owed in promises.open_promises(story.practice_id):
        given: dict[str, Any] = {"practice_id": story.practice_id, "promise_id": owed.id, "by": story.desk, "now": now}
        if owed.kind == "call" and "row" in owed.detail and owed.subject.kind == "appointment":
            note_call(outcome="reached", note="", **given)
        elif owed.kind in {"call", "move_ok", "undelivered"}:
            keep_promise(evidence=owed.subject, reason="reached", **given)


def _past_visit(story: Story, name: str) -> None:
    back = story.chance.randrange(12, max(13, YEAR.days - 14))
    lead = story.chance.randrange(4, 25)
    booked = story.wall(story.today - timedelta(days=back + lead), time(story.chance.randrange(9, 16), 10))
    story.at(max(booked, story.end - YEAR + timedelta(hours=2)), lambda now: _book(story, name, lead, now))


def _next_visits(story: Story, names: list[str]) -> Iterator[tuple[str, int]]:
    fixed = [("Kari Moe", 2), ("Jonas Vik", 3), ("Henrik Vik", 3), ("Olav Strand", 3), ("Bjørn Åsen", 1)]
    yield from fixed
    rest = [n for n in names if n not in dict(fixed) and n != "Gudrun Sæther"]
    story.chance.shuffle(rest)
    for name in rest[:TODAY_VISITS]:
        yield name, 0
    for name in rest[TODAY_VISITS : TODAY_VISITS + COMING_VISITS]:
        yield name, story.chance.randrange(1, 15)
    yield "Gudrun Sæther", 6


def _coming_visit(story: Story, name: str, days: int) -> None:
    lead = days + story.chance.randrange(5, 20)
    booked = story.wall(story.today - timedelta(days=lead - days), time(story.chance.randrange(9, 16), 35))
    story.at(booked, lambda now: _book(story, name, lead, now))


def _book(story: Story, name: str, lead: int, now: datetime) -> None:
    service = story.chance.choice(story.services)
    wanted = day_of(now, story.zone) + timedelta(days=lead)
    free = times.free_times(story.practice_id, service, from_=wanted, days=6, now=now, limit=150)
    if not free:
        return
    offer = story.chance.choice([o for o in free if o.day == free[0].day])  # any hour of the first day
    patient_id = story.people[name]
    by = Actor("patient", patient_id) if story.chance.random() < 0.4 else story.desk
    asked = Booking(
        patient_id=patient_id, service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time, source="link" if by.role == "patient" else "desk",
    )  # fmt: skip
    visit = diary.book_appointment(practice_id=story.practice_id, request=asked, by=by, now=now)
    _what_follows(story, visit, now)


def _what_follows(story: Story, visit: Any, now: datetime) -> None:
    chance, given = story.chance, {"practice_id": story.practice_id, "appointment_id": visit.pk}
    patient = Actor("patient", visit.patient_id)
    fate = chance.random()
    between = visit.starts_at - now
    if fate < 0.06 and visit.starts_at < story.end:
        story.at(now + between / 2, lambda at: _cancel(given, patient, at))
        return
    if fate < 0.16:
        story.at(now + between / 2, lambda at: _move(story, visit, patient, at))
        return
    if fate < 0.7:
        story.at(visit.starts_at - timedelta(hours=20), lambda at: _confirm(given, patient, at))
    _the_day(story, visit, given)


def _cancel(given: dict[str, Any], patient: Actor, at: datetime) -> None:
    diary.cancel_appointment(reason="time", by=patient, now=at, **given)


def _confirm(given: dict[str, Any], patient: Actor, at: datetime) -> None:
    diary.confirm_appointment(by=patient, now=at, **given)


def _move(story: Story, visit: Any, patient: Actor, at: datetime) -> None:
    free = times.free_times(
        story.practice_id, visit.service_id, from_=visit.day + timedelta(days=2), days=5, now=at, limit=30
    )
    if not free:
        return
    offer = story.chance.choice(free)
    to = Slot(day=offer.day, wall_time=offer.wall_time, practitioner_id=offer.practitioner_id)
    given = {"practice_id": story.practice_id, "appointment_id": visit.pk}
    moved = diary.move_appointment(to=to, by=patient, now=at, **given)
    _the_day(story, moved, given)


def _the_day(story: Story, visit: Any, given: dict[str, Any]) -> None:
    desk, start, chance = story.desk, visit.starts_at, story.chance
    if chance.random() < 0.05 and visit.day != story.today:
        story.at(start + timedelta(minutes=20), lambda at: diary.miss_appointment(by=desk, now=at, **given))
        return
    early = timedelta(minutes=chance.randrange(1, 9))
    length = timedelta(minutes=visit.minutes + chance.randrange(-4, 6))
    story.at(start - early, lambda at: diary.arrive_appointment(by=desk, now=at, **given))
    story.at(start + timedelta(minutes=2), lambda at: diary.start_appointment(by=desk, now=at, **given))
    story.at(start + length, lambda at: diary.finish_appointment(by=desk, now=at, **given))
    if chance.random() < 0.45:
        words = chance.choice(PRAISE) if chance.random() < 0.7 else ""
        score = chance.choice((5, 5, 5, 4))
        told = start + timedelta(hours=chance.randrange(4, 30))
        story.at(told, lambda at: _tell(visit, given, Answers(score, words), at))


def _tell(visit: Any, given: dict[str, Any], answers: Answers, at: datetime) -> None:
    give_response(answers=answers, by=Actor("patient", visit.patient_id), now=at, **given)


def _conversations(story: Story) -> None:
    by_given: dict[str, UUID] = {}
    for name, patient in story.people.items():
        by_given.setdefault(name.split(" ")[0], patient)
    for n, (given, words, reply) in enumerate(EARLIER):
        asked = story.wall(story.today - timedelta(days=20 + 9 * n), time(11, 5))
        story.at(asked, _writes(story, by_given[given], words))
        story.at(asked + timedelta(minutes=24), _answers(story, by_given[given], reply))
    for n, (given, words) in enumerate(QUESTIONS):
        story.at(story.end - timedelta(minutes=50 - 12 * n), _writes(story, by_given[given], words))
    complained = story.wall(story.today - timedelta(days=1), time(16, 12))
    story.at(complained, lambda at: _complain(story, story.people["Tor Lind"], at))


def _writes(story: Story, patient_id: UUID, words: str) -> Callable[[datetime], None]:
    def happen(at: datetime) -> None:
        message = inbox.Incoming(patient_id=patient_id, words=words)
        inbox.receive_message(practice_id=story.practice_id, message=message, by=Actor("patient", patient_id), now=at)

    return happen


def _answers(story: Story, patient_id: UUID, words: str) -> Callable[[datetime], None]:
    def happen(at: datetime) -> None:
        talk = conversation_of(story.practice_id, patient_id)
        if talk.conversation_id:
            inbox.reply(
                practice_id=story.practice_id, conversation_id=talk.conversation_id, words=words,
                answers_to=talk.last_n, by=story.desk, now=at,
            )  # fmt: skip

    return happen


def _complain(story: Story, patient_id: UUID, at: datetime) -> None:
    visits = [v for v in times.visits_of(story.practice_id, patient_id) if str(v.state) == "done"]  # latest first
    if visits:
        given = {"practice_id": story.practice_id, "appointment_id": visits[0].appointment_id}
        give_response(answers=Answers(2, COMPLAINT), by=Actor("patient", patient_id), now=at, **given)
