"""Every operation of every room, with what it takes to run it once in a practice full of life."""

import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.db import connection

from glede.catalogue.rules import ServiceForm
from glede.channels.http.accounts import shipped
from glede.channels.operations import NewDescribedAccount, NewTextAccount, close_texts, set_text_account
from glede.diary.lists.visits import read_visits
from glede.diary.operations import (
    arrive_appointment,
    cancel_appointment,
    start_appointment,
)
from glede.diary.queries import free_times
from glede.diary.requests import Booking, ListedVisit, Slot
from glede.feedback.operations import Answers
from glede.journeys.document import default_raw
from glede.kernel.actor import SYSTEM, Actor, colleague
from glede.kernel.ref import Ref
from glede.ledger.operations import make_checkpoint
from glede.lists.operations import begin_bringing, begin_reading, bring_list, put_in_list
from glede.lists.values import NewList
from glede.outbox.operations import Report, Trial, Twin, hold_message
from glede.outbox.rules import Reason, State
from glede.people.lists.opening import open_sheet
from glede.people.lists.people import read_people
from glede.people.operations import add_patient, merge_patients, tell_apart
from glede.people.operations.rights import Wanted
from glede.people.operations.wishing import Told
from glede.people.queries import reach
from glede.people.values import ConsentForm, ContactForm, PersonForm, Wishes
from glede.practices import scope
from glede.practices.operations import USUAL_WEEK, Returned, begin_restored, make_tick, stop_all
from glede.promises.operations import Ending, NewPromise, keep_promise, step_away
from glede.staff.models import Role
from glede.staff.operations import NewColleague, Newcomer, NewPractitioner, invite_colleague
from tests.answering import SCENES as INBOX
from tests.asking import ASKING
from tests.calendars import SCENES as CALENDARS
from tests.campaigning import SCENES as CAMPAIGNS
from tests.changing import SCENES as SETTINGS
from tests.closing import SCENES as CLOSING
from tests.estate import Estate
from tests.holding import SCENES as HOLDING
from tests.posting import SCENES as MAIL
from tests.recurring import SCENES as RECURRING
from tests.scenery import Given, Scene, given, patient, promise, visit

ROOMS = (
    "practices", "staff", "ledger", "promises", "people", "catalogue",
    "diary", "outbox", "inbox", "feedback", "team", "lists", "calendars", "recall", "journeys", "channels",
)  # fmt: skip

# Acts that by design leave no event, each with its reason.
WITHOUT_AN_EVENT = {
    "ledger.act": "it is what opens every other",
    "ledger.log_access": "who looked has a log of its own",
    "ledger.log_accesses": "who looked has a log of its own",
    "inbox.save_draft": "nothing was said to anybody yet",
    "staff.note_presence": "having something open is no act yet",
    "practices.act": "it hands the ledger's act down",
    "outbox.plan_touches": "a plan is no act yet: what becomes of it is recorded",
    "outbox.send_reply": "the reply that calls it records the act",
    "inbox.start_conversation": "an empty thread says nothing to anybody",
    "people.forget_again": "forgetting somebody is recorded once",
    "outbox.end_rehearsal": "the switch of the mode that calls it records the act",
}


def every_operation() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield (room.name, function) of each public operation: whoever takes ``practice_id``, ``by`` and ``now``."""
    for room in ROOMS:
        seen = set()
        for module in _modules(room):
            for name, function in inspect.getmembers(module, inspect.isfunction):
                mine = function.__module__.startswith(f"glede.{room}") and not name.startswith("_")
                if (
                    mine
                    and function not in seen
                    and {"practice_id", "by", "now"} <= set(inspect.signature(function).parameters)
                ):
                    seen.add(function)
                    yield f"{room}.{name}", function


def _modules(room: str) -> Iterator[Any]:
    module = import_module(f"glede.{room}.operations")
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield import_module(f"glede.{room}.operations.{info.name}")


def _at_the_desk(estate: Estate) -> Given:
    """Let the receptionist do it."""
    return {"by": colleague(estate.ids["membership_id"])}


def another(estate: Estate) -> Any:
    """Return somebody else, made now."""
    form = PersonForm(given_name="Bård", family_name="Ny", phones=("400 00 777",))
    return add_patient(person=form, **given(estate)).pk


def _invited(estate: Estate) -> Any:
    asked = {"display_name": "Ny", "role": Role.MANAGER, "by": SYSTEM, "now": estate.house.now}
    return invite_colleague(practice_id=estate.house.id, **asked).id  # type: ignore[arg-type]


def _twin(estate: Estate) -> Twin:
    """A message that waits here, as another database tells it: under way, and nobody heard what came of it."""
    with scope.transaction(estate.house.id), connection.cursor() as cursor:
        cursor.execute(
            "select to_jsonb(t), to_jsonb(m) from outbox_touch t join outbox_message m on m.touch_id = t.id"
            " where t.fate = 'open' and m.state in ('planned', 'ready') order by m.id limit 1"
        )
        touch, message = map(json.loads, cursor.fetchone())
    return Twin(touch, {**message, "state": "unknown"}, [], was_begun=True)


def _returned(estate: Estate) -> Returned:
    return Returned(estate.house.now - timedelta(days=1), "glede.backup", "unreadable", "glede_before", {}, [])


def _on_the_day(estate: Estate) -> Given:
    from glede.diary.queries import appointment_for

    facts = appointment_for(estate.house.id, estate.ids["appointment_id"])
    return {**given(estate), "now": facts.starts_at}


def _running_late(estate: Estate, **more: Any) -> Given:
    from glede.diary.queries import appointment_for

    facts = appointment_for(estate.house.id, estate.ids["appointment_id"])
    return {"practitioner_id": facts.practitioner_id, "now": facts.starts_at - timedelta(hours=1), **more}


def _arrived(estate: Estate) -> None:
    arrive_appointment(**visit(estate), **_on_the_day(estate))


def _with_us(estate: Estate) -> None:
    _arrived(estate)
    start_appointment(**visit(estate), **_on_the_day(estate))


def _offer(estate: Estate) -> Any:
    now = estate.house.now
    return free_times(
        estate.house.id, estate.ids["service_id"], from_=(now + timedelta(days=6)).date(), days=5, now=now
    )[3]


def _booking(estate: Estate) -> Booking:
    offer = _offer(estate)
    return Booking(
        patient_id=estate.ids["patient_id"], service_id=estate.ids["service_id"], day=offer.day,
        wall_time=offer.wall_time, practitioner_id=offer.practitioner_id,
    )  # fmt: skip


def _slot(estate: Estate) -> Slot:
    offer = _offer(estate)
    return Slot(day=offer.day, wall_time=offer.wall_time, practitioner_id=offer.practitioner_id)


def _another(estate: Estate) -> Any:
    from glede.diary.operations import book_appointment

    return book_appointment(request=_booking(estate), **given(estate)).pk


def _called(estate: Estate) -> Any:
    from glede.promises.operations import make_promise

    detail = {"row": "5", "purpose": "previsit"}
    new = NewPromise("call", Ref("appointment", estate.ids["appointment_id"]), estate.house.now, "row5", detail=detail)
    return make_promise(new=new, **given(estate)).pk


def _finish(estate: Estate) -> None:
    from glede.diary.operations import finish_appointment

    finish_appointment(**visit(estate), **_on_the_day(estate))


def _over(estate: Estate) -> None:
    _with_us(estate)
    _finish(estate)


def _merged(estate: Estate) -> Any:
    other = another(estate)
    merge_patients(keep_id=estate.ids["patient_id"], merge_id=other, **given(estate))
    return other


def _told_apart(estate: Estate) -> Any:
    other = another(estate)
    tell_apart(one_id=estate.ids["patient_id"], other_id=other, **given(estate))
    return other


def _real(estate: Estate) -> None:
    from glede.practices.models import Practice

    Practice.objects.filter(pk=estate.house.id).update(clock="real", virtual_now=None, ticked_at=None)


def _signed(estate: Estate) -> None:
    _real(estate)
    make_checkpoint(estate.house.id, at=estate.house.now)


def _live(estate: Estate) -> None:
    from glede.practices.operations import go_live

    _real(estate)
    go_live(**given(estate))


def _held(estate: Estate) -> Any:
    message_id = _pending(estate)
    hold_message(message_id=message_id, **given(estate))
    return message_id


def _pending(estate: Estate) -> Any:
    from glede.outbox.queries import of_subject

    lines = of_subject(estate.house.id, "appointment", estate.ids["appointment_id"], now=estate.house.now)
    return next(line.message_id for line in lines if line.fate in {"will_go", "held", "will_not_go"})


def _sent(estate: Estate) -> Any:
    from glede.outbox.models import Message

    with scope.transaction(estate.house.id):
        return Message.objects.filter(touch__subject_id=estate.ids["appointment_id"]).earliest("id").pk


def _left(estate: Estate) -> None:
    """Let the first message be one that really left."""
    from glede.outbox.models import Message

    with scope.transaction(estate.house.id):
        at = estate.house.now
        left = {"state": "accepted", "reason": "", "sent_at": at, "closed_at": at, "live": True, "fence": 1}
        Message.objects.filter(pk=_sent(estate)).update(intent_at=at, held_until=None, held_by="", **left)


def _phone(estate: Estate) -> Any:
    person = reach(estate.house.id, [estate.ids["patient_id"]])[estate.ids["patient_id"]]
    return next(contact.id for contact in person.contacts if contact.kind == "phone")


def _texts(estate: Estate) -> None:
    set_text_account(account=TEXTS, **given(estate))


def _blocked(estate: Estate) -> None:
    _texts(estate)
    close_texts(reason="sender_blocked", **given(estate))


def _changed_journey() -> Any:
    raw = default_raw()
    return {**raw, "rows": raw["rows"][:-1]}


PEOPLE_LIST = NewList("people", "people.csv", b"id,given_name,phone\n7,Ny,40000781\n")
VISITS_LIST = NewList("appointments", "visits.csv", b"id,person,date,clinician\nV1,P1,2026-12-04,Dr Eye\n")


def _put_in(estate: Estate, new: NewList = PEOPLE_LIST) -> Any:
    return put_in_list(new=new, **given(estate))


def _being_read(estate: Estate) -> Any:
    list_id = _put_in(estate)
    begin_reading(list_id=list_id, **given(estate))
    return list_id


def _begun(estate: Estate) -> Any:
    list_id = _put_in(estate)
    begin_bringing(list_id=list_id, **given(estate))
    return list_id


def _brought(estate: Estate) -> Any:
    list_id = _put_in(estate)
    bring_list(list_id=list_id, **given(estate))
    return list_id


def _by_list(estate: Estate) -> Any:
    from glede.people.operations import add_patients

    return add_patients(rows=[PersonForm(external_id="T1")], **{**given(estate), "by": Actor("import")}).ids[0]


def _visit_by_list(estate: Estate) -> Any:
    from glede.diary.operations import import_appointments

    line = ListedVisit(external_id="T1", patient_id=_by_list(estate), day=estate.house.now.date() + timedelta(days=9))
    return import_appointments(rows=[line], **{**given(estate), "by": Actor("import")})[0].appointment_id


TEXTS = NewTextAccount(account_sid=f"AC{'0' * 32}", token="of nobody", sender="+4759440000")
DESCRIBED = NewDescribedAccount(
    description=shipped()["vonage"], secrets={"api_key": "of", "api_secret": "nobody"}, sender="+4759440000"
)
NEW = NewPromise  # short in the table below
SERVICE = ServiceForm("new-service", {"en": "New", "nb": "Ny"}, 30, 5, 50000)

SCENES: dict[str, Scene] = {
    "practices.stop_all": Scene(lambda e: {}),
    "outbox.send_trial": Scene(
        lambda e: {"trial": Trial("sender", "sofie@solberg-optikk.example", "Sofie", "A trial", "The code is 1.")},
        _real,
    ),
    "outbox.mail_checkpoint": Scene(lambda e: {"now": e.house.now + timedelta(hours=14)}, _signed),
    "practices.pause_rows": Scene(lambda e: {"rows": ["6"]}),
    "practices.make_tick": Scene(lambda e: {"code": "hours"}),
    "practices.withdraw_tick": Scene(lambda e: {"code": "hours"}, lambda e: make_tick(code="hours", **given(e))),
    "practices.note_address": Scene(lambda e: {"url": "https://other.example", "leads_here": True}),
    "outbox.take_over_fates": Scene(lambda e: {"twins": [_twin(e)]}),
    "outbox.doubt_what_was_due": Scene(lambda e: {"until": e.house.now + timedelta(days=30)}),
    "practices.resume": Scene(lambda e: {}, lambda e: stop_all(**given(e))),
    "practices.begin_restored": Scene(lambda e: {"returned": _returned(e)}),
    "practices.accept_restored": Scene(lambda e: {}, lambda e: begin_restored(returned=_returned(e), **given(e))),
    "practices.retire_practice": Scene(lambda e: {}),
    "practices.go_live": Scene(lambda e: {}, _real),
    "practices.go_back_to_rehearsal": Scene(lambda e: {}, _live),
    "staff.add_colleague": Scene(lambda e: {"new": NewColleague("ny@solberg.example", "Ny", Role.MANAGER)}),
    "staff.end_membership": Scene(lambda e: {"membership_id": e.house.colleagues["ingrid"]}),
    "staff.change_role": Scene(lambda e: {"membership_id": e.house.colleagues["ingrid"], "role": Role.MANAGER}),
    "staff.invite_colleague": Scene(lambda e: {"display_name": "Ny", "role": Role.MANAGER}),
    "staff.withdraw_invitation": Scene(lambda e: {"invitation_id": _invited(e)}),
    "staff.accept_invitation": Scene(
        lambda e: {"invitation_id": _invited(e), "new": Newcomer("ny@solberg.example", "a long enough sentence")}
    ),
    "staff.add_practitioner": Scene(lambda e: {"new": NewPractitioner("Ny Hand", "Ny")}),
    "staff.end_practitioner": Scene(lambda e: {"practitioner_id": next(iter(e.house.chairs.values()))}),
    "promises.make_promise": Scene(
        lambda e: {"new": NEW("thank", Ref("patient", e.ids["patient_id"]), e.house.now, "x")}
    ),
    "promises.make_promises": Scene(
        lambda e: {"new": [NEW("thank", Ref("patient", e.ids["patient_id"]), e.house.now, "y")]}
    ),
    "promises.keep_promise": Scene(promise),
    "promises.renew_promise": Scene(promise, lambda e: keep_promise(**{**given(e), **promise(e)})),
    "promises.calm_promise": Scene(lambda e: promise(e, urgency=4)),
    "promises.step_away": Scene(_at_the_desk),
    "promises.step_back": Scene(_at_the_desk, lambda e: step_away(**{**given(e), **_at_the_desk(e)})),
    "promises.end_promise": Scene(lambda e: promise(e, ending=Ending("broken"))),
    "promises.hand_promise": Scene(lambda e: promise(e, owner_id=e.house.colleagues["ingrid"], note="")),
    "promises.postpone_promise": Scene(lambda e: promise(e, due_at=e.house.now + timedelta(hours=5))),
    "promises.withdraw_promise": Scene(lambda e: promise(e, reason="test")),
    "promises.withdraw_promises_about": Scene(
        lambda e: {"subject": Ref("conversation", e.ids["conversation_id"]), "kinds": ["answer"], "reason": "test"}
    ),
    "people.add_patient": Scene(lambda e: {"person": PersonForm(given_name="Ny", phones=("400 00 778",))}),
    "people.add_patients": Scene(lambda e: {"rows": [PersonForm(given_name="Ny", phones=("400 00 779",))]}),
    "people.bring_people": Scene(
        lambda e: {
            "read": read_people(open_sheet(b"id,given_name,phone\n7,Ny,40000781\n"), today=e.house.now.date()),
            "rows": 1,
        }
    ),
    "people.take_wishes": Scene(lambda e: {"told": [Told(e.ids["patient_id"], ((None, "marketing"),))]}),
    "people.change_patient": Scene(lambda e: patient(e, fields={"given_name": "Karin"})),
    "people.add_contact": Scene(lambda e: patient(e, contact=ContactForm("phone", "400 00 780"))),
    "people.note_landline": Scene(lambda e: {"contact_id": _phone(e)}),
    "people.end_contact": Scene(lambda e: {"contact_id": e.ids["contact_id"], "reason": "wrong_number"}),
    "people.set_preference": Scene(lambda e: patient(e, wishes=Wishes(quiet_all=True))),
    "people.record_consent": Scene(lambda e: patient(e, consent=ConsentForm("grant", "marketing"))),
    "people.record_origin": Scene(lambda e: {"origin": "form", "wording": "They wrote it on our form."}),
    "people.opt_out": Scene(lambda e: patient(e, channel=None, scope="all", how="phone")),
    "people.note_need": Scene(lambda e: patient(e, kind="want", words="Se ballen")),
    "people.end_need": Scene(lambda e: {"need_id": e.ids["need_id"]}),
    "people.write_note": Scene(lambda e: patient(e, words="Spør om hytta")),
    "people.erase_patient": Scene(lambda e: patient(e, reason="asked")),
    "people.join_household": Scene(lambda e: {"patient_ids": [e.ids["patient_id"], another(e)]}),
    "people.set_guardian": Scene(lambda e: patient(e, guardian_id=another(e))),
    "people.merge_patients": Scene(lambda e: {"keep_id": e.ids["patient_id"], "merge_id": another(e)}),
    "people.ask_for_right": Scene(lambda e: patient(e, wanted=Wanted("export"))),
    "people.answer_right": Scene(lambda e: {"request_id": e.ids["request_id"], "accepts": True}),
    "promises.forget_promises": Scene(lambda e: {"patient_ids": [e.ids["patient_id"]]}),
    "people.unmerge_patient": Scene(lambda e: {"patient_id": _merged(e)}),
    "people.tell_apart": Scene(lambda e: {"one_id": e.ids["patient_id"], "other_id": another(e)}),
    "people.reconsider": Scene(lambda e: {"one_id": e.ids["patient_id"], "other_id": _told_apart(e)}),
    "catalogue.add_service": Scene(lambda e: {"service": SERVICE}),
    "catalogue.change_service": Scene(
        lambda e: {"service_id": e.ids["service_id"], "service": replace(SERVICE, minutes=45)}
    ),
    "catalogue.end_service": Scene(lambda e: {"service_id": e.ids["service_id"]}),
    "diary.book_appointment": Scene(lambda e: {"request": _booking(e)}),
    "diary.move_appointment": Scene(lambda e: visit(e, to=_slot(e))),
    "diary.swap_appointments": Scene(
        lambda e: visit(e, other_id=e.ids["swapped"]), lambda e: e.ids.update(swapped=_another(e))
    ),
    "diary.cancel_appointment": Scene(lambda e: visit(e, reason="time")),
    "diary.reinstate_appointment": Scene(visit, lambda e: cancel_appointment(reason="time", **visit(e), **given(e))),
    "diary.confirm_appointment": Scene(visit),
    "diary.tell_running_late": Scene(
        lambda e: {**visit(e, minutes=10), "now": _on_the_day(e)["now"] - timedelta(minutes=30)}
    ),
    "diary.arrive_appointment": Scene(lambda e: {**visit(e), "now": _on_the_day(e)["now"]}),
    "diary.start_appointment": Scene(lambda e: {**visit(e), "now": _on_the_day(e)["now"]}, _arrived),
    "diary.take_back_step": Scene(lambda e: {**visit(e), "now": _on_the_day(e)["now"]}, _arrived),
    "diary.finish_appointment": Scene(lambda e: {**visit(e), "now": _on_the_day(e)["now"]}, _with_us),
    "diary.finish_appointments": Scene(
        lambda e: {"appointment_ids": [e.ids["appointment_id"]], "now": _on_the_day(e)["now"]}, _with_us
    ),
    "diary.miss_appointment": Scene(lambda e: {**visit(e), "now": _on_the_day(e)["now"] + timedelta(hours=1)}),
    "diary.strike_out_appointment": Scene(visit),
    "diary.revoke_link": Scene(visit),
    "diary.receive_walk_in": Scene(lambda e: {"patient_id": e.ids["patient_id"]}),
    "diary.squeeze_in": Scene(lambda e: {"request": _booking(e), "reason": "urgent"}),
    "diary.tell_delay": Scene(lambda e: _running_late(e, minutes=30)),
    "diary.set_working_hours": Scene(
        lambda e: {"practitioner_id": next(iter(e.house.chairs.values())), "spans": list(USUAL_WEEK[:2])}
    ),
    "diary.import_appointments": Scene(
        lambda e: {
            "rows": [
                ListedVisit(
                    external_id="L1", patient_id=e.ids["patient_id"], day=e.house.now.date() + timedelta(days=9)
                )
            ]
        }
    ),
    "diary.bring_visits": Scene(
        lambda e: {
            "read": read_visits(
                open_sheet(b"id,person,date\nV1,P1,2026-12-04\n"), zone="Europe/Oslo", today=e.house.now.date()
            ),
            "rows": 1,
            "source": "list.csv",
        }
    ),
    "outbox.skip_touches": Scene(
        lambda e: {"subject": Ref("appointment", e.ids["appointment_id"]), "reason": Reason.NOT_NEEDED}
    ),
    "outbox.hold_message": Scene(lambda e: {"message_id": _pending(e)}),
    "outbox.release_message": Scene(lambda e: {"message_id": _held(e)}),
    "outbox.hand_message": Scene(lambda e: {"message_id": _pending(e)}),
    "outbox.send_now": Scene(lambda e: {"message_id": _pending(e)}),
    "outbox.stop_message": Scene(lambda e: {"message_id": _pending(e)}),
    "outbox.take_report": Scene(
        lambda e: {"message_id": _sent(e), "report": Report(state=State.DELIVERED, provider_id="SM1")}, _left
    ),
    **ASKING,
    **CALENDARS,
    **CAMPAIGNS,
    **CLOSING,
    **INBOX,
    **MAIL,
    **HOLDING,
    **RECURRING,
    **SETTINGS,
    "feedback.give_response": Scene(
        lambda e: {**visit(e, answers=Answers(2, "Dårlig")), "now": _on_the_day(e)["now"] + timedelta(hours=5)},
        _over,
    ),
    "lists.put_in_list": Scene(lambda e: {"new": PEOPLE_LIST}),
    "lists.map_columns": Scene(lambda e: {"list_id": _put_in(e), "told": {"phone": "ignore"}}),
    "lists.decide": Scene(lambda e: {"list_id": _put_in(e), "theirs": [(2, "given_name")]}),
    "lists.discard_list": Scene(lambda e: {"list_id": _put_in(e)}),
    "lists.take_proposals": Scene(lambda e: {"list_id": _put_in(e, VISITS_LIST), "keys": ["clinician:dreye"]}),
    "lists.begin_reading": Scene(lambda e: {"list_id": _put_in(e)}),
    "lists.read_through": Scene(lambda e: {"list_id": _being_read(e)}),
    "lists.begin_bringing": Scene(lambda e: {"list_id": _put_in(e)}),
    "lists.bring_list": Scene(lambda e: {"list_id": _put_in(e)}),
    "lists.stop_bringing": Scene(lambda e: {"list_id": _begun(e)}),
    "lists.begin_taking_back": Scene(lambda e: {"list_id": _brought(e)}),
    "lists.take_back_list": Scene(lambda e: {"list_id": _brought(e)}),
    "lists.forget_lists": Scene(lambda e: {"now": e.house.now + timedelta(days=9)}, _put_in),
    "people.take_back_patients": Scene(lambda e: {"added": [_by_list(e)], "changed": {}, "keep": ()}),
    "diary.take_back_visits": Scene(lambda e: {"added": [_visit_by_list(e)], "changed": {}}),
    "journeys.change_journey": Scene(lambda e: {"raw": _changed_journey()}),
    "channels.set_text_account": Scene(lambda e: {"account": TEXTS}),
    "channels.set_described_account": Scene(lambda e: {"account": DESCRIBED}),
    "channels.end_text_account": Scene(lambda e: {}, _texts),
    "channels.close_texts": Scene(lambda e: {"reason": "sender_blocked"}, _texts),
    "channels.open_texts": Scene(lambda e: {}, _blocked),
    "journeys.note_call": Scene(lambda e: {"promise_id": _called(e), "outcome": "reached"}),
}
