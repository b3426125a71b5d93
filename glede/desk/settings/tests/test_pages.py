"""The settings pages: each part said as a sentence, changed on a page of its own, told in the history and undone."""

from datetime import date, timedelta

import pytest
from django.test import Client

from glede.diary.queries import visits_of
from glede.diary.queries.own_time import own_hours
from glede.kernel.ref import Ref
from glede.practices.queries import exceptions, opening_hours, practice_by_id
from glede.promises.queries import open_about
from glede.staff.queries import every_practitioner
from tests.cast import House, open_solberg
from tests.estate import an_estate
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari")


def read(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_each_part_stands_as_a_sentence(house: House) -> None:
    page = read(at_desk(house, "nina"), "/settings/")
    assert "Monday-Friday 09:00-17:00" in page
    assert "We answer within 2 h of open time." in page


@pytest.mark.parametrize("path", ["/settings/hours/", "/settings/services/"])
def test_a_receptionist_reads_hours_and_prices_and_changes_none(house: House, path: str) -> None:
    ingrid = at_desk(house, "ingrid")
    page = read(ingrid, path)
    assert "<form" not in page.split("<main")[1].split("</main>")[0] or "Save" not in page
    for refused in ("/settings/hours/week/", "/settings/services/new/", "/settings/history/"):
        assert ingrid.post(refused, {}).status_code == 403


def test_hours_are_kept_told_and_undone(house: House) -> None:
    nina = at_desk(house, "nina")
    page = nina.post("/settings/hours/week/", {"day_5": "10-14", "day_0": "09:00-12:00, 13:00-17:00"}, follow=True)
    assert opening_hours(practice_by_id(house.id)).is_open_day(date(2026, 11, 28))
    undo = page.content.decode().split("/settings/history/")[1].split("/undo/")[0]
    told = read(nina, "/settings/history/")
    assert "Nina" in told
    assert "Saturday 10:00-14:00" in told
    nina.post(f"/settings/history/{undo}/undo/")
    assert not opening_hours(practice_by_id(house.id)).is_open_day(date(2026, 11, 28))
    refused = nina.post(f"/settings/history/{undo}/undo/", follow=True).content.decode()
    assert "changed again later" in refused


def test_unreadable_hours_say_how_to_write_them(house: House) -> None:
    page = at_desk(house, "nina").post("/settings/hours/week/", {"day_0": "nine to five"})
    assert page.status_code == 422
    assert "Write hours like 09:00-17:00" in page.content.decode()


def test_whoever_stands_on_a_day_that_closes_is_named_first_and_settled() -> None:
    house = an_estate("solberg").house
    nina, visit = at_desk(house, "nina"), visits_of(house.id, house.people["kari"])[0]
    asked = {"first_on": visit.day.isoformat(), "reason": "Kurs"}
    page = nina.post("/settings/hours/dates/", asked).content.decode()
    assert "1 visit stands outside these hours" in page
    assert "Kari Moe" in page
    assert not exceptions(practice_by_id(house.id), from_=visit.day, until=visit.day)
    nina.post("/settings/hours/dates/", {**asked, "seen": "1"})
    one = exceptions(practice_by_id(house.id), from_=visit.day)[0]
    subject = Ref("appointment", visit.appointment_id)
    assert [(owed.kind, owed.cause) for owed in open_about(house.id, subject)] == [("settle", "closed")]
    assert visits_of(house.id, house.people["kari"])[0].state == visit.state
    nina.post(f"/settings/hours/dates/{one.id}/end/")
    assert not open_about(house.id, subject)


def test_public_holidays_are_proposed_and_taken_with_one_press(house: House) -> None:
    nina = at_desk(house, "nina", "nb")
    assert "Grunnlovsdag" in read(nina, "/settings/hours/")
    page = nina.post("/settings/hours/holidays/", {"year": "2027"}, follow=True).content.decode()
    assert "mandag 17. mai 2027" in page
    assert not opening_hours(practice_by_id(house.id)).is_open_day(date(2027, 5, 17))
    assert nina.post("/settings/hours/holidays/", {"year": "soon"}).status_code == 404


def test_a_service_is_added_changed_ended_and_brought_back(house: House) -> None:
    nina = at_desk(house, "nina")
    given = {"name_nb": "Tørre øyne", "name_en": "Dry eyes", "minutes": "30", "buffer_minutes": "5", "sort": "9"}
    assert nina.post("/settings/services/new/", {**given, "price": "500", "price_to": "400"}).status_code == 422
    nina.post("/settings/services/new/", {**given, "price": "500", "price_to": "900"})
    page = read(nina, "/settings/services/")
    assert "500–900 kr" in page or "500-900" in page or "900 kr" in page
    where = page.split("Dry eyes")[0].rsplit('href="', 1)[1].split('"')[0]
    nina.post(where, {**given, "minutes": "45", "price": "600", "bring_nb": "Dråpene dine"})
    told = read(nina, "/settings/history/")
    assert "Dry eyes" in told
    assert "600 kr" in told
    nina.post(f"{where}end/")
    assert "Offered no more" in read(nina, "/settings/services/")
    nina.post(f"{where}back/")
    assert "45 min" in read(nina, "/settings/services/")


def test_a_clinician_is_named_keeps_hours_and_leaves(house: House) -> None:
    nina = at_desk(house, "nina")
    nina.post("/settings/people/new/", {"display_name": "Eva Holm", "title": "Optiker", "day_1": "10:00-14:00"})
    page = read(nina, "/settings/people/")
    assert "Eva Holm" in page
    assert "Tuesday 10:00-14:00" in page
    where = page.split("Eva Holm</a>")[0].rsplit('href="', 1)[1].split('"')[0]
    nina.post(where, {"display_name": "Eva Holm Lie", "given_name": "Eva"})
    nina.post(f"{where}end/")
    assert "Take bookings again" in read(nina, "/settings/people/")
    nina.post(f"{where}back/")
    told = read(nina, "/settings/history/")
    assert "Eva Holm Lie" in told
    assert "takes bookings again" in told


def test_a_promise_shows_what_it_comes_to(house: House) -> None:
    nina = at_desk(house, "nina")
    page = read(nina, "/settings/promises/")
    assert "Fri 27 Nov 16:30" in page
    assert "Mon 30 Nov 09:30" in page
    given = {"answer_hours": "0", "answer_minutes": "0", "call_days_before": "3", "calls_per_day": "8"}
    given |= {"hours_from": "09:00", "hours_to": "20:00"}
    assert nina.post("/settings/promises/", given).status_code == 422
    nina.post("/settings/promises/", {**given, "answer_hours": "4"})
    assert practice_by_id(house.id).answer_minutes == 240


def test_the_history_is_turned_page_by_page(house: House) -> None:
    nina = at_desk(house, "nina")
    for n in range(35):
        nina.post("/settings/hours/dates/", {"first_on": (date(2027, 8, 1) + timedelta(days=n)).isoformat()})
    first = read(nina, "/settings/history/")
    older = first.split("?before=")[1].split('"')[0]
    assert "2027" in read(nina, f"/settings/history/?before={older}")


def test_words_are_tried_kept_told_and_ours_again(house: House) -> None:
    nina, where = at_desk(house, "nina"), "/settings/wording/6.visit.sms.en/"
    own = {"short": "{name}: tomorrow at {practice}. {link}", "friendly": "Dear {name}, see you at {practice}. {link}"}
    tried = nina.post(where, {**own, "try": "1"}).content.decode()
    assert "Dear Kari, see you at Solberg Optikk." in tried
    assert "1 text" in tried
    assert "0 messages are in your own words" in read(nina, "/settings/wording/")
    refused = nina.post(where, {**own, "short": "20 % discount, {name}"})
    assert refused.status_code == 422
    assert "Every message says {link}." in refused.content.decode()
    nina.post(where, own)
    assert "1 message is in your own words" in read(nina, "/settings/wording/")
    assert "Dear {name}, see you at {practice}." in read(nina, "/settings/history/")
    hard = {**own, "short": "{name}: consideration necessitates preliminary documentation at {practice}. {link}"}
    assert "hard to read" in nina.post(where, {**hard, "try": "1"}).content.decode()
    assert nina.post(where, hard).status_code == 422
    nina.post(where, {"ours": "1"})
    assert "Say this again" in read(nina, where)
    nina.post(where, {"restore": "1"})
    assert "1 message is in your own words" in read(nina, "/settings/wording/")
    assert nina.post(where, {"restore": "99"}).status_code == 404
    nina.post(where, {"ours": "1"})
    assert "0 messages are in your own words" in read(nina, "/settings/wording/")
    assert nina.get("/settings/wording/6.visit.fax.en/").status_code == 404


def test_a_new_week_names_whom_it_leaves_outside_and_its_undo_lets_them_go() -> None:
    house = an_estate("solberg").house
    nina, visit = at_desk(house, "nina"), visits_of(house.id, house.people["kari"])[0]
    subject = Ref("appointment", visit.appointment_id)
    week = {f"day_{n}": "" if n == visit.day.weekday() else "09:00-17:00" for n in range(5)}
    page = nina.post("/settings/hours/week/", week).content.decode()
    assert "outside these hours" in page
    assert f"/visits/{visit.appointment_id}/" in page
    assert opening_hours(practice_by_id(house.id)).is_open_day(visit.day)
    page = nina.post("/settings/hours/week/", {**week, "seen": "1"}, follow=True).content.decode()
    assert not opening_hours(practice_by_id(house.id)).is_open_day(visit.day)
    assert [(owed.kind, owed.cause) for owed in open_about(house.id, subject)] == [("settle", "closed")]
    undo = page.split("/settings/history/")[1].split("/undo/")[0]
    nina.post(f"/settings/history/{undo}/undo/")
    assert opening_hours(practice_by_id(house.id)).is_open_day(visit.day)
    assert open_about(house.id, subject) == []


def test_a_week_that_leaves_nobody_outside_is_kept_at_once() -> None:
    nina = at_desk(an_estate("solberg").house, "nina")
    week = {f"day_{n}": "08:00-18:00" for n in range(5)}
    assert nina.post("/settings/hours/week/", week).status_code == 302


def test_a_name_and_hours_saved_together_are_one_change(house: House) -> None:
    nina, one = at_desk(house, "nina"), next(p for p in every_practitioner(house.id) if not p.is_ended)
    asked = {"display_name": one.display_name, "given_name": one.given_name, "title": "Optiker"}
    asked |= {"membership_id": str(one.membership_id or ""), "day_1": "10:00-14:00"}
    page = nina.post(f"/settings/people/{one.id}/", asked, follow=True).content.decode()
    undo = page.split("/settings/history/")[1].split("/undo/")[0]
    history = read(nina, "/settings/history/")
    assert history.count(f"/settings/history/{undo}/undo/") == 1
    assert ("Optiker" in history, "Tuesday 10:00-14:00" in history) == (True, True)
    nina.post(f"/settings/history/{undo}/undo/")
    assert next(p for p in every_practitioner(house.id) if p.id == one.id) == one
    assert own_hours(house.id).get(one.id, ()) == ()
