"""Two practices full of life in one database, and every address of the desk with ids to fill it with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls import reverse as django_reverse

from glede.calendars.operations import add_calendar, take_file
from glede.calendars.tests.invented import calendar, event
from glede.calendars.values import NewCalendar
from glede.channels.mailbox.accounts import mailbox_in_force
from glede.channels.mailbox.kept import waiting
from glede.channels.mailbox.values import HOOK, Came
from glede.channels.operations.mailboxes import open_mail_address
from glede.channels.operations.mails import store_mails
from glede.channels.operations.reading import read_mail
from glede.diary import operations as diary
from glede.diary.apart import Kept
from glede.diary.queries import appointment_for, free_times
from glede.diary.queries.leaves import urgent_times
from glede.diary.requests import Booking
from glede.diary.series import Chosen, Rule, Unit
from glede.inbox import operations as inbox
from glede.journeys.operations import advance
from glede.kernel.actor import SYSTEM, Actor, colleague
from glede.lists.operations import put_in_list
from glede.lists.values import NewList
from glede.outbox.operations import NewCampaign, make_campaign
from glede.outbox.queries import of_subject
from glede.people import operations as people
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.operations import NewException, add_exception
from glede.practices.queries import exceptions, practice_by_id
from glede.promises.queries import open_promises
from glede.recall.operations import set_next_visit
from glede.recall.values import Plan
from glede.staff.models import Role
from glede.staff.operations import invite_colleague
from glede.team.operations import NewThanks, thank_colleague
from tests.cast import House, open_nordlys, open_solberg

CANARY = "Kanarifugl Grønnvinge"


@dataclass
class Estate:
    """One practice with a visit, a message, a conversation and a promise."""

    house: House
    ids: dict[str, UUID]
    link: str


def an_estate(which: str, *names: str, password: str | None = None) -> Estate:
    """Open a practice and let something of every kind happen to its first person."""
    open_house = open_solberg if which == "solberg" else open_nordlys
    house = open_house(*(names or ("kari",)), is_virtual=True, password=password)
    patient_id, now = house.people["kari"], house.now
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": now}
    service = next(iter(house.services.values()))
    offer = free_times(house.id, service, from_=(now + timedelta(days=2)).date(), days=5, now=now)[0]
    asked = Booking(
        patient_id=patient_id, service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time,
    )  # fmt: skip
    visit = diary.book_appointment(request=asked, **given)
    words = CANARY if which == "nordlys" else "Kan jeg komme litt senere?"
    closure_id = thanked(house, patient_id)
    by_them: dict[str, Any] = {**given, "by": Actor("patient", patient_id)}
    message = inbox.receive_message(message=inbox.Incoming(patient_id=patient_id, words=words), **by_them)
    need = people.note_need(patient_id=patient_id, kind="need", words=words, **given)
    advance(house.id, to=now + timedelta(minutes=1))
    lines = of_subject(house.id, "appointment", visit.pk, now=now)
    facts = appointment_for(house.id, visit.pk)
    contact = people_contact(house, patient_id)
    ids = {
        "patient_id": patient_id,
        "appointment_id": visit.pk,
        "conversation_id": message.conversation_id,
        "closure_id": closure_id,
        "promise_id": open_promises(house.id)[0].id,
        "message_id": lines[0].message_id,
        "need_id": need.pk,
        "contact_id": contact,
        "service_id": service,
        "list_id": put_in_list(new=NewList("people", "people.csv", b"id,name\n7,Siv Ny\n"), **given),
    }
    ids["membership_id"] = house.colleagues.get("ingrid") or house.colleagues["leif"]
    ids["invitation_id"] = invite_colleague(display_name="Siv Ny", role=Role.RECEPTIONIST, **given).id
    arrival = inbox.Arrival(channel="sms", address="+4740000888", words=words, provider_id=f"SM-{which}")
    stray_id = inbox.take_arrival(practice_id=house.id, arrival=arrival, by=SYSTEM, now=now).stray_id
    assert stray_id is not None
    ids["stray_id"] = stray_id
    ids["mail_id"] = held_mail(house, words)
    giver = next(key for key in house.colleagues.values() if key != ids["membership_id"])
    thanks = NewThanks(ids["membership_id"], words, patient_id)
    ids["thanks_id"] = thank_colleague(thanks=thanks, **{**given, "by": colleague(giver)}).pk
    due = Plan(24, "other", words)
    ids["plan_id"] = set_next_visit(patient_id=patient_id, plan=due, **given).pk
    ids["closing_id"] = ids["plan_id"]  # something of theirs; a real one is tried in glede/recall
    ids["request_id"] = people.ask_for_right(patient_id=patient_id, wanted=people.Wanted("looks"), **given).pk
    _settings(house, ids, words)
    return Estate(house, ids, facts.link_code)


def a_series_of(house: House, patient_id: UUID, practitioner_id: UUID) -> UUID:
    """Book two visits of a person, a week apart, and return the series."""
    days, at = [house.now.date() + timedelta(days=n) for n in (15, 22)], time(13)
    chosen = tuple(Chosen(n, day, at, practitioner_id) for n, day in enumerate(days, start=1))
    new = diary.NewSeries(patient_id, None, practitioner_id, Rule(days[0], 1, Unit.WEEK, 2), at, chosen)
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": house.now}
    made = diary.begin_series(new=new, **given)
    diary.book_series(series_id=made, **given)
    return made


def a_campaign(house: House, people: list[UUID], name: str) -> UUID:
    """Keep a campaign to these people, not begun."""
    told = {"subject": "An evening with us", "text": "Dear {first_name}, come and see us on Thursday."}
    new = NewCampaign(name, "offer", {"en": told}, people)
    return make_campaign(practice_id=house.id, new=new, by=SYSTEM, now=house.now).pk


def _settings(house: House, ids: dict[str, UUID], words: str) -> None:
    """Add somebody else, and what stands in the settings: a clinician's other calendar, and a date with other hours."""
    double = PersonForm(given_name=words[:80], phones=("400 00 776",))
    added = people.add_patient(person=double, practice_id=house.id, by=SYSTEM, now=house.now)
    ids |= {"one_id": ids["patient_id"], "other_id": added.pk}
    ids["practitioner_id"] = next(iter(house.chairs.values()))
    room: dict[str, Any] = {"kind": "room", "name": words[:80], "serves_as": "exam room"}
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": house.now}
    ids["facility_id"] = diary.add_facility(**room, **given).pk
    away = house.now.date() + timedelta(days=90)
    leave = diary.take_leave(new=diary.NewLeave(ids["practitioner_id"], "course", away, away), **given)
    assert leave is not None
    ids["leave_id"] = leave.leave_id
    ids["campaign_id"] = a_campaign(house, [ids["patient_id"]], words[:80])
    kept = Kept(6, time(8), time(8, 5))
    diary.keep_urgent_times(new=diary.NewUrgentTimes(ids["practitioner_id"], (kept,)), **given)
    ids["urgent_time_id"] = urgent_times(house.id)[0].id
    ids["calendar_id"] = a_calendar_of(house, ids["practitioner_id"], words)
    ids["series_id"] = a_series_of(house, ids["patient_id"], ids["practitioner_id"])
    far = NewException(house.now.date() + timedelta(days=60), house.now.date() + timedelta(days=60), reason=words)
    ids["change_id"] = add_exception(new=far, **given)
    ids["exception_id"] = exceptions(practice_by_id(house.id), from_=far.first_on)[0].id


def a_calendar_of(house: House, practitioner_id: UUID, words: str) -> UUID:
    """Add a calendar of a clinician, busy for an hour in a year in which nobody books yet."""
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": house.now}
    key = add_calendar(new=NewCalendar(practitioner_id, words), **given)
    evening = event(words, ":20270120T220000Z", ":20270120T230000Z")
    take_file(calendar_id=key, name="x.ics", content=calendar(evening), **given)
    return key


def thanked(house: House, patient_id: UUID) -> UUID:
    """Let somebody say thanks, to which no reply is needed, and return the closing that says so."""
    given: dict[str, Any] = {"practice_id": house.id, "now": house.now}
    said = inbox.Incoming(patient_id=patient_id, words="Takk!")
    message = inbox.receive_message(message=said, by=Actor("patient", patient_id), **given)
    by = colleague(next(iter(house.colleagues.values())))
    talk = message.conversation_id
    return inbox.close_without_reply(conversation_id=talk, reason="thanks_only", by=by, **given).pk


def held_mail(house: House, words: str, now: datetime | None = None) -> UUID:
    """Let a mail come of which nobody can say from whom it is, and return it."""
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": now or house.now}
    open_mail_address(**given)
    raw = f"Subject: {words}\n\n{words}\n".encode()
    with scope.transaction(house.id):
        box = mailbox_in_force(house.id, HOOK)
    assert box is not None
    store_mails(house.id, box.pk, [Came(key="1", raw=raw, size=len(raw), came_at=given["now"])], given["now"])
    mail_id = waiting(house.id)[0]
    read_mail(mail_id=mail_id, **given)
    return mail_id


def people_contact(house: House, patient_id: UUID) -> UUID:
    """Return the first contact of a person."""
    from glede.people.queries import reach

    return reach(house.id, [patient_id])[patient_id].contacts[0].id


def desk_pages() -> Iterator[tuple[str, Any, set[str]]]:
    """Yield (name, view, parameters) of every address of the desk."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: Any, space: str) -> Iterator[tuple[str, Any, set[str]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, one.namespace or space)
        elif isinstance(one, URLPattern) and space == "desk" and one.name:
            yield f"desk:{one.name}", one.callback, set(one.pattern.converters)


def address(name: str, parameters: set[str], ids: dict[str, UUID]) -> str:
    """Return the address ``name`` filled with ``ids``; a day where it wants one."""
    given = {p: ids.get(p, "2026-11-24") for p in parameters}
    return django_reverse(name, kwargs=given)
