"""Going live with a whole list: what is named leaves, nothing else does, and one press stops it.

Two thousand people at ``make deep``. The mail server is a scripted one, so that every message is counted.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from glede.desk.golive.leaving import next_day
from glede.diary.operations import import_appointments
from glede.diary.requests import ListedVisit
from glede.diary.rules import State
from glede.journeys.operations import follow
from glede.kernel.actor import IMPORT
from glede.kernel.clock import at_wall
from glede.kernel.failpoints import remove_guards
from glede.outbox import limits, sending, transports
from glede.outbox.models import Message
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import Scripted
from glede.people.operations import add_patients
from glede.people.values import PersonForm
from glede.practices import operations as practices
from glede.practices import scope
from glede.practices.queries import practice_by_id
from tests.cast import House, open_solberg
from tests.depth import count

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE = count(2000)
ZONE = "Europe/Oslo"
MONDAY = date(2026, 11, 23)
BROUGHT = at_wall(MONDAY, time(8), ZONE)
SWITCHED = at_wall(MONDAY, time(16, 30), ZONE)
STEP = timedelta(minutes=5)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A practice that brought everybody and their visits of two weeks this morning, and went through the day."""
    monkeypatch.setattr(transports, "_transports", {"email": Scripted()})
    monkeypatch.setattr(sending, "connection", SimpleNamespace(in_atomic_block=False))
    house = open_solberg("emily", now=BROUGHT)
    forms = [
        PersonForm(given_name=f"Person{n}", external_id=f"L-{n}", emails=(f"p{n}@example.org",)) for n in range(PEOPLE)
    ]
    people = add_patients(practice_id=house.id, rows=forms, by=IMPORT, now=BROUGHT).ids
    rows = [visit(n, person) for n, person in enumerate(people) if person]
    for start in range(0, len(rows), 500):
        import_appointments(practice_id=house.id, rows=rows[start : start + 500], by=IMPORT, now=BROUGHT)
    run(house, BROUGHT)
    return house


def visit(n: int, person: UUID) -> ListedVisit:
    """Every person comes on one of twelve days, some of them already tomorrow; every tenth has been before."""
    day, clock = MONDAY + timedelta(days=1 + n % 12), time(9 + n % 8, 15 * (n % 4))
    return ListedVisit(
        external_id=f"V-{n}", patient_id=person, day=day, wall_time=clock, minutes=15, state=State.BOOKED
    )


@pytest.fixture
def whole() -> Iterator[None]:
    """Put every guard back afterwards."""
    yield
    remove_guards()


def run(house: House, now: datetime) -> None:
    follow(house.id, now=now)
    while send_due(house.id, now=now).taken:
        pass


def live(house: House, now: datetime = SWITCHED) -> None:
    practices.go_live(practice_id=house.id, by=house.by("sofie"), now=now)


def went(house: House) -> list[tuple[UUID, str, datetime]]:
    with scope.transaction(house.id):
        rows = Message.objects.filter(state="accepted").select_related("touch")
        return [(m.touch.patient_id, m.touch.row, m.intent_at) for m in rows if m.intent_at]


def through(house: House, start: datetime, hours: int) -> None:
    for n in range(hours * 12):
        run(house, start + n * STEP)


def named(house: House, now: datetime) -> Counter[tuple[UUID, str, datetime]]:
    return Counter((one.patient_id, one.row, one.at) for one in next_day(practice_by_id(house.id), now))


def test_who_is_named_gets_it_and_nobody_else(house: House) -> None:
    foretold = named(house, SWITCHED)
    live(house)
    run(house, SWITCHED)
    assert named(house, SWITCHED) == foretold
    through(house, SWITCHED, 24)
    found = went(house)
    assert Counter(found) == foretold
    assert len(found) >= PEOPLE // 15
    assert min(at for _, _, at in found) >= SWITCHED


def test_nothing_older_than_the_switch_leaves(house: House) -> None:
    live(house)
    through(house, SWITCHED, 24)
    with scope.transaction(house.id):
        due = Message.objects.filter(state="accepted").values_list("touch__due_at", flat=True)
        assert min(due) >= SWITCHED
        assert not Message.objects.filter(state="accepted", touch__row="2").exists()


def test_stop_all_stops_within_one_batch(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BATCH_MOST", 10)
    live(house)
    due = at_wall(MONDAY + timedelta(days=1), time(15, 16), ZONE)
    follow(house.id, now=due)
    through(house, due - timedelta(hours=2), 2)
    before = len(went(house))
    assert send_due(house.id, now=due, limit=10).taken
    practices.stop_all(practice_id=house.id, by=house.by("sofie"), now=due)
    after = len(went(house))
    assert after - before <= 10
    through(house, due, 1)
    assert len(went(house)) == after


@pytest.mark.parametrize("guard_is_off", [False, True])
def test_a_step_that_is_not_switched_on_sends_nothing(house: House, whole: None, guard_is_off: bool) -> None:
    if guard_is_off:
        remove_guards("step_off")
    practices.pause_rows(practice_id=house.id, rows=["6"], by=house.by("sofie"), now=SWITCHED)
    live(house)
    through(house, SWITCHED, 24)
    rows: Any = {row for _, row, _ in went(house)}
    assert ("6" in rows) is guard_is_off
    with scope.transaction(house.id):
        skipped = Message.objects.filter(live=True, touch__row="6", reason="step_off", state="skipped").exists()
    assert skipped is not guard_is_off
