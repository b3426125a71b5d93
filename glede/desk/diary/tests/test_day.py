"""The day, the week and the month at the desk: what stands there, what is pressed, and what a drop does."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from glede.diary import operations as diary
from glede.diary.queries import appointment_for, days, visits_of
from glede.diary.requests import TimeToHold
from glede.diary.tests.stories import FRIDAY, THURSDAY, book, cancel, oslo
from glede.journeys.operations import advance
from glede.kernel.actor import STRANGER
from glede.kernel.clock import wall
from glede.kernel.ids import new_id
from glede.ledger.queries import verify
from glede.people import operations as people
from glede.people.values import Wishes
from glede.practices.operations.hours import NewException, add_exception
from tests.cast import House, open_nordlys, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", "tor", is_virtual=True)


@pytest.fixture
def ingrid(house: House) -> Client:
    return at_desk(house, "ingrid")


def read(client: Client, path: str, **asked: Any) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, path
    return answer.content.decode()


class TestTheDay:
    def test_what_is_free_is_pressed_to_book_there(self, house: House, ingrid: Client) -> None:
        book(house, "kari", "10:00")
        page = read(ingrid, "/diary/2026-11-26/")
        amal, kari = house.chairs["amal"], house.people["kari"]
        assert f'href="/book/?at=2026-11-26T10%3A50%7C{amal}"' in page  # its buffer ends at 10:45
        assert "6 h 10 min free" in page
        asked = {"person": str(kari), "at": f"2026-11-26T13:00|{amal}"}
        first = read(ingrid, "/book/", **asked).split('name="slot" value="')[1].partition('"')[0]
        assert first == f"2026-11-26T13:00|{amal}"
        assert "does not fit" in read(ingrid, "/book/", **asked | {"at": f"2026-11-26T09:50|{amal}"})
        found = ingrid.get("/book/", {"q": "Kari Moe", "at": asked["at"]}).headers["Location"]
        assert "at=2026-11-26T13%3A00" in found

    def test_a_held_time_says_until_when(self, house: House, ingrid: Client) -> None:
        asked = TimeToHold(day=THURSDAY, wall_time=time(10), service_id=house.services["eye-test"])
        diary.hold_time(practice_id=house.id, request=asked, by=STRANGER, now=house.now)
        until = wall(house.now + timedelta(minutes=10), house.practice.zone)
        page = read(ingrid, "/diary/2026-11-26/")
        assert f"<span>held for somebody</span> <small>until {until:%H:%M}</small>" in page

    def test_the_actual_hours_stand_beside_the_promised_ones(self, house: House, ingrid: Client) -> None:
        visit = book(house, "kari", "10:00", day=house.now.date())
        given: dict[str, Any] = {"practice_id": house.id, "appointment_id": visit.pk, "by": house.by("ingrid")}
        today = house.now.date()
        for act, hour, told in (
            (diary.arrive_appointment, "09:58", "here since 09:58"),
            (diary.start_appointment, "10:06", "with us since 10:06, began 6 min late"),
            (diary.finish_appointment, "10:50", "done 10:50, began 6 min late"),
        ):
            act(now=oslo(hour, today), **given)
            assert told in read(ingrid, f"/diary/{today}/")

    def test_an_empty_day_says_so_and_only_what_is_ahead_is_free(self, house: House, ingrid: Client) -> None:
        page = read(ingrid, "/diary/2026-11-26/")
        assert "No visits on Thursday." in page
        assert "8 h free" in page
        past = read(ingrid, "/diary/2026-11-19/")
        assert "No visits on" not in past
        assert "/book/?at=" not in past
        assert ingrid.get("/diary/", {"on": "2026-11-26"}).content.decode().count("No visits on Thursday.") == 1


class TestAMove:
    def given(self, slot: str, **more: str) -> dict[str, str]:
        return {"slot": slot, "back": "day"} | more

    def test_a_drop_moves_and_is_taken_back_and_nobody_is_told(self, house: House, ingrid: Client) -> None:
        visit = book(house, "kari", "10:00")
        advance(house.id, to=house.now + timedelta(minutes=1))
        jon = house.chairs["jon"]
        answer = ingrid.post(f"/visits/{visit.pk}/move/", self.given(f"2026-11-27T11:40|{jon}"), follow=True)
        assert answer.redirect_chain[-1][0] == "/diary/2026-11-27/"
        moved = appointment_for(house.id, visit.pk)
        assert (moved.day, moved.wall_time, moved.practitioner_id) == (FRIDAY, time(11, 40), jon)
        page = answer.content.decode()
        assert "told in 3 minutes" in page
        undo = page.split(f'action="/visits/{visit.pk}/move/undo/')[1].partition('"')[0].replace("&amp;", "&")
        back = ingrid.post(f"/visits/{visit.pk}/move/undo/{undo}", headers={"referer": "http://testserver/diary/"})
        assert back.headers["Location"] == "http://testserver/diary/"
        there = appointment_for(house.id, visit.pk)
        assert (there.day, there.wall_time, there.practitioner_id) == (THURSDAY, time(10), house.chairs["amal"])
        advance(house.id, to=house.now + timedelta(minutes=30))
        told = read(ingrid, f"/visits/{visit.pk}/").count("We would have written")
        assert told == 1  # the confirmation alone

    def test_what_was_taken_offers_three_others_in_the_day(self, house: House, ingrid: Client) -> None:
        visit = book(house, "kari", "10:00")
        book(house, "jonas", "11:00")
        amal = house.chairs["amal"]
        answer = ingrid.post(f"/visits/{visit.pk}/move/", self.given(f"2026-11-26T11:00|{amal}"), follow=True)
        page = answer.content.decode()
        assert "Someone took 11:00 a moment ago." in page
        assert page.count('type="radio" name="slot"') == 3
        assert "These 3 are free for Kari, 40 minutes." in page
        assert "Their 10:00 is kept until the new time is theirs." in page
        assert appointment_for(house.id, visit.pk).wall_time == time(10)
        offers = [part.partition('"')[0] for part in page.split('type="radio" name="slot" value="')[1:]]
        ingrid.post(f"/visits/{visit.pk}/move/", self.given(offers[1]))
        assert f"{appointment_for(house.id, visit.pk).wall_time:%H:%M}" in offers[1]

    def test_a_visit_that_does_not_move_and_one_of_another_house(self, house: House, ingrid: Client) -> None:
        visit = book(house, "kari", "10:00")
        other = book(open_nordlys("nils"), "nils", "10:00", "runa", service_id=None, practitioner_id=None)
        assert ingrid.get("/diary/2026-11-26/", {"move": str(other.pk)}).status_code == 404
        assert ingrid.get("/diary/free/", {"move": str(other.pk)}).status_code == 404
        cancel(house, visit.pk)
        assert "is kept until" not in read(ingrid, "/diary/2026-11-26/", move=visit.pk)


class TestASwap:
    def test_two_change_places_and_back_and_nobody_is_told(self, house: House, ingrid: Client) -> None:
        one, other = book(house, "kari", "10:00"), book(house, "jonas", "13:00", practitioner_id=house.chairs["jon"])
        advance(house.id, to=house.now + timedelta(minutes=1))
        page = read(ingrid, "/diary/2026-11-26/", swap=one.pk)
        assert "With whom does Kari, 10:00, change places?" in page
        assert f'name="slot" value="{other.pk}" data-key="x"' in page
        answer = ingrid.post(f"/visits/{one.pk}/swap/", {"slot": str(other.pk)}, follow=True)
        assert "They changed places, told in 3 minutes" in answer.content.decode()
        where = [appointment_for(house.id, visit.pk) for visit in (one, other)]
        assert [(v.wall_time, v.practitioner_id) for v in where] == [
            (time(13), house.chairs["jon"]), (time(10), house.chairs["amal"])
        ]  # fmt: skip
        assert verify(house.id).ok
        ingrid.post(f"/visits/{one.pk}/swap/?with={other.pk}")
        assert appointment_for(house.id, one.pk).wall_time == time(10)
        advance(house.id, to=house.now + timedelta(minutes=30))
        assert read(ingrid, f"/visits/{one.pk}/").count("We would have written") == 1

    def test_where_one_does_not_fit_both_stay(self, house: House, ingrid: Client) -> None:
        long = book(house, "kari", "10:00", minutes=90)
        short, after = book(house, "jonas", "13:00", minutes=20), book(house, "tor", "13:30")
        answer = ingrid.post(f"/visits/{long.pk}/swap/", {"slot": str(short.pk)}, follow=True)
        assert "Both stay where they are." in answer.content.decode()
        stand = [appointment_for(house.id, visit.pk).wall_time for visit in (long, short, after)]
        assert stand == [time(10), time(13), time(13, 30)]
        assert ingrid.post(f"/visits/{long.pk}/swap/", {"slot": str(new_id())}).status_code == 404


class TestWeekAndMonth:
    def test_a_week_in_numbers_and_one_clinicians(self, house: House, ingrid: Client) -> None:
        book(house, "kari", "10:00")
        book(house, "jonas", "10:45")
        page = read(ingrid, "/diary/week/2026-11-26/")
        assert "Week 48" in page
        assert "2 visits" in page
        assert "6 h 30 min free from 09:00" in page
        assert "Kari Moe" not in page
        amal = read(ingrid, "/diary/week/2026-11-26/", **{"with": house.chairs["amal"]})
        assert "Kari Moe" in amal
        assert 'data-day="2026-11-27"' in amal
        assert "tight 10:45 to 11:25" in amal or "unhurried" in amal

    def test_a_month_names_what_is_closed_and_the_first_free_time(self, house: House, ingrid: Client) -> None:
        book(house, "kari", "10:00")
        closed = NewException(FRIDAY, FRIDAY, name={"en": "Stocktaking", "nb": "Varetelling"})
        add_exception(practice_id=house.id, new=closed, by=house.by("sofie"), now=house.now)
        page = read(ingrid, "/diary/month/2026-11/")
        assert "Stocktaking" in page
        assert "Stocktaking" in read(ingrid, "/diary/week/2026-11-26/")
        assert "November 2026" in page
        assert "1 visit" in page
        assert "free 09:00" in page
        assert ingrid.get("/diary/month/nonsense/").status_code == 404
        assert ingrid.get("/diary/week/nonsense/").status_code == 404

    def test_both_cost_as_many_statements_however_many_come(self, house: House, ingrid: Client) -> None:
        paths = ("/diary/week/2026-11-26/", "/diary/month/2026-11/", "/diary/2026-11-26/")
        counts = []
        for hour in ("09:00", "13:00"):
            book(house, "kari", hour)
            book(house, "jonas", hour, day=FRIDAY)
            one = []
            for path in paths:
                ingrid.get(path)
                with CaptureQueriesContext(connection) as asked:
                    ingrid.get(path)
                one.append(len(asked))
            counts.append(one)
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 24


class TestFirstFree:
    def test_by_the_persons_own_hours_and_days(self, house: House, ingrid: Client) -> None:
        kari = house.people["kari"]
        wishes = Wishes(hours=(time(12), time(14)), days=(3,))
        people.set_preference(
            practice_id=house.id, patient_id=kari, wishes=wishes, by=house.by("ingrid"), now=house.now
        )
        page = read(ingrid, "/diary/free/", person=kari)
        assert "When it suits Kari: 12:00 to 14:00" in page
        shown = [part.partition('"')[0] for part in page.split('name="slot" value="')[1:]]
        assert len(shown) == 9
        assert {slot[11:13] for slot in shown} <= {"12", "13"}
        assert {date.fromisoformat(slot[:10]).weekday() for slot in shown} == {3}
        anyhow = read(ingrid, "/diary/free/", person=kari, asked="1")
        assert "T09:" in anyhow.split('name="slot" value="')[1][:20] + anyhow.split('name="slot" value="')[2][:20]
        ingrid.post("/book/", {"person": kari, "service": house.services["eye-test"], "slot": shown[0]})
        assert f"{visits_of(house.id, kari)[0].wall_time:%H}" == shown[0][11:13]

    def test_by_clinician_length_and_part_of_the_day_and_the_same_as_the_search(
        self, house: House, ingrid: Client
    ) -> None:
        jon = house.chairs["jon"]
        asked = {"asked": "1", "with": jon, "minutes": "90", "part": "afternoon", "from": "2026-11-26"}
        page = read(ingrid, "/diary/free/", **asked)
        slots = [part.partition("%7C")[0] for part in page.split("/book/?at=")[1:]]
        assert slots[0] == "2026-11-26T12%3A00"
        assert all("T12" <= slot[10:13] <= "T15" for slot in slots)
        assert page.count(str(jon)) >= 9
        visit = book(house, "tor", "10:00")
        moving = read(ingrid, "/diary/free/", move=visit.pk)
        assert f'action="/visits/{visit.pk}/move/"' in moving
        assert "Where can Tor move to?" in moving


def test_the_days_of_a_week_are_those_of_each_day(house: House) -> None:
    book(house, "kari", "10:00")
    week = days(house.id, THURSDAY, 7)
    assert [day.day for day in week] == [THURSDAY + timedelta(days=n) for n in range(7)]
    assert [len(day.visits) for day in week] == [1, 0, 0, 0, 0, 0, 0]


def test_that_somebody_came_is_taken_back_by_the_key_that_undoes(house: House, ingrid: Client) -> None:
    visit = book(house, "kari")
    advance(house.id, to=visit.starts_at)
    for act in ("arrival", "start"):
        page = ingrid.post(f"/visits/{visit.pk}/{act}/", follow=True).content.decode()
        assert f'action="/visits/{visit.pk}/not-yet/"' in page
        assert 'data-key="z"' in page
    for state in ("arrived", "booked"):
        assert "Taken back." in ingrid.post(f"/visits/{visit.pk}/not-yet/", follow=True).content.decode()
        assert appointment_for(house.id, visit.pk).state == state
    assert "took that back" in read(ingrid, f"/visits/{visit.pk}/")
    assert verify(house.id).ok
