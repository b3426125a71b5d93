"""We run late: everybody still to come is told once, by the way they want, or rung before their time."""

from datetime import date

import pytest

from glede.diary import operations as diary
from glede.journeys.tests.stories import book, messages, move, oslo, promises, tick, told, touches
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", "emily", "solveig", is_virtual=True)


def run_late(house: House, minutes: int, clock: str) -> None:
    diary.tell_delay(
        practice_id=house.id, practitioner_id=house.chairs["amal"], minutes=minutes, by=house.by("ingrid"),
        now=oslo(TODAY, clock),
    )  # fmt: skip


def test_each_is_told_once_how_late_and_when_their_visit_begins(house: House) -> None:
    book(house, "kari", TODAY, "14:00")
    book(house, "emily", TODAY, "14:50")
    tick(house, TODAY, "13:00")
    for minutes, clock in ((25, "13:01"), (45, "13:10")):
        run_late(house, minutes, clock)
        tick(house, TODAY, "13:11")
    first, second = sorted((m.body for m in messages(house, "10")), key=len)
    said = {first, second}
    assert any("vi er lei for at vi er 25 min forsinket. Du får komme inn ca. kl. 14.25" in one for one in said)
    assert any("15 minutes late" in one and "begins about 3:05pm" in one for one in said)
    assert told(touches(house, "10")) == [("10", "message", "done", "")] * 2


def test_who_cannot_be_written_to_is_rung_before_their_time(house: House) -> None:
    book(house, "solveig", TODAY, "14:00")
    tick(house, TODAY, "13:00")
    run_late(house, 30, "13:01")
    tick(house, TODAY, "13:05")
    assert messages(house, "10") == []
    (owed,) = [p for p in promises(house, "call") if p.detail.get("row") == "10"]
    assert owed.due_at == oslo(TODAY, "14:00")


def test_a_short_delay_and_who_is_here_already_are_told_at_the_door(house: House) -> None:
    here, coming = book(house, "kari", TODAY, "14:00"), book(house, "emily", TODAY, "14:50")
    tick(house, TODAY, "13:40")
    diary.arrive_appointment(
        practice_id=house.id, appointment_id=here.pk, by=house.by("ingrid"), now=oslo(TODAY, "13:40")
    )
    run_late(house, 10, "13:41")
    tick(house, TODAY, "13:45")
    assert touches(house, "10") == []
    move(house, coming, TODAY, "15:30", by="emily", now=oslo(TODAY, "13:46"))
    run_late(house, 30, "13:50")
    tick(house, TODAY, "13:55")
    assert [m.touch.subject_id for m in messages(house, "10")] == [coming.pk]
