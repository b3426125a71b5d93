"""At the door: walk-ins, squeeze-ins, and telling those still to come that we run late."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from glede.desk.counter.tests.test_counter import read
from glede.diary import operations as diary
from glede.diary.queries import visits_of
from glede.diary.tests.stories import book
from glede.journeys.operations import advance
from glede.outbox.queries import of_subject
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", "emily", "solveig", is_virtual=True)


@pytest.fixture
def ingrid(house: House) -> Client:
    return at_desk(house, "ingrid")


def test_who_is_known_is_here_in_three_presses_and_can_be_taken_back(house: House, ingrid: Client) -> None:
    page = ingrid.get(reverse("desk:walk_in"), {"q": "jonas"})
    assert "Jonas Vik has come. Whom do they wait for?" in page.content.decode()
    asked = {"person": house.people["jonas"], "with": "", "command": page.context["command"]}
    for _press in range(2):
        assert ingrid.post(reverse("desk:walk_in"), asked)["Location"] == reverse("desk:today")
    (visit,) = visits_of(house.id, house.people["jonas"])
    today = read(ingrid, reverse("desk:today"))
    assert "Jonas Vik is here." in today
    assert "came without an appointment" in today
    assert "waits for whoever is free" in today
    ingrid.post(reverse("desk:visit_strike_out", args=[visit.appointment_id]))
    assert "came without an appointment" not in read(ingrid, reverse("desk:today"))


def test_a_stranger_is_a_person_and_here_at_once(house: House, ingrid: Client) -> None:
    page = read(ingrid, f"{reverse('desk:walk_in')}?q=Turid Foss")
    assert "We have not met yet." in page
    where = reverse("desk:walk_in_stranger")
    assert ingrid.post(where, {"given_name": "Turid", "phone": "12"}).status_code == 422
    ingrid.post(where, {"given_name": "Turid", "family_name": "Foss", "phone": "400 00 888"})
    assert "Turid Foss came without an appointment" in read(ingrid, reverse("desk:today"))


def test_who_has_a_visit_today_after_all_is_told_so(house: House, ingrid: Client) -> None:
    book(house, "kari", "14:00", day=TUESDAY)
    assert "They have a visit today at 14:00." in read(ingrid, f"{reverse('desk:walk_in')}?q=kari")


def test_somebody_is_squeezed_in_with_a_reason_and_the_next_hears_what_is_left(house: House, ingrid: Client) -> None:
    book(house, "kari", "14:00", day=TUESDAY)
    slot = f"{TUESDAY}T14:10|{house.chairs['amal']}"
    asked = {"person": house.people["jonas"], "slot": slot, "minutes": "20", "with": str(house.chairs["amal"])}
    refused = ingrid.post(reverse("desk:squeeze"), asked)
    assert (refused.status_code, "Choose why they are squeezed in." in refused.content.decode()) == (422, True)
    day = read(
        ingrid, ingrid.post(reverse("desk:squeeze"), {**asked, "reason": "urgent", "words": "flashes"})["Location"]
    )
    assert "Squeezed in: Tue 24 Nov 14:10." in day
    assert "squeezed in, 20 min" in day or "squeezed in" in day
    taken = ingrid.post(reverse("desk:squeeze"), {**asked, "person": house.people["emily"], "reason": "promised"})
    assert taken.status_code == 409
    assert "Somebody took that time a moment ago" in taken.content.decode()
    assert [hour for _slot, hour in taken.context["first"]] == ["13:50", "14:30", "13:40"]
    (visit,) = visits_of(house.id, house.people["jonas"])
    page = read(ingrid, reverse("desk:visit", args=[visit.appointment_id]))
    assert "squeezed in: it cannot wait “flashes”" in page
    assert "1 × it cannot wait" in read(ingrid, f"{reverse('desk:squeeze')}?person={house.people['emily']}")


def test_whom_a_delay_reaches_is_shown_before_anybody_is_told(house: House, ingrid: Client) -> None:
    visits = {who: book(house, who, clock, day=TUESDAY).pk for who, clock in (("kari", "14:00"), ("solveig", "14:50"))}
    here = book(house, "emily", "09:00", day=TUESDAY).pk
    diary.arrive_appointment(practice_id=house.id, appointment_id=here, by=house.by("ingrid"), now=house.now)
    asked = {"with": str(house.chairs["amal"]), "minutes": "30"}
    page = " ".join(unescape(read(ingrid, f"{reverse('desk:delay')}?with={asked['with']}&minutes=30")).split())
    assert "Here already, tell them now: Emily Clarke." in page
    assert "Kari Moe 14:00 14:30 by text" in page
    assert "Solveig Ås 14:50 15:10 you ring: no way to write to them" in page
    assert "This is a rehearsal: nothing leaves." in page
    for _press in range(2):
        assert ingrid.post(reverse("desk:delay"), asked)["Location"] == reverse("desk:today")
    advance(house.id, to=house.now + timedelta(minutes=90))
    sent = of_subject(house.id, "appointment", visits["kari"], now=house.now)
    assert [line.fate for line in sent if line.row == "10"] == ["rehearsed"]
    assert "was told already" in read(ingrid, f"{reverse('desk:delay')}?with={asked['with']}&minutes=30")
    assert "Solveig Ås" in read(ingrid, reverse("desk:today"))
