"""Whatever happens to those who follow the record, the outbox ends as if nothing had; not so without each guard."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from unittest import mock
from uuid import UUID

import pytest
from django.db import IntegrityError, connections

from glede.config.postgres import Cluster
from glede.diary import operations as diary
from glede.diary.models import Appointment
from glede.journeys.operations import cursors, follow, following
from glede.journeys.tests.stories import NEXT_WEDNESDAY, book, do, move, touches
from glede.kernel import failpoints
from glede.kernel.clock import wall
from glede.outbox import limits
from glede.outbox.models import Message
from glede.outbox.operations import cases
from glede.outbox.rules import LANES, Lane
from glede.practices import scope
from glede.practices.arrays import Column, insert_columns
from tests.cast import House as Cast
from tests.cast import open_solberg
from tests.database import clone, pointed_at
from tests.depth import DEPTH, count
from tests.kills.autumn import BEGINS, ENDS, OFF_FROM, OFF_TO, House, deeds, open_houses
from tests.kills.followers import Outcome, Week, by, differences, follow_all, late, outcome, send_all

pytestmark = pytest.mark.slow

logger = logging.getLogger(__name__)
SEED = 25
PEOPLE, DEEDS, STRIKES = count(3_000) if DEPTH > 1 else 120, count(100), count(100)
BATCH = 20
WAITS_SECONDS = 0.4
CLOCKS_CHANGE = date(2026, 10, 25)


@contextmanager
def copy(cluster: Cluster, of: str, mark: str) -> Iterator[str]:
    """Let everything lead to a copy of a database for a while."""
    connections.close_all()
    with clone(cluster, of, f"{of}_{mark}") as name, pointed_at(cluster, name):
        yield name


def test_a_week_ends_the_same_whatever_happens_to_those_who_follow(
    tmp_path: Path, cluster: Cluster, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One week told once; lived undisturbed, lived while processes die, and lived with six hours off in it."""
    monkeypatch.setattr(limits, "BATCH", BATCH)
    houses = open_houses(PEOPLE, SEED)
    week = Week(houses, deeds(houses, DEEDS, SEED), tmp_path / "errors")
    with copy(cluster, own_database, "c") as calm:
        moments = list(week.live_undisturbed(BEGINS, OFF_FROM))
        done = week.done
        connections.close_all()
        with clone(cluster, calm, f"{own_database}_off") as off:
            moments += week.live_undisturbed(OFF_FROM, ENDS)
            control = outcome(houses, ENDS)
            assert control.wrong == []
            assert_by_the_wall(houses, control)
            six_hours_off(cluster, off, Week(houses, week.deeds, week.errors, done=done), moments, control)
    with copy(cluster, own_database, "k"):
        week = Week(houses, week.deeds, week.errors, Random(SEED))
        with week.followed():
            week.live_struck(moments, STRIKES)
        found = outcome(houses, ENDS)
    told = (control.messages, len(moments), week.kills, week.stops, week.backs)
    logger.info("%s messages at %s moments; %s kills, %s stops, %s times back", *told)
    assert found.wrong == []
    assert differences(control, found) == []
    assert not week.errors.exists(), week.errors.read_text()


def assert_by_the_wall(houses: list[House], control: Outcome) -> None:
    """What goes at ten and at three goes then by the wall, before the clocks change and after it."""
    zones = {house.id: house.zone for house in houses}
    due = [(key.row, wall(ending.due_at, zones[key.practice])) for key, ending in control.touches.items()]
    at_ten = {moment.date() for row, moment in due if row == "5" and moment.time() == time(10)}
    assert min(at_ten) < CLOCKS_CHANGE < max(at_ten)
    assert CLOCKS_CHANGE in {moment.date() for row, moment in due if row == "6" and moment.time() == time(15)}


def six_hours_off(cluster: Cluster, database: str, week: Week, moments: list[datetime], control: Outcome) -> None:
    """Stop at one o'clock, go on at seven: what is too late ends as its row says, all else leaves in its order."""
    with copy(cluster, database, "n"), by(lambda: OFF_TO), pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "is_late", lambda *_: False)
        while follow_all() or send_all():
            pass
        assert any("past its cut-off" in words for words in outcome(week.houses, OFF_TO).wrong)
    with pointed_at(cluster, database), week.followed():
        week.live_on(OFF_FROM - timedelta(seconds=1))
        week.stop(1)
        week.live_on(OFF_TO)
        batches = [batch for house in week.houses for batch in claimed(house, OFF_TO)]
        for at in moments:
            if at > OFF_TO:
                week.live_on(at)
        found = outcome(week.houses, ENDS)
    excused = late(control, found)
    logger.info("six hours off: %s left in batches of %s; %s too late", sum(map(len, batches)), BATCH, len(excused))
    assert found.wrong == []
    assert differences(control, found, excused) == []
    assert excused
    assert {found.closed[key] for key in excused} <= {OFF_TO, None}
    assert max(map(len, batches)) <= BATCH
    assert all(n == 1 for n in care_a_day(week.houses, OFF_TO).values())


def claimed(house: House, at: datetime) -> list[list[str]]:
    """Return the lanes of what was taken at a moment, batch by batch; the best came first."""
    with scope.transaction(house.id), connections["default"].cursor() as cursor:
        cursor.execute(_CLAIMED, [at])
        found: dict[int, list[str]] = {}
        for batch, lane in cursor.fetchall():
            found.setdefault(batch, []).append(lane)
    batches = [found[number] for number in sorted(found)]
    lanes = [number for batch in batches for number in sorted(LANES.index(Lane(lane)) for lane in batch)]
    assert lanes == sorted(lanes)
    return batches


def care_a_day(houses: Sequence[House], at: datetime) -> Counter[UUID]:
    """Return how many messages that nobody asked for each person got on the day of a moment."""
    found: Counter[UUID] = Counter()
    for house in houses:
        day = wall(at, house.zone).replace(hour=0)
        with scope.transaction(house.id):
            got = Message.objects.filter(lane="care", sent_at__gte=day, sent_at__lt=day + timedelta(days=1))
            found.update(got.values_list("touch__patient_id", flat=True))
    return found


_CLAIMED = """
select a.xmin::text::bigint, m.lane from outbox_attempt a join outbox_message m on m.id = a.message_id
where a.kind = 'intent' and a.at = %s
"""


@dataclass
class Race:
    """Somebody who follows slowly and somebody quick, over what two people did one after the other."""

    house: Cast
    visits: list[Appointment]
    point: str

    def places(self) -> list[int]:
        """Return how far the record was followed: once the quick one is done or waits, and at the end."""
        arrived, go_on = threading.Event(), threading.Event()

        def wait_at(name: str) -> None:
            if name == self.point and threading.current_thread().name == "slow":
                arrived.set()
                go_on.wait(20)

        with mock.patch.object(following, "fp", wait_at):
            do(diary.confirm_appointment, self.house, self.visits[0], now=self.house.now)
            slow, quick = self._follower("slow"), self._follower("quick")
            slow.start()
            assert arrived.wait(20)
            do(diary.confirm_appointment, self.house, self.visits[1], now=self.house.now)
            quick.start()
            quick.join(WAITS_SECONDS)
            found = [cursors.reached(self.house.id, cursors.FOLLOWED)]
            go_on.set()
            slow.join()
            quick.join()
        return [*found, cursors.reached(self.house.id, cursors.FOLLOWED)]

    def _follower(self, name: str) -> threading.Thread:
        def run() -> None:
            follow(self.house.id, now=self.house.now)
            connections.close_all()

        return threading.Thread(target=run, name=name)


def test_how_far_the_record_was_followed_never_goes_back_but_without_each_guard(own_database: str) -> None:
    house = open_solberg("emily", "jonas", is_virtual=True)
    visits = [book(house, "emily" if n % 2 else "jonas", clock=f"{9 + n:02}:00") for n in range(8)]
    follow(house.id, now=house.now)
    for point, name in (("journeys.read", "followed_once"), ("journeys.before_cursor", "cursor_lock")):
        guarded = Race(house, [visits.pop(), visits.pop()], point).places()
        assert guarded == sorted(guarded)
        follow(house.id, now=house.now)
        failpoints.remove_guards(name)
        try:
            unguarded = Race(house, [visits.pop(), visits.pop()], point).places()
        finally:
            failpoints.remove_guards()
        assert unguarded[1] < unguarded[0]
        follow(house.id, now=house.now)


def test_without_passing_over_who_is_enrolled_already_nothing_more_is_planned_for_them(own_database: str) -> None:
    house = open_solberg("emily", is_virtual=True)
    visit = book(house, "emily")
    follow(house.id, now=house.now)
    move(house, visit, NEXT_WEDNESDAY, "11:00", by="emily", now=house.now)

    def strictly(table: str, columns: Sequence[Column], **_: bool) -> int:
        return insert_columns(table, columns)

    with mock.patch("glede.journeys.operations.planning.insert_columns", strictly), pytest.raises(IntegrityError):
        follow(house.id, now=house.now)
    assert not [touch for touch in touches(house, "6") if touch.subject_version == 2]
    follow(house.id, now=house.now)
    assert [touch.subject_version for touch in touches(house, "6") if touch.fate == "open"] == [2]
