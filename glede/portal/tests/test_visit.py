"""The visit page over time, and the buttons on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from glede.diary.operations import (
    cancel_appointment,
    finish_appointment,
    miss_appointment,
    start_appointment,
    tell_delay,
)
from glede.diary.queries import history_of
from glede.diary.rules import State
from glede.portal.tests.guests import Visitor, set_clock, visitor
from glede.promises.queries import open_promises
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db

ON_THE_DAY = datetime(2026, 11, 26, 8, 40, tzinfo=UTC)
AFTERWARDS = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "emily", now=MORNING, is_virtual=True)


@pytest.fixture
def kari(house: House) -> Visitor:
    return visitor(house)


@pytest.fixture
def emily(house: House) -> Visitor:
    return visitor(house, "emily")


def page(guest: Visitor, address: str = "") -> str:
    answer = guest.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_the_page_says_when_with_whom_and_what_it_costs(kari: Visitor) -> None:
    words = page(kari)
    for expected in (
        "Kari, synsprøven er",
        "torsdag 26. november",
        "kl. 10",
        "Dr Amal Haddad",
        "890 kr",
        "22 12 34 56",
    ):
        assert expected in words
    assert "Moe" not in words


def test_it_speaks_the_persons_language(emily: Visitor) -> None:
    words = page(emily)
    for expected in ("Emily, your eye test is", "Thursday 26 November", "10am", 'lang="en-GB"', "Norsk"):
        assert expected in words


def test_confirming_draws_the_next_step_and_takes_the_button_away(kari: Visitor) -> None:
    answer = kari.press("", "confirmation/")
    assert (answer.status_code, answer.headers["Location"]) == (303, kari.path("?done=confirmed"))
    assert kari.facts.state == State.CONFIRMED
    assert "confirmation/" not in page(kari)


def test_five_presses_confirm_once(kari: Visitor) -> None:
    kari.press("", "confirmation/", times=5)
    assert [line.change for line in history_of(kari.house.id, kari.appointment_id)] == ["booked", "confirmed"]


def test_on_the_day_one_says_here_or_late(kari: Visitor) -> None:
    assert "arrival/" not in page(kari)
    set_clock(kari.house, ON_THE_DAY)
    kari.press("lateness/", minutes="10", times=5)
    assert kari.facts.late_minutes == 10
    assert "10 minutter" in page(kari)
    kari.press("", "arrival/", times=5)
    assert kari.facts.state == State.ARRIVED
    assert "Velkommen, Kari" in page(kari)


def test_a_delay_that_was_told_stands_on_the_page_until_they_are_in(kari: Visitor) -> None:
    set_clock(kari.house, ON_THE_DAY)
    given: dict[str, Any] = {"practice_id": kari.house.id, "by": kari.house.by("ingrid"), "now": ON_THE_DAY}
    tell_delay(practitioner_id=kari.facts.practitioner_id, minutes=25, **given)
    assert "omtrent 25 minutter forsinket i dag. Timen din begynner omtrent <b>kl.\xa010.25</b>" in page(kari)
    kari.press("", "arrival/")
    assert "forsinket" in page(kari)
    start_appointment(appointment_id=kari.appointment_id, **given)
    assert "forsinket" not in page(kari)


def test_the_page_to_write_on_does_not_lead_to_itself(kari: Visitor) -> None:
    assert f'href="{kari.path("messages/")}"' in page(kari)
    assert f'href="{kari.path("messages/")}"' not in page(kari, "messages/")


def test_lateness_without_minutes_asks_again(kari: Visitor) -> None:
    set_clock(kari.house, ON_THE_DAY)
    answer = kari.press("lateness/")
    assert answer.status_code == 422
    assert "<title>Feil: " in answer.content.decode()


def test_cancelling_asks_nothing_tells_the_rule_and_offers_a_call(kari: Visitor) -> None:
    words = page(kari, "cancellation/")
    assert "Du trenger ikke å si hvorfor." in words
    assert "onsdag 25. november" in words
    kari.press("cancellation/", times=5)
    assert kari.facts.state == State.CANCELLED
    assert "avbestilt" in page(kari)
    kari.press("", "call-back/", times=5)
    owed = [o for o in open_promises(kari.house.id) if o.kind == "call"]
    assert len(owed) == 1


def test_a_visit_the_practice_cancelled_says_sorry(kari: Visitor) -> None:
    cancel_appointment(
        practice_id=kari.house.id, appointment_id=kari.appointment_id, reason="practitioner_away",
        by=kari.house.by("ingrid"), now=kari.house.now,
    )  # fmt: skip
    assert "Vi beklager" in page(kari)


def test_after_the_visit_it_thanks_and_gives_everyone_the_same_review_link(kari: Visitor) -> None:
    set_clock(kari.house, AFTERWARDS)
    finish_appointment(
        practice_id=kari.house.id, appointment_id=kari.appointment_id, by=kari.house.by("amal"), now=kari.house.now
    )
    words = page(kari)
    assert "Takk for besøket, Kari" in words
    assert words.count("https://reviews.example/solberg") == 1


def test_whoever_was_missed_is_asked_kindly(kari: Visitor) -> None:
    set_clock(kari.house, AFTERWARDS)
    miss_appointment(
        practice_id=kari.house.id, appointment_id=kari.appointment_id, by=kari.house.by("amal"), now=kari.house.now
    )
    assert "Vi savnet deg" in page(kari) or "vi savnet deg" in page(kari)


def test_the_link_ends_thirty_days_after_the_visit(kari: Visitor) -> None:
    ends = kari.facts.ends_at + timedelta(days=30)
    set_clock(kari.house, ends - timedelta(minutes=1))
    assert kari.get().status_code == 200
    set_clock(kari.house, ends)
    answer = kari.get()
    assert answer.status_code == 404
    assert "22 12 34 56" in answer.content.decode()


def test_the_calendar_file_is_neutral(kari: Visitor) -> None:
    answer = kari.get("visit.ics")
    text = answer.content.decode().replace("\r\n ", "")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20261126T090000Z" in text
    assert "SUMMARY:Solberg Optikk" in text
    assert "synsprøve" not in text.lower()
    assert kari.path() in text
