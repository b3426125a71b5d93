"""Leave and urgent times as managers set them, and what the desk sees of both."""

import re
from datetime import date, time
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from glede.diary.apart import Kept
from glede.diary.operations import NewUrgentTimes, keep_urgent_times
from glede.diary.queries.leaves import leaves, urgent_times
from glede.diary.tests.stories import THURSDAY, book
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", password="et langt passord")


def words(response: Any) -> str:
    return str(response.content.decode())


def test_leave_names_who_stands_in_it_and_leads_to_moving_each(house: House) -> None:
    visit = book(house, "kari", "10:00")
    desk, amal = at_desk(house, "sofie"), house.chairs["amal"]
    page = reverse("desk:settings_leave", args=[amal])
    refused = desk.post(page, {"first_on": THURSDAY, "from_time": "09:00", "kind": "sick"})
    assert (refused.status_code, leaves(house.id, from_=THURSDAY)) == (422, [])
    asked = {"first_on": THURSDAY, "from_time": "9", "to_time": "12", "kind": "sick"}
    shown = desk.post(page, asked, follow=True)
    (taken,) = leaves(house.id, from_=THURSDAY)
    assert shown.redirect_chain[-1][0] == reverse("desk:settings_leave_taken", args=[taken.id])
    assert "Move 1 visit" in words(shown)
    assert "Kari Moe" in words(shown)
    assert reverse("desk:move", args=[visit.pk]) in words(shown)
    assert "sick" in words(desk.get(page))
    today = words(at_desk(house, "ingrid").get(reverse("desk:today")))
    assert reverse("desk:move", args=[visit.pk]) in today
    assert "sick" not in today
    history = words(desk.get(reverse("desk:settings_history")))
    assert "A clinician is away" in history
    assert "Thursday 26 November 2026 09:00-12:00: away" in history
    assert "sick" not in history
    desk.post(reverse("desk:settings_leave_end", args=[taken.id]))
    assert leaves(house.id, from_=THURSDAY) == []
    assert "This leave was withdrawn" in words(desk.get(reverse("desk:settings_leave_taken", args=[taken.id])))


def test_the_desk_reads_away_and_not_why(house: House) -> None:
    asked = {"first_on": THURSDAY, "kind": "sick"}
    at_desk(house, "sofie").post(reverse("desk:settings_leave", args=[house.chairs["amal"]]), asked)
    shown = words(at_desk(house, "ingrid").get(reverse("desk:diary_day", args=[THURSDAY.isoformat()])))
    assert "away" in shown
    assert "sick" not in shown


def test_urgent_times_are_kept_for_some_weekdays_and_kept_no_more(house: House) -> None:
    desk, page = at_desk(house, "sofie"), reverse("desk:settings_urgent")
    asked = {"days": ["3", "4"], "spans": "11:30-12:00, 15-15:30", "release": "0", "release_at": "9"}
    for wrong in ({"spans": "noon"}, {"days": ""}, {"release_at": ""}, {"spans": ""}):
        assert desk.post(page, {**asked, **wrong}).status_code == 422
    shown = words(desk.post(page, asked, follow=True))
    assert "Thursday 11:30-12:00" in shown
    assert "free for everybody from 09:00 the same day" in shown
    assert [(one.kept.weekday, one.kept.opens) for one in urgent_times(house.id)] == [
        (3, time(11, 30)), (3, time(15)), (4, time(11, 30)), (4, time(15)),
    ]  # fmt: skip
    never = {"days": ["0"], "spans": "9-10", "release": "", "practitioner_id": str(house.chairs["jon"])}
    assert "never free for everybody" in words(desk.post(page, never, follow=True))
    desk.post(reverse("desk:settings_urgent_end", args=[urgent_times(house.id)[0].id]))
    history = words(desk.get(reverse("desk:settings_history")))
    assert "Monday 09:00-10:00 with" in history
    assert "kept no more" in history
    assert len(urgent_times(house.id)) == 4


def test_a_change_of_either_is_undone_from_the_history(house: House) -> None:
    desk = at_desk(house, "sofie")
    desk.post(reverse("desk:settings_urgent"), {"days": ["3"], "spans": "11-12", "release": "1", "release_at": "12:00"})
    desk.post(
        reverse("desk:settings_leave", args=[house.chairs["amal"]]), {"first_on": date(2026, 12, 1), "kind": "course"}
    )
    page = words(desk.get(reverse("desk:settings_history")))
    for change in [part.split("/undo")[0] for part in page.split("/settings/history/")[1:] if "/undo" in part[:45]]:
        desk.post(reverse("desk:settings_undo", args=[change]))
    assert (urgent_times(house.id), leaves(house.id, from_=THURSDAY)) == ([], [])


def test_the_tick_urgent_books_what_is_kept(house: House) -> None:
    kept = tuple(Kept(n, time(0), time(23, 59)) for n in range(7))
    keep_urgent_times(practice_id=house.id, new=NewUrgentTimes(None, kept), by=house.by("sofie"), now=house.now)
    desk, page = at_desk(house, "ingrid"), f"{reverse('desk:book')}?person={house.people['kari']}"
    assert "No free time" in words(desk.get(page))
    shown = words(desk.get(f"{page}&urgent=1"))
    assert 'name="slot"' in shown
    slot = f"{THURSDAY.isoformat()}T11:00|{house.chairs['amal']}"
    asked = {"person": house.people["kari"], "service": house.services["eye-test"], "slot": slot}
    assert "kept for what is urgent" in words(desk.post(reverse("desk:book"), asked))
    booked = desk.post(reverse("desk:book"), asked | {"urgent": "1"}, follow=True)
    assert "urgent: it cannot wait" in words(booked)


def test_a_kept_time_that_is_pressed_in_the_diary_stays_urgent_on_the_way(house: House) -> None:
    kept = (Kept(THURSDAY.weekday(), time(11), time(12)),)
    keep_urgent_times(practice_id=house.id, new=NewUrgentTimes(None, kept), by=house.by("sofie"), now=house.now)
    desk = at_desk(house, "ingrid")
    shown = words(desk.get(reverse("desk:diary_day", args=[THURSDAY.isoformat()])))
    pressed = next(unescape(one) for one in re.findall(r'href="(/book/[^"]*)"', shown) if "urgent" in one)
    found = desk.get(f"{pressed}&q=Jonas", follow=True)
    assert "urgent=1" in found.redirect_chain[-1][0]
    assert "11:00" in words(found).split('class="slots"')[1].split("</button>")[0]
