"""What people write to the practice's number: answers, refusals, shared numbers, strangers, twice the same."""

from datetime import timedelta
from typing import Any

import pytest

from glede.channels.sms.tests.provider import Provider, refuses
from glede.channels.sms.tests.scenes import messages, remind, send_again, texting, with_account, write_in
from glede.diary.operations import book_appointment
from glede.diary.queries import free_times
from glede.diary.requests import Booking
from glede.inbox.models import InboundMessage, StrayMessage
from glede.inbox.operations import NoSuchStray, close_stray, place_stray, reply
from glede.inbox.queries import conversation_of
from glede.kernel.actor import SYSTEM
from glede.kernel.gsm import sms_segments
from glede.kernel.ids import new_id
from glede.ledger.queries import verify
from glede.outbox.tests.scenes import NOON, Scripted
from glede.people.operations import erase_patient
from glede.people.queries import patients_at, reach
from glede.practices import scope
from glede.promises.queries import open_promises
from tests.cast import House, open_nordlys

BERIT = "+4740000106"
TOR = "+4740000103"
STRANGER = "+4740000999"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def key(house: House) -> str:
    """The key of a live house's address."""
    return texting(house)


def said(house: House, name: str) -> list[str]:
    """What a person wrote."""
    pieces = conversation_of(house.id, house.people[name]).pieces
    return [piece.words for piece in pieces if piece.kind == "said"]


def strays(house: House) -> list[StrayMessage]:
    """Words nobody has placed yet."""
    with scope.transaction(house.id):
        return list(StrayMessage.objects.order_by("id"))


def refused(house: House) -> set[str]:
    """Who gets no texts any more."""
    people = reach(house.id, house.people.values())
    return {name for name, i in house.people.items() if ("sms", "all") in people[i].opted_out}


def owed(house: House) -> list[Any]:
    """Whom an answer is promised, by what it is about."""
    return [p for p in open_promises(house.id) if p.kind in {"answer", "opt_out_check"}]


def test_an_answer_stands_in_the_conversation_and_is_owed_one(house: House, key: str) -> None:
    assert write_in(key, TOR, "Kan jeg komme litt senere?").status_code == 200
    assert said(house, "tor") == ["Kan jeg komme litt senere?"]
    assert [(p.kind, p.patient_id) for p in owed(house)] == [("answer", house.people["tor"])]


def test_a_colleagues_answer_goes_back_as_a_text_in_plain_letters(house: House, key: str, provider: Provider) -> None:
    write_in(key, TOR, "Kan jeg komme litt senere?")
    talk = conversation_of(house.id, house.people["tor"])
    assert talk.conversation_id is not None
    reply(
        practice_id=house.id, conversation_id=talk.conversation_id, words="Ja – bare “kom”…", answers_to=talk.last_n,
        by=house.by("ingrid"), now=NOON + timedelta(minutes=1),
    )  # fmt: skip
    send_again(house, minutes=2)
    assert [m["body"] for m in provider.made] == ['Ja - bare "kom"...\n\nIngrid, Solberg Optikk\n22 12 34 56']
    assert [(m.channel, m.state, m.parts, m.body) for m in messages(house)] == [
        ("sms", "accepted", 1, provider.made[0]["body"])
    ]


def test_the_same_text_twice_is_one(house: House, key: str) -> None:
    for _ in range(3):
        assert write_in(key, TOR, "Hei").content.startswith(b"<?xml")
    write_in(key, STRANGER, "Hei", sid="SM1")
    write_in(key, STRANGER, "Hei", sid="SM1")
    assert (said(house, "tor"), len(strays(house))) == (["Hei"], 1)


def test_control_without_its_number_the_same_text_stands_there_three_times(
    house: House, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glede.inbox.operations.arriving.uuid5", lambda *_: new_id())
    for _ in range(3):
        write_in(key, TOR, "Hei")
    assert said(house, "tor") == ["Hei"] * 3


def test_words_that_cannot_wait_are_raised(house: House, key: str) -> None:
    write_in(key, TOR, "Jeg ser lysglimt og et mørkt gardin i øyet")
    assert owed(house)[0].urgency < 5


def test_stop_is_heard_confirmed_once_by_text_and_nothing_follows(
    house: House, key: str, provider: Provider, email: Scripted
) -> None:
    write_in(key, "+447700900110", "STOP")
    assert refused(house) == {"emily"}
    send_again(house, minutes=1)
    assert [m["body"] for m in provider.made] == [
        "You get no more text messages from Solberg Optikk. Questions? Call 22 12 34 56."
    ]
    remind(house, "emily")
    assert [m["to"] for m in provider.made] == ["+447700900110"]
    assert len(email.sent) == 1


def test_where_the_provider_has_stopped_it_already_nobody_is_rung(
    house: House, key: str, provider: Provider, email: Scripted
) -> None:
    write_in(key, "+447700900110", "Stopp")
    provider.faults = [refuses(400, 21610)]
    send_again(house, minutes=1)
    assert [m.state for m in messages(house, "emily")] == ["failed"]
    assert email.sent == []
    assert [p.kind for p in open_promises(house.id) if p.kind == "call"] == []


def test_stop_from_a_shared_number_is_a_stop_for_all_of_them(house: House, key: str) -> None:
    write_in(key, BERIT, "STOPP")
    assert refused(house) == {"berit", "arne", "ella"}
    assert len(strays(house)) == 1


@pytest.mark.parametrize("words", ["Feil nummer", "Wrong number!"])
def test_a_wrong_number_is_used_no_more_and_each_one_on_it_is_asked_for_the_right_one(
    house: House, key: str, words: str
) -> None:
    write_in(key, TOR, words)
    write_in(key, BERIT, words, sid="SM" + "8" * 32)
    assert (patients_at(house.id, "phone", TOR), patients_at(house.id, "phone", BERIT)) == ([], [])
    asked = {p.patient_id for p in open_promises(house.id) if p.cause.startswith("wrong_number")}
    assert asked == {house.people[name] for name in ("tor", "berit", "arne")}


def test_cancel_near_a_visit_is_about_the_visit(house: House, key: str) -> None:
    offer = free_times(house.id, house.services["eye-test"], from_=(NOON + timedelta(days=2)).date(), days=3, now=NOON)[
        0
    ]
    asked = Booking(
        patient_id=house.people["tor"], service_id=house.services["eye-test"], day=offer.day,
        wall_time=offer.wall_time, practitioner_id=offer.practitioner_id,
    )  # fmt: skip
    book_appointment(practice_id=house.id, request=asked, by=SYSTEM, now=NOON)
    write_in(key, TOR, "CANCEL")
    assert refused(house) == set()
    assert {p.kind for p in owed(house)} == {"answer", "opt_out_check"}


def test_of_several_on_a_number_the_one_we_wrote_to_answers(house: House, key: str) -> None:
    remind(house, "arne")
    write_in(key, BERIT, "Det passer fint")
    assert (said(house, "arne"), said(house, "berit"), strays(house)) == (["Det passer fint"], [], [])


def test_an_answer_about_a_child_is_the_guardians(house: House, key: str) -> None:
    remind(house, "ella")
    write_in(key, BERIT, "Vi kommer")
    assert said(house, "berit") == ["Vi kommer"]


def test_where_it_may_be_two_people_a_colleague_says_who(house: House, key: str) -> None:
    remind(house, "arne", "ella")
    write_in(key, BERIT, "Kan vi flytte?")
    stray = strays(house)[0]
    assert stray.words == "Kan vi flytte?"
    due = owed(house)[0].due_at
    place_stray(
        practice_id=house.id, stray_id=stray.pk, patient_id=house.people["berit"], by=house.by("ingrid"),
        now=NOON + timedelta(hours=1),
    )  # fmt: skip
    assert said(house, "berit") == ["Kan vi flytte?"]
    assert [(p.subject.kind, p.due_at) for p in owed(house)] == [("conversation", due)]
    assert strays(house)[0].words == ""
    assert verify(house.id).problems == []
    with pytest.raises(NoSuchStray):
        close_stray(practice_id=house.id, stray_id=stray.pk, note="", by=house.by("ingrid"), now=NOON)


def test_words_from_a_stranger_are_kept_and_shown(house: House, key: str) -> None:
    write_in(key, STRANGER, "Jeg har plutselig sterke smerter i øyet")
    promise = owed(house)[0]
    assert (promise.subject.kind, promise.patient_id) == ("stray", None)
    assert promise.urgency < 5
    place_stray(
        practice_id=house.id, stray_id=promise.subject.id, patient_id=house.people["tor"], keeps_number=True,
        by=house.by("ingrid"), now=LATER,
    )  # fmt: skip
    assert patients_at(house.id, "phone", STRANGER) == [house.people["tor"]]
    erase_patient(practice_id=house.id, patient_id=house.people["tor"], reason="asked", by=house.by("sofie"), now=LATER)
    assert {(s.words, s.address) for s in strays(house)} == {("", "")}


def test_what_was_not_meant_for_us_is_closed_by_a_colleague(house: House, key: str) -> None:
    write_in(key, STRANGER, "Pizza til 7?")
    stray = strays(house)[0]
    close_stray(practice_id=house.id, stray_id=stray.pk, note="feil nummer", by=house.by("ingrid"), now=LATER)
    assert owed(house) == []
    assert verify(house.id).problems == []


def test_a_picture_and_an_empty_text_are_not_lost(house: House, key: str) -> None:
    write_in(key, TOR, "", sid="SM1", NumMedia="1")
    write_in(key, TOR, "", sid="SM" + "8" * 32)
    write_in(key, TOR, "Slik ser det ut", sid="SM3", NumMedia="1")
    picture = "(Det fulgte et bilde med. Vi henter ikke bilder: be om det, eller ring.)"
    assert set(said(house, "tor")) == {picture, "(en tom melding)", f"Slik ser det ut\n\n{picture}"}


def test_a_number_is_never_taken_for_another_practices(house: House, key: str) -> None:
    other = open_nordlys("nils")
    theirs = with_account(other, sender="+4759440001")
    assert write_in(theirs, TOR, "Hei").status_code == 403  # signed for the address of the other one
    with scope.transaction(other.id):
        assert not InboundMessage.objects.exists()
        assert not StrayMessage.objects.exists()


@pytest.mark.parametrize(
    ("words", "parts"), [("Kari, vi sees kl. 10. Åpent: Ærø, Østli", 1), ("æøåÆØÅ" * 26 + "abcd", 1), ("ø" * 161, 2)]
)
def test_our_own_letters_cost_no_more(words: str, parts: int) -> None:
    assert (sms_segments(words).encoding, sms_segments(words).parts) == ("GSM-7", parts)
