"""The rows and cards of who waits for an answer: whose they are, what warns, and every way to settle them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from glede.desk.today.board import board, draw
from glede.desk.today.offering import times_words
from glede.diary.queries import three_times
from glede.inbox import operations as inbox
from glede.inbox.queries import last_closing
from glede.promises.queries import Owed, away, open_promises
from glede.ui.presenting import QueueRow
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
OPEN = 140 * MINUTE  # from 08:40 to 11:00, an hour in the middle of the morning


@pytest.fixture
def house() -> House:
    house = open_solberg("jonas", "tor", "mette", is_virtual=True)
    house.now += OPEN
    return house


@pytest.fixture
def ingrid(house: House) -> Client:
    return at_desk(house, "ingrid")


def says(house: House, name: str = "jonas", words: str = "Can I come later?", before: timedelta = OPEN) -> Any:
    message = inbox.Incoming(patient_id=house.people[name], words=words)
    now = house.now - before
    return inbox.receive_message(practice_id=house.id, message=message, by=house.by(name), now=now)


def owed(house: House) -> list[Owed]:
    return open_promises(house.id, kinds=["answer"])


def rows(house: House, after: timedelta = -OPEN) -> list[QueueRow]:
    now = house.now + after
    with translation.override("en"):
        shown = board(house.practice, now=now)
        drawn = draw(house.practice, shown.entries, now)
        return [drawn[entry.id].row for entry in shown.entries]


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, ""), (59, ""), (60, "half gone"), (90, "a quarter left"), (119, "a quarter left")]
)
def test_a_row_warns_at_half_and_at_three_quarters(house: House, minutes: int, words: str) -> None:
    says(house, before=timedelta())
    (row,) = rows(house, minutes * MINUTE)
    assert row.urgency is not None
    assert (row.urgency.warning, row.urgency.is_near) == (words, minutes >= 90)
    assert row.urgency.level == ("soon" if minutes >= 60 else "calm")


def test_a_row_rises_as_its_time_goes(house: House) -> None:
    says(house, "tor", "A long question", before=timedelta())
    later = inbox.Incoming(patient_id=house.people["jonas"], words="A later one")
    inbox.receive_message(practice_id=house.id, message=later, by=house.by("jonas"), now=house.now + 50 * MINUTE)
    assert [row.name for row in rows(house, 100 * MINUTE)] == ["Tor Lind", "Jonas Vik"]


def test_a_row_says_whose_it_is_and_the_note_it_came_with(house: House, ingrid: Client) -> None:
    says(house)
    assert rows(house)[0].meta[0] == "Ingrid"
    path = f"/promises/{owed(house)[0].id}/owner/"
    ingrid.post(path, {"to": "ma", "note": "You know his frames"})
    assert owed(house)[0].owner_id == house.colleagues["marius"]
    assert rows(house)[0].meta[:2] == ["Marius", "Ingrid: “You know his frames”"]


@pytest.mark.parametrize(
    ("to", "who"), [("am", "amal"), ("Marius Nes", "marius"), ("ni", "nina"), ("n", None), ("xx", None)]
)
def test_two_letters_name_a_colleague(house: House, ingrid: Client, to: str, who: str | None) -> None:
    says(house)
    answer = ingrid.post(f"/promises/{owed(house)[0].id}/owner/", {"to": to})
    assert owed(house)[0].owner_id == house.colleagues[who or "ingrid"]
    assert ("do=hand" in answer["Location"]) is (who is None)


def test_who_has_a_title_is_greeted_by_name(house: House) -> None:
    assert "Good morning, Amal." in at_desk(house, "amal").get("/").content.decode()


def test_away_gives_back_with_the_draft_and_back_again(house: House, ingrid: Client) -> None:
    row = says(house, before=20 * MINUTE)
    (promise,) = owed(house)
    ingrid.post(f"/conversations/{row.conversation_id}/draft/", {"words": "Dear Jonas, of course"})
    virtual(house, promise.due_at - 30 * MINUTE)
    ingrid.post("/away/")
    assert (owed(house)[0].owner_id, list(away(house.id))) == (None, [house.colleagues["ingrid"]])
    page = at_desk(house, "sofie").get(f"/?open={promise.id}").content.decode()
    assert "Ingrid began this at" in page
    assert "Dear Jonas, of course</textarea>" in page
    assert "Ingrid is away" in page
    assert b"You are away since" in ingrid.get("/").content
    assert b'action="/back/"' in ingrid.get("/help/").content
    ingrid.post("/back/")
    assert away(house.id) == {}
    assert b'action="/away/"' in ingrid.get("/help/").content


def virtual(house: House, now: Any) -> None:
    from glede.practices.models import Practice

    Practice.objects.filter(pk=house.id).update(virtual_now=now)


def test_three_free_times_stand_ready_in_the_words_of_the_person(house: House, ingrid: Client) -> None:
    row = says(house)
    offers = three_times(house.id, house.services["eye-test"], now=house.now - OPEN).soonest
    words = times_words(offers, "nb")
    assert words.startswith("Disse timene er ledige: tirsdag 24. november kl. ")
    assert words.count(";") == 2
    assert ingrid.get(f"/conversations/{row.conversation_id}/times/").content.decode() == words
    answer = ingrid.post(f"/conversations/{row.conversation_id}/draft/", {"words": "Hei Jonas.", "insert": "times"})
    assert answer.status_code == 302
    assert f"Hei Jonas.\n{words}</textarea>" in ingrid.get(f"/?open={owed(house)[0].id}").content.decode()


def test_only_who_sees_patients_says_that_it_is_not_urgent(house: House, ingrid: Client) -> None:
    row = says(house, words="Ser lysglimt og svarte prikker")
    path, form = (
        f"/conversations/{row.conversation_id}/urgency/",
        {"assesses_to": "1", "reason": "Seen today, dry eyes"},
    )
    ingrid.post(path, form)
    assert owed(house)[0].urgency == 1
    amal = at_desk(house, "amal")
    assert b"I have seen it" in amal.get(f"/?open={owed(house)[0].id}").content
    amal.post(path, {**form, "reason": " "})
    assert owed(house)[0].urgency == 1
    amal.post(path, form)
    assert owed(house)[0].urgency == 5
    stream = ingrid.get(f"/people/{house.people['jonas']}/").content.decode()
    assert "Dr Amal Haddad found it not urgent: “Seen today, dry eyes”" in stream


def test_no_reply_needed_is_taken_back_for_ten_seconds(house: House, ingrid: Client) -> None:
    row = says(house, words="Takk!")
    (promise,) = owed(house)
    says(house, "tor", "What does it cost?")
    answer = ingrid.post(f"/conversations/{row.conversation_id}/no-reply/", {"reason": "thanks_only"}, follow=True)
    page = answer.content.decode()
    assert "Closed: no reply needed." in page
    path = re.search(r'action="(/closings/[0-9a-f-]+/reopening/)"', page)
    assert path is not None
    assert promise.id not in {one.id for one in owed(house)}
    assert "What does it cost?" in page
    assert "data-focus" not in page  # in a field z is a letter
    page = ingrid.post(path[1], follow=True).content.decode()
    assert "Open again. They wait for an answer." in page
    assert [one.due_at for one in owed(house) if one.subject == promise.subject] == [promise.due_at]


def test_a_clinician_lowers_a_strangers_words_on_their_card(house: House, ingrid: Client) -> None:
    arrival = inbox.Arrival(channel="sms", address="+4740000888", words="Ser lysglimt", provider_id="SM1")
    inbox.take_arrival(practice_id=house.id, arrival=arrival, by=house.by("jonas"), now=house.now - OPEN)
    (promise,) = owed(house)
    card, path = f"/?open={promise.id}", f"/strays/{promise.subject.id}/urgency/"
    ingrid.post(path, {"reason": "Old floaters"})
    assert owed(house)[0].urgency == 1
    assert path.encode() not in ingrid.get(card).content
    amal = at_desk(house, "amal")
    assert path.encode() in amal.get(card).content
    amal.post(path, {"reason": "Rang him: old floaters"})
    assert owed(house)[0].urgency == 5
    assert b"Not urgent, seen by Dr Amal Haddad." in ingrid.get(card).content


def test_the_desk_closes_when_everyone_has_an_answer_or_a_name_and_a_time(house: House, ingrid: Client) -> None:
    first, second = says(house), says(house, "tor", "What does it cost?")
    assert b"2 people still wait for an answer" in ingrid.get("/closing/").content
    ingrid.post("/closing/")
    assert last_closing(house.id) is None
    inbox.reply(
        practice_id=house.id, conversation_id=first.conversation_id, words="Yes.", answers_to=1, by=house.by("ingrid"),
        now=house.now - OPEN,
    )  # fmt: skip
    (promise,) = owed(house)
    path, form = f"/promises/{promise.id}/keeper/", {"owner": str(house.colleagues["amal"]), "day": "2026-11-25"}
    for hour in ("never", ""):
        ingrid.post(path, {**form, "hour": hour})
    assert owed(house) == [promise]
    ingrid.post(path, {**form, "hour": "9.30", "note": "She knows him"})
    assert (owed(house)[0].owner_id, owed(house)[0].subject.id) == (house.colleagues["amal"], second.conversation_id)
    page = ingrid.get("/closing/").content.decode()
    assert "Everyone has an answer." in page
    assert "Nobody is booked yet." in page
    ingrid.post("/closing/")
    closed = last_closing(house.id)
    assert closed is not None
    assert (closed.who, closed.n_answered, closed.n_handed) == ("Ingrid Berg", 1, 1)
    assert b"closed the desk at" in ingrid.get("/closing/").content


def test_what_goes_back_says_why(house: House) -> None:
    says(house)
    (promise,) = owed(house)
    inbox.return_promises(practice_id=house.id, by=house.by("sofie"), now=promise.due_at)
    assert rows(house)[0].meta[:2] == ["Everybody", "half the time was gone, nobody had begun"]
