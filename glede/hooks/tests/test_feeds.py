"""A colleague's own calendar: times and no name, read as often as one likes, dead the moment it should be."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from glede.diary.operations import cancel_appointment, move_appointment
from glede.diary.queries import appointment_for, free_times
from glede.diary.requests import Slot
from glede.kernel.actor import SYSTEM
from glede.ledger.queries import last_seq
from glede.staff import operations as staff
from glede.staff import queries
from glede.staff.models import DayFeed
from tests.depth import count
from tests.estate import Estate, an_estate
from tests.tenancy.traces import fingerprint

pytestmark = pytest.mark.django_db


@pytest.fixture
def estate() -> Estate:
    return an_estate("solberg")


def given(estate: Estate) -> dict[str, Any]:
    return {"practice_id": estate.house.id, "by": SYSTEM, "now": estate.house.now}


def whose(estate: Estate) -> Any:
    """Return the membership of the colleague with whom the estate's visit is booked."""
    chair = appointment_for(estate.house.id, estate.ids["appointment_id"]).practitioner_id
    return next(one.membership_id for one in queries.every_practitioner(estate.house.id) if one.id == chair)


def opened(estate: Estate, membership_id: Any) -> str:
    return staff.open_day_feed(membership_id=membership_id, **given(estate))


def fetched(secret: str, status: int = 200) -> str:
    answer = Client().get(f"/hooks/days/{secret}.ics")
    assert answer.status_code == status
    return answer.content.decode().replace("\r\n ", "")


@pytest.fixture
def amal(estate: Estate) -> str:
    return opened(estate, whose(estate))


def test_it_tells_times_and_nobody(estate: Estate, amal: str) -> None:
    told = fetched(amal)
    assert told.count("BEGIN:VEVENT") == 1
    assert f"UID:{estate.ids['appointment_id']}@glede" in told
    assert "SUMMARY:Besøk" in told or "SUMMARY:Visit" in told
    for word in ("Kari", "Moe", "LOCATION", "DESCRIPTION", "URL:", estate.link, str(estate.ids["patient_id"])):
        assert word not in told, word
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT15M" in told


def test_a_moved_visit_keeps_its_uid_and_a_cancelled_one_says_so(estate: Estate, amal: str) -> None:
    sequence = numbers(fetched(amal))
    chair = appointment_for(estate.house.id, estate.ids["appointment_id"]).practitioner_id
    facts = {"appointment_id": estate.ids["appointment_id"], **given(estate)}
    offers = free_times(
        estate.house.id, estate.ids["service_id"], from_=estate.house.now.date() + timedelta(days=3), days=4,
        now=estate.house.now,
    )  # fmt: skip
    offer = next(o for o in offers if o.practitioner_id == chair)
    slot = Slot(practitioner_id=offer.practitioner_id, day=offer.day, wall_time=offer.wall_time)
    move_appointment(to=slot, **facts)
    moved = fetched(amal)
    assert moved.count(f"UID:{estate.ids['appointment_id']}@glede") == 1
    assert numbers(moved) > sequence
    cancel_appointment(reason="time", **facts)
    gone = fetched(amal)
    assert "STATUS:CANCELLED" in gone
    assert numbers(gone) > numbers(moved)


def numbers(told: str) -> int:
    return int(told.partition("SEQUENCE:")[2].partition("\r\n")[0])


def test_reading_it_again_and_again_changes_nothing(estate: Estate, amal: str) -> None:
    before, events = fingerprint(estate.house.id), last_seq(estate.house.id)
    for _ in range(count(100)):
        assert Client().head(f"/hooks/days/{amal}.ics").status_code == 200
    assert Client().post(f"/hooks/days/{amal}.ics").status_code == 405
    assert (fingerprint(estate.house.id), last_seq(estate.house.id)) == (before, events)


def test_a_new_address_or_a_closed_one_ends_the_old(estate: Estate, amal: str) -> None:
    anew = opened(estate, whose(estate))
    assert fetched(amal, 404) == ""
    assert "VEVENT" in fetched(anew)
    staff.close_day_feed(membership_id=whose(estate), **given(estate))
    assert fetched(anew, 404) == ""
    assert queries.day_feed_since(estate.house.id, whose(estate)) is None
    assert fetched("a-guess", 404) == ""


def test_only_a_hash_is_kept(amal: str) -> None:
    for row in DayFeed.objects.all():
        assert amal.encode() not in bytes(row.secret_hash)
        assert len(bytes(row.secret_hash)) == 32


def test_it_is_never_kept_on_the_way(amal: str) -> None:
    answer = Client().get(f"/hooks/days/{amal}.ics")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
