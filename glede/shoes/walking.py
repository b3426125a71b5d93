"""Walk: let the engine run from one thing that happens to the next, and let the person and the desk act on it.

The engine is the one of the field. Its clock is moved by ``journeys.advance``, as ``glede tick`` moves it; nothing here
plans, words or sends. All this does is what people do: they book, answer, move, forget, complain; the desk picks up the
phone and writes back. What they do follows from the persona and the seed.
"""

import contextlib
import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from glede.diary import operations as diary
from glede.diary import queries as times
from glede.diary.errors import Refused
from glede.diary.facts import VisitFacts
from glede.diary.requests import Booking, Slot
from glede.diary.rules import AHEAD, Source
from glede.feedback.operations import Answers, give_response
from glede.inbox import operations as inbox
from glede.journeys.operations import advance
from glede.journeys.operations.sharing import next_sharing_out
from glede.kernel.actor import Actor, colleague, patient
from glede.kernel.clock import at_wall, day_of
from glede.outbox.due import due_at
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id
from glede.promises.queries import open_promises
from glede.shoes import choosing, desk, habits
from glede.shoes.models import Frame, Walk
from glede.shoes.personas import PERSONAS, STAND_IN, UNHAPPY, Persona, in_language
from glede.shoes.seeing import Seen, desk_now, messages_since, promises_since, told_at

ASKS_FOR_AN_ANSWER = frozenset({"3", "5", "6"})
THANKS = "12"

Moment = tuple[str, int, str, str]


@dataclass
class Walking:
    """A walk under way. ``frames`` are those not written yet."""

    walk: Walk
    persona: Persona
    practice: Practice = field(init=False)
    frames: list[Frame] = field(default_factory=list)
    moments: list[Moment] = field(init=False)
    told: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.practice = practice_by_id(self.walk.practice_id)
        self.moments = [(at, n, kind, about) for at, n, kind, about in self.state.setdefault("moments", [])]
        self.told = set(self.state.setdefault("told", []))

    @property
    def state(self) -> dict[str, Any]:
        """What is kept between two steps, as plain values."""
        state: dict[str, Any] = self.walk.state
        return state

    @property
    def now(self) -> datetime:
        """What the copy's clock shows."""
        shown = practice_by_id(self.walk.practice_id).virtual_now
        assert shown is not None  # noqa: S101 - a copy's clock is virtual, the table says so
        return shown

    @property
    def person_id(self) -> UUID:
        """Whose shoes: a person of the copy."""
        return UUID(self.state["person"])

    @property
    def by(self) -> Actor:
        """The person."""
        return patient(self.person_id)

    @property
    def desk(self) -> Actor:
        """Whoever is at the desk."""
        return colleague(UUID(self.state["desk"]))

    def begin(self) -> None:
        """Let somebody find us on their first day."""
        first = day_of(self.walk.began_at, self.practice.zone)
        found = at_wall(first, self.persona.habits.books_at, self.practice.zone)
        self.at(
            found
            if found >= self.walk.began_at
            else choosing.good_hour(self.practice, self.persona.habits, self.walk.began_at),
            "book",
        )

    def at(self, moment: datetime, kind: str, about: UUID | str = "") -> None:
        """Let something happen at ``moment``, if that is before the end."""
        if moment < self.walk.ends_at:
            self.state["count"] = self.state.get("count", 0) + 1
            heapq.heappush(self.moments, (moment.isoformat(), self.state["count"], kind, str(about)))

    def run(self, to: datetime) -> None:
        """Live on up to ``to``: from one thing that happens to the next."""
        now = self.now
        self._settle(now)
        while (coming := self._next(now)) is not None and coming <= to:
            now = coming
            self._settle(now)
            while self.moments and datetime.fromisoformat(self.moments[0][0]) <= now:
                _at, _n, kind, about = heapq.heappop(self.moments)
                with contextlib.suppress(Refused):
                    HAPPENS[kind](self, about, now)
                self._settle(now)
        if to > now:
            self._settle(to)

    def step(self) -> None:
        """Live on to the next thing that is seen, or to the end."""
        before, now = len(self.frames), self.now
        while len(self.frames) == before and now < self.walk.ends_at:
            now = min(self._next(now) or self.walk.ends_at, self.walk.ends_at)
            self.run(now)

    def do(self, what: str, words: str) -> None:
        """Do something in the person's place, now, and let what follows from it happen. Raises what the rooms raise."""
        now, visit = self.now, self.coming()
        if what == "say":
            self.say(words, now)
        elif what == "complain":
            self.say(in_language(self.persona.habits.complaint or UNHAPPY, self.walk.language), now)
        elif what == "book":
            self.book("", now)
        elif what == "move" and visit is not None:
            self.move(str(visit.appointment_id), now)
        elif what == "buy_nothing":
            self.state["buys_nothing"] = True
            self.did("buys_nothing", now, by="patient")
        elif what == "felt":
            self.see(Seen("felt", {"text": words}), now)
        self._settle(now)

    def _next(self, now: datetime) -> datetime | None:
        with scope.transaction(self.practice.pk, read_only=True):
            found = [due_at(self.practice.pk, at=now).next_at, next_sharing_out(self.practice, after=now)]
        if self.moments:
            found.append(max(now, datetime.fromisoformat(self.moments[0][0])))
        return min((one for one in found if one is not None), default=None)

    def _settle(self, now: datetime) -> None:
        """Let the engine do what is due, look at what came of it, and let people make up their minds about it."""
        advance(self.practice.pk, to=now, is_counted=False)
        with scope.transaction(self.practice.pk, read_only=True):
            seen = [
                *messages_since(self.practice.pk, self.told, self._codes), *promises_since(self.practice.pk, self.told)
            ]  # fmt: skip
        for one in seen:
            self.see(one, now)
        for one in seen:
            self._answer_to(one, now)
        self._take_up(now)

    def _codes(self) -> list[str]:
        """Return the codes of their links, the one of the visit booked last at the end."""
        codes = [visit.link_code for visit in sorted(self._visits(), key=lambda visit: visit.booked_at)]
        self.state["code"] = codes[-1] if codes else ""
        return codes

    def see(self, one: Seen, now: datetime) -> None:
        """Keep a frame."""
        began = day_of(self.walk.began_at, self.practice.zone)
        self.state["frames"] = n = self.state.get("frames", 0) + 1
        with scope.transaction(self.practice.pk, read_only=True):
            owed = desk_now(self.practice.pk, self.practice.zone)
        seen = {
            "n": n, "day": (day_of(now, self.practice.zone) - began).days + 1, "at": told_at(now, self.practice.zone),
            "kind": one.kind, **one.facts, "desk": owed,
        }  # fmt: skip
        code = self.state.get("code", "")
        self.frames.append(Frame(practice_id=self.practice.pk, walk=self.walk, n=n, at=now, seen=seen, code=code))

    # What the person does about what came.

    def _answer_to(self, one: Seen, now: datetime) -> None:
        visit = self.coming()
        row = one.facts.get("row")
        if one.kind != "message":
            return
        if row in ASKS_FOR_AN_ANSWER and visit is not None and visit.confirmed_at is None:
            self.state["asked"] = self.state.get("asked", 0) + 1
            after = habits.confirms_in(self.persona.habits, self.walk.seed, self._number(), self.state["asked"])
            if after is not None and now + after < visit.starts_at:
                self.at(now + after, "confirm", visit.appointment_id)
        if row == THANKS:
            self.at(now + habits.tells_in(self.walk.seed, self._number()), "tell")

    def _take_up(self, now: datetime) -> None:
        """Let the desk put on its list whatever it was promised to do and has not looked at yet."""
        taken = self.state.setdefault("taken", [])
        for owed in open_promises(self.practice.pk):
            if str(owed.id) not in taken:
                taken.append(str(owed.id))
                desk.take(self, owed, now)

    # What there is to know of their visits.

    def _visits(self) -> list[VisitFacts]:
        return times.visits_of(self.practice.pk, self.person_id)

    def coming(self) -> VisitFacts | None:
        """Return the next visit that stands, or None."""
        ahead = [visit for visit in self._visits() if visit.state in AHEAD and visit.part_of is None]
        return min(ahead, key=lambda visit: visit.starts_at, default=None)

    def last(self) -> VisitFacts | None:
        """Return the visit that took place last, or None."""
        done = [visit for visit in self._visits() if visit.done_at is not None and visit.part_of is None]
        return max(done, key=lambda visit: visit.starts_at, default=None)

    def _number(self) -> int:
        return len(self._visits())

    def _given(self, visit_id: UUID | str, by: Actor, now: datetime) -> dict[str, Any]:
        return {"practice_id": self.practice.pk, "appointment_id": UUID(str(visit_id)), "by": by, "now": now}

    def did(self, what: str, now: datetime, **facts: Any) -> None:
        """Keep a frame of something that somebody did."""
        self.see(Seen("did", {"what": what, **facts}), now)

    # What happens: what people do.

    def book(self, _about: str, now: datetime) -> None:
        """Book the first free visit from the wished day on, and make up one's mind about it."""
        again = self._number() > 0
        wished = day_of(now, self.practice.zone) + timedelta(days=1 if again else self.persona.habits.lead_days)
        service = choosing.service_for(self.practice.pk, visits=self._number())
        if service is None or self.coming() is not None:
            return
        offer = choosing.free_time(self.practice.pk, service.id, wished, seed=self.walk.seed, now=now)
        if offer is None:
            return
        on_their_own = self.persona.habits.books_by == "link"
        asked = Booking(
            patient_id=self.person_id, service_id=service.id, practitioner_id=offer.practitioner_id,
            day=offer.day, wall_time=offer.wall_time,
            source=(Source.LINK if again else Source.ONLINE) if on_their_own else Source.DESK,
        )  # fmt: skip
        by = self.by if on_their_own else self.desk
        visit = diary.book_appointment(practice_id=self.practice.pk, request=asked, by=by, now=now)
        self.did("booked", now, by=by.role, service=service.code, visit=told_at(visit.starts_at, self.practice.zone))
        if not again and self.persona.habits.asks:
            self.at(now + habits.asks_in(self.walk.seed), "ask")
        self._make_up_mind(visit.pk, visit.starts_at, now, times_moved=0)

    def _make_up_mind(self, visit_id: UUID, starts_at: datetime, now: datetime, *, times_moved: int) -> None:
        mind = habits.answer_to_booking(self.persona.habits, self.walk.seed, self._number(), times_moved=times_moved)
        if mind.moves_after is not None:
            self.at(
                choosing.good_hour(self.practice, self.persona.habits, now + (starts_at - now) * mind.moves_after),
                "move",
                visit_id,
            )
            return
        if mind.forgets:
            self.at(starts_at + timedelta(minutes=20), "forget", visit_id)
            return
        self.at(starts_at - timedelta(minutes=5), "arrive", visit_id)

    def move(self, about: str, now: datetime) -> None:
        """Move a visit to the first free time some days later."""
        visit = times.appointment_for(self.practice.pk, UUID(about))
        wished = visit.day + timedelta(days=2)
        offer = choosing.free_time(self.practice.pk, visit.service_id, wished, seed=self.walk.seed, now=now)
        if offer is None:
            return
        to = Slot(day=offer.day, wall_time=offer.wall_time, practitioner_id=offer.practitioner_id)
        by = self.by if self.persona.habits.books_by == "link" else self.desk
        moved = diary.move_appointment(to=to, **self._given(about, by, now))
        self.did("moved", now, by=by.role, visit=told_at(moved.starts_at, self.practice.zone))
        self._make_up_mind(moved.pk, moved.starts_at, now, times_moved=1)

    def confirm(self, about: str, now: datetime) -> None:
        """Say that one comes."""
        diary.confirm_appointment(**self._given(about, self.by, now))
        self.did("confirmed", now, by="patient")

    def arrive(self, about: str, now: datetime) -> None:
        """Come, where the visit still stands at this hour."""
        visit = times.appointment_for(self.practice.pk, UUID(about))
        if visit.state not in AHEAD or abs(visit.starts_at - now) > timedelta(minutes=30):
            return
        diary.arrive_appointment(**self._given(about, self.desk, now))
        self.did("arrived", now, by="patient")
        self.at(visit.starts_at + timedelta(minutes=2), "start", about)

    def start(self, about: str, now: datetime) -> None:
        """Be shown in."""
        visit = diary.start_appointment(**self._given(about, self.desk, now))
        self.at(now + timedelta(minutes=visit.minutes), "finish", about)

    def finish(self, about: str, now: datetime) -> None:
        """Be done, and come again where they are one who does."""
        diary.finish_appointment(**self._given(about, self.desk, now))
        buys = self.persona.habits.buys and not self.state.get("buys_nothing")
        self.did("done", now, by="desk", buys=buys)
        done = sum(visit.done_at is not None for visit in self._visits())
        days = habits.comes_again_in(self.persona.habits, done) if buys else None
        if days is not None:
            self.at(choosing.good_hour(self.practice, self.persona.habits, now + timedelta(days=days)), "book")

    def forget(self, about: str, now: datetime) -> None:
        """Not come."""
        diary.miss_appointment(**self._given(about, self.desk, now))
        self.did("missed", now, by="patient")
        self.at(choosing.good_hour(self.practice, self.persona.habits, now + timedelta(days=1, hours=2)), "book")

    def ask(self, _about: str, now: datetime) -> None:
        """Write what one wonders about."""
        self.say(in_language(self.persona.habits.asks, self.walk.language), now)

    def say(self, words: str, now: datetime) -> None:
        """Write to the practice."""
        visit = self.coming()
        message = inbox.Incoming(
            patient_id=self.person_id, words=words, appointment_id=visit.appointment_id if visit else None
        )
        inbox.receive_message(practice_id=self.practice.pk, message=message, by=self.by, now=now)
        self.see(Seen("said", {"text": words}), now)

    def tell(self, _about: str, now: datetime) -> None:
        """Say how the last visit was, or nothing."""
        visit, own = self.last(), self.persona.habits
        if visit is None or own.score is None:
            return
        words = in_language(own.complaint or own.praise, self.walk.language)
        answers = Answers(own.score, words)
        give_response(answers=answers, **self._given(visit.appointment_id, self.by, now))
        self.see(Seen("said", {"text": words, "score": own.score}), now)

    def see_to(self, about: str, now: datetime) -> None:
        """Let the desk do what it promised, if it still owes it."""
        desk.see_to(self, UUID(about), now)


HAPPENS = {
    kind: getattr(Walking, kind)
    for kind in ("book", "move", "confirm", "arrive", "start", "finish", "forget", "ask", "tell", "see_to")
}


def of(walk: Walk) -> Walking:
    """Return the walk under way that a row tells of. Whoever stands in for a real person acts as people mostly do."""
    return Walking(walk, PERSONAS.get(walk.persona, STAND_IN))
