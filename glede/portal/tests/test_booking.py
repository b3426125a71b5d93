"""Somebody unknown books on the practice's own page: a reason, a held time, two fields, a look, one visit."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from glede.diary.models import Appointment, HeldTime
from glede.diary.operations import book_appointment
from glede.diary.requests import Booking
from glede.inbox.queries import conversation_of
from glede.journeys.operations import follow
from glede.kernel.actor import SYSTEM
from glede.ledger.queries import last_seq
from glede.outbox.queries import of_patient
from glede.people.queries import search
from glede.portal.tests.guests import set_clock
from glede.practices import scope
from glede.practices.operations import OfferedOnline, OnlineBooking, change_online_booking
from glede.promises.queries import open_promises
from tests.cast import MORNING, SERVICES, House, open_nordlys, open_solberg
from tests.depth import DEPTH, count
from tests.tenancy.traces import LOOKS, fingerprint

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
SLOT = re.compile(r'name="slot" value="([^"]+)"')
WHO = {"name": "Jonas Vik", "mobile": "912 34 567"}


def fields(page: str) -> dict[str, str]:
    """Return what the page's own form carries."""
    return dict(HIDDEN.findall(page.partition("<main")[2].partition("</main>")[0]))


def open_page(house: House, *codes: str, is_open: bool = True) -> None:
    offered = [OfferedOnline(house.services[code], dict(SERVICES[code].name)) for code in codes]
    online = OnlineBooking(is_open=is_open, services=offered, name=house.practice.slug)
    change_online_booking(practice_id=house.id, online=online, by=SYSTEM, now=house.now)


@pytest.fixture
def house() -> House:
    made = open_solberg("kari", "emily", now=MORNING, is_virtual=True)
    open_page(made, "eye-test", "lens-check")
    return made


@dataclass
class Caller:
    house: House
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.cookies["glede_look"] = "1.light.en-gb.on"

    @property
    def slug(self) -> str:
        return self.house.practice.slug

    def page(self, path: str = "") -> str:
        return self.client.get(f"/book/{self.slug}/{path}").content.decode()

    def takes(self, place: int = 0, **more: str) -> HttpResponse:
        page = self.page("eye-test/")
        body = fields(page) | {"slot": SLOT.findall(page)[place]} | more
        return self.client.post(f"/book/{self.slug}/eye-test/", body)  # type: ignore[return-value]

    def checks(self, **who: str) -> tuple[str, str]:
        """Return the page to check, and the address its button posts to."""
        at = self.takes().headers["Location"]
        return self.client.post(at, WHO | who).content.decode(), f"{at}booking/"


@pytest.fixture
def jonas(house: House) -> Caller:
    return Caller(house)


def pressed(page: str) -> dict[str, Any]:
    return dict(HIDDEN.findall(page.partition("/booking/")[2]))


def visits(house: House) -> list[Appointment]:
    with scope.transaction(house.id):
        return list(Appointment.objects.filter(source="online"))


def test_larger_letters_or_another_language_lose_nothing_that_was_written(jonas: Caller) -> None:
    checked, _ = jonas.checks()
    look = dict(HIDDEN.findall(checked.partition("</header>")[0]))
    said = jonas.client.post(reverse("ui:look"), look | {"language": "nb"}, follow=True)
    assert said.redirect_chain[0][1] == 307
    page = said.content.decode()
    assert "Bestill denne timen" in page
    assert "Jonas Vik" in page
    assert "912 34 567" in page
    lost = jonas.client.post(f"/book/{jonas.slug}/eye-test/", WHO | {"again": "1"}).content.decode()
    look = dict(HIDDEN.findall(lost.partition("</header>")[0]))
    page = jonas.client.post(reverse("ui:look"), look | {"size": "2"}, follow=True).content.decode()
    assert 'value="Jonas Vik"' in page
    assert "Feil:" not in page


def test_a_reason_says_minutes_and_price_before_a_name_is_asked(jonas: Caller) -> None:
    page = jonas.page()
    assert "Eye test" in page
    assert "40 minutes" in page
    assert "890" in page
    assert "Collect and fit" not in page
    assert 'name="name"' not in page


def test_a_page_without_a_service_is_closed_kindly(house: House, jonas: Caller) -> None:
    open_page(house, "eye-test", is_open=False)
    answer = jonas.client.get(f"/book/{jonas.slug}/")
    assert answer.status_code == 200
    assert "Ring us to book" in answer.content.decode()
    assert jonas.client.get("/book/nowhere/").status_code == 404


def test_from_a_reason_to_the_visit(house: House, jonas: Caller) -> None:
    page, book = jonas.checks()
    assert "This time is yours for 10 minutes" in page
    assert "You can move or cancel at any hour, from one link. No account." in page
    answers = [jonas.client.post(book, pressed(page)) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert [visit.source for visit in visits(house)] == ["online"]
    shown = jonas.client.get(answers[0].headers["Location"]).content.decode()
    assert "It is booked." in shown


def test_the_confirmation_of_a_visit_booked_online_goes_its_usual_way(house: House, jonas: Caller) -> None:
    page, book = jonas.checks()
    jonas.client.post(book, pressed(page))
    (visit,) = visits(house)
    follow(house.id, now=house.now)
    lines = of_patient(house.id, [visit.patient_id], now=house.now)
    assert ("2", "booking", "sms") in {(line.row, line.purpose, line.channel) for line in lines}


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"mobile": ""}, "Enter a mobile number, so we can reach you if something changes"),
        ({"mobile": "12"}, "Enter a phone number with 8 digits, like 912 34 567 (spaces are fine)"),
        ({"name": ""}, "Enter your name"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(jonas: Caller, who: dict[str, str], words: str) -> None:
    page, _book = jonas.checks(**who)
    assert words in page
    assert "<title>Error:" in page
    for kept in (WHO | who).values():
        assert f'value="{kept}"' in page or not kept


def test_a_lost_time_offers_three_and_keeps_what_was_written(house: House, jonas: Caller) -> None:
    page, book = jonas.checks()
    set_clock(house, house.now + timedelta(minutes=11))
    with scope.transaction(house.id):
        lost = HeldTime.objects.get()
    request = Booking(
        patient_id=house.people["kari"], service_id=lost.service_id, practitioner_id=lost.practitioner_id, day=lost.day,
        wall_time=lost.wall_time,
    )  # fmt: skip
    book_appointment(practice_id=house.id, request=request, by=SYSTEM, now=house.now)
    answer = jonas.client.post(book, pressed(page))
    again = answer.content.decode()
    assert answer.status_code == 409
    assert "Everything you wrote is kept." in again
    assert len(SLOT.findall(again)) == 3
    body = fields(again) | {"slot": SLOT.findall(again)[0]}
    assert body["name"] == WHO["name"]
    check = jonas.client.post(f"/book/{jonas.slug}/eye-test/", body).content.decode()
    assert "Check and book" in check
    to = re.search(r'action="(/book/[^"]+/booking/)"', check)
    assert to
    assert jonas.client.post(to[1], pressed(check)).status_code == 303
    assert len(visits(house)) == 1


def test_somebody_known_by_the_same_name_and_number_is_not_shown_and_not_touched(house: House) -> None:
    for _ in range(2):
        caller = Caller(house)
        page, book = caller.checks()
        caller.client.post(book, pressed(page))
    assert len(search(house.id, "Jonas Vik", limit=9)) == 2
    assert len({visit.patient_id for visit in visits(house)}) == 2


def test_opening_pages_a_hundred_times_changes_nothing(house: House, jonas: Caller) -> None:
    page, book = jonas.checks()
    done = jonas.client.post(book, pressed(page)).headers["Location"]
    held = jonas.takes(1).headers["Location"]
    here = f"/book/{jonas.slug}/"
    chips = ["show=more", "show=morning", "show=evening", f"with={house.chairs['amal']}"]
    paths = [here, f"{here}eye-test/", *(f"{here}eye-test/?{chip}" for chip in chips), held, done]
    before, events = fingerprint(house.id, leave_out=LOOKS), last_seq(house.id)
    for _ in range(count(100) if DEPTH > 1 else 2):
        for path in paths:
            assert jonas.client.get(path).status_code == jonas.client.head(path).status_code == 200
        assert jonas.client.get(book).status_code == jonas.client.head(book).status_code == 405
        assert jonas.client.get(book.removesuffix("booking/")).status_code == 303, "what is booked leads to its visit"
    assert (fingerprint(house.id, leave_out=LOOKS), last_seq(house.id)) == (before, events)


def test_the_hash_over_every_table_sees_a_time_that_is_held(house: House, jonas: Caller) -> None:
    before = fingerprint(house.id, leave_out=LOOKS)
    jonas.takes()
    now = fingerprint(house.id, leave_out=LOOKS)
    assert {"diary_heldtime", "diary_claim"} <= {table for table, hashed in now.items() if before[table] != hashed}


def test_another_practice_does_not_know_the_secret(house: House, jonas: Caller) -> None:
    held = jonas.takes().headers["Location"]
    other = open_nordlys(now=MORNING, is_virtual=True)
    open_page(other, "eye-test")
    assert jonas.client.get(f"/book/{other.practice.slug}/").status_code == 200
    assert jonas.client.get(held.replace(house.practice.slug, other.practice.slug)).status_code == 404


@pytest.mark.parametrize("path", ["x/", "held/x/", "collect/", "held/0000000000000/"])
def test_odd_addresses_lead_nowhere(jonas: Caller, path: str) -> None:
    assert jonas.client.get(f"/book/{jonas.slug}/{path}").status_code == 404


@pytest.mark.parametrize("query", ["?show=%27<x>", "?show=more&from=yesterday", "?with=x", "?held=x", "?show=evening"])
def test_odd_questions_get_a_page(jonas: Caller, query: str) -> None:
    assert jonas.client.get(f"/book/{jonas.slug}/eye-test/{query}").status_code == 200


def test_a_time_too_soon_or_too_far_ahead_is_not_held(house: House, jonas: Caller) -> None:
    for at in ("2026-11-24T09:00", "2027-06-01T10:00"):
        assert jonas.takes(slot=f"{at}/{house.chairs['amal']}").status_code == 409


WISH = WHO | {"wish": "Any Tuesday after 3 pm"}


def wishes(caller: Caller, **more: str) -> Any:
    """Press the form of somebody whom nothing suits."""
    page = caller.page("eye-test/wish/")
    mark = dict(HIDDEN.findall(page))["nonce"]
    return lambda: caller.client.post(f"/book/{caller.slug}/eye-test/wish/", WISH | {"nonce": mark} | more)


def test_whom_nothing_suits_says_what_would_and_is_owed_an_answer_once(house: House, jonas: Caller) -> None:
    assert "Nothing suits? Tell us when" in jonas.page("eye-test/")
    send = wishes(jonas)
    answers = {send().content.decode().partition("<main")[2] for _ in range(3)}
    assert len(answers) == 1
    (page,) = answers
    assert "Any Tuesday after 3 pm" in page
    assert "answers before" in page
    assert "Nothing is booked yet." in page
    (found,) = search(house.id, "Jonas Vik", limit=9)
    said = conversation_of(house.id, found.patient_id)
    assert [piece.words for piece in said.pieces] == ["Eye test: Any Tuesday after 3 pm"]
    assert [owed.subject.kind for owed in open_promises(house.id) if owed.kind == "answer"] == ["conversation"]
    assert visits(house) == []


def test_a_wish_without_a_name_keeps_what_was_written_and_times_keep_it_too(jonas: Caller) -> None:
    answer = wishes(jonas, name="")()
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Enter your name" in page
    assert "Any Tuesday after 3 pm</textarea>" in page
    times = jonas.client.post(f"/book/{jonas.slug}/eye-test/", WISH | {"again": "1"}).content.decode()
    assert dict(HIDDEN.findall(times))["wish"] == WISH["wish"]
    back = jonas.client.post(f"/book/{jonas.slug}/eye-test/wish/", WISH | {"again": "1"}).content.decode()
    assert "Any Tuesday after 3 pm</textarea>" in back
    assert "Error:" not in back


def test_a_wish_that_tells_of_danger_says_not_to_wait(jonas: Caller) -> None:
    page = wishes(jonas, wish="Soon please, I suddenly see flashes of light and a curtain")().content.decode()
    assert "Please do not wait for our answer." in page
