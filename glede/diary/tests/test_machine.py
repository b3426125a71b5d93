"""Random lives of a diary: whatever is done in whatever order, nothing overlaps and the record is the diary."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from glede.diary import errors, operations
from glede.diary.models import Appointment, Leave
from glede.diary.operations import NewLeave, NewSeries
from glede.diary.operations.holding import secret_of
from glede.diary.requests import Booking, ListedVisit, Slot, TimeToHold
from glede.diary.rules import AHEAD, REASONS, State
from glede.diary.series import Chosen, Rule, Unit, days
from glede.diary.tests.stories import follow, not_owed
from glede.kernel.actor import IMPORT, STRANGER, SYSTEM, Actor
from glede.ledger.queries import verify
from glede.people.values import PersonForm
from glede.practices import scope
from tests.cast import MORNING, House, open_solberg
from tests.depth import DEPTH, count

pytestmark = pytest.mark.django_db

# A few days and few hours, so that visits meet; both ends lie outside the opening hours.
DAYS = st.sampled_from([date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28)])
CLOCKS = st.one_of(st.none(), st.builds(time, st.integers(8, 17), st.sampled_from([0, 10, 20, 30, 45])))
LENGTHS = st.sampled_from([None, 5, 20, 40, 90])
PICK = st.integers(0, 10_000)
CODES = st.sampled_from(["eye-test", "lens-check"])
HANDS = st.sampled_from(["ingrid", "kari", "system"])
SIMPLE = st.sampled_from([
    operations.confirm_appointment, operations.arrive_appointment, operations.start_appointment,
    operations.finish_appointment, operations.miss_appointment, operations.reinstate_appointment,
    operations.strike_out_appointment, operations.revoke_link,
])  # fmt: skip


class Diary(RuleBasedStateMachine):
    """Every act of the diary, in any order, on one practice whose clock runs on."""

    house: House
    now: datetime
    visits: list[UUID]

    @initialize()
    def open(self) -> None:
        self.own = transaction.atomic()
        self.own.__enter__()
        self.offered: list[timedelta] = []
        self.secrets: list[str] = []
        self.house, self.now, self.visits = open_solberg("kari", "jonas"), MORNING, []
        follow(self.house, of="lens-check")

    def teardown(self) -> None:
        if hasattr(self, "own"):
            transaction.set_rollback(True)
            self.own.__exit__(None, None, None)

    def hand(self, name: str) -> Actor:
        return SYSTEM if name == "system" else self.house.by(name)

    def chair(self, pick: int) -> UUID | None:
        return [None, *self.house.chairs.values()][pick % 4]

    @contextmanager
    def refusable(self) -> Iterator[None]:
        try:
            yield
        except errors.Refused as refusal:
            self.offered += [offer.starts_at - self.now for offer in getattr(refusal, "alternatives", ())]

    def about(self, pick: int, hand: str) -> dict[str, Any]:
        visit = self.visits[pick % len(self.visits)] if self.visits else UUID(int=pick)
        return {"appointment_id": visit, **self.given(hand)}

    def given(self, hand: str) -> dict[str, Any]:
        return {"practice_id": self.house.id, "by": self.hand(hand), "now": self.now}

    def know(self, visit: UUID) -> None:
        """Remember a visit, and what follows it."""
        if visit not in self.visits:
            with scope.transaction(self.house.id):
                parts = Appointment.objects.filter(part_of_id=visit)
                self.visits += [visit, *parts.values_list("id", flat=True)]

    @rule(day=DAYS, clock=CLOCKS, minutes=LENGTHS, pick=PICK, hand=HANDS, code=CODES)
    def book(self, day: date, clock: time | None, minutes: int | None, pick: int, hand: str, code: str) -> None:
        request = Booking(
            patient_id=self.house.people["kari"], service_id=self.house.services[code], day=day, wall_time=clock,
            minutes=minutes, practitioner_id=self.chair(pick),
        )  # fmt: skip
        with self.refusable():
            self.know(operations.book_appointment(request=request, **self.given(hand)).pk)

    @rule(day=DAYS, clock=CLOCKS.filter(bool), every=st.integers(1, 2), pick=PICK)
    def come_again(self, day: date, clock: time, every: int, pick: int) -> None:
        how = Rule(day, every, Unit.DAY, 3)
        chosen = tuple(Chosen(n, on, clock, self.chair(pick)) for n, on in enumerate(days(how), start=1))
        new = NewSeries(self.house.people["jonas"], None, self.chair(pick), how, clock, chosen)
        given = self.given("ingrid")
        made = operations.begin_series(new=new, **given)
        operations.book_series(series_id=made, **given)
        found = operations.book_series(series_id=made, **given)
        self.visits += [one.appointment_id for one in found if one.appointment_id]
        if pick % 3 == 0:
            operations.end_series(series_id=made, reason="time", **given)

    @rule(day=DAYS, clock=CLOCKS, minutes=LENGTHS, pick=PICK, hand=HANDS)
    def move(self, day: date, clock: time | None, minutes: int | None, pick: int, hand: str) -> None:
        to = Slot(day=day, wall_time=clock, minutes=minutes, practitioner_id=self.chair(pick))
        with self.refusable():
            operations.move_appointment(to=to, **self.about(pick, hand))

    @rule(act=SIMPLE, pick=PICK, hand=HANDS)
    def change(self, act: Any, pick: int, hand: str) -> None:
        with self.refusable():
            act(**self.about(pick, hand))

    @rule(pick=PICK, hand=HANDS, reason=st.sampled_from(sorted(REASONS)))
    def cancel(self, pick: int, hand: str, reason: str) -> None:
        with self.refusable():
            operations.cancel_appointment(reason=reason, **self.about(pick, hand))

    @rule(pick=PICK, hand=HANDS, minutes=st.integers(0, 200))
    def late(self, pick: int, hand: str, minutes: int) -> None:
        with self.refusable():
            operations.tell_running_late(minutes=minutes, **self.about(pick, hand))

    @rule(
        lines=st.lists(
            st.tuples(st.integers(1, 3), DAYS, CLOCKS, st.integers(0, 3), st.sampled_from(State)), max_size=6
        )
    )
    def bring(self, lines: list[tuple[int, date, time | None, int, State]]) -> None:
        rows = [
            ListedVisit(
                external_id=f"A{number}", patient_id=self.house.people["jonas"], day=day, wall_time=clock,
                practitioner_id=self.chair(pick), state=state,
            )
            for number, day, clock, pick, state in lines
        ]  # fmt: skip
        found = operations.import_appointments(practice_id=self.house.id, rows=rows, by=IMPORT, now=self.now)
        assert len(found) == len(rows)
        known = {outcome.appointment_id for outcome in found if outcome.appointment_id}
        self.visits += sorted(known - set(self.visits))

    @rule(day=DAYS, clock=CLOCKS.filter(bool), pick=PICK, code=CODES)
    def hold(self, day: date, clock: time, pick: int, code: str) -> None:
        wanted = TimeToHold(
            day=day, wall_time=clock, service_id=self.house.services[code], practitioner_id=self.chair(pick),
            instead_of=self.secret(pick) if pick % 3 == 0 else "",
        )  # fmt: skip
        with self.refusable():
            one = operations.hold_time(practice_id=self.house.id, request=wanted, by=STRANGER, now=self.now)
            self.secrets.append(secret_of(one))

    def secret(self, pick: int) -> str:
        return self.secrets[pick % len(self.secrets)] if self.secrets else ""

    @rule(pick=PICK)
    def let_go(self, pick: int) -> None:
        with self.refusable():
            operations.release_hold(practice_id=self.house.id, secret=self.secret(pick), by=STRANGER, now=self.now)

    @rule(pick=PICK)
    def take_over(self, pick: int) -> None:
        somebody = PersonForm(given_name="Ny", phones=("912 34 567",))
        with self.refusable():
            visit = operations.book_held(
                practice_id=self.house.id, secret=self.secret(pick), person=somebody, by=STRANGER, now=self.now
            )
            self.know(visit.pk)

    @rule(day=DAYS, hour=st.integers(8, 15), days=st.integers(0, 1), pick=PICK)
    def go_away(self, day: date, hour: int, days: int, pick: int) -> None:
        chair = sorted(self.house.chairs.values())[pick % len(self.house.chairs)]
        hours = (time(hour), time(hour + 2)) if pick % 3 else (None, None)
        operations.take_leave(
            new=NewLeave(chair, "sick", day, day + timedelta(days=days), *hours), **self.given("nina")
        )

    @rule(pick=PICK)
    def come_back(self, pick: int) -> None:
        with scope.transaction(self.house.id):
            away = list(Leave.objects.order_by("id").values_list("pk", flat=True))
        if not away:
            return
        change = operations.end_leave(leave_id=away[pick % len(away)], **self.given("nina"))
        if change and pick % 3 == 0:
            operations.undo_leave(change_id=change, **self.given("nina"))

    @rule(hours=st.sampled_from([0.1, 0.2, 1, 3, 9, 30]))
    def time_goes_by(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def nothing_overlaps_and_the_record_is_the_diary(self) -> None:
        if hasattr(self, "house"):
            assert min(self.offered, default=timedelta()) >= timedelta()
            report = verify(self.house.id)
            assert report.problems == []
            assert report.counts["visits"] == len(self.visits)
            assert not_owed(self.house, self.now) == set()
            self.parts_follow()

    def parts_follow(self) -> None:
        with scope.transaction(self.house.id):
            rows = Appointment.objects.filter(part_of__state__in=AHEAD, state__in=AHEAD).select_related("part_of")
            for part in rows:
                first = part.part_of
                assert first is not None
                assert first.ends_at <= part.starts_at <= first.ends_at + timedelta(minutes=30)
                assert first.practitioner_id != part.practitioner_id


def test_any_life_of_a_diary_keeps_it_true() -> None:
    run_state_machine_as_test(
        Diary, settings=settings(max_examples=count(80) if DEPTH > 1 else 4, stateful_step_count=25)
    )
