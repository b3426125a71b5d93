"""Eight processes do whatever can be done, in any order, on one book: nothing overlaps, and the record is the book."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from glede.config.postgres import OWNER, Cluster
from glede.diary import errors, operations
from glede.diary.models import Appointment, Claim, HeldTime, Leave
from glede.diary.operations import NewLeave, NewSeries
from glede.diary.operations.holding import HELD_FOR, secret_of
from glede.diary.requests import Booking, ListedVisit, Slot, TimeToHold
from glede.diary.series import Chosen, Rule, Unit, days
from glede.diary.tests.stories import THURSDAY, follow, not_owed, oslo
from glede.diary.tests.test_races import crowd
from glede.kernel.actor import IMPORT, STRANGER
from glede.ledger.queries import verify
from glede.people import operations as people
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.operations import ChangedSince
from tests.cast import House, open_solberg
from tests.depth import DEPTH

pytestmark = pytest.mark.slow

HANDS = 8
FEW = 320
OPERATIONS = FEW if DEPTH == 1 else 10_000 * DEPTH
PEOPLE, DAYS = 24, 4
CODES = ["eye-test", "eye-test", "lens-check"]  # the last is followed by another one
REFUSALS = (
    errors.Refused, errors.NoSuchLeave, ChangedSince, people.CannotMerge, people.NoSuchPatient,
)  # fmt: skip
FORKED = multiprocessing.get_context("fork")


@dataclass
class Hand:
    """One process: its dice, and what it did."""

    house: House
    people: list[str]
    dice: Random
    done: Counter[str] = field(default_factory=Counter)

    def work(self, times: int) -> Counter[str]:
        """Do something so many times; what the diary refuses is an answer like another."""
        ways: list[Callable[[], Any]] = [
            self.book, self.book, self.book_by_link, self.move, self.move, self.move_by_link, self.bring, self.cancel,
            self.cancel, self.bring_back, self.squeeze, self.merge, self.part, self.go_on,
            self.come_again, self.hold, self.hold, self.let_go, self.take_over, self.go_away, self.come_back,
        ]  # fmt: skip
        for _ in range(times):
            way = self.dice.choice(ways)
            try:
                way()
            except REFUSALS as refusal:
                self.done[f"{way.__name__}: {type(refusal).__name__}"] += 1
            else:
                self.done[way.__name__] += 1
        return self.done

    def given(self, by: Any = None) -> dict[str, Any]:
        return {"practice_id": self.house.id, "by": by or self.house.by("ingrid"), "now": self.house.now}

    def day(self) -> date:
        return THURSDAY + timedelta(days=self.dice.randrange(DAYS))

    def clock(self) -> time:
        return time(self.dice.randrange(9, 17), self.dice.choice([0, 10, 20, 30, 45]))

    def chair(self) -> UUID | None:
        return self.dice.choice([None, *self.house.chairs.values()])

    def somebody(self) -> str:
        return self.dice.choice(self.people)

    def visit(self) -> UUID:
        with scope.transaction(self.house.id):
            there = list(Appointment.objects.order_by("-id").values_list("id", flat=True)[:40])
        return self.dice.choice(there) if there else UUID(int=1)

    def wish(self, who: str) -> Booking:
        return Booking(
            patient_id=self.house.people[who], service_id=self.house.services[self.dice.choice(CODES)], day=self.day(),
            wall_time=self.clock(), practitioner_id=self.chair(), minutes=self.dice.choice([None, 10, 60]),
        )  # fmt: skip

    def book(self) -> None:
        operations.book_appointment(request=self.wish(self.somebody()), **self.given())

    def book_by_link(self) -> None:
        who = self.somebody()
        operations.book_appointment(request=self.wish(who), **self.given(self.house.by(who)))

    def move(self) -> None:
        self._move(self.given())

    def move_by_link(self) -> None:
        self._move(self.given(self.house.by(self.somebody())))

    def _move(self, given: dict[str, Any]) -> None:
        to = Slot(day=self.day(), wall_time=self.clock(), practitioner_id=self.chair())
        operations.move_appointment(appointment_id=self.visit(), to=to, **given)

    def bring(self) -> None:
        lines = [
            ListedVisit(
                external_id=f"A{self.dice.randrange(40)}", patient_id=self.house.people[self.somebody()],
                day=self.day(), wall_time=self.clock(), minutes=30, practitioner_id=self.chair(),
            )
            for _ in range(3)
        ]  # fmt: skip
        unlike = list({line.external_id: line for line in lines}.values())
        operations.import_appointments(rows=unlike, **self.given(IMPORT))

    def cancel(self) -> None:
        operations.cancel_appointment(appointment_id=self.visit(), reason="time", **self.given())

    def bring_back(self) -> None:
        operations.reinstate_appointment(appointment_id=self.visit(), **self.given())

    def squeeze(self) -> None:
        operations.squeeze_in(request=self.wish(self.somebody()), reason="urgent", **self.given())

    def merge(self) -> None:
        keep, merge = (self.house.people[who] for who in self.dice.sample(self.people, 2))
        people.merge_patients(keep_id=keep, merge_id=merge, **self.given())

    def part(self) -> None:
        people.unmerge_patient(patient_id=self.house.people[self.somebody()], **self.given())

    def come_again(self) -> None:
        how, at = Rule(self.day(), self.dice.choice([1, 7]), Unit.DAY, 2), self.clock()
        chosen = tuple(Chosen(n, day, at, self.chair()) for n, day in enumerate(days(how), start=1))
        new = NewSeries(self.house.people[self.somebody()], None, None, how, at, chosen)
        made = operations.begin_series(new=new, **self.given())
        operations.book_series(series_id=made, **self.given())
        if self.dice.random() < 0.5:
            operations.end_series(series_id=made, reason="time", **self.given())

    def hold(self) -> None:
        """Keep a time, now or so long ago that it is past its moment."""
        before = self.secret() if self.dice.random() < 0.3 else ""
        wanted = TimeToHold(
            day=self.day(), wall_time=self.clock(), service_id=self.house.services[self.dice.choice(CODES)],
            practitioner_id=self.chair(), instead_of=before,
        )  # fmt: skip
        now = self.house.now - self.dice.choice([timedelta(), HELD_FOR])
        operations.hold_time(request=wanted, **self.given(STRANGER) | {"now": now})

    def secret(self) -> str:
        with scope.transaction(self.house.id):
            there = list(HeldTime.objects.order_by("-id")[:20])
        return secret_of(self.dice.choice(there)) if there else ""

    def let_go(self) -> None:
        operations.release_hold(secret=self.secret(), **self.given(STRANGER))

    def take_over(self) -> None:
        somebody = PersonForm(given_name="Ny", family_name=str(self.dice.random()), phones=("912 34 567",))
        operations.book_held(secret=self.secret(), person=somebody, **self.given(STRANGER))

    def go_away(self) -> None:
        begins, day = self.dice.randrange(9, 16), self.day()
        chair = self.dice.choice(list(self.house.chairs.values()))
        new = NewLeave(chair, "course", day, day, time(begins), time(begins + 1))
        operations.take_leave(new=new, **self.given(self.house.by("nina")))

    def come_back(self) -> None:
        with scope.transaction(self.house.id):
            there = list(Leave.objects.filter(ended_at=None).values_list("pk", flat=True))
        given = self.given(self.house.by("nina"))
        for key in self.dice.sample(there, min(2, len(there))):
            change = operations.end_leave(leave_id=key, **given)
            if change and self.dice.random() < 0.3:
                operations.undo_leave(change_id=change, **given)

    def go_on(self) -> None:
        act = self.dice.choice([operations.confirm_appointment, operations.strike_out_appointment])
        act(appointment_id=self.visit(), **self.given())


def work(hand: Hand, times: int, told: Any) -> None:
    """In a process of its own: work, and tell what came of it, an error that nobody foresaw too."""
    try:
        told.send((hand.work(times), ""))
    except Exception as error:
        told.send((hand.done, repr(error)))
    finally:
        connections.close_all()


def let_work(house: House, times: int) -> tuple[Counter[str], list[str]]:
    """Let eight processes work at once, and return what they did and what went wrong."""
    names = crowd(house, PEOPLE)
    follow(house, of="lens-check")
    connections.close_all()
    hands = []
    for number in range(HANDS):
        here, there = FORKED.Pipe()
        hand = Hand(house, names, Random(number))
        process = FORKED.Process(target=work, args=(hand, times // HANDS, there))
        process.start()
        hands.append((process, here))
    found = [here.recv() for _, here in hands]
    for process, _ in hands:
        process.join()
    done: Counter[str] = sum((counted for counted, _ in found), Counter())
    return done, [error for _, error in found if error]


def test_whatever_eight_hands_do_nothing_overlaps_and_every_visit_has_its_events(own_database: str) -> None:
    house = open_solberg("kari")
    done, wrong = let_work(house, OPERATIONS)
    assert wrong == []
    assert sum(done.values()) == OPERATIONS
    # Every path was gone; in the few operations of depth 1 not each of them need have got what it asked for.
    ways = {"book", "book_by_link", "move", "move_by_link", "bring", "cancel", "bring_back", "squeeze", "merge", "part"}
    ways |= {"come_again", "hold", "let_go", "take_over", "go_away", "come_back"}
    assert ways <= ({name.partition(":")[0] for name in done} if DEPTH == 1 else set(done))
    assert done["book: TimeTaken"] + done["move: TimeTaken"] > 0
    report = verify(house.id)
    assert report.problems == []
    assert not_owed(house, house.now) == set()
    with scope.transaction(house.id):
        assert report.counts["visits"] == Appointment.objects.count()
        assert Claim.objects.filter(is_active=True).count() > 0
        # Few hands' work may not meet a time held past its moment.
        assert DEPTH == 1 or set(HeldTime.End.values) <= set(HeldTime.objects.values_list("end", flat=True))
        assert Appointment.objects.filter(part_of__isnull=False).exists()


def test_without_the_constraint_they_sit_on_each_other(own_database: str, cluster: Cluster) -> None:
    house = open_solberg("kari")
    with psycopg.connect(cluster.url(OWNER, own_database)) as owner:
        owner.execute("alter table diary_claim drop constraint diary_no_double_booking")
    let_work(house, FEW)
    assert any(problem.startswith("two visits hold") for problem in verify(house.id).problems)
    # And two who only hold one time do, on a day nobody else asked for.
    late = THURSDAY + timedelta(days=7)
    for _ in range(2):
        wanted = TimeToHold(
            day=late, wall_time=time(10), service_id=house.services["eye-test"], practitioner_id=house.chairs["amal"]
        )
        operations.hold_time(practice_id=house.id, request=wanted, by=STRANGER, now=house.now)
    begins = oslo("10:00", late).isoformat()
    assert f"two visits hold {house.chairs['amal']} at {begins}" in verify(house.id).problems
