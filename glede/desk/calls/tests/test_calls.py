"""A call: kept at once, or promised with an owner; also of strangers, and of numbers nobody knows."""

from datetime import date, datetime, time
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from glede.desk.calls.times import hour_in, offered
from glede.desk.counter.tests.test_counter import read
from glede.kernel.clock import at_wall, wall
from glede.people.queries import search
from glede.practices import scope
from glede.practices.queries import opening_hours
from glede.promises.models import Promise
from glede.promises.queries import Owed, open_promises
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", is_virtual=True)


@pytest.fixture
def ingrid(house: House) -> Client:
    return at_desk(house, "ingrid")


def waiting(house: House) -> list[Owed]:
    return open_promises(house.id, kinds=["call", "answer"])


def calls(house: House) -> list[Promise]:
    with scope.transaction(house.id):
        return list(Promise.objects.filter(practice_id=house.id, kind="call").order_by("made_at", "id"))


def test_spoken_and_done_is_a_kept_promise_with_its_line(house: House, ingrid: Client) -> None:
    page = ingrid.get(reverse("desk:call"), {"q": "kari"})
    assert "Kari Moe rings" in page.content.decode()
    asked = {
        "person": house.people["kari"],
        "line": "asked what progressive lenses cost",
        "command": page.context["command"],
    }
    for _press in range(2):
        assert ingrid.post(reverse("desk:call"), asked)["Location"] == reverse(
            "desk:person", args=[house.people["kari"]]
        )
    (owed,) = calls(house)
    assert owed.closed_at is not None
    assert "asked what progressive lenses cost" in read(ingrid, reverse("desk:person", args=[house.people["kari"]]))


# Solberg is open from nine to five; it is a Tuesday.
@pytest.mark.parametrize(
    ("words", "now", "meant"),
    [
        ("5", "10:00", "24 17:00"),
        ("11", "10:00", "24 11:00"),
        ("9", "10:00", "25 09:00"),
        ("2", "14:00", "25 14:00"),
        ("14", "10:00", "24 14:00"),
        ("14.30", "10:00", "24 14:30"),
        ("930", "10:00", "25 09:30"),
        ("1430", "10:00", "24 14:30"),
        ("2:15", "10:00", "24 14:15"),
        ("20", "10:00", "24 20:00"),
        ("8", "10:00", "24 20:00"),
        ("0", "10:00", "25 00:00"),
        ("24", "10:00", None),
        ("9.75", "10:00", None),
        ("soon", "10:00", None),
        ("", "10:00", None),
    ],
)
def test_a_bare_number_is_the_next_open_hour(house: House, words: str, now: str, meant: str | None) -> None:
    at = at_wall(date(2026, 11, 24), time.fromisoformat(now), "Europe/Oslo")
    found = hour_in(words, at, opening_hours(house.practice))
    assert (f"{wall(found, 'Europe/Oslo'):%d %H:%M}" if found else None) == meant


def test_a_written_hour_is_a_promise_whichever_button_is_pressed(house: House, ingrid: Client) -> None:
    asked = {"person": house.people["kari"], "line": "about her lenses", "hour": "5"}
    assert ingrid.post(reverse("desk:call"), asked).status_code == 302
    (owed,) = waiting(house)
    assert f"{wall(owed.due_at, 'Europe/Oslo'):%H:%M}" == "17:00"
    answer = ingrid.post(reverse("desk:call"), {**asked, "hour": "soon"})
    assert answer.status_code == 422
    assert 'value="soon"' in answer.content.decode()
    assert len(waiting(house)) == 1


def test_the_card_of_a_call_says_what_was_last_promised(house: House, ingrid: Client) -> None:
    for line, hour in (("asked about lenses", ""), ("and one thing more", "5")):
        ingrid.post(reverse("desk:call"), {"person": house.people["kari"], "line": line, "hour": hour})
    (owed,) = waiting(house)
    assert "Last promise: Ingrid Berg calls Kari. Kept, today" in read(ingrid, f"/?open={owed.id}")
    ingrid.post(reverse("desk:call"), {"person": house.people["kari"], "line": "again", "hour": "4"})
    (first, _second) = waiting(house)
    assert "Last promise: The desk calls Kari, by 17:00." in read(ingrid, f"/?open={first.id}")


def test_ring_back_stands_on_today_with_its_owner_and_its_line(house: House, ingrid: Client) -> None:
    page = ingrid.get(reverse("desk:call"), {"person": str(house.people["jonas"])})
    by = page.context["times"][0]
    asked = {"person": house.people["jonas"], "line": "wants Amal to explain", "by": by.value,
             "owner": house.colleagues["amal"]}  # fmt: skip
    assert ingrid.post(reverse("desk:call"), asked)["Location"] == reverse("desk:today")
    (owed,) = waiting(house)
    assert (owed.kind, owed.owner_id, owed.due_at.isoformat()) == ("call", house.colleagues["amal"], by.value)
    assert "wants Amal to explain" in unescape(read(ingrid, reverse("desk:today")))


def test_a_stranger_who_rings_is_a_person_at_once(house: House, ingrid: Client) -> None:
    page = ingrid.get(reverse("desk:call"), {"q": "Turid Foss"})
    assert page.context["given"]["name"] == "Turid Foss"
    asked = {"name": "Turid Foss", "phone": "400 00 888", "line": "sells frames", "by": page.context["times"][1].value}
    ingrid.post(reverse("desk:call"), asked)
    (turid,) = search(house.id, "400 00 888")
    (owed,) = waiting(house)
    assert owed.patient_id == turid.patient_id


def test_a_missed_call_waits_until_somebody_rings_or_says_whose_it_is(house: House, ingrid: Client) -> None:
    by = offered(house.practice, house.now)[0].value
    ingrid.post(reverse("desk:call"), {"phone": "400 00 999", "by": by})
    (owed,) = waiting(house)
    assert owed.subject.kind == "stray"
    assert "40 00 09 99" in read(ingrid, reverse("desk:today"))
    ingrid.post(reverse("desk:call"), {"phone": "400 00 102", "line": "about his glasses", "by": by})
    assert [o.patient_id for o in waiting(house) if o.kind == "call"] == [house.people["jonas"]]
    ingrid.post(reverse("desk:call"), {"phone": "400 00 998", "line": "a wrong number"})
    assert len(waiting(house)) == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"line": "who was it"}, "Write the number they can be rung on."),
        ({"phone": "12", "line": "x"}, "Write a phone number"),
        ({"phone": "400 00 999"}, "Write in one line what was said."),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(ingrid: Client, given: dict[str, str], words: str) -> None:
    page = ingrid.post(reverse("desk:call"), given)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert page.context["line"] == given.get("line", "")


def test_the_hours_to_press_lie_in_open_time(house: House) -> None:
    hours = [wall(datetime.fromisoformat(by.value), "Europe/Oslo") for by in offered(house.practice, house.now)]
    assert [f"{at:%a %H:%M}" for at in hours] == ["Tue 10:00", "Tue 13:00", "Tue 17:00", "Wed 10:00"]
