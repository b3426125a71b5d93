"""The scenes of the inbox's operations."""

from datetime import timedelta

from glede.inbox.operations import Arrival, Incoming, close_stray, receive_message, reply, take_arrival
from glede.kernel.actor import colleague
from glede.outbox.models import Message
from glede.practices import scope
from tests.estate import Estate
from tests.scenery import Scene, given, patient, visit


def _alarmed(estate: Estate) -> None:
    message = Incoming(patient_id=estate.ids["patient_id"], words="Ser lysglimt og svarte prikker")
    receive_message(message=message, **given(estate))


def _raised(estate: Estate) -> None:
    arrival = Arrival(channel="sms", address="+4740000777", words="Ser lysglimt og svarte prikker", provider_id="SM7")
    taken = take_arrival(arrival=arrival, **given(estate))
    assert taken.stray_id is not None
    estate.ids["raised_id"] = taken.stray_id


def _all_answered(estate: Estate) -> None:
    close_stray(stray_id=estate.ids["stray_id"], note="", **given(estate))
    reply(conversation_id=estate.ids["conversation_id"], words="Ja", answers_to=2, **given(estate))


def _said_yes(estate: Estate) -> None:
    _all_answered(estate)
    with scope.transaction(estate.house.id):
        told = Message.objects.filter(pk=estate.ids["message_id"])
        told.update(channel="sms", sent_at=estate.house.now + timedelta(minutes=1))
    yes = Incoming(patient_id=estate.ids["patient_id"], words="Ja", channel="sms")
    estate.ids["yes_id"] = receive_message(message=yes, **given(estate)).pk


SCENES: dict[str, Scene] = {
    "inbox.receive_message": Scene(lambda e: {"message": Incoming(patient_id=e.ids["patient_id"], words="Hei")}),
    "inbox.take_arrival": Scene(
        lambda e: {"arrival": Arrival(channel="sms", address="+4740000999", words="Hei", provider_id="SM9")}
    ),
    "inbox.understand_answer": Scene(lambda e: {"message_id": e.ids["yes_id"], "shared": False}, _said_yes),
    "inbox.place_stray": Scene(lambda e: {**patient(e), "stray_id": e.ids["stray_id"]}),
    "inbox.close_stray": Scene(lambda e: {"stray_id": e.ids["stray_id"], "note": "Feil nummer"}),
    "inbox.reply": Scene(lambda e: {"conversation_id": e.ids["conversation_id"], "words": "Ja", "answers_to": 2}),
    "inbox.close_without_reply": Scene(
        lambda e: {"conversation_id": e.ids["conversation_id"], "reason": "rang", "note": "Snakket sammen"}
    ),
    "inbox.lower_urgency": Scene(
        lambda e: {
            "conversation_id": e.ids["conversation_id"],
            "assesses_to": 9,
            "reason": "Har sett henne",
            "by": colleague(e.house.colleagues["amal"]),
        },
        _alarmed,
    ),
    "inbox.calm_stray": Scene(
        lambda e: {
            "stray_id": e.ids["raised_id"],
            "reason": "Ringte: gamle prikker",
            "by": colleague(e.house.colleagues["amal"]),
        },
        _raised,
    ),
    "inbox.take_back_closing": Scene(lambda e: {"closure_id": e.ids["closure_id"]}),
    "inbox.return_promises": Scene(lambda e: {"now": e.house.now + timedelta(hours=9)}),
    "inbox.close_desk": Scene(lambda e: {}, _all_answered),
    "inbox.ask_for_call": Scene(lambda e: {**patient(e), **visit(e)}),
}
