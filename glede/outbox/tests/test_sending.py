"""Batch after batch, the books beside the sending: everything once, at most one in doubt."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import FailpointReached, arm
from glede.kernel.ref import Ref
from glede.ledger.queries import verify
from glede.outbox import transports
from glede.outbox.models import Attempt
from glede.outbox.operations import expire_leases, plan_touches, reconcile
from glede.outbox.sending import send_due, send_on
from glede.outbox.tests.scenes import KIND, NOON, Scripted, make_live, messages
from glede.outbox.touches import PlannedTouch
from glede.outbox.transports import Refused, Unknown
from glede.people.operations import add_patients
from glede.people.values import PersonForm
from glede.practices import scope
from tests.cast import House, open_solberg

PEOPLE = 47
BATCH = 10


@pytest.fixture(autouse=True)
def nothing_armed() -> Iterator[None]:
    """Whatever a test arms is silent again afterwards."""
    yield
    arm("")


@pytest.fixture
def full(own_database: str, monkeypatch: pytest.MonkeyPatch) -> House:
    """A live house with many reminders due, and a database of its own."""
    monkeypatch.setattr(transports, "_transports", {"email": Scripted()})
    house = open_solberg("mette")
    make_live(house)
    forms = [PersonForm(given_name=f"Person {n}", emails=(f"person{n}@example.org",)) for n in range(PEOPLE)]
    people = add_patients(practice_id=house.id, rows=forms, by=SYSTEM, now=NOON).ids
    plan_touches(practice_id=house.id, touches=[reminder(p) for p in people if p], by=SYSTEM, now=NOON)
    return house


def reminder(person) -> PlannedTouch:
    return PlannedTouch(
        row="6", journey_version=1, subject=Ref(KIND, person), subject_version=1, patient_id=person,
        purpose="reminder", lane="reminder", due_at=NOON, late_after=NOON + timedelta(hours=4),
    )  # fmt: skip


def channel() -> Scripted:
    found = transports.transport_for("email", live=True)
    assert isinstance(found, Scripted)
    return found


def send(house: House, batches: int = 20):
    return send_on(house.id, now=lambda: NOON, batches=batches, limit=BATCH)


def test_all_leave_once_and_each_has_its_three_rows(full: House) -> None:
    told = send(full)
    assert (told.taken, told.accepted) == (PEOPLE, PEOPLE)
    assert max(Counter(e.to_address for e in channel().sent).values()) == 1
    with scope.transaction(full.id):
        rows = Counter(Attempt.objects.values_list("kind", "outcome"))
    assert rows == {("intent", ""): PEOPLE, ("begun", ""): PEOPLE, ("outcome", "accepted"): PEOPLE}
    assert verify(full.id).ok
    assert send(full).taken == 0


def test_no_more_batches_than_asked_for(full: House) -> None:
    assert send(full, batches=2).accepted == 2 * BATCH
    assert send(full, batches=1).accepted == BATCH


def test_what_goes_wrong_on_the_way_stays_with_its_message(full: House) -> None:
    channel().answers = [Unknown("?"), Refused(is_permanent=True, reason="refused"), Refused(is_permanent=False)]
    told = send(full)
    assert (told.accepted, told.unknown, told.failed, told.refused) == (PEOPLE - 3, 1, 1, 2)
    assert Counter(m.state for m in messages(full)) == {"accepted": PEOPLE - 3, "unknown": 1, "failed": 1, "ready": 1}


@pytest.mark.parametrize("place", [1, 9, 10, 11, 25])
@pytest.mark.parametrize("point", ["send.after_begun", "send.after_accept"])
def test_a_crash_anywhere_leaves_at_most_one_in_doubt(full: House, point: str, place: int) -> None:
    arm(f"{point}:raise@{place}")
    with pytest.raises(FailpointReached):
        send(full)
    arm("")
    later = NOON + timedelta(seconds=61)
    expire_leases(practice_id=full.id, now=later)
    assert sum(m.state == "unknown" for m in messages(full)) <= 1
    while send_due(full.id, now=later).taken:
        pass
    reconcile(practice_id=full.id, now=later + timedelta(minutes=3))
    states = Counter(m.state for m in messages(full))
    assert states["accepted"] + states["handed"] == PEOPLE
    assert states["handed"] <= 1
    assert max(Counter(e.to_address for e in channel().sent).values()) == 1
