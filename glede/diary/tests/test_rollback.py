"""Where the record cannot be written, nothing of an act remains."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import isfunction, signature
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from glede.diary import operations
from glede.diary.tests.stories import book, bring, cancel, do, listed, move, oslo, proved
from glede.kernel.actor import SYSTEM
from glede.kernel.periods import Span
from glede.ledger import operations as ledger
from glede.practices import scope
from tests.cast import House, open_solberg
from tests.operations import SCENES

pytestmark = pytest.mark.django_db

TABLES = (
    "diary_appointment", "diary_statechange", "diary_claim", "diary_remark", "diary_shift", "ledger_event",
    "ledger_subject", "ledger_command", "promises_promise", "outside_link_index",
)  # fmt: skip


@dataclass
class Scene:
    """A house with a visit that is ahead, one that was cancelled and one a list brought."""

    house: House
    ahead: UUID
    cancelled: UUID


Act = Callable[[Scene], Any]
ACTS: dict[str, Act] = {
    "book": lambda s: book(s.house, "kari", "14:00"),
    "book a day": lambda s: book(s.house, "kari", None),
    "move": lambda s: move(s.house, s.ahead, "14:00"),
    "confirm": lambda s: do(operations.confirm_appointment, s.house, s.ahead),
    "cancel": lambda s: cancel(s.house, s.ahead, words="I moved away."),
    "reinstate": lambda s: do(operations.reinstate_appointment, s.house, s.cancelled),
    "late": lambda s: do(operations.tell_running_late, s.house, s.ahead, now=oslo("09:50"), minutes=10),
    "arrive": lambda s: do(operations.arrive_appointment, s.house, s.ahead, now=oslo("09:50")),
    "start": lambda s: do(operations.start_appointment, s.house, s.ahead, now=oslo("10:00")),
    "finish": lambda s: do(operations.finish_appointment, s.house, s.ahead, now=oslo("10:40")),
    "finish many": lambda s: operations.finish_appointments(
        practice_id=s.house.id, appointment_ids=[s.ahead], by=SYSTEM, now=oslo("10:40")
    ),
    "miss": lambda s: do(operations.miss_appointment, s.house, s.ahead, now=oslo("10:20")),
    "strike out": lambda s: do(operations.strike_out_appointment, s.house, s.ahead),
    "revoke": lambda s: do(operations.revoke_link, s.house, s.ahead),
    "hours": lambda s: operations.set_working_hours(
        practice_id=s.house.id,
        practitioner_id=s.house.chairs["jon"],
        spans=[Span(0, oslo("09:00").time(), oslo("12:00").time())],
        by=SYSTEM,
        now=s.house.now,
    ),
    "import new and changed": lambda s: bring(s.house, listed(s.house, "A1", "15:00"), listed(s.house, "A2", "15:00")),
}


@pytest.fixture
def scene() -> Scene:
    house = open_solberg("kari", "jonas")
    ahead, gone = book(house, "kari", "10:00"), book(house, "jonas", "12:00")
    cancel(house, gone.pk)
    bring(house, listed(house, "A1", "09:00"))
    return Scene(house, ahead.pk, gone.pk)


def contents(practice_id: UUID) -> dict[str, list[Any]]:
    with scope.transaction(practice_id), connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"select * from {table} order by 1")
            found[table] = cursor.fetchall()
        return found


@pytest.mark.parametrize("name", ACTS)
def test_an_act_whose_event_cannot_be_written_leaves_no_trace(
    name: str, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(scene.house.id)

    def broken(_: Any) -> None:
        raise OSError("the record cannot be written")

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "append", broken)
        with pytest.raises(OSError, match="the record"):
            ACTS[name](scene)
    assert contents(scene.house.id) == before
    ACTS[name](scene)
    assert contents(scene.house.id) != before
    proved(scene.house)


def test_every_act_of_the_diary_is_tried() -> None:
    named = {name: getattr(operations, name) for name in operations.__all__}
    acts = {f"diary.{name}" for name, one in named.items() if isfunction(one) and "by" in signature(one).parameters}
    assert acts <= SCENES.keys(), "add the scene of the new act to tests/operations.py"
