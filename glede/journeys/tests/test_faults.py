"""Faults that others tell of reminders, lived through twice: as we are, and without what keeps us from them.

Each test ends as it should with its guard (``is_kept``), and as others report it without. What is told of each stands
in docs/reliability.md.
"""

import copy
import time as machine
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from glede.diary import operations as diary
from glede.diary.models import Appointment
from glede.journeys import composing, document, hours, planner
from glede.journeys.operations import change_journey, follow
from glede.journeys.operations import planning as writing
from glede.journeys.tests.stories import (
    NEXT_THURSDAY,
    NEXT_WEDNESDAY,
    book,
    bring,
    do,
    messages,
    oslo,
    tick,
    touches,
)
from glede.journeys.tests.test_reminders import PLACES, on_the_eves, reminders_over
from glede.kernel.clock import at_wall
from glede.kernel.ref import Ref
from glede.outbox import operations as outbox
from glede.outbox.operations.planning import write_touches
from glede.outbox.sending import send_due
from glede.people.models import Patient
from glede.practices import scope
from tests.cast import House, open_solberg
from tests.depth import DEPTH

AUCKLAND = "Pacific/Auckland"
both = pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])


@pytest.fixture
def house(db: None) -> House:
    house = open_solberg("emily", "jonas", is_virtual=True)
    for number, who in enumerate(("emily", "jonas")):
        bring(house, who, date(2025, 3, 3 + number), number=f"old-{who}", now=house.now)
    return house


@pytest.fixture(params=["UTC", "America/Los_Angeles"] if DEPTH >= 10 else ["UTC"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A machine whose own clock stands elsewhere."""
    monkeypatch.setenv("TZ", request.param)
    machine.tzset()
    yield request.param
    monkeypatch.undo()
    machine.tzset()


@both
def test_a_practice_in_auckland_reminds_by_its_own_wall_wherever_the_server_stands(
    db: None, server: str, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:  # local times read as the server's
        monkeypatch.setattr(hours, "at_wall", lambda day, at, _: datetime.combine(day, at, tzinfo=UTC))
    monkeypatch.setitem(PLACES, "GB", AUCKLAND)
    change = date(2027, 4, 4)
    assert (reminders_over(monkeypatch, "GB", change) == on_the_eves(change)) is is_kept


@both
def test_a_reminder_comes_at_three_where_the_person_lives(
    house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:  # everybody's clock is the practice's
        monkeypatch.setattr(hours, "at_wall", lambda day, at, _: at_wall(day, at, house.practice.zone))
    with scope.transaction(house.id):
        Patient.objects.filter(pk=house.people["emily"]).update(zone="Europe/London")
    book(house, "emily")
    book(house, "jonas", clock="11:00")
    tick(house, NEXT_THURSDAY, "09:00")
    emily, jonas = house.people["emily"], house.people["jonas"]
    at = {m.touch.patient_id: m.sent_at for m in messages(house, "6")}
    assert at[jonas] == oslo(NEXT_WEDNESDAY, "15:00")
    assert at[emily] == oslo(NEXT_WEDNESDAY, "16:00" if is_kept else "15:00")


@both
def test_a_run_every_hour_for_two_days_reminds_once(
    house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:  # nobody looks whether it went
        numbers = count(1000)

        def anew(practice_id: UUID, touches: Any, **more: Any) -> tuple[int, int]:
            return write_touches(practice_id, [replace(t, occurrence=next(numbers)) for t in touches], **more)

        monkeypatch.setattr(planner, "_was_told", lambda *_: False)
        monkeypatch.setattr("glede.outbox.operations.planning.write_touches", anew)
    visit = book(house, "emily")
    first = oslo(NEXT_WEDNESDAY, "15:00")
    for run in range(48):
        now = first + run * timedelta(minutes=20)
        if run % 12 == 0:
            do(diary.confirm_appointment, house, visit, by="emily", now=now)
            follow(house.id, now=now)
        send_due(house.id, now=now)
    assert (len(messages(house, "6")) == 1) is is_kept


@both
def test_sending_changes_nothing_of_the_visit(house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    visit = book(house, "emily")

    def row() -> Any:
        with scope.transaction(house.id):
            return Appointment.objects.filter(pk=visit.pk).values().get()

    before = row()
    if not is_kept:  # "reminded" written where the visit's own state stands
        says = composing.places

        def marks(practice: Any, facts: Any, *given: Any, **more: Any) -> dict[str, str]:
            Appointment.objects.filter(pk=visit.pk).update(delay_minutes=1, delay_told_at=house.now)
            return says(practice, facts, *given, **more)

        monkeypatch.setattr(composing, "places", marks)
    tick(house, NEXT_THURSDAY, "09:00")
    assert len(messages(house, "6")) == 1
    assert (row() == before) is is_kept


@both
def test_one_of_two_visits_called_off_leaves_the_other_its_reminder(
    house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    first = book(house, "emily")
    book(house, "emily", NEXT_THURSDAY + timedelta(days=7), clock="11:00")
    tick(house, NEXT_WEDNESDAY, "12:00")
    if not is_kept:  # all of the person, and not what is of this visit

        def all_of_them(*, practice_id: UUID, keys: Any, **more: Any) -> int:
            every = [t for t in touches(house) if t.fate == "open"]
            subjects = [Ref(t.subject_kind, t.subject_id) for t in every]
            return sum([outbox.skip_touches(practice_id=practice_id, subject=one, **more) for one in subjects])

        monkeypatch.setattr(writing, "skip_touches", all_of_them)
    do(diary.cancel_appointment, house, first, by="emily", reason="time", now=oslo(NEXT_WEDNESDAY, "12:00"))
    follow(house.id, now=oslo(NEXT_WEDNESDAY, "12:01"))
    assert [t.fate for t in touches(house, "6")] == ["skipped", "open" if is_kept else "skipped"]


@both
def test_a_journey_changed_under_somebody_still_reminds_them_once(house: House, is_kept: bool) -> None:
    visit = book(house, "emily")
    follow(house.id, now=house.now)
    raw = copy.deepcopy(document.default_raw())
    row = next(row for row in raw["rows"] if row["row"] == "6")
    row["when"]["at"] = "11:00"
    change_journey(practice_id=house.id, raw=raw, by=house.by("sofie"), now=house.now)
    if not is_kept:  # an edit that ends what was planned
        (reminder,) = touches(house, "6", visit)
        more: dict[str, Any] = {"reason": "not_needed", "by": house.by("sofie"), "now": house.now}
        subject = Ref(reminder.subject_kind, reminder.subject_id)
        outbox.skip_touches(practice_id=house.id, subject=subject, **more)
    tick(house, NEXT_THURSDAY, "09:00")
    assert [m.sent_at for m in messages(house, "6")] == ([oslo(NEXT_WEDNESDAY, "15:00")] if is_kept else [])
