"""Rooms and devices are held beside the clinician, under the same constraint."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glede.catalogue.operations import change_service
from glede.diary import errors, operations, queries
from glede.diary.models import Claim
from glede.diary.queries.facilities import facilities
from glede.diary.requests import TimesWanted
from glede.diary.tests.stories import THURSDAY, book, cancel, do, move, proved
from glede.practices import scope
from tests.cast import SERVICES, House, open_nordlys, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    found = open_solberg("kari", "jonas", "tor")
    ask(found, "oct", "exam room")
    for name in ("Room 1", "Room 2"):
        have(found, name)
    have(found, "Spectralis", kind="device", serves_as="OCT")
    return found


def ask(house: House, *words: str) -> None:
    change_service(
        practice_id=house.id, service_id=house.services["eye-test"],
        service=replace(SERVICES["eye-test"], asks_for=words), by=house.by("sofie"), now=house.now,
    )  # fmt: skip


def have(house: House, name: str, kind: str = "room", serves_as: str = "Exam room") -> Any:
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("sofie"), "now": house.now}
    return operations.add_facility(kind=kind, name=name, serves_as=serves_as, **given)


def beside(house: House) -> list[str]:
    names = {one.id: one.name for one in facilities(house.id, including_ended=True)}
    with scope.transaction(house.id):
        rows = Claim.objects.filter(is_active=True, kind__in=["room", "device"]).order_by("id")
        return sorted(names[ref] for ref in rows.values_list("ref", flat=True))


def clocks(house: House, **more: Any) -> list[time]:
    wanted = TimesWanted(from_day=THURSDAY, days=1, service_id=house.services["eye-test"], **more)
    return [offer.wall_time for offer in queries.slots(house.id, wanted, now=house.now)]


def test_a_visit_holds_a_room_and_the_device_it_asks_for(house: House) -> None:
    visit = book(house, "kari")
    assert beside(house) == ["Room 1", "Spectralis"]
    move(house, visit.pk, "13:00")
    assert beside(house) == ["Room 1", "Spectralis"]
    cancel(house, visit.pk)
    assert beside(house) == []
    do(operations.reinstate_appointment, house, visit.pk)
    assert beside(house) == ["Room 1", "Spectralis"]
    proved(house)


def test_the_one_device_lets_nobody_else_in_though_clinicians_are_free(house: House) -> None:
    book(house, "kari")
    with pytest.raises(errors.TimeTaken) as refused:
        book(house, "jonas", practitioner_id=None)
    assert len(refused.value.alternatives) == 3
    assert time(10) not in clocks(house)
    assert time(10, 50) in clocks(house)
    move(house, book(house, "jonas", "13:00", practitioner_id=house.chairs["jon"]).pk, "14:00")
    proved(house)


def test_any_room_that_serves_will_do_until_none_is_left(house: House) -> None:
    ask(house, "exam room")
    book(house, "kari")
    book(house, "jonas", practitioner_id=house.chairs["jon"])
    assert beside(house) == ["Room 1", "Room 2"]
    assert time(10) not in clocks(house)
    have(house, "Room 3")
    assert time(10) in clocks(house), "with the third clinician"
    proved(house)


def test_what_nothing_serves_as_is_not_asked_for(house: House) -> None:
    ask(house, "topographer")
    book(house, "kari")
    assert beside(house) == []


def test_what_a_room_no_more_is_nobody_takes_and_visits_keep(house: House) -> None:
    book(house, "kari")
    first = next(one for one in facilities(house.id) if one.name == "Room 1")
    given: dict[str, Any] = {
        "practice_id": house.id,
        "facility_id": first.id,
        "by": house.by("sofie"),
        "now": house.now,
    }
    operations.end_facility(**given)
    assert beside(house) == ["Room 1", "Spectralis"]
    with pytest.raises(errors.NoSuchFacility):
        operations.end_facility(**given)
    operations.bring_back_facility(**given)
    for name in ("room 1", " "):
        with pytest.raises(errors.NameTaken):
            have(house, name)


def test_a_search_with_rooms_costs_the_same_for_one_day_and_sixty(house: House) -> None:
    def statements(days: int) -> int:
        wanted = TimesWanted(from_day=THURSDAY, days=days, service_id=house.services["eye-test"])
        with CaptureQueriesContext(connection) as sent:
            queries.slots(house.id, wanted, now=house.now)
        return len(sent)

    assert statements(1) == statements(60)


def test_a_room_held_where_its_visit_is_not_is_a_problem(house: House) -> None:
    visit = book(house, "kari")
    with scope.transaction(house.id):
        rows = Claim.objects.filter(appointment=visit, kind="room")
        rows.update(ends_at=rows.get().ends_at.replace(minute=59))
    from glede.ledger.queries import verify

    assert [p for p in verify(house.id).problems if "a time the visit does not hold" in p]


def test_the_other_practice_sees_no_room_of_ours(house: House) -> None:
    assert facilities(open_nordlys("kari").id, including_ended=True) == []
