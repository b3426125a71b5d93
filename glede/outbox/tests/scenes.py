"""What the outbox's tests share: a subject of their own, plain words for it, and a channel that does as told."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox import composing
from glede.outbox.composing import Content, Draft
from glede.outbox.models import Message, Touch
from glede.outbox.operations import plan_touches
from glede.outbox.rules import Resolution
from glede.outbox.touches import PlannedTouch
from glede.outbox.transports import Accepted, Capabilities, Envelope, Outcome
from glede.practices import scope
from glede.practices.operations import go_live
from tests.cast import MORNING, House

KIND = "testvisit"
NOON = MORNING + timedelta(hours=4)


def write(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> Mapping[UUID, Content]:
    """Say something plain about each."""
    return {d.touch_id: Content("See you tomorrow", f"Hello. See you tomorrow at 10.\n\n{d.row}") for d in drafts}


composing.register(KIND, write)


def a_visit(house: House, name: str = "mette") -> Ref:
    """Let there be something to remind of, at version 1."""
    subject = Ref(KIND, new_id())
    tell(house, subject, "diary.appointment.booked", name)
    return subject


def tell(house: House, subject: Ref, kind: str, name: str = "mette", *, moot: bool = False) -> None:
    """Let something happen to a subject."""
    with act(house.id, by=SYSTEM, now=house.now) as this:
        this.lock(subject)
        this.record(kind, subject=subject, patient=house.people[name], moot=moot)


def a_touch(house: House, name: str = "mette", *, subject: Ref | None = None, **changes: Any) -> PlannedTouch:
    """A reminder that fell due at this very minute."""
    values: dict[str, Any] = {
        "row": "6",
        "journey_version": 1,
        "subject": subject or a_visit(house, name),
        "subject_version": 1,
        "patient_id": house.people[name],
        "purpose": "reminder",
        "lane": "reminder",
        "due_at": NOON,
        "channel": "email",
        "late_after": NOON + timedelta(hours=4),
    }
    return PlannedTouch(**{**values, **changes})


def planned(house: House, *touches: PlannedTouch, now: datetime = NOON) -> None:
    """Write touches down."""
    plan_touches(practice_id=house.id, touches=touches, by=SYSTEM, now=now)


def make_live(house: House, since: datetime = MORNING - timedelta(days=30)) -> None:
    """Let the house be live, long enough ago for its first day to be over."""
    go_live(practice_id=house.id, by=house.by("sofie"), now=since)


def touches(house: House) -> list[Touch]:
    """Every touch, in order."""
    with scope.transaction(house.id):
        return list(Touch.objects.order_by("planned_at", "id"))


def messages(house: House) -> list[Message]:
    """Every message, in order."""
    with scope.transaction(house.id):
        return list(Message.objects.select_related("touch").order_by("touch__planned_at", "touch_id", "n"))


KEY_LIVES = timedelta(hours=24)


class Scripted:
    """A channel that gives the answers it was told to give, then yes."""

    resolution = Resolution.NOTHING
    deadline_seconds = 0.0

    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers)
        self.sent: list[Envelope] = []
        self.is_on = True

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator["Scripted"]:
        """Open itself."""
        if not self.is_on:
            raise LookupError
        yield self

    def prepare(self, envelope: Envelope) -> None:
        """Nothing to prepare."""

    def forget(self) -> None:
        """Nothing to forget."""

    def send(self, envelope: Envelope) -> Outcome:
        """Give the next answer."""
        self.sent.append(envelope)
        return self.answers.pop(0) if self.answers else Accepted("250 ok")

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """Its class, and nothing more."""
        return Capabilities(self.resolution, key_lives=KEY_LIVES if self.resolution is Resolution.KEY else None)

    def is_configured(self, practice_id: UUID) -> bool:
        """Always."""
        return True
