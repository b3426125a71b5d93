"""The day's checkpoint goes to the owners, once, when the day is over; and to nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from glede.kernel.actor import SYSTEM
from glede.kernel.clock import at_wall
from glede.ledger.notes import is_ours, letters, read
from glede.ledger.operations import make_checkpoint
from glede.ledger.queries import events_of_kinds
from glede.outbox import events, tasks, transports
from glede.outbox.operations import mail_checkpoint
from glede.outbox.transports import Accepted, Envelope, Outcome, Refused
from glede.people.operations import note_need
from glede.practices.models import Practice
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


class Post:
    """A mail server that keeps what it is given."""

    answer: Outcome = Accepted()

    def __init__(self) -> None:
        self.kept: list[Envelope] = []

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator["Post"]:
        yield self

    def is_configured(self, practice_id: UUID) -> bool:
        return True

    def send(self, envelope: Envelope) -> Outcome:
        self.kept.append(envelope)
        return self.answer


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    made = Post()
    monkeypatch.setitem(transports._transports, "email", made)
    return made


@pytest.fixture
def house(tmp_path: Any, settings: Any) -> House:
    settings.GLEDE_HOME = tmp_path
    opened = open_solberg("kari")
    Practice.objects.filter(pk=opened.id).update(mode="live", live_since=opened.now)
    make_checkpoint(opened.id, at=opened.now)
    return opened


def at(house: House, clock: str, days: int = 0) -> datetime:
    day = (house.now + timedelta(days=days)).date()
    return at_wall(day, time.fromisoformat(clock), "Europe/Oslo")


def mail(house: House, clock: str = "21:00", days: int = 0) -> int:
    return mail_checkpoint(practice_id=house.id, by=SYSTEM, now=at(house, clock, days))


def something_happens(house: House, days: int) -> None:
    moment = at(house, "10:00", days)
    note_need(practice_id=house.id, patient_id=house.people["kari"], kind="need", words="Quiet.", by=SYSTEM, now=moment)
    make_checkpoint(house.id, at=moment)


def test_it_goes_to_the_owners_once_when_the_day_is_over(house: House, post: Post) -> None:
    assert mail(house, "11:00") == 0
    assert mail(house) == 1
    assert mail(house, "21:10") == 0
    (sent,) = post.kept
    assert sent.to_address == "sofie@solberg-optikk.example"
    assert sent.subject.startswith("Ta vare på denne: timeboken til Solberg Optikk")
    (signed,) = letters(sent.text)
    assert is_ours(signed)
    assert read(signed.text).practice == house.id
    assert "Kari" not in sent.text
    (event,) = events_of_kinds(house.id, [events.CHECKPOINT_MAILED])
    assert event.data == {"number": 1, "size": read(signed.text).size, "owners": 1, "live": True}


def test_a_day_on_which_nothing_happened_brings_none(house: House, post: Post) -> None:
    mail(house)
    make_checkpoint(house.id, at=at(house, "21:05"))
    assert mail(house, days=1) == 0
    something_happens(house, days=2)
    assert mail(house, days=2) == 1
    assert len(post.kept) == 2


def test_a_rehearsal_rehearses_it(house: House, post: Post) -> None:
    Practice.objects.filter(pk=house.id).update(mode="rehearsal", live_since=None)
    assert mail(house) == 1
    assert post.kept == []
    (event,) = events_of_kinds(house.id, [events.CHECKPOINT_MAILED])
    assert event.data["live"] is False


@pytest.mark.parametrize("changes", [{"stopped_at": True}, {"clock": "virtual", "mode": "rehearsal"}])
def test_nothing_leaves_a_practice_that_stands_still(house: House, post: Post, changes: dict[str, Any]) -> None:
    if "clock" in changes:
        changes = {**changes, "virtual_now": house.now, "live_since": None}
    Practice.objects.filter(pk=house.id).update(**{k: house.now if v is True else v for k, v in changes.items()})
    assert mail(house) == 0
    assert post.kept == []


def test_one_that_is_refused_is_not_tried_again_that_day(
    house: House, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.answer = Refused(is_permanent=False, words="busy")
    assert mail(house) == 0
    assert mail(house, "21:10") == 0
    assert len(post.kept) == 1
    assert "0 of 1 owners" in caplog.text


def test_the_task_signs_first_what_is_not_signed_yet(house: House, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    something_happens(house, days=0)
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    monkeypatch.setattr(tasks, "practice_now", lambda practice: at(house, "21:00"))
    tasks.mail_checkpoints(timestamp=0)
    (sent,) = post.kept
    assert read(letters(sent.text)[0].text).number == 2
