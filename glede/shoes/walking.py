"""Walk: let the engine run from one thing that happens to the next, and let the person and the desk act on it.

The engine is the one of the field. Its clock is moved by ``journeys.advance``, as ``glede tick`` moves it; nothing here
plans, words or sends. All this does is what people do: they book, answer, move, forget, complain; the desk picks up the
phone and writes back. What they do follows from the persona and the seed.
"""

import contextlib
import heapq
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from glede.catalogue.queries import services
from glede.catalogue.rules import ServiceCard
from glede.diary import operations as diary
from glede.diary import queries as times
from glede.diary.errors import Refused
from glede.diary.facts import VisitFacts
from glede.diary.requests import Booking, Slot
from glede.diary.rules import AHEAD, Source
from glede.feedback.operations import Answers, give_response
from glede.inbox import operations as inbox
from glede.inbox.queries import conversation_of
from glede.journeys.operations import advance, note_call
from glede.journeys.operations.sharing import next_sharing_out
from glede.kernel.actor import Actor, colleague, patient
from glede.kernel.clock import at_wall, day_of
from glede.outbox.due import due_at
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import keep_promise
from glede.promises.queries import Owed, open_promises, promise_for
from glede.shoes import habits
from glede.shoes.models import Frame, Walk
from glede.shoes.personas import PERSONAS, STAND_IN, Persona, in_language
from glede.shoes.seeing import Seen, desk_now, messages_since, promises_since, told_at

MOST_CALLS = 3
AWAKE = time(8, 5)
RINGS = frozenset({"call", "recover", "undelivered", "move_ok", "right"})
REPLY = {"nb": "Ja, det er helt i orden. Bare si fra om du lurer på mer.", "en": "Yes, of course. Ask us anything."}
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
        self.at(found if found >= self.walk.began_at else self._at_a_good_hour(self.walk.began_at), "book")

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
            codes = {visit.link_code: "" for visit in self._visits()}
            seen = [*messages_since(self.practice.pk, self.told, codes), *promises_since(self.practice.pk, self.told)]
        for one in seen:
            self.see(one, now)
        for one in seen:
            self._answer_to(one, now)
        self._take_up(now)

    def see(self, one: Seen, now: datetime) -> None:
        """Keep a frame."""
        began = day_of(self.walk.began_at, self.practice.zone)
        self.state["frames"] = n = self.state.get("frames", 0) + 1
        with scope.transaction(self.practice.pk, read_only=True):
            desk = desk_now(self.practice.pk, self.practice.zone)
            newest = max(self._visits(), key=lambda visit: visit.booked_at, default=None)
        seen = {
            "n": n, "day": (day_of(now, self.practice.zone) - began).days + 1, "at": told_at(now, self.practice.zone),
            "kind": one.kind, **one.facts, "desk": desk,
        }  # fmt: skip
        code = newest.link_code if newest else ""
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
                self._see_to(owed, now)

    def _see_to(self, owed: Owed, now: datetime) -> None:
        self.state["tasks"] = self.state.get("tasks", 0) + 1
        minutes = habits.answers_in(self.walk.seed, self.state["tasks"]).total_seconds() / 60
        self.at(opening_hours(self.practice).add_open_minutes(now, minutes), "see_to", owed.id)

    def _at_a_good_hour(self, moment: datetime) -> datetime:
        """Return when they do it: who rings us waits until we are open, and nobody does it at night."""
        if self.persona.habits.books_by == "desk":
            return opening_hours(self.practice).next_open(moment)
        zone = self.practice.zone
        return max(moment, at_wall(day_of(moment, zone), AWAKE, zone))

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
        service = self._service(again=again)
        if service is None or self.coming() is not None:
            return
        offer = self._free(service.id, wished, now)
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
            self.at(self._at_a_good_hour(now + (starts_at - now) * mind.moves_after), "move", visit_id)
            return
        if mind.forgets:
            self.at(starts_at + timedelta(minutes=20), "forget", visit_id)
            return
        self.at(starts_at - timedelta(minutes=5), "arrive", visit_id)

    def move(self, about: str, now: datetime) -> None:
        """Move a visit to the first free time some days later."""
        visit = times.appointment_for(self.practice.pk, UUID(about))
        offer = self._free(visit.service_id, visit.day + timedelta(days=2), now)
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
        self.did("done", now, by="desk", buys=self.persona.habits.buys)
        done = sum(visit.done_at is not None for visit in self._visits())
        days = habits.comes_again_in(self.persona.habits, done)
        if days is not None:
            self.at(self._at_a_good_hour(now + timedelta(days=days)), "book")

    def forget(self, about: str, now: datetime) -> None:
        """Not come."""
        diary.miss_appointment(**self._given(about, self.desk, now))
        self.did("missed", now, by="patient")
        self.at(self._at_a_good_hour(now + timedelta(days=1, hours=2)), "book")

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

    # What the desk does.

    def see_to(self, about: str, now: datetime) -> None:
        """Ring, write back, or do what else was promised."""
        owed = promise_for(self.practice.pk, UUID(about))
        if owed is None or owed.closed_at is not None:
            return
        if owed.kind == "answer":
            self._write_back(now)
        elif owed.kind in RINGS:
            self._ring(owed, now)
        else:
            self._keep(owed, "done", now)

    def _write_back(self, now: datetime) -> None:
        talk = conversation_of(self.practice.pk, self.person_id)
        if talk.conversation_id is not None:
            inbox.reply(
                practice_id=self.practice.pk, conversation_id=talk.conversation_id,
                words=in_language(REPLY, self.walk.language), answers_to=talk.last_n, by=self.desk, now=now,
            )  # fmt: skip

    def _ring(self, owed: Owed, now: datetime) -> None:
        self.state["calls"] = self.state.get("calls", 0) + 1
        reached = habits.picks_up(self.persona.habits, self.walk.seed, self.state["calls"])
        self.did("rung", now, by="desk", promise=owed.kind, reached=reached)
        if owed.subject.kind == "appointment" and "row" in owed.detail and owed.kind == "call":
            outcome = "reached" if reached else "not_reached"
            note_call(practice_id=self.practice.pk, promise_id=owed.id, outcome=outcome, by=self.desk, now=now)
        elif reached:
            self._keep(owed, "reached", now)
        tries = self.state.setdefault("tries", {})
        tries[str(owed.id)] = tries.get(str(owed.id), 0) + 1
        if not reached and tries[str(owed.id)] < MOST_CALLS:
            self._see_to(owed, now)

    def _keep(self, owed: Owed, reason: str, now: datetime) -> None:
        keep_promise(
            practice_id=self.practice.pk,
            promise_id=owed.id,
            evidence=owed.subject,
            reason=reason,
            by=self.desk,
            now=now,
        )

    def _service(self, *, again: bool) -> ServiceCard | None:
        """Return what somebody asks for: the visit of those who are new, then the shortest, then what is first."""
        found = [one for one in services(self.practice.pk) if not one.is_ended]
        fitting = [one for one in found if one.for_new != again] or found
        comes_to_collect = again and self._number() == 1
        return min(fitting, key=lambda one: one.minutes if comes_to_collect else 0, default=None)

    def _free(self, service_id: UUID | None, wished: date, now: datetime) -> Any:
        free = times.free_times(self.practice.pk, service_id, from_=wished, days=28, now=now, limit=40)
        dice = habits.chance(self.walk.seed, f"time {wished}")
        of_day = [one for one in free if one.day == free[0].day and one.wall_time < time(17)]
        return dice.choice(of_day) if of_day else None


HAPPENS = {
    kind: getattr(Walking, kind)
    for kind in ("book", "move", "confirm", "arrive", "start", "finish", "forget", "ask", "tell", "see_to")
}


def of(walk: Walk) -> Walking:
    """Return the walk under way that a row tells of. Whoever stands in for a real person acts as people mostly do."""
    return Walking(walk, PERSONAS.get(walk.persona, STAND_IN))
