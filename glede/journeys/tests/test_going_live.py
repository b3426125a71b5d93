"""The switch to live: what lies before it is never told; for a day each message waits a quarter of an hour.

Each story has its control: with the guard it tells of taken away, it ends otherwise.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from glede.journeys import gathering
from glede.journeys.operations import follow
from glede.journeys.tests.stories import NEXT_WEDNESDAY, book, bring, move, oslo
from glede.outbox import sending, transports
from glede.outbox.models import Message
from glede.outbox.operations import cases
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import Scripted
from glede.people import operations as people
from glede.people.values import Wishes
from glede.practices import scope
from glede.practices.operations import go_live
from tests.cast import House, open_solberg

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
SWITCHED = oslo(TODAY, "16:00")
QUARTER = timedelta(minutes=15)


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house by the real clock, with Emily, who has been before, and a mail server that takes everything."""
    monkeypatch.setattr(transports, "_transports", {"email": Scripted()})
    monkeypatch.setattr(sending, "connection", SimpleNamespace(in_atomic_block=False))
    house = open_solberg("emily")
    bring(house, "emily", date(2025, 3, 3), number="before", now=house.now)
    return house


def send(house: House, now: datetime) -> None:
    follow(house.id, now=now)
    while send_due(house.id, now=now).taken:
        pass


def left(house: House) -> list[tuple[str, datetime | None]]:
    """Return what has really left: its row, and the moment it was taken for sending."""
    with scope.transaction(house.id):
        went = Message.objects.filter(state="accepted").select_related("touch").order_by("intent_at", "touch__row")
        return [(m.touch.row, m.intent_at) for m in went]


def switched_at_four(house: House) -> list[tuple[str, datetime | None]]:
    """Book for tomorrow and for next week, switch at four, and return what leaves until next week."""
    book(house, "emily", TOMORROW, "10:00")
    book(house, "emily", date(2026, 12, 3), "11:00")
    follow(house.id, now=house.now)
    go_live(practice_id=house.id, by=house.by("sofie"), now=SWITCHED)
    for day in range(9):
        for clock in ("16:01", "16:30"):
            send(house, oslo(TODAY + timedelta(days=day), clock))
    return left(house)


def test_nothing_whose_hour_lies_before_the_switch_and_no_old_confirmation_ever_leaves(house: House) -> None:
    # The reminder of tomorrow's visit was due at three today; of next week's the word and the reminder go.
    assert switched_at_four(house) == [
        ("5", oslo(date(2026, 11, 30), "16:01")),
        ("6", oslo(NEXT_WEDNESDAY, "16:01")),
    ]


def test_without_the_moment_of_the_switch_they_would(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house_of = gathering.house_of
    monkeypatch.setattr(gathering, "house_of", lambda practice: replace(house_of(practice), live_since=None))
    assert {"2", "6"} <= {row for row, at in switched_at_four(house) if at and at < oslo(TOMORROW, "10:00")}


def on_the_first_day(house: House) -> tuple[Any, datetime]:
    """Go live, let Emily book for herself, and move her visit for her a little later."""
    go_live(practice_id=house.id, by=house.by("sofie"), now=house.now)
    booked = house.now + timedelta(hours=1)
    visit = book(house, "emily", by="emily", now=booked)
    send(house, booked)
    moved = booked + timedelta(minutes=20)
    move(house, visit, date(2026, 12, 10), "14:30", by="ingrid", now=moved)
    due = moved + timedelta(minutes=3)
    send(house, due)
    return booked, due


def test_the_first_day_holds_a_quarter_of_an_hour_but_never_the_answer_to_ones_own_act(house: House) -> None:
    booked, due = on_the_first_day(house)
    assert left(house) == [("2", booked)]
    send(house, due + QUARTER - timedelta(seconds=1))
    assert left(house) == [("2", booked)]
    send(house, due + QUARTER)
    assert left(house) == [("2", booked), ("8", due + QUARTER)]


def test_without_the_first_day_it_would_leave_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "first_day_hold", lambda **_: None)
    booked, due = on_the_first_day(house)
    assert left(house) == [("2", booked), ("8", due)]


def test_what_is_planned_anew_meanwhile_does_not_shorten_it(house: House) -> None:
    booked, due = on_the_first_day(house)
    wishes = Wishes(pause_until=TOMORROW)
    people.set_preference(
        practice_id=house.id, patient_id=house.people["emily"], wishes=wishes, by=house.by("emily"), now=due
    )
    wishes = Wishes(pause_until="none")
    follow(house.id, now=due)
    people.set_preference(
        practice_id=house.id, patient_id=house.people["emily"], wishes=wishes, by=house.by("emily"), now=due
    )
    send(house, due + QUARTER - timedelta(seconds=1))
    assert left(house) == [("2", booked)]
    send(house, due + QUARTER)
    assert left(house) == [("2", booked), ("8", due + QUARTER)]


def test_after_a_day_nothing_is_held(house: House) -> None:
    go_live(practice_id=house.id, by=house.by("sofie"), now=house.now - timedelta(days=1))
    visit = book(house, "emily", now=house.now + timedelta(hours=1))
    move(house, visit, date(2026, 12, 10), "14:30", by="ingrid", now=house.now + timedelta(hours=2))
    due = house.now + timedelta(hours=2, minutes=3)
    send(house, due)
    assert ("8", due) in left(house)
