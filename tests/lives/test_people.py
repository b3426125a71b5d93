"""Whatever is done with people in whatever order: nothing is lost, and no refusal is forgotten."""

from collections.abc import Iterator

import pytest

from glede.diary import operations as diary
from glede.diary.queries import visits_of
from glede.diary.tests.stories import book
from glede.journeys.operations import follow
from glede.journeys.tests import stories
from glede.journeys.tests.stories import NEXT_WEDNESDAY, messages, oslo, tick
from glede.kernel import failpoints
from glede.ledger.queries import verify
from glede.people import operations as people
from glede.people.operations import merging
from glede.people.queries import preference_of, reach
from glede.people.values import Wishes
from tests.cast import House, open_solberg
from tests.depth import DEPTH
from tests.lives.people import walked

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SEED = 8
STEPS = 1000 * DEPTH if DEPTH > 1 else 200


@pytest.fixture(autouse=True)
def all_guards_on() -> Iterator[None]:
    yield
    failpoints.remove_guards()


@pytest.fixture
def house() -> House:
    return open_solberg("emily", "jonas", "kari", "per", is_virtual=True)


def test_merges_partings_lists_refusals_and_erasures_lose_nothing(house: House) -> None:
    walk = walked(house, seed=SEED, steps=STEPS)
    assert verify(house.id).ok
    wanted = {"add", "bring", "book", "cancel", "hear", "refuse", "allow", "note", "merge", "part"}
    assert wanted <= walk.done.keys()


def test_without_carrying_refusals_over_one_would_be_lost(house: House) -> None:
    failpoints.remove_guards("refusals")
    with pytest.raises(AssertionError, match="a refusal was lost"):
        walked(house, seed=SEED, steps=200)


def test_without_the_way_back_a_parted_person_would_leave_their_own_behind(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_came_along", lambda *_: [])
    with pytest.raises(AssertionError, match="somebody stands with somebody else"):
        walked(house, seed=SEED, steps=1000)


def joined(house: House, other: str, keep: str) -> None:
    ids = {"keep_id": house.people[keep], "merge_id": house.people[other]}
    people.merge_patients(practice_id=house.id, **ids, by=house.by("ingrid"), now=house.now)


def parted(house: House, who: str) -> None:
    row = house.people[who]
    people.unmerge_patient(practice_id=house.id, patient_id=row, by=house.by("ingrid"), now=house.now)


def test_two_halves_that_are_booked_at_the_same_hour_are_joined_and_parted_again(house: House) -> None:
    one = book(house, "emily", "10:00")
    other = book(house, "jonas", "10:00", practitioner_id=house.chairs["jon"])
    joined(house, "jonas", "emily")
    emily, jonas = house.people["emily"], house.people["jonas"]
    assert {visit.appointment_id for visit in visits_of(house.id, emily)} == {one.pk, other.pk}
    between = book(house, "jonas", "14:00")
    parted(house, "jonas")
    assert {visit.appointment_id for visit in visits_of(house.id, emily)} == {one.pk, between.pk}
    assert [visit.appointment_id for visit in visits_of(house.id, jonas)] == [other.pk]
    assert verify(house.id).ok
    stories.do(diary.cancel_appointment, house, other, reason="time", now=house.now)
    assert [visit.state for visit in visits_of(house.id, jonas)] == ["cancelled"]


def test_who_is_one_is_reached_by_the_numbers_of_both_and_by_their_latest_wish(house: House) -> None:
    emily, jonas = house.people["emily"], house.people["jonas"]
    both = {one.address for who in (emily, jonas) for one in reach(house.id, [who])[who].contacts}
    wish = Wishes(quiet_all=True)
    people.set_preference(practice_id=house.id, patient_id=jonas, wishes=wish, by=house.by("jonas"), now=house.now)
    joined(house, "jonas", "emily")
    told = reach(house.id, [emily])[emily]
    assert {one.address for one in told.contacts} == both
    assert told.contacts[0] in reach(house.id, [emily])[emily].contacts
    assert told.quiet_all
    assert preference_of(house.id, emily).quiet_all, "what the desk shows is what decides"
    parted(house, "jonas")
    assert not reach(house.id, [emily])[emily].quiet_all
    assert reach(house.id, [jonas])[jonas].quiet_all


def test_what_was_planned_while_two_were_one_goes_to_whose_visit_it_is(house: House) -> None:
    stories.book(house, "emily")
    joined(house, "emily", "jonas")
    tick(house, NEXT_WEDNESDAY, "09:00")
    row = house.people["emily"]
    people.unmerge_patient(
        practice_id=house.id, patient_id=row, by=house.by("ingrid"), now=oslo(NEXT_WEDNESDAY, "09:00")
    )
    follow(house.id, now=oslo(NEXT_WEDNESDAY, "09:00"))
    tick(house, NEXT_WEDNESDAY, "16:00")
    (reminder,) = messages(house, "6")
    assert reminder.touch.patient_id == row
    assert reminder.body.startswith("Emily")
