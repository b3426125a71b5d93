"""What every public query of every room is asked at 50,000 people, and the acts whose statements are as hot."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from glede.calendars.operations import add_calendar
from glede.calendars.values import NewCalendar
from glede.config.benches import PRESENT
from glede.config.benches.present import ZONE, somebody_of
from glede.config.benches.world import World
from glede.desk.people.happening import told_kinds
from glede.diary import operations as diary
from glede.diary import queries as days
from glede.diary.models import Appointment
from glede.diary.requests import Booking, Slot, TimesWanted
from glede.inbox import operations as inbox
from glede.inbox.queries import unanswered
from glede.journeys.agreeing import CAUSE
from glede.journeys.document import Spot
from glede.journeys.operations import follow
from glede.kernel.actor import SYSTEM, Actor
from glede.kernel.clock import day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import act as ledger_act
from glede.ledger.operations import log_access, once, seal_accesses
from glede.lists.operations import put_in_list
from glede.lists.values import NewList
from glede.outbox import queries as outbox
from glede.outbox.operations import expire_leases, reconcile
from glede.outbox.sending import send_due
from glede.people import operations as people
from glede.people.models import ContactPoint
from glede.people.values import PersonForm, Wishes
from glede.practices import scope
from glede.promises import operations as promises
from glede.promises.queries import open_promises

# Whole lists by their nature: what they answer is as long as the table, or as half of it.
WHOLE = {
    "people.patient_ids": "everybody, for a command that goes through the whole list",
    "people.duplicates": "compares everybody with everybody who is like them, for a command and the night",
    "people.without_origin": "everybody of whom nothing is said yet, before going live",
    "people.count_without_origin": "the same, counted",
    "outbox.outbox_rows": "every touch there is, for a command",
    "outbox.conservation": "counts every touch there is, for the proof that none is lost",
    "journeys.messages_listed": "every message there is, for a command",
    "journeys.under_way": "counts every visit to come, for whoever changes a journey",
    "journeys.row_measures": "all that went in a span, and what followed, for a page and a command",
    "journeys.journey_listed": "the same, for a command",
    "journeys.journey_versions": "every version there is, for the owner's history of them",
    "ledger.verify": "proves the whole record",
}


def values(world: World, patient_id: UUID | None = None) -> Callable[[str, str], Any]:
    """Return what each parameter of a query is here; the person is the one with the long history, or ``patient_id``."""
    house, practice_id, now = world.house, world.house.practice_id, PRESENT
    today = [visit.appointment_id for visit in days.day(practice_id, day_of(now, ZONE)).visits]
    some = [somebody_of(house, world.size, n) for n in range(40)]
    owed = [one.id for one in open_promises(practice_id, limit=40)]
    sent = outbox.of_patient(practice_id, [world.long_known], now=now)
    new = NewList("people", "people.csv", b"id,name\n7,Siv Ny\n")
    list_id = put_in_list(practice_id=practice_id, new=new, by=house.desk, now=now)
    outlook = NewCalendar(house.chairs[0], "Outlook")
    calendar_id = add_calendar(practice_id=practice_id, new=outlook, by=house.desk, now=now)
    with scope.transaction(practice_id):
        link = bytes(Appointment.objects.get(pk=today[0]).link_hash)
        address = ContactPoint.objects.filter(kind="email", patient_id__in=some).values_list("email_key", flat=True)[0]
    known: dict[str, Any] = {
        "spot": Spot("4", "", "nb", "email"), "event_kinds": told_kinds(),
        "command_ids": some, "but": some[0], "moment": now,
        "practice_id": practice_id, "patient_id": patient_id or world.long_known, "patient_ids": some,
        "appointment_id": today[0], "visit_id": today[0], "appointment_ids": today,
        "conversation_id": unanswered(practice_id)[0].conversation_id,
        "conversation_ids": [unanswered(practice_id)[0].conversation_id],
        "contact_ids": [], "list_id": list_id, "guardian_ids": some, "reason": "blocked",
        "promise_id": owed[0], "promise_ids": owed, "ids": owed, "message_id": sent[0].message_id,
        "message_ids": [line.message_id for line in sent], "service_id": house.services[0],
        "service_ids": house.services, "now": now, "words": "berg in", "membership_id": house.members[1],
        "owner_id": house.members[1],
        "subjects": [Ref("appointment", key) for key in today],
        "subject": Ref("appointment", today[0]), "subject_id": today[0], "address": address,
        "external_ids": ["L-000007", "N-0-1"], "external_id": "L-000007", "day": day_of(now, ZONE),
        "from_": day_of(now, ZONE), "days": 5, "count": 5,
        "since": now - timedelta(hours=9), "until": now + timedelta(hours=15),
        "limit": 50, "name": "journeys", "link_hash": link, "kinds": ("need", "anxious"), "language": "en",
        "by": SYSTEM, "visit": days.appointment_for(practice_id, today[0]), "practitioner_id": house.chairs[0],
        "minutes": 10, "calendar_id": calendar_id, "beginning": CAUSE,
        "wanted": TimesWanted(from_day=day_of(now, ZONE), days=5, service_id=house.services[0]),
    }  # fmt: skip

    def value(parameter: str, query: str) -> Any:
        if parameter == "kind":
            return "email" if query == "people.patients_at" else "appointment"
        return known.get(parameter, ...)

    return value


Act = Callable[[World, dict[str, Any]], Any]


def _first_ahead(world: World) -> UUID:
    tomorrow = day_of(PRESENT, ZONE) + timedelta(days=1)
    return days.day(world.house.practice_id, tomorrow).visits[5].appointment_id


def _book(world: World, given: dict[str, Any]) -> None:
    practice_id, service = world.house.practice_id, world.house.services[0]
    offer = days.free_times(practice_id, service, from_=day_of(PRESENT, ZONE), days=9, now=PRESENT)[0]
    request = Booking(
        patient_id=somebody_of(world.house, world.size, 77), service_id=service, day=offer.day,
        practitioner_id=offer.practitioner_id, wall_time=offer.wall_time,
    )  # fmt: skip
    visit = diary.book_appointment(request=request, **given)
    later = days.free_times(practice_id, service, from_=offer.day + timedelta(days=1), days=9, now=PRESENT)[3]
    slot = Slot(day=later.day, wall_time=later.wall_time, practitioner_id=later.practitioner_id)
    diary.move_appointment(appointment_id=visit.pk, to=slot, **given)
    diary.cancel_appointment(appointment_id=visit.pk, reason="time", **given)


def _write(world: World, given: dict[str, Any]) -> None:
    person = somebody_of(world.house, world.size, 91)
    message = inbox.Incoming(patient_id=person, words="May I come an hour later?")
    row = inbox.receive_message(message=message, **{**given, "by": Actor("patient", person)})
    inbox.reply(conversation_id=row.conversation_id, words="Yes, gladly.", answers_to=row.n, **given)


def _person(world: World, given: dict[str, Any]) -> None:
    form = PersonForm(given_name="Kari", family_name="Moe", phones=("+4799990001",), emails=("kari@example.org",))
    person = people.add_patient(person=form, **given).pk
    people.set_preference(patient_id=person, wishes=Wishes(channels=("sms",)), **given)
    people.opt_out(patient_id=person, channel=None, scope="marketing", how="form", **given)


def _look(world: World, given: dict[str, Any]) -> None:
    practice_id = world.house.practice_id
    log_access(practice_id, by=given["by"], patient_id=world.long_known, page="person", now=PRESENT)
    with ledger_act(practice_id, by=SYSTEM, now=PRESENT) as acting:
        once(acting, world.long_known)
    seal_accesses(practice_id, moment=PRESENT)


def _promise(world: World, given: dict[str, Any]) -> None:
    about = Ref("patient", world.long_known)
    new = promises.NewPromise("call", about, PRESENT, "a question", patient_id=world.long_known)
    made = promises.make_promise(new=new, **given)
    promises.keep_promise(promise_id=made.pk, evidence=about, reason="reached", **given)


ACTS: dict[str, Act] = {
    "a visit is booked, moved, cancelled": _book,
    "a visit is confirmed": lambda w, g: diary.confirm_appointment(appointment_id=_first_ahead(w), **g),
    "a person writes and is answered": _write,
    "a person is added": _person,
    "somebody looks": _look,
    "a promise is made and kept": _promise,
    "the record is followed": lambda w, g: follow(w.house.practice_id, now=PRESENT + timedelta(minutes=1)),
    "what is due is claimed and sent": lambda w, g: send_due(w.house.practice_id, now=PRESENT + timedelta(hours=6)),
    "leases of the dead are swept": lambda w, g: expire_leases(practice_id=w.house.practice_id, now=PRESENT),
    "what is in doubt is swept": lambda w, g: reconcile(practice_id=w.house.practice_id, now=PRESENT),
}
