"""Thirty days of random practices, lived day by day and in leaps: what was foretold, what is left out too."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from glede.diary.errors import Refused
from glede.diary.operations import cancel_appointment, confirm_appointment
from glede.journeys import living
from glede.journeys.forecast import forecast
from glede.journeys.operations import advance
from glede.journeys.tests.crowds import free, listed, somebody
from glede.journeys.tests.stories import book, do, move
from glede.journeys.tests.test_forecast import undone
from glede.kernel.clock import at_wall, day_of
from glede.outbox import transports
from glede.outbox.models import Message, Touch
from glede.outbox.tests.scenes import Scripted
from glede.people.operations import change_patient
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id
from glede.promises.models import Promise
from tests.cast import MORNING, House, add, open_solberg, words
from tests.depth import DEPTH

DAYS = 30
PEOPLE = 50 if DEPTH >= 10 else 10
PRACTICES = range(100 if DEPTH >= 10 else 3)
# Winter with Christmas in it; Easter, and the clock goes on; the clock goes back.
BEGINNINGS = (MORNING, MORNING.replace(year=2027, month=3, day=8), MORNING.replace(year=2027, month=10, day=11))
Line = tuple[Any, ...]


def practice_of(seed: int, how_many: int = PEOPLE) -> House:
    """Return a virtual practice in which everything that can be known of people and visits is known of some."""
    random, now = Random(seed), BEGINNINGS[seed % len(BEGINNINGS)]
    house = open_solberg("emily", now=now, is_virtual=True)
    Practice.objects.filter(pk=house.id).update(calls_per_day=random.choice((0, 1, 3, 8)))
    first, visits = now.date() + timedelta(days=1), []
    for number in range(how_many - how_many // 5):
        who = somebody(house, random, number)
        _make_known(house, random, who)
        for n in range(random.choice((1, 1, 2))):
            day, clock = free(first, random.randrange(14 * 18) if n else number * 4)
            try:
                visits.append(book(house, who, day, clock, service_id=house.services[_service(random)]))
            except Refused:
                continue  # a feast, or somebody else sits there
    listed(house, random, how_many // 5, first=first, days=20)
    for visit in visits:
        _change(house, random, visit, first)
    return house


def _service(random: Random) -> str:
    return random.choice(("eye-test", "lens-check"))


def _make_known(house: House, random: Random, who: str) -> None:
    """Let a person be anxious, like calls, speak English, or have a child on the same number."""
    fields = {"style": random.choice(("", "", "call")), "language": random.choice(("", "nb", "en"))}
    change_patient(
        practice_id=house.id, patient_id=house.people[who], fields={k: v for k, v in fields.items() if v},
        by=house.by("ingrid"), now=house.now,
    )  # fmt: skip
    if random.random() < 0.2:
        words(house, who, "anxious", "")
    if random.random() < 0.2:
        child = f"{who}s child"
        add(house, child, PersonForm(given_name="Child", phones=("400 01 000",), birth_date=date(2018, 5, 1)))
        book_if_free(house, child, house.now.date() + timedelta(days=random.randint(2, 20)))


def book_if_free(house: House, who: str, day: date) -> None:
    """Book the last hour of a day, where there is one."""
    try:
        book(house, who, day, "16:00")
    except Refused:
        return


def _change(house: House, random: Random, visit: Any, first: date) -> None:
    """Let a visit be moved, cancelled or confirmed before the days begin, or none of them."""
    match random.randrange(6):
        case 0:
            try:
                move(house, visit, *free(first, random.randrange(14 * 18)), by="ingrid", now=house.now)
            except Refused:
                return
        case 1:
            do(cancel_appointment, house, visit, now=house.now, reason="time")
        case 2:
            do(confirm_appointment, house, visit, now=house.now)
        case _:
            pass


def foretold(house: House) -> set[Line]:
    """Return what is told of thirty days, what is left out too."""
    practice = practice_by_id(house.id)
    found = forecast(practice, since=house.now, until=_end(house), now=house.now)
    lines = [one for one in (*found.touches, *found.left_out) if not one.assumes]
    return _once((o.at, o.row, o.person_id, o.subject.id, o.act, o.channel, o.reason) for o in lines)


def lived(house: House, steps: Iterable[datetime]) -> set[Line]:
    """Return what happens when the clock is moved from step to step; it is taken back."""
    with undone():
        for at in steps:
            advance(house.id, to=at, is_counted=False)
        with scope.transaction(house.id):
            return _once(_went(house))


def _went(house: House) -> Iterable[Line]:
    since, until = house.now, _end(house)
    rung = dict(Promise.objects.filter(practice_id=house.id).values_list("id", "made_at"))
    messages = {m.touch_id: m for m in Message.objects.filter(practice_id=house.id).order_by("n")}
    for touch in Touch.objects.filter(practice_id=house.id).exclude(fate="open"):
        message, at, act, channel = messages.get(touch.pk), touch.closed_at, "", ""
        if touch.fate == "done" and message is not None:
            at, act, channel = message.sent_at, "message", message.channel
        elif touch.fate == "handed":
            act = channel = "call"
            if message is not None and message.promise_id in rung:
                at = rung[message.promise_id]
        if at is not None and since <= at < until:
            yield at, touch.row, touch.patient_id, touch.subject_id, act, channel, touch.reason


def _once(lines: Iterable[Line]) -> set[Line]:
    found = list(lines)
    assert len(set(found)) == len(found), "nothing is told twice, and nothing goes twice"
    return set(found)


def _end(house: House) -> datetime:
    zone = house.practice.zone
    return at_wall(day_of(house.now, zone) + timedelta(days=DAYS), time(0), zone)


def by_days(house: House) -> list[datetime]:
    """Return each midnight by the wall, up to the end."""
    zone = house.practice.zone
    return [at_wall(day_of(house.now, zone) + timedelta(days=n), time(0), zone) for n in range(1, DAYS + 1)]


def in_leaps(house: House, seed: int) -> list[datetime]:
    """Return moments a random number of minutes apart, up to the end."""
    random, at, steps = Random(seed), house.now, []
    while (at := at + timedelta(minutes=random.randint(5, 90 * 60))) < _end(house):
        steps.append(at)
    return [*steps, _end(house)]


def difference(one: set[Line], other: set[Line]) -> str:
    """Return what only one of them has, a line each."""
    sides = [("-", line) for line in one - other] + [("+", line) for line in other - one]
    return "\n".join(f"{sign} {' '.join(map(str, line))}" for sign, line in sorted(sides, key=lambda s: str(s[1])))


@pytest.fixture(autouse=True)
def scripted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "_transports", {"email": Scripted(), "sms": Scripted()})


@pytest.mark.parametrize("seed", PRACTICES)
def test_what_is_lived_day_by_day_and_in_leaps_is_what_was_foretold(seed: int) -> None:
    house = practice_of(seed)
    told = foretold(house)
    assert {line[4] for line in told} >= {"message", ""}, "something goes and something is left out"
    assert difference(told, lived(house, by_days(house))) == ""
    assert difference(told, lived(house, in_leaps(house, seed))) == ""


def test_a_forecast_a_minute_late_would_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    house = practice_of(1, 5)
    monkeypatch.setattr(living.Life, "_claim_due", _a_minute_late(living.Life._claim_due))
    assert difference(foretold(house), lived(house, by_days(house)))


def _a_minute_late(claim: Any) -> Any:
    return lambda one, at: claim(one, at + timedelta(minutes=1))


def test_the_days_have_both_changes_of_the_clock() -> None:
    houses = [open_solberg("emily", now=now, is_virtual=True) for now in BEGINNINGS]
    longest = [{later - earlier for earlier, later in pairwise(by_days(house))} for house in houses]
    assert [sorted(found) for found in longest] == [
        [timedelta(days=1)],
        [timedelta(hours=23), timedelta(days=1)],
        [timedelta(days=1), timedelta(hours=25)],
    ]
