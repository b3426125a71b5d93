"""Today: its sentence is true, its groups are what they say, its answers name their way."""

from datetime import timedelta

import pytest
from django.utils import translation

from glede.desk.seeing import answers_by, nearest
from glede.desk.today.board import board, draw
from glede.desk.today.views import sentence
from glede.diary.operations import book_appointment
from glede.diary.queries import free_times, visits_of
from glede.diary.requests import Booking
from glede.inbox import operations as inbox
from glede.kernel.actor import Actor
from glede.ledger.models import Access
from glede.people.queries import reach
from glede.practices import scope
from glede.practices.queries import practice_by_id
from tests.cast import MORNING, House, open_solberg
from tests.estate import an_estate
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", "tor", "odd", is_virtual=True)


def says(house: House, name: str, words: str) -> None:
    patient_id = house.people[name]
    message = inbox.Incoming(patient_id=patient_id, words=words)
    inbox.receive_message(practice_id=house.id, message=message, by=Actor("patient", patient_id), now=house.now)


def told(house: House, minutes: int) -> dict[str, str]:
    now = house.now + timedelta(minutes=minutes)
    with translation.override("en"):
        shown = board(house.practice, now=now)
        return sentence(shown, draw(house.practice, shown.told(now), now), now, "Europe/Oslo")


def test_a_quiet_morning_says_so(house: House) -> None:
    assert told(house, 0) == {"visits": "No visits today.", "waiting": "Everyone has an answer.", "late": ""}


def test_the_sentence_counts_who_waits_and_names_the_hour(house: House) -> None:
    says(house, "kari", "Can I come later?")
    says(house, "jonas", "Is there parking?")
    assert told(house, 0)["waiting"] == "2 people wait for an answer, next by 09:30."


def test_who_waits_too_long_is_named_since_when(house: House) -> None:
    says(house, "kari", "Can I come later?")
    says(house, "jonas", "Is there parking?")
    found = told(house, 200)
    assert found["waiting"] == "2 people wait for an answer."
    assert found["late"].endswith("since 09:30, and 1 more.")


def test_a_group_shows_its_rows_and_no_other(house: House) -> None:
    says(house, "kari", "Can I come later?")
    shown = board(house.practice, now=house.now)
    assert [e.group for e in shown.shown("answer")] == ["answer"]
    assert list(shown.shown("nothing-of-that-name")) == list(shown.entries)


def test_counts_equal_the_rows_below(house: House) -> None:
    says(house, "kari", "Can I come later?")
    says(house, "tor", "Is the price with the exam?")
    shown = board(house.practice, now=house.now)
    assert {key: n for key, _label, n in shown.groups} == {"answer": 2}
    assert len(shown.waiting) == 2


def test_an_answer_goes_the_way_they_can_be_reached(house: House) -> None:
    with translation.override("en"):
        ways = reach(house.id, house.people.values())
        assert answers_by(house.practice, ways[house.people["jonas"]], "link") == "e-mail and their own page"
        assert answers_by(house.practice, ways[house.people["kari"]], "link") == "text and their own page"
        assert answers_by(house.practice, ways[house.people["odd"]], "link") == "their own page; ring as well"


def test_the_visit_shown_is_the_next_that_stands() -> None:
    estate = an_estate("solberg")
    visits = sorted(visits_of(estate.house.id, estate.ids["patient_id"]), key=lambda one: one.starts_at)
    coming = [one for one in visits if one.starts_at > estate.house.now]
    assert nearest(visits, estate.house.now) == coming[0]
    assert nearest(visits, visits[-1].ends_at + timedelta(days=9)) == visits[-1]
    assert nearest([], estate.house.now) is None


def test_the_owner_is_asked_to_set_a_second_factor(house: House) -> None:
    assert b"second factor" in at_desk(house, "sofie").get("/", headers={"Accept-Language": "en"}).content
    assert b"second factor" not in at_desk(house, "ingrid").get("/").content


def test_only_the_demonstration_has_a_clock_to_move(house: House) -> None:
    client = at_desk(house, "sofie")
    for path in ("clock", "again", "seat"):
        assert client.post(f"/demonstration/{path}/", {"action": "day"}).status_code == 404
    assert practice_by_id(house.id).virtual_now == MORNING


def test_hours_are_written_in_24_of_them(house: House) -> None:
    client = at_desk(house, "sofie")
    given = {
        "answer_hours": 1,
        "answer_minutes": 30,
        "call_days_before": 2,
        "calls_per_day": 5,
        "hours_from": "9",
        "hours_to": "19.30",
    }
    assert client.post("/settings/promises/", given).status_code == 302
    changed = practice_by_id(house.id)
    assert (changed.hours_from.hour, changed.hours_to.hour, changed.hours_to.minute) == (9, 19, 30)
    wrong = client.post("/settings/promises/", {**given, "hours_to": "half past"})
    assert wrong.status_code == 422


def test_the_help_speaks_to_each_role_of_what_it_may_do(house: House) -> None:
    assert b'href="/settings/"' in at_desk(house, "sofie").get("/help/").content
    assert b'<dt><a href="/settings/"' not in at_desk(house, "ingrid").get("/help/").content


def test_a_note_stands_in_the_stream_with_its_words(house: House) -> None:
    client = at_desk(house, "ingrid")
    client.post(f"/people/{house.people['kari']}/note/", {"words": "Her daughter marries in May", "day": "2027-05-01"})
    assert b"Her daughter marries in May" in client.get(f"/people/{house.people['kari']}/").content


def test_what_is_refused_is_told_in_words(house: House) -> None:
    client = at_desk(house, "ingrid")
    path = f"/people/{house.people['kari']}/"
    client.post(f"{path}refusal/", {"scope": "all"})
    page = client.get(path, headers={"Accept-Language": "en"}).content.decode()
    assert "nothing at all" in page
    assert "* all" not in page


def test_who_stands_at_the_desk_comes_before_what_is_late_since_days(house: House) -> None:
    says(house, "tor", "Is the price with the exam?")
    service = house.services["eye-test"]
    offer = free_times(house.id, service, from_=house.now.date(), days=4, now=house.now, limit=200)[-1]
    asked = Booking(
        patient_id=house.people["kari"], service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time,
    )  # fmt: skip
    visit = book_appointment(practice_id=house.id, request=asked, by=house.by("ingrid"), now=house.now)
    groups = [e.group for e in board(house.practice, now=visit.starts_at).entries]
    assert groups[:2] == ["coming", "answer"]


def test_an_open_page_notes_once_in_a_while_whom_it_shows(house: House) -> None:
    says(house, "kari", "Can I come later?")

    def looks() -> int:
        with scope.transaction(house.id):
            return Access.objects.filter(patient_id=house.people["kari"], page="today").count()

    ingrid, sofie, asks_again = at_desk(house, "ingrid"), at_desk(house, "sofie"), {"HX-Request": "true"}
    for client, headers in ((ingrid, {}), (ingrid, asks_again), (ingrid, asks_again)):
        assert b"Kari" in client.get("/", headers=headers).content
    assert looks() == 1
    sofie.get("/", headers=asks_again)
    assert looks() == 2
    ingrid.get("/")
    assert looks() == 3
