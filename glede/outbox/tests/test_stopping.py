"""Stop all: what is leaving at that moment leaves, nothing after it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import remove_guards
from glede.kernel.ref import Ref
from glede.outbox import transports
from glede.outbox.models import Message
from glede.outbox.operations import plan_touches, resume, stop_all
from glede.outbox.sending import send_on
from glede.outbox.tests.scenes import KIND, NOON, Scripted, make_live
from glede.outbox.touches import PlannedTouch
from glede.outbox.transports import Envelope, Outcome
from glede.people.operations import add_patients
from glede.people.values import PersonForm
from glede.practices import scope
from tests.cast import House, open_solberg

PEOPLE, BATCH = 34, 10


@pytest.fixture(autouse=True)
def all_guards_on() -> Iterator[None]:
    yield
    remove_guards()


class Pressed(Scripted):
    """A channel during whose last call of the first batch somebody stops everything, the next batch being taken."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house

    def send(self, envelope: Envelope) -> Outcome:
        """Give the next answer."""
        if len(self.sent) == BATCH - 1:
            ends = clock.monotonic() + 20
            while under_way(self.house) < 2 * BATCH and clock.monotonic() < ends:
                clock.wait(0.01)
            stop_all(practice_id=self.house.id, by=self.house.by("sofie"), now=NOON)
        return super().send(envelope)


def under_way(house: House) -> int:
    with scope.transaction(house.id):
        return Message.objects.filter(fence__gt=0).count()


def pressed(monkeypatch: pytest.MonkeyPatch) -> tuple[House, Pressed]:
    house = open_solberg("mette")
    channel = Pressed(house)
    monkeypatch.setattr(transports, "_transports", {"email": channel})
    make_live(house)
    forms = [PersonForm(given_name=f"Person {n}", emails=(f"person{n}@example.org",)) for n in range(PEOPLE)]
    people = add_patients(practice_id=house.id, rows=forms, by=SYSTEM, now=NOON).ids
    plan_touches(practice_id=house.id, touches=[reminder(p) for p in people if p], by=SYSTEM, now=NOON)
    return house, channel


def reminder(person) -> PlannedTouch:
    return PlannedTouch(
        row="6", journey_version=1, subject=Ref(KIND, person), subject_version=1, patient_id=person,
        purpose="reminder", lane="reminder", due_at=NOON, late_after=NOON + timedelta(hours=4),
    )  # fmt: skip


def send(house: House) -> int:
    return send_on(house.id, now=lambda: NOON, batches=20, limit=BATCH).accepted


def test_stop_all_stops_within_the_batch_that_is_leaving(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house, channel = pressed(monkeypatch)
    assert send(house) == BATCH
    assert send(house) == 0
    with scope.transaction(house.id):
        assert Message.objects.filter(state__in=["planned", "ready"]).count() == PEOPLE - BATCH
    resume(practice_id=house.id, by=house.by("sofie"), now=NOON)
    assert send(house) == PEOPLE - BATCH
    assert len({e.to_address for e in channel.sent}) == len(channel.sent) == PEOPLE


def test_without_the_guard_the_batch_taken_beside_it_leaves_too(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _ = pressed(monkeypatch)
    remove_guards("stop")
    assert send(house) > BATCH
