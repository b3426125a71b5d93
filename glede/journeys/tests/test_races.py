"""Many followers at once, and followers beside those who change the diary: each thing once, nothing stuck."""

from datetime import date, timedelta
from typing import Any

import pytest

from glede.diary import operations as diary
from glede.diary.tests.test_races import at_once
from glede.journeys.operations import follow
from glede.journeys.tests.stories import NEXT_THURSDAY, book, do, move, touches
from glede.ledger.queries import verify
from glede.outbox.models import Touch
from glede.outbox.sending import send_due
from glede.practices import scope
from tests.cast import open_solberg

pytestmark = pytest.mark.slow


def test_many_followers_plan_each_touch_once(own_database: str) -> None:
    house = open_solberg("emily", "jonas", is_virtual=True)
    for number in range(12):
        book(house, "emily" if number % 2 else "jonas", NEXT_THURSDAY + timedelta(days=7 * number))
    at_once(6, lambda _: follow(house.id, now=house.now))
    assert len(touches(house, "2")) == 12
    assert len(touches(house, "6")) == 12
    assert verify(house.id).ok


def test_followers_senders_and_colleagues_do_not_stand_in_each_others_way(own_database: str) -> None:
    house = open_solberg("emily", "jonas", is_virtual=True)
    visits = [book(house, "emily", NEXT_THURSDAY + timedelta(days=7 * n), "09:00") for n in range(4)]
    visits += [book(house, "jonas", NEXT_THURSDAY + timedelta(days=7 * n), "10:00") for n in range(4)]

    def act(number: int) -> Any:
        now = house.now + timedelta(minutes=number)
        visit = visits[number % len(visits)]
        if number % 4 == 0:
            return follow(house.id, now=now)
        if number % 4 == 1:
            return send_due(house.id, now=now)
        if number % 4 == 2:
            day = date(2027, 3, 1) + timedelta(days=number)
            return move(house, visit, day + timedelta(days=(7 - day.weekday()) % 7), "14:00", by="emily", now=now)
        return do(diary.confirm_appointment, house, visit, now=now)

    at_once(24, act)
    later = house.now + timedelta(hours=1)
    follow(house.id, now=later)
    with scope.transaction(house.id):
        for visit in visits:
            open_ones = Touch.objects.filter(subject_id=visit.pk, row="6", fate="open")
            assert open_ones.count() == 1
    assert verify(house.id).ok
