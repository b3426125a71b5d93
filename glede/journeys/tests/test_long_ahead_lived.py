"""Row 3 lived through: what the forecast tells of visits booked long ahead is what the ticks do, in both languages."""

from datetime import date

import pytest

from glede.diary.operations import cancel_appointment, confirm_appointment
from glede.journeys.tests.crowds import refuse
from glede.journeys.tests.stories import book, do, messages, move, oslo, tick, told, touches
from glede.journeys.tests.test_forecast import ahead, done, foretold, undone
from glede.outbox import transports
from glede.outbox.tests.scenes import Scripted
from tests.cast import House, open_solberg

# Seventy-one days after the cast's morning. A month before it lies Monday 4 January.
FAR = date(2027, 2, 3)
ASKED = date(2027, 1, 4)


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(transports, "_transports", {"email": Scripted(), "sms": Scripted()})
    return open_solberg("emily", "kari", "jonas", is_virtual=True)


def test_the_forecast_and_the_ticks_ask_the_same_people_at_the_same_minute(house: House) -> None:
    book(house, "emily", FAR)
    book(house, "kari", FAR, "11:00")
    moved = book(house, "jonas", FAR, "12:00")
    move(house, moved, date(2027, 2, 10), "12:00", by="jonas", now=house.now)
    refuse(house, "kari", "sms")
    tick(house, house.now.date(), "12:00")
    since, found = oslo(house.now.date(), "12:00"), foretold(ahead(house, days=50))
    assert sum(line[2] == "3" for line in found) == 3
    with undone():
        for day in (date(2026, 12, 20), ASKED, date(2027, 1, 13)):
            tick(house, day, "00:00")
        assert done(house, since=since, until=oslo(date(2027, 1, 13), "00:00")) == found


def test_they_are_asked_in_their_own_language_and_a_yes_or_a_cancelled_visit_asks_nothing(house: House) -> None:
    book(house, "emily", FAR)
    kept = book(house, "kari", FAR, "11:00")
    off = book(house, "jonas", FAR, "12:00")
    tick(house, date(2026, 12, 20), "12:00")
    do(cancel_appointment, house, off, now=oslo(date(2026, 12, 20), "12:00"), reason="time")
    tick(house, ASKED, "12:00")
    said = [message.body for message in messages(house, "3")]
    assert sum("Does it still suit you?" in text for text in said) == 1
    assert sum("fortsatt?" in text for text in said) == 1
    assert told(touches(house, "3", off)) == [("3", "message", "skipped", "cancelled")]
    do(confirm_appointment, house, kept, now=oslo(ASKED, "12:00"))
    tick(house, date(2027, 1, 13), "12:00")
    assert len(messages(house, "3")) == 2
