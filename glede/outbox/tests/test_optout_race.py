"""Nothing begins after a no: people refuse at the very moment at which their message is taken, on real connections."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from django.db import connections

from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.ledger import operations as ledger
from glede.ledger.operations import act
from glede.outbox import composing, transports
from glede.outbox.composing import Content, Draft
from glede.outbox.models import Message
from glede.outbox.operations import claim_batch
from glede.outbox.tests.scenes import KIND, NOON, Scripted, a_touch, make_live, planned, write
from glede.people.operations import add_patients, opt_out
from glede.people.values import PersonForm
from glede.practices import scope
from tests.cast import House, open_solberg
from tests.depth import DEPTH, count

pytestmark = pytest.mark.slow

SEED = 6
A_ROUND = 20
TRIALS = count(10_000) if DEPTH > 1 else 100
CLAIMERS, REFUSERS = 2, 2


@pytest.fixture
def crowd(own_database: str, monkeypatch: pytest.MonkeyPatch) -> House:
    """A live house whose mail is taken by a channel that does as told."""
    house = open_solberg("mette")
    make_live(house)
    monkeypatch.setattr(transports, "_transports", {"email": Scripted()})
    return house


def let_in(house: House, people: int) -> list[UUID]:
    """Let so many come, each reminded of a visit; ``A_ROUND`` fall due together, a second after those before."""
    forms = [PersonForm(given_name="Per", family_name=f"No {n}", emails=(f"p{n}@example.org",)) for n in range(people)]
    brought = add_patients(practice_id=house.id, rows=forms, by=SYSTEM, now=house.now)
    ids = [one for one in brought.ids if one is not None]
    house.people.update({str(one): one for one in ids})
    subjects = [Ref(KIND, one) for one in ids]
    for first in range(0, people, 500):
        with act(house.id, by=SYSTEM, now=house.now) as this:
            some = subjects[first : first + 500]
            this.lock(*some)
            for subject in some:
                this.record("diary.appointment.booked", subject=subject, patient=subject.id)
    touches = [a_touch(house, str(s.id), subject=s, due_at=due(n // A_ROUND)) for n, s in enumerate(subjects)]
    planned(house, *touches, now=house.now)
    return ids


def due(number: int) -> datetime:
    """When those of a round fall due."""
    return NOON + timedelta(seconds=number)


def refuse(house: House, person: UUID, now: datetime) -> bool:
    """Say no; return whether, with the person locked, no intent had been written: then none may ever be."""
    with act(house.id, by=SYSTEM, now=now):
        opt_out(
            practice_id=house.id, patient_id=person, channel=None, scope="all", how="phone", by=SYSTEM, now=now
        )  # fmt: skip
        return Message.objects.get(touch__patient_id=person).intent_at is None


def begun_after_a_no(house: House, quiet: Sequence[UUID]) -> int:
    """How many messages were begun to people who had refused before."""
    with scope.transaction(house.id):
        return Message.objects.filter(touch__patient_id__in=quiet, intent_at__isnull=False).count()


def together(works: Sequence[Callable[[], object]]) -> list[object]:
    """Let all begin in the same instant, each on a connection of its own."""
    gate = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        gate.wait(60)
        return work()

    return list(_pool.map(begin, works))


_pool = ThreadPoolExecutor(CLAIMERS + REFUSERS)


def test_nobody_who_refuses_while_messages_are_taken_is_written_to(crowd: House) -> None:
    random, quiet, left = Random(SEED), list[UUID](), 0
    people = let_in(crowd, TRIALS)
    for number in range(TRIALS // A_ROUND):
        some = people[number * A_ROUND : (number + 1) * A_ROUND]
        random.shuffle(some)
        now = due(number)

        def claims(now: datetime = now) -> int:
            taken = 0
            while batch := claim_batch(practice_id=crowd.id, lane=None, limit=5, now=now).taken:
                taken += batch
            return taken

        def refuses(own: Sequence[UUID], now: datetime = now) -> list[UUID]:
            return [person for person in own if refuse(crowd, person, now)]

        works: list[Callable[[], object]] = [claims] * CLAIMERS
        works += [lambda own=some[n::REFUSERS]: refuses(own) for n in range(REFUSERS)]  # type: ignore[misc]
        found = together(works)
        for one in found[CLAIMERS:]:
            assert isinstance(one, list)
            quiet += one
        left += A_ROUND
    together([connections.close_all] * (CLAIMERS + REFUSERS))
    assert begun_after_a_no(crowd, quiet) == 0
    assert left == TRIALS
    assert 0 < len(quiet) < TRIALS, "some were quicker, some were not"


@pytest.mark.parametrize("is_locked", [True, False])
def test_without_the_lock_one_who_refuses_amid_the_claim_is_written_to(
    crowd: House, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    if not is_locked:
        monkeypatch.setattr(ledger, "_LOCK_TO_SHARE", ledger._LOCK)
    (person,) = let_in(crowd, 1)
    refused = threading.Event()

    def writes_slowly(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> Mapping[UUID, Content]:
        asking = _pool.submit(refuse, crowd, person, NOON)
        asking.add_done_callback(lambda _: refused.set())
        refused.wait(0.5 if is_locked else 30)
        quiet.append(asking)
        return write(practice_id, drafts, now)

    quiet: list = []  # type: ignore[type-arg]
    monkeypatch.setitem(composing._composers, KIND, writes_slowly)
    batch = claim_batch(practice_id=crowd.id, lane=None, limit=5, now=NOON)
    was_first = quiet[0].result(30)
    _pool.submit(connections.close_all).result()
    assert len(batch.outgoing) == 1
    assert begun_after_a_no(crowd, [person] if was_first else []) == (0 if is_locked else 1)
