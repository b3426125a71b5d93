"""The forecast: what it tells is what the ticks then do, to the minute; and telling it changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import InternalError, connection, transaction

from glede.diary.facts import VisitFacts
from glede.diary.operations import confirm_appointment, finish_appointment
from glede.inbox.operations import Incoming, receive_message, reply
from glede.journeys import days, gathering, living
from glede.journeys.facts import Change, Visit
from glede.journeys.forecast import Forecast, Foretold, forecast
from glede.journeys.operations import follow
from glede.journeys.tests.crowds import crowd, free, listed, refuse, wish
from glede.journeys.tests.stories import NEXT_THURSDAY, NEXT_WEDNESDAY, book, do, move, oslo, tick
from glede.journeys.words import why_words
from glede.kernel.clock import at_wall, wall
from glede.outbox import transports
from glede.outbox.models import Message
from glede.outbox.operations import hold_message
from glede.outbox.tests.scenes import Scripted
from glede.people.operations import change_patient
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id, practice_now
from glede.promises.models import Promise
from tests.cast import House, add, open_solberg
from tests.depth import DEPTH, count, seeds
from tests.snapshot import hash_of_everything

TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)
Line = tuple[Any, ...]


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(transports, "_transports", {"email": Scripted(), "sms": Scripted()})
    return open_solberg("emily", is_virtual=True)


def ahead(house: House, *, days: int = 21, since: date = TUESDAY) -> Forecast:
    """Return the forecast of so many days."""
    practice = practice_by_id(house.id)
    start, end = (at_wall(since + timedelta(days=n), time(0), practice.zone) for n in (0, days))
    return forecast(practice, since=start, until=end, now=practice_now(practice))


def of_row(found: Forecast, row: str, assumes: str = "") -> list[Foretold]:
    """Return what is foretold of a row."""
    return [one for one in found.touches if one.row == row and one.assumes == assumes]


def foretold(found: Forecast, *assumes: str) -> set[Line]:
    """Return what goes and who is rung, for comparison; only what rests on these assumptions or none."""
    lines = [one for one in found.touches if one.assumes in {"", *assumes}]
    told = {(one.person_id, one.subject.id, one.row, one.channel, one.at) for one in lines}
    assert len(told) == len(lines), "nothing is told twice"
    return told


def done(house: House, *, since: datetime, until: datetime) -> set[Line]:
    """Return what the outbox rehearsed and what colleagues are to ring about, in [since, until)."""
    with scope.transaction(house.id):
        went = Message.objects.filter(state="rehearsed", sent_at__gte=since, sent_at__lt=until)
        fields = ("touch__patient_id", "touch__subject_id", "touch__row", "channel", "sent_at")
        lines = list(went.values_list(*fields))
        made = dict(Promise.objects.filter(made_at__gte=since, made_at__lt=until).values_list("id", "made_at"))
        handed = Message.objects.filter(promise_id__in=made).values_list(*fields[:3], "promise_id")
        lines += [(person, visit, row, "call", made[promise]) for person, visit, row, promise in handed]
    assert len(set(lines)) == len(lines), "nothing goes twice"
    return set(lines)


@contextmanager
def undone() -> Iterator[None]:
    """Take back everything that happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ticked(house: House, *, days: int, assume_attended: bool = False) -> set[Line]:
    """Let the days go by on a clock moved in random steps, take them back, and return what happened."""
    practice = practice_by_id(house.id)
    since, until = practice_now(practice), at_wall(TUESDAY + timedelta(days=days), time(0), practice.zone)
    random, at = Random(days), since
    with undone():
        while at < until:
            at = min(until, at + timedelta(hours=random.randint(5, 90)))
            tick(house, *_on_wall(at, practice.zone), assume_attended=assume_attended)
        return done(house, since=since, until=until)


def _on_wall(at: datetime, zone: str) -> tuple[date, str]:
    local = wall(at, zone)
    return local.date(), local.time().isoformat()


def practice_of_many(house: House, seed: int) -> None:
    """Let many people book or be brought by a list; some are moved late at night, some say yes, some came."""
    random = Random(seed)
    visits = crowd(house, random, count(60, least=9))
    listed(house, random, count(80, least=9), first=WEDNESDAY, days=20)
    tick(house, WEDNESDAY, "19:58")
    now = house.now = oslo(WEDNESDAY, "19:58")
    for number, visit in enumerate(random.sample(visits, len(visits) // 3)):
        move(house, visit, *free(date(2026, 12, 15), number), by="ingrid", now=now)
    for visit in random.sample(visits, 3):
        do(confirm_appointment, house, visit, now=now)
    if random.random() < 0.5:
        follow(house.id, now=now)


@pytest.mark.parametrize("seed", seeds(30 if DEPTH >= 10 else 10))
def test_forecast_and_ticks_are_one(house: House, seed: int) -> None:
    practice_of_many(house, seed)
    found = ahead(house)
    plain, attended = ticked(house, days=21), ticked(house, days=21, assume_attended=True)
    assert foretold(found) ^ plain == set()
    assert foretold(found, "attended") ^ attended == set()
    assert plain < attended, "an assumption adds and takes nothing away"
    assert {one.assumes for one in found.touches} == {"", "attended", "not reached"}


def test_without_the_room_of_the_day_they_would_differ(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(living.Life, "_share_out", lambda one, at: False)
    crowd(house, Random(4), 14)
    assert foretold(ahead(house)) ^ ticked(house, days=21)


def test_where_assumed_thanks_ranked_with_the_rest_they_would_take_days(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "LANES", {**days.LANES, "care": 0})
    book(house, "emily", NEXT_WEDNESDAY, "10:00")
    book(house, "emily", NEXT_THURSDAY, "10:00", service_id=house.services["lens-check"])
    assert foretold(ahead(house)) <= ticked(house, days=21, assume_attended=True)
    monkeypatch.setattr(gathering, "_seen", _taken_for_certain)
    assert not foretold(ahead(house)) <= ticked(house, days=21, assume_attended=True)


def _taken_for_certain(visit: VisitFacts, news: dict[UUID, list[Change]], _: object) -> Visit:
    return gathering.visit_of(visit, news.get(visit.appointment_id, []))


def test_who_cannot_be_rung_has_one_message_that_day(house: House) -> None:
    Practice.objects.filter(pk=house.id).update(calls_per_day=0)
    emily, by = house.people["emily"], house.by("ingrid")
    change_patient(practice_id=house.id, patient_id=emily, fields={"style": "call"}, by=by, now=house.now)
    wish(house, "emily", hours=(time(8), time(15)))
    book(house, "emily", date(2026, 11, 26), "15:20")
    book(house, "emily", date(2026, 12, 1), "10:00", service_id=house.services["lens-check"])
    found = ahead(house)
    (instead,) = (one for one in found.touches if one.why.get("instead_of_call"))
    assert instead.at.date() not in {one.at.date() for one in of_row(found, "12", "attended")}
    assert foretold(found, "attended") == ticked(house, days=21, assume_attended=True)


def test_it_writes_nothing(house: House) -> None:
    crowd(house, Random(1), 5)
    before = hash_of_everything(house.id)
    assert ahead(house).touches
    assert hash_of_everything(house.id) == before
    tick(house, date(2026, 11, 26), "09:00")
    assert hash_of_everything(house.id) != before


@pytest.mark.usefixtures("own_database")
def test_the_database_refuses_whatever_would_write(monkeypatch: pytest.MonkeyPatch) -> None:
    house = open_solberg("emily", is_virtual=True)
    book(house, "emily")
    assert ahead(house).touches

    def writing(*_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("update diary_appointment set minutes = minutes + 1")

    monkeypatch.setattr(living.Life, "begin", writing)
    with pytest.raises(InternalError, match="read-only transaction"):
        ahead(house)


def test_it_tells_the_very_words_and_why(house: House) -> None:
    book(house, "emily")
    (reminder,) = of_row(ahead(house), "6")
    assert (reminder.act, reminder.channel, reminder.at) == ("message", "sms", oslo(NEXT_WEDNESDAY, "15:00"))
    assert "A visit is coming." in why_words(reminder.why)
    tick(house, NEXT_THURSDAY, "09:00")
    with scope.transaction(house.id):
        sent = Message.objects.get(touch__row="6", state="rehearsed")
    assert (reminder.subject_line, reminder.text) == (sent.subject_line, sent.body)


def test_it_takes_only_the_days_asked_for(house: House) -> None:
    book(house, "emily")
    assert [one.row for one in ahead(house, days=1).touches] == ["2"]
    assert [one.row for one in ahead(house, since=NEXT_WEDNESDAY, days=1).touches] == ["6"]
    assert ahead(house, since=date(2027, 3, 1)).touches == ()


def test_thanks_assume_that_the_person_came(house: House) -> None:
    visit = book(house, "emily")
    found = ahead(house)
    assert of_row(found, "12") == []
    assert [one.at for one in of_row(found, "12", "attended")] == [visit.ends_at + timedelta(hours=2)]
    tick(house, NEXT_THURSDAY, "10:40")
    do(finish_appointment, house, visit, now=oslo(NEXT_THURSDAY, "10:40"))
    assert len(of_row(ahead(house), "12")) == 1


def test_a_call_that_reaches_nobody_is_followed_by_a_message(house: House) -> None:
    book(house, "emily")
    found = ahead(house)
    (call,) = of_row(found, "5")
    (message,) = of_row(found, "5", "not reached")
    assert (call.act, message.act) == ("call", "message")
    assert call.at < message.at
    assert message.at.date() == call.at.date()


def test_who_cannot_be_written_to_is_a_call_and_says_so(house: House) -> None:
    add(house, "nils", PersonForm(given_name="Nils"))
    book(house, "nils")
    (call,) = of_row(ahead(house), "6")
    assert (call.act, call.channel, call.reason) == ("call", "call", "no_channel")


def test_whom_the_law_leaves_out_stands_apart_with_the_reason(house: House) -> None:
    book(house, "emily")
    refuse(house, "emily")
    found = ahead(house)
    assert not [one for one in found.touches if one.act == "message"]
    assert {one.reason for one in found.left_out} == {"opted_out"}


def test_a_pause_moves_it_to_the_day_the_person_is_back(house: House) -> None:
    visit = book(house, "emily")
    tick(house, WEDNESDAY, "12:00")
    house.now = oslo(WEDNESDAY, "12:00")
    wish(house, "emily", pause_until=date(2026, 11, 27))
    move(house, visit, date(2026, 12, 11), "10:00", by="ingrid", now=house.now)
    (news,) = [one for one in of_row(ahead(house), "8") if one.act == "message"]
    assert news.at == oslo(date(2026, 11, 27), "09:00")


def test_what_a_colleague_holds_goes_when_they_said(house: House) -> None:
    book(house, "emily")
    follow(house.id, now=house.now)
    with scope.transaction(house.id):
        message = Message.objects.get(touch__row="6")
    until = oslo(NEXT_WEDNESDAY, "17:30")
    hold_message(practice_id=house.id, message_id=message.pk, until=until, by=house.by("ingrid"), now=house.now)
    assert [one.at for one in of_row(ahead(house), "6")] == [until]


def test_a_colleagues_answer_that_waits_for_the_morning_is_foretold(house: House) -> None:
    night = house.now = oslo(TUESDAY, "22:30")
    tick(house, TUESDAY, "22:30")
    asked = Incoming(patient_id=house.people["emily"], words="Can I come later?", channel="sms")
    row = receive_message(practice_id=house.id, message=asked, by=house.by("emily"), now=night)
    tick(house, TUESDAY, "22:45")
    reply(
        practice_id=house.id, conversation_id=row.conversation_id, words="Of course. Come at 11.", answers_to=row.n,
        by=house.by("ingrid"), now=oslo(TUESDAY, "22:45"),
    )  # fmt: skip
    found = ahead(house)
    (answer,) = of_row(found, "reply")
    assert (answer.at, answer.channel) == (oslo(WEDNESDAY, "09:00"), "sms")
    assert "Come at 11." in answer.text
    assert foretold(found) == ticked(house, days=21)


def test_more_people_to_ring_than_a_day_holds_get_messages(house: House) -> None:
    crowd(house, Random(4), 14)
    found = ahead(house)
    calls = [one for one in of_row(found, "5") if "call_day" in one.why]
    capacity = practice_by_id(house.id).calls_per_day
    assert max(sum(other.at.date() == one.at.date() for other in calls) for one in calls) <= capacity
    assert any(one.why.get("instead_of_call") == "full" for one in of_row(found, "5"))


def test_asked_as_if_live_it_tells_what_going_live_would_send(house: House) -> None:
    book(house, "emily")
    tick(house, WEDNESDAY, "12:00")
    rehearsing = practice_by_id(house.id)
    now = practice_now(rehearsing)
    end = at_wall(date(2026, 12, 10), time(0), rehearsing.zone)
    live = replace_mode(rehearsing, now)
    rows = {one.row for one in forecast(live, since=now, until=end, now=now).touches}
    assert "6" in rows
    assert "2" not in rows, "no confirmation for a visit booked before the switch"


def replace_mode(practice: Practice, now: datetime) -> Practice:
    """Return the practice as it would be once live."""
    practice.mode, practice.live_since = Practice.Mode.LIVE, now
    return practice


def test_people_without_a_visit_near_are_not_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    book(house, "emily", date(2027, 6, 3))
    tick(house, WEDNESDAY, "12:00")
    monkeypatch.setattr(living.Life, "begin", lambda _: pytest.fail("somebody was looked at"))
    assert ahead(house, days=7).touches == ()
