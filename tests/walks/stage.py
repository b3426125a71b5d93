"""Where the walks take place: Solberg Optikk on a Tuesday morning, behind a web server on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from threading import Thread
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from glede.calendars.operations import add_calendar, take_file
from glede.calendars.tests.invented import BROKEN_ZONE, calendar, event
from glede.calendars.values import NewCalendar
from glede.channels.operations.mails import close_mail
from glede.config.wsgi import application
from glede.diary import operations as diary
from glede.diary.apart import Kept
from glede.diary.operations.holding import secret_of
from glede.diary.queries import appointment_for, free_times
from glede.diary.requests import Booking, TimeToHold
from glede.diary.series import Chosen, Rule, Unit
from glede.diary.series import days as series_days
from glede.feedback.operations import Answers, give_response
from glede.inbox import operations as inbox
from glede.journeys.operations import advance, note_call
from glede.kernel.actor import STRANGER, Actor
from glede.kernel.clock import at_wall
from glede.lists import operations as lists
from glede.lists.values import NewList
from glede.people.operations import add_patient, note_likenesses
from glede.people.values import PersonForm
from glede.practices.operations import OfferedOnline, OnlineBooking, change_online_booking
from glede.practices.queries import practice_by_id, practice_now
from glede.promises.operations import keep_promise
from glede.promises.queries import open_promises
from glede.staff.queries import user_of
from tests.cast import MORNING, PASSWORD, SERVICES, House, open_solberg
from tests.estate import a_campaign, held_mail
from tests.seats import at_desk

BEFORE = MORNING - timedelta(days=4)
AWAY = date(2026, 12, 14)  # a Monday
CAST = ("kari", "jonas", "tor", "mette", "sunniva", "berit", "per", "emily")


class Quiet(WSGIRequestHandler):
    """Answers without writing each request to the screen."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Answer on a free port of loopback, by the code and the database of this process; return the address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(application)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@dataclass
class Stage:
    """The practice, its address, and the visits of its people by name."""

    house: House
    address: str
    visits: dict[str, UUID] = field(default_factory=dict)
    lists: dict[str, UUID] = field(default_factory=dict)
    mail: UUID | None = None
    calendar: UUID | None = None
    leave: UUID | None = None
    series: UUID | None = None
    campaign: UUID | None = None
    held: str = ""

    def link(self, name: str) -> str:
        """Return the path of somebody's visit page."""
        return f"/t/{appointment_for(self.house.id, self.visits[name]).link_code}/"

    def clock(self, to: datetime) -> None:
        """Let the practice's clock go on to a moment."""
        advance(self.house.id, to=to)

    def now(self) -> datetime:
        """Return what the practice's clock shows: another walk may have let it go on."""
        return practice_now(practice_by_id(self.house.id))

    def at(self, hour: str, days: int = 0) -> datetime:
        """Return a moment on the wall of the practice, ``days`` from the morning of the walks."""
        return at_wall(MORNING.date() + timedelta(days=days), time.fromisoformat(hour), "Europe/Oslo")

    def session(self, colleague: str) -> dict[str, Any]:
        """Return the cookie with which a colleague is signed in already."""
        client = at_desk(self.house, colleague)
        name = settings.SESSION_COOKIE_NAME
        assert SessionStore(client.cookies[name].value).exists(client.cookies[name].value)
        return {"name": name, "value": client.cookies[name].value, "url": self.address}


def set_up(address: str) -> Stage:
    """Open Solberg, let its people book, come, write and complain; it is Tuesday, 09:02."""
    house = open_solberg(*CAST, now=BEFORE, is_virtual=True)
    stage = Stage(house, address)
    for name, day, hour in (
        ("tor", -1, "10:00"), ("berit", -1, "11:00"), ("jonas", 0, "09:20"), ("mette", 0, "10:40"),
        ("sunniva", 1, "13:00"), ("kari", 2, "10:00"), ("per", 3, "11:00"), ("emily", 2, "12:00"),
    ):  # fmt: skip
        stage.visits[name] = book(stage, name, day, hour)
    stage.clock(stage.at("10:00", -1))
    _past(stage)
    stage.clock(stage.at("16:00", -1))
    given: dict[str, Any] = {"practice_id": house.id, "appointment_id": stage.visits["tor"]}
    given["now"] = stage.at("16:00", -1)
    give_response(answers=Answers(2, "It is the second time they slip."), by=house.by("tor"), **given)
    _ring(stage)
    for name, hour, words in (
        ("kari", "08:21", "can I come later?? the bus is never on time on thursdays"),
        ("emily", "08:50", "I suddenly see flashes of light in one eye"),
        ("sunniva", "08:51", "Can I swim with lenses?"),
    ):
        stage.clock(stage.at(hour))
        says(stage, name, words, stage.at(hour))
    stage.clock(stage.at("09:02"))
    _lists(stage)
    _mail(stage)
    _calendar(stage)
    _apart(stage)
    _again(stage)
    _twice(stage)
    stage.campaign = a_campaign(house, [house.people[name] for name in ("kari", "tor", "mette")], "Lens evening")
    _unknown(stage)
    return stage


def _unknown(stage: Stage) -> None:
    """Open the booking page for people nobody knows, one of whom holds a time."""
    house, now = stage.house, stage.at("09:02")
    offered = [OfferedOnline(house.services[code], dict(SERVICES[code].name)) for code in SERVICES]
    online = OnlineBooking(is_open=True, services=offered[:3], name=house.practice.slug)
    change_online_booking(practice_id=house.id, online=online, by=house.by("sofie"), now=now)
    service = house.services["eye-test"]
    offer = free_times(house.id, service, from_=date(2026, 12, 3), days=5, now=stage.at("09:02"))[0]
    asked = TimeToHold(day=offer.day, wall_time=offer.wall_time, service_id=service)
    stage.held = secret_of(diary.hold_time(practice_id=house.id, request=asked, by=STRANGER, now=stage.at("09:02")))


def _twice(stage: Stage) -> None:
    """Sunniva, whom somebody wrote down once more by phone; and the comparison of the night."""
    given: dict[str, Any] = {"practice_id": stage.house.id, "now": stage.house.now}
    again = PersonForm(
        given_name="Suniva", family_name="Åsen", phones=("400 00 105",), street="Elvegata 6", city="Moss"
    )
    add_patient(person=again, by=stage.house.by("ingrid"), **given)
    note_likenesses(**given)


def _again(stage: Stage) -> None:
    """Choose the days of a series of which nobody has booked a visit yet."""
    given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("ingrid"), "now": stage.at("09:02")}
    whose, service = next(iter(stage.house.chairs.values())), stage.house.services["lens-check"]
    rule = Rule(date(2027, 2, 1), 1, Unit.WEEK, 3)
    chosen = tuple(Chosen(n, day, time(10), whose) for n, day in enumerate(series_days(rule), start=1))
    new = diary.NewSeries(stage.house.people["tor"], service, whose, rule, time(10), chosen)
    stage.series = diary.begin_series(new=new, **given)


def _apart(stage: Stage) -> None:
    """Let a clinician be away for a week in which nobody has a visit, and keep their last half hour of Fridays."""
    given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("sofie"), "now": stage.at("09:02")}
    whose = next(iter(stage.house.chairs.values()))
    leave = diary.take_leave(new=diary.NewLeave(whose, "course", AWAY, AWAY + timedelta(days=4)), **given)
    stage.leave = leave.leave_id if leave else None
    kept = Kept(4, time(16, 30), time(17), 0, time(9))
    diary.keep_urgent_times(new=diary.NewUrgentTimes(whose, (kept,)), **given)


def _calendar(stage: Stage) -> None:
    """Listen to a clinician's own calendar, busy one evening in January, with something odd in it."""
    given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("sofie"), "now": stage.at("09:02")}
    stage.calendar = add_calendar(new=NewCalendar(next(iter(stage.house.chairs.values())), "Outlook"), **given)
    evening = event("evening", ";TZID=Kontoret:20270120T210000", ";TZID=Kontoret:20270120T220000")
    take_file(calendar_id=stage.calendar, name="outlook.ics", content=calendar(evening, before=BROKEN_ZONE), **given)


def _mail(stage: Stage) -> None:
    """Let a mail come that says from nobody; a colleague has seen to it."""
    now = stage.at("09:01")
    stage.mail = held_mail(stage.house, "New frames this spring", now)
    close_mail(practice_id=stage.house.id, mail_id=stage.mail, note="An offer", by=stage.house.by("ingrid"), now=now)


def book(stage: Stage, name: str, day: int, hour: str) -> UUID:
    """Book an eye test on the desk, at the free time nearest to an hour."""
    house, wanted = stage.house, stage.at(hour, day)
    service = house.services["eye-test"]
    free = free_times(house.id, service, from_=wanted.date(), days=1, now=BEFORE, limit=200)
    offer = min(free, key=lambda o: abs(o.starts_at - wanted))
    asked = Booking(
        patient_id=house.people[name], service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time,
    )  # fmt: skip
    by = house.by("ingrid")
    return diary.book_appointment(practice_id=house.id, request=asked, by=by, now=BEFORE).pk


def with_us(stage: Stage, name: str) -> UUID:
    """Book somebody for today who is here already, and show them in."""
    visit = book(stage, name, 0, "15:00")
    given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("ingrid"), "now": stage.now()}
    diary.arrive_appointment(appointment_id=visit, **given)
    diary.start_appointment(appointment_id=visit, **given)
    return visit


def _past(stage: Stage) -> None:
    given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("ingrid")}
    tor, berit = stage.visits["tor"], stage.visits["berit"]
    diary.arrive_appointment(appointment_id=tor, now=stage.at("09:58", -1), **given)
    diary.start_appointment(appointment_id=tor, now=stage.at("10:02", -1), **given)
    diary.finish_appointment(appointment_id=tor, now=stage.at("10:40", -1), **given)
    diary.miss_appointment(appointment_id=berit, now=stage.at("11:30", -1), **given)


def _ring(stage: Stage) -> None:
    """Keep every call that was owed before the morning, so that nobody has waited since Friday."""
    now = stage.at("16:00", -1)
    for owed in open_promises(stage.house.id):
        given: dict[str, Any] = {"practice_id": stage.house.id, "promise_id": owed.id, "now": now}
        given["by"] = stage.house.by("ingrid")
        if owed.kind == "call" and owed.due_at < MORNING:
            if "row" in owed.detail and owed.subject.kind == "appointment":
                note_call(outcome="reached", note="", **given)
            else:
                keep_promise(evidence=owed.subject, reason="reached", **given)


ROWS = """Kundenr;Navn;Født;Telefon;E-post;Reservert
L-1;Åse Nordbø;12.03.1960;912 34 567;aase@example.no;Nei
L-2;Per van der Berg;31.02.1970;40001234;;%s
;;;;;
"""


def _lists(stage: Stage) -> None:
    """Put lists in and leave each where a page of its own shows it."""
    given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("sofie"), "now": stage.at("09:02")}
    for name, word in (
        ("brought", "Ja"), ("discarded", "Ja"), ("coming", "Ja"), ("clear", "Nei"), ("asked", "Kanskje"),
    ):  # fmt: skip
        new = NewList("people", f"{name}.csv", (ROWS % word).encode())
        stage.lists[name] = lists.put_in_list(new=new, **given)
    lists.bring_list(list_id=stage.lists["brought"], **given)
    lists.discard_list(list_id=stage.lists["discarded"], **given)
    lists.begin_bringing(list_id=stage.lists["coming"], **given)


def sign_up(stage: Stage, colleague: str) -> None:
    """Give a colleague the password of the walks; to do it for all would cost seconds."""
    user = user_of(stage.house.id, stage.house.colleagues[colleague])
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])


def says(stage: Stage, name: str, words: str, now: datetime) -> None:
    """Let somebody write from their visit page."""
    patient_id = stage.house.people[name]
    message = inbox.Incoming(patient_id=patient_id, words=words, appointment_id=stage.visits.get(name))
    inbox.receive_message(practice_id=stage.house.id, message=message, by=Actor("patient", patient_id), now=now)


__all__ = ["PASSWORD", "Stage", "book", "says", "served", "set_up", "sign_up"]
