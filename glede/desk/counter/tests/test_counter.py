"""The counter: each ending of "I have an appointment", said aloud, and a visit where none was written down."""

import re
from datetime import date, time
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from glede.desk.middleware import SESSION_KEY
from glede.diary import operations as diary
from glede.diary.models import Appointment
from glede.diary.queries import appointment_for, visits_of
from glede.diary.requests import Slot
from glede.diary.tests.stories import book, cancel
from glede.ledger.models import Access
from glede.people import operations as people
from glede.people.queries import look_alikes
from glede.practices import scope
from glede.promises.queries import count_causes, open_promises
from glede.staff.models import Role
from glede.staff.operations import NewColleague, add_colleague
from tests.cast import House, open_nordlys, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", "berit", "ella", "odd", is_virtual=True)


@pytest.fixture
def ingrid(house: House) -> Client:
    return at_desk(house, "ingrid")


def read(client: Client, path: str) -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", main)).split())


def ask(client: Client, words: str) -> str:
    return read(client, f"{reverse('desk:counter')}?q={words}")


def test_today_is_found_by_any_word_of_theirs(house: House, ingrid: Client) -> None:
    visit = book(house, "kari", "14:00", day=TUESDAY)
    code = appointment_for(house.id, visit.pk).link_code
    for words in ("Kari Moe", "moe", "400 00 101", "02.03.1955", "S-1001", code, code.lower()):
        page = ask(ingrid, words)
        assert "Welcome, Kari. We have you down for today at 14:00, with" in page, words
        assert "Arrived" in page
    with scope.transaction(house.id):
        assert Access.objects.filter(patient_id=house.people["kari"], page="counter_case").exists()


def test_moved_is_told_with_both_times_and_how(house: House, ingrid: Client) -> None:
    visit = book(house, "kari", "14:00", day=TUESDAY)
    diary.move_appointment(
        practice_id=house.id, appointment_id=visit.pk, to=Slot(day=THURSDAY, wall_time=time(10)),
        by=house.by("ingrid"), now=house.now, reason="practitioner_away",
    )  # fmt: skip
    page = ask(ingrid, "Kari Moe")
    assert "Your visit was moved to Thursday 26 November at 10:00" in page
    assert "because whoever was to see you was away, from today at 14:00" in page
    assert "Keep that time" in page
    assert "The first free times" in page


def test_a_cancelled_visit_says_by_whom_and_can_come_back(house: House, ingrid: Client) -> None:
    visit = book(house, "kari", "14:00", day=TUESDAY)
    cancel(house, visit.pk, reason="practice_closed")
    page = ask(ingrid, "Kari Moe")
    assert "Your visit today at 14:00 was cancelled. I am sorry" in page
    assert "It was cancelled today, because we were closed." in page
    assert "Bring back" in page


def test_another_day_is_moved_to_today_in_one_press(house: House, ingrid: Client) -> None:
    visit = book(house, "kari", "10:00", day=THURSDAY)
    page = ingrid.get(reverse("desk:counter_case", args=[house.people["kari"]]))
    assert "We have you down for Thursday 26 November at 10:00" in page.content.decode()
    slot = page.context["search"].first[0].value
    ingrid.post(reverse("desk:move", args=[visit.pk]), {"slot": slot})
    assert appointment_for(house.id, visit.pk).day == TUESDAY


def test_the_visit_of_who_lives_with_them_is_offered(house: House, ingrid: Client) -> None:
    people.join_household(
        practice_id=house.id, patient_ids=[house.people["berit"], house.people["ella"]], by=house.by("ingrid"),
        now=house.now,
    )  # fmt: skip
    book(house, "ella", "14:00", day=TUESDAY)
    page = ask(ingrid, "Berit Lund")
    assert "There is a visit today at 14:00 in the name of Ella Lund. Is it that one?" in page
    with scope.transaction(house.id):
        assert Access.objects.filter(patient_id=house.people["ella"]).exists()


def test_a_sister_practice_is_looked_in_by_who_belongs_to_both(house: House, ingrid: Client) -> None:
    nordlys = open_nordlys("kari", is_virtual=True)
    book(nordlys, "kari", "14:00", day=TUESDAY, by="leif")
    assert "We are sorry, Kari: this is on us." in ask(ingrid, "Kari Moe")
    add_colleague(
        practice_id=nordlys.id, by=nordlys.by("runa"), now=nordlys.now,
        new=NewColleague("ingrid@solberg-optikk.example", "Ingrid Berg", Role.RECEPTIONIST),
    )  # fmt: skip
    session = ingrid.session
    session[SESSION_KEY] = str(house.id)
    session.save()
    page = ask(ingrid, "Kari Moe")
    assert f"Your visit is today at 14:00, at {nordlys.practice.name}." in page
    with scope.transaction(nordlys.id):
        assert Access.objects.filter(patient_id=nordlys.people["kari"], page="counter").count() == 1


def test_nothing_written_down_is_on_us_and_is_put_right(house: House, ingrid: Client) -> None:
    where = reverse("desk:counter_case", args=[house.people["jonas"]])
    page = ingrid.get(where)
    assert "We are sorry, Jonas: this is on us." in unescape(page.content.decode())
    asked = {"slot": page.context["search"].first[0].value, "service": page.context["service_id"],
             "command": page.context["command"], "cause": "spoken"}  # fmt: skip
    for _press in range(2):
        response = ingrid.post(reverse("desk:counter_put_right", args=[house.people["jonas"]]), asked)
        assert response.status_code == 302
    (visit,) = visits_of(house.id, house.people["jonas"])
    assert visit.day == TUESDAY
    (owed,) = [o for o in open_promises(house.id) if o.kind == "recover"]
    assert (owed.cause, owed.subject.id) == ("no_visit:spoken", visit.appointment_id)
    assert count_causes(house.id, "recover", since=house.now) == {"no_visit:spoken": 1}
    assert "1 × Somebody here promised it aloud" in read(ingrid, reverse("desk:counter"))
    assert "came to a visit we had not written down" in read(ingrid, reverse("desk:today"))


def test_a_stranger_becomes_a_person_with_a_visit(house: House, ingrid: Client) -> None:
    page = ask(ingrid, "Turid Foss")
    assert "We are sorry: this is on us." in page
    where = reverse("desk:counter_stranger")
    assert ingrid.post(where, {"given_name": "Turid", "phone": "12"}).status_code == 422
    new = ingrid.post(where, {"given_name": "Turid", "family_name": "Foss", "phone": "400 00 888"}, follow=True)
    assert "We are sorry, Turid: this is on us." in unescape(new.content.decode())


def test_a_name_heard_a_little_wrong_is_asked_about(house: House, ingrid: Client) -> None:
    assert "Could it be one of these? " in ask(ingrid, "Carie Mo")
    assert [one.name for one in look_alikes(house.id, "Jonnas Wik")][:1] == ["Jonas Vik"]
    assert look_alikes(house.id, "Xq") == []


def test_a_time_that_was_just_taken_is_told_with_others(house: House, ingrid: Client) -> None:
    slot = f"{TUESDAY}T14:00|{house.chairs['amal']}"
    book(house, "kari", "14:00", day=TUESDAY, practitioner_id=house.chairs["amal"])
    asked = {"slot": slot, "service": house.services["eye-test"], "cause": "unknown"}
    response = ingrid.post(reverse("desk:counter_put_right", args=[house.people["jonas"]]), asked)
    assert response.status_code == 409
    assert "Somebody took that time a moment ago" in response.content.decode()
    with scope.transaction(house.id):
        assert not Appointment.objects.filter(patient_id=house.people["jonas"]).exists()
    assert not [o for o in open_promises(house.id) if o.kind == "recover"]
