"""A clinician's other calendar: busy times are held, a visit that stands stays, what vanishes is asked about."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from glede.calendars.errors import BadAddress, NoSuchCalendar, NoSuchClinician
from glede.calendars.models import BusyTime, CalendarFile
from glede.calendars.operations import add_calendar, answer_vanished, stop_calendar, take_fetched, take_file
from glede.calendars.queries import calendar_for, calendars, due
from glede.calendars.tests.invented import AWAY, LUNCH, MEETING, calendar, event
from glede.calendars.values import Fetched, NewCalendar, Told
from glede.diary import operations as diary
from glede.diary.models import Claim
from glede.diary.queries import appointment_for, day, free_times
from glede.diary.requests import Booking
from glede.kernel.actor import SYSTEM
from glede.ledger.queries import verify
from glede.practices import scope
from glede.promises.queries import open_promises
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", is_virtual=True)


def given(house: House, **more: Any) -> dict[str, Any]:
    return {"practice_id": house.id, "by": SYSTEM, "now": house.now, **more}


def chair(house: House) -> UUID:
    return next(iter(house.chairs.values()))


@pytest.fixture
def outlook(house: House) -> UUID:
    return add_calendar(new=NewCalendar(chair(house), "Outlook"), **given(house))


def told(house: House, key: UUID, *events: str, **more: Any) -> Told:
    return take_file(calendar_id=key, name="outlook.ics", content=calendar(*events), **given(house, **more))


def held(house: House) -> list[tuple[str, str]]:
    with scope.transaction(house.id):
        rows = Claim.objects.filter(ref=chair(house), appointment=None, is_active=True).order_by("starts_at")
        return [(f"{row.starts_at:%d.%m %H:%M}", f"{row.ends_at:%H:%M}") for row in rows]


def causes(house: House) -> list[str]:
    return sorted(owed.cause for owed in open_promises(house.id) if owed.cause.startswith(("busy", "calendar")))


def a_visit(house: House, day: int, hour: int) -> UUID:
    service = next(iter(house.services.values()))
    offers = free_times(house.id, service, from_=house.now.date(), days=8, now=house.now, practitioner_id=chair(house))
    offer = next(o for o in offers if o.day.day == day and o.wall_time.hour == hour)
    asked = Booking(
        patient_id=house.people["kari"], service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time,
    )  # fmt: skip
    return UUID(str(diary.book_appointment(request=asked, **given(house)).pk))


def test_busy_times_are_held_and_nobody_is_offered_them(house: House, outlook: UUID) -> None:
    found = told(house, outlook, LUNCH, MEETING, AWAY)
    assert (found.counts["events"], found.counts["busy"], found.held) == (
        3,
        3,
        5,
    )  # Friday's lunch lies in the day away
    assert held(house)[1:3] == [("25.11 09:00", "10:00"), ("25.11 10:30", "11:00")]
    service = next(iter(house.services.values()))
    offers = free_times(house.id, service, from_=house.now.date(), days=5, now=house.now, practitioner_id=chair(house))
    assert not [o for o in offers if (o.day.day, o.wall_time.hour) == (25, 10) or o.day.day == 27]
    assert verify(house.id).problems == []


def test_the_diary_shows_when_a_clinician_is_busy(house: House, outlook: UUID) -> None:
    told(house, outlook, MEETING, AWAY)
    of = {one.practitioner_id: one for one in day(house.id, date(2026, 11, 25)).chairs}
    assert [(period.start.hour, period.end.hour) for period in of[chair(house)].busy] == [(9, 10)]
    (away,) = next(c for c in day(house.id, date(2026, 11, 27)).chairs if c.practitioner_id == chair(house)).busy
    assert away.minutes == 24 * 60


def test_two_busy_times_that_overlap_are_held_once(house: House, outlook: UUID) -> None:
    beside = event("beside", ":20261125T093000Z", ":20261125T103000Z")
    other = add_calendar(new=NewCalendar(chair(house), "Google"), **given(house))
    told(house, outlook, MEETING)
    told(house, other, beside)
    assert held(house) == [("25.11 09:00", "10:30")]
    stop_calendar(calendar_id=outlook, **given(house))
    assert held(house) == [("25.11 09:30", "10:30")]


def test_where_a_visit_stands_it_stays_and_a_colleague_is_asked(house: House, outlook: UUID) -> None:
    visit = a_visit(house, 25, 10)
    before = appointment_for(house.id, visit)
    found = told(house, outlook, event("long", ":20261125T070000Z", ":20261125T140000Z"))
    assert found.clashes == 1
    assert appointment_for(house.id, visit) == before
    assert causes(house) == ["busy"]
    assert held(house) == [("25.11 07:00", f"{before.starts_at:%H:%M}"), (held(house)[1][0], "14:00")]
    assert told(house, outlook, event("long", ":20261125T070000Z", ":20261125T080000Z")).clashes == 0
    assert causes(house) == []
    assert verify(house.id).problems == []


def test_what_vanishes_is_asked_about_and_stays_held(house: House, outlook: UUID) -> None:
    told(house, outlook, LUNCH, MEETING)
    before = held(house)
    assert told(house, outlook, LUNCH).vanished == 1
    assert held(house) == before
    assert causes(house) == ["calendar_gone"]
    (gone,) = calendar_for(house.id, outlook, now=house.now).vanished
    answer_vanished(calendar_id=outlook, times=[gone.id], is_free=True, **given(house))
    assert held(house) == [one for one in before if one[0] != "25.11 09:00"]
    assert causes(house) == []


def test_what_is_kept_busy_stays_and_is_not_asked_again(house: House, outlook: UUID) -> None:
    told(house, outlook, MEETING)
    told(house, outlook, LUNCH)
    (gone,) = calendar_for(house.id, outlook, now=house.now).vanished
    answer_vanished(calendar_id=outlook, times=[gone.id], is_free=False, **given(house))
    assert told(house, outlook, LUNCH).vanished == 0
    assert ("25.11 09:00", "10:00") in held(house)


def test_what_comes_back_is_no_question_any_more(house: House, outlook: UUID) -> None:
    told(house, outlook, MEETING)
    told(house, outlook)
    assert causes(house) == ["calendar_gone"]
    told(house, outlook, MEETING)
    assert causes(house) == []


def test_a_time_that_moved_there_moves_here(house: House, outlook: UUID) -> None:
    told(house, outlook, MEETING)
    moved = event("meeting", ":20261126T120000Z", ":20261126T130000Z", "SEQUENCE:2")
    assert told(house, outlook, moved).vanished == 0
    assert held(house) == [("26.11 12:00", "13:00")]


def test_the_same_file_again_changes_nothing(house: House, outlook: UUID) -> None:
    told(house, outlook, LUNCH)
    before = held(house)
    assert told(house, outlook, LUNCH).is_known
    assert held(house) == before
    with scope.transaction(house.id):
        assert CalendarFile.objects.count() == 1


def test_a_refused_file_is_kept_with_its_reason_and_changes_nothing(house: House, outlook: UUID) -> None:
    told(house, outlook, MEETING)
    before = held(house)
    given_ = given(house, calendar_id=outlook, name="x.ics")
    assert take_file(content=b"<html>Sign in</html>", **given_).reason == "no_calendar"
    assert held(house) == before
    with scope.transaction(house.id):
        assert sorted(CalendarFile.objects.values_list("reason", flat=True)) == ["", "no_calendar"]
    assert calendar_for(house.id, outlook, now=house.now).failure == "no_calendar"


def test_no_word_of_the_calendar_is_in_the_clear(house: House, outlook: UUID) -> None:
    told(house, outlook, MEETING)
    with scope.transaction(house.id), connection.cursor() as cursor:
        for table in ("calendars_busytime", "calendars_calendarfile", "calendars_calendar"):
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            said = cursor.fetchone()[0]
            assert "Kari" not in said
            assert b"Kari".hex() not in said


def test_an_address_that_is_silent_for_a_day_is_somebodys_to_look_at(house: House) -> None:
    new = NewCalendar(chair(house), "Google", "webcal://calendar.example/secret.ics")
    key = add_calendar(new=new, **given(house))
    assert [one.address for one in due(house.id, now=house.now)] == ["https://calendar.example/secret.ics"]
    take_fetched(calendar_id=key, fetched=Fetched(calendar(MEETING), etag='"1"'), **given(house))
    now = house.now
    for hours in (1, 2, 25, 26):
        now = house.now + timedelta(hours=hours)
        take_fetched(calendar_id=key, fetched=Fetched(failure="status_503"), **given(house, now=now))
        assert causes(house) == (["calendar_old"] if hours >= 25 else [])
    (card,) = calendars(house.id, now=house.now)
    assert (card.read_at, card.failure, card.times) == (house.now, "status_503", 1)
    take_fetched(calendar_id=key, fetched=Fetched(is_same=True), **given(house, now=now))
    assert causes(house) == []
    (card,) = calendars(house.id, now=house.now)
    assert (card.read_at, card.failure) == (now, "")


def test_days_that_come_nearer_are_read_from_the_file_that_is_kept(house: House, outlook: UUID) -> None:
    from glede.calendars.tasks import listen

    told(house, outlook, event("daily", ":20261101T090000Z", ":20261101T100000Z", "RRULE:FREQ=DAILY"))
    before = len(held(house))
    later: datetime = house.now + timedelta(days=30)
    listen(house.id, outlook, SYSTEM, later)
    with scope.transaction(house.id):
        last = BusyTime.objects.filter(ended_at=None).order_by("-starts_at").first()
        assert last is not None
        assert last.starts_at > house.now + timedelta(days=200)
    assert before == 180
    assert causes(house) == []


def test_stopped_it_holds_nothing_and_asks_nothing(house: House, outlook: UUID) -> None:
    told(house, outlook, LUNCH, MEETING)
    told(house, outlook, LUNCH)
    stop_calendar(calendar_id=outlook, **given(house))
    assert (held(house), causes(house), calendars(house.id, now=house.now)) == ([], [], [])
    with pytest.raises(NoSuchCalendar):
        told(house, outlook, LUNCH)


def test_what_is_asked_for_has_to_be_there(house: House) -> None:
    with pytest.raises(NoSuchClinician):
        add_calendar(new=NewCalendar(house.id, "x"), **given(house))
    with pytest.raises(BadAddress):
        add_calendar(new=NewCalendar(chair(house), "x", "http://calendar.example/x.ics"), **given(house))
