"""What people take part in across rooms."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.ledger import queries as ledger
from glede.people import events, handlers, queries, timeline
from glede.people import operations as people
from glede.people.models import PatientKey
from glede.people.values import ContactForm
from glede.practices import scope
from tests.cast import MORNING, House

LATER = MORNING + timedelta(minutes=5)
OURS = [value for name, value in vars(events).items() if name.isupper()]


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("language", ["en", "nb"])
def test_every_event_about_a_person_has_its_words(kind: str, language: str) -> None:
    with override(language):
        said = timeline.words(kind, {}, language)
    assert said or kind == events.LIST_BROUGHT


def test_an_event_of_another_room_is_left_to_it() -> None:
    assert timeline.words("diary.appointment.booked", {}) is None


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (events.PATIENT_CHANGED, {"fields": ["family_name", "phone_1"]}, "Changed: last name."),
        (events.PATIENT_CHANGED, {"fields": ["phone_1"]}, "Changed how they are reached."),
        (
            events.CONTACT_ENDED,
            {"kind": "phone", "reason": "wrong_number"},
            "A phone number is used no more: wrong number.",
        ),
        (
            events.PREFERENCE_SET,
            {"changed": ["hours_from", "hours_to", "style"]},
            "Said how to be reached: hours, tone.",
        ),
        (events.CONSENT_WITHDRAWN, {"purpose": "marketing", "channel": "*"}, "Said no to marketing by any channel."),
    ],
)
def test_the_words_say_what_happened(kind: str, data: dict[str, Any], said: str) -> None:
    with override("en"):
        assert timeline.words(kind, data) == said


def test_the_words_of_a_note_are_found_behind_its_event(solberg: House) -> None:
    written = [h for h in ledger.events_of(solberg.id, Ref("patient", solberg.people["kari"])) if "note" in h.data]
    ids = [written[-1].data["note"]]
    assert list(queries.spoken(solberg.id, ids).values()) == ["How did the cabin roof go?"]


def test_an_export_holds_every_earlier_word_and_no_hash(solberg: House) -> None:
    own: dict[str, Any] = {"practice_id": solberg.id, "patient_id": solberg.people["kari"], "by": SYSTEM, "now": LATER}
    people.change_patient(fields={"family_name": "Lie"}, **own)
    people.add_contact(contact=ContactForm("phone", "400 00 999"), **own)
    people.opt_out(channel="sms", scope="all", how="sms", **own)
    with scope.transaction(solberg.id):
        told = handlers.export(solberg.id, solberg.people["kari"])
    text = str(told)
    for word in ("Moe", "Lie", "+4740000999", "grandson", "cabin roof", "withdraw"):
        assert word in text
    assert "hash" not in text
    assert {row["what"] for row in told} >= {"Patient", "ContactPoint", "ConsentEvent", "Need", "Note", "FieldChange"}


def test_a_key_that_survived_its_person_is_found(solberg: House, nordlys: House) -> None:
    assert ledger.verify(solberg.id).ok
    people.erase_patient(
        practice_id=solberg.id, patient_id=solberg.people["kari"], reason="asked", by=SYSTEM, now=LATER
    )
    assert ledger.verify(solberg.id).ok
    with scope.transaction(solberg.id):
        PatientKey.objects.filter(patient_id=solberg.people["kari"]).update(destroyed_at=None)
    (problem,) = ledger.verify(solberg.id).problems
    assert "key was not" in problem
    assert ledger.verify(nordlys.id).counts["people"] == 2
