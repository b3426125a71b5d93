"""A visit is as long as whoever comes needs: first visit, child, anxious, interpreter, wheelchair, drops."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from glede.catalogue.operations import change_service
from glede.catalogue.rules import CannotOffer, ServiceForm
from glede.diary import errors, operations, queries
from glede.diary.operations import move_appointment
from glede.diary.queries.needs import known_more_time, need_of
from glede.diary.requests import Booking, Slot, TimesWanted
from glede.diary.rules import is_child
from glede.diary.tests.stories import THURSDAY, book, cancel, fresh, held, proved
from glede.people.operations import erase_patient
from glede.people.values import PersonForm
from tests.cast import SERVICES, House, add, open_solberg, words

pytestmark = pytest.mark.django_db

MORE = {"first": 10, "child": 15, "anxious": 20, "interpreter": 25, "wheelchair": 5}


@pytest.fixture
def house() -> House:
    found = open_solberg("kari", "jonas", "per", "ella")
    offer(found, MORE)
    return found


def offer(house: House, more: dict[str, int]) -> None:
    change_service(
        practice_id=house.id, service_id=house.services["eye-test"],
        service=replace(SERVICES["eye-test"], more_minutes=more), by=house.by("sofie"), now=house.now,
    )  # fmt: skip


def known(house: House, who: str) -> set[str]:
    return set(known_more_time(house.id, house.people[who], THURSDAY))


def test_what_is_known_of_a_person_makes_their_visit_longer(house: House) -> None:
    assert known(house, "jonas") == {"first"}
    assert known(house, "kari") == set(), "with us since 2014"
    assert known(house, "per") == {"first", "anxious"}
    assert known(house, "ella") == {"first", "child"}
    visit = book(house, "per")
    assert (visit.minutes, visit.more_time) == (70, ["first", "anxious"])
    assert held(house) == [("10:00", "11:15")]
    assert queries.appointment_for(house.id, visit.pk).more_time == ("first", "anxious")
    proved(house)


def test_what_is_chosen_goes_before_what_is_known_and_stays_for_the_next_time(house: House) -> None:
    visit = book(house, "kari", more_time=frozenset({"wheelchair", "drops"}))
    assert (visit.minutes, visit.more_time) == (45, ["wheelchair"]), "drops cost nothing here"
    assert known(house, "kari") == {"wheelchair"}
    cancel(house, visit.pk)
    assert known(house, "kari") == set()
    assert book(house, "per", more_time=frozenset()).minutes == 40


def test_a_given_length_is_kept_and_a_move_keeps_it(house: House) -> None:
    assert book(house, "jonas", "09:00", minutes=25).minutes == 25
    visit = book(house, "ella", "13:00")
    to = Slot(day=THURSDAY, wall_time=time(10))
    move_appointment(practice_id=house.id, appointment_id=visit.pk, to=to, by=house.by("ingrid"), now=house.now)
    assert fresh(house, visit.pk).minutes == 65
    proved(house)


def test_free_times_for_a_person_have_room_for_them(house: House) -> None:
    wanted: dict[str, Any] = {
        "from_day": THURSDAY, "days": 1, "service_id": house.services["eye-test"],
        "practitioner_id": house.chairs["amal"],
    }  # fmt: skip
    last = {
        who: queries.slots(house.id, TimesWanted(**wanted, patient_id=house.people[who]), now=house.now)[-1].wall_time
        for who in ("kari", "per")
    }
    assert last == {"kari": time(16, 20), "per": time(15, 50)}
    offer_ = queries.slots(house.id, TimesWanted(**wanted, patient_id=house.people["per"]), now=house.now)[0]
    book(house, "per", f"{offer_.wall_time:%H:%M}")


def test_nothing_is_asked_of_a_person_where_a_service_adds_nothing(house: House) -> None:
    assert need_of(house.id, house.services["collect"], patient_id=house.people["per"], day=THURSDAY).minutes == 15
    assert need_of(house.id, None, patient_id=house.people["per"], day=THURSDAY).minutes == 30
    with pytest.raises(errors.UnknownService):
        need_of(house.id, house.people["per"])


@pytest.mark.parametrize("more", [{"cold": 5}, {"child": 0}, {"child": 121}])
def test_minutes_for_what_nobody_knows_or_without_measure_are_refused(house: House, more: dict[str, int]) -> None:
    with pytest.raises(CannotOffer):
        offer(house, more)


@pytest.mark.parametrize(("born", "is_one"), [(date(2010, 11, 26), False), (date(2010, 11, 27), True), (None, False)])
def test_a_child_is_one_until_the_sixteenth_birthday(born: date | None, is_one: bool) -> None:
    assert is_child(born, THURSDAY) == is_one


def test_with_the_person_goes_why_they_needed_more_time(house: House) -> None:
    visit = book(house, "per")
    erase_patient(
        practice_id=house.id, patient_id=house.people["per"], reason="asked", by=house.by("sofie"), now=house.now
    )
    assert fresh(house, visit.pk).more_time == []


def test_a_leap_child_is_one_the_day_before(house: House) -> None:
    add(house, "lea", PersonForm(given_name="Lea", birth_date=date(2012, 2, 29)))
    request = Booking(
        patient_id=house.people["lea"], day=date(2028, 2, 28), wall_time=time(10),
        service_id=house.services["eye-test"],
    )  # fmt: skip
    visit = operations.book_appointment(practice_id=house.id, request=request, by=house.by("ingrid"), now=house.now)
    assert "child" in visit.more_time
    assert ServiceForm("x", {"en": "X"}, 5).more_minutes == {}


def test_a_note_ends_and_the_time_with_it(house: House) -> None:
    words(house, "jonas", "anxious", "Afraid of the puff of air")
    assert known(house, "jonas") == {"first", "anxious"}
