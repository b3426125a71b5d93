"""A time that is held for somebody unknown: nobody else has it, it lapses, and it becomes their visit."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from glede.catalogue.operations import change_service
from glede.diary import errors, operations
from glede.diary.models import Appointment, Claim, HeldTime
from glede.diary.operations.busy import hold_busy
from glede.diary.operations.holding import A_DAY_AT_MOST, HELD_FOR, secret_of
from glede.diary.operations.links import hash_for
from glede.diary.queries import slots
from glede.diary.requests import TimesWanted, TimeToHold
from glede.diary.tests.stories import OSLO, THURSDAY, book, bring, held, kinds, listed, oslo, proved
from glede.kernel.actor import IMPORT, STRANGER
from glede.kernel.clock import wall
from glede.kernel.ids import new_id
from glede.kernel.periods import Period
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of, verify
from glede.people.values import PersonForm
from glede.practices import scope
from tests.cast import MORNING, SERVICES, House, open_solberg

pytestmark = pytest.mark.django_db
JONAS = PersonForm(given_name="Jonas", family_name="Vik", phones=("912 34 567",))


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "emily", now=MORNING, is_virtual=True)


def hold(house: House, clock: str = "10:00", *, late: timedelta = timedelta(), **changes: Any) -> HeldTime:
    values: dict[str, Any] = {
        "service_id": house.services["eye-test"],
        "practitioner_id": house.chairs["amal"],
        "day": THURSDAY,
    }
    request = TimeToHold(wall_time=time.fromisoformat(clock), **(values | changes))
    return operations.hold_time(practice_id=house.id, request=request, by=STRANGER, now=house.now + late)


def take_over(house: House, one: HeldTime, *, late: timedelta = timedelta(), **more: Any) -> Appointment:
    return operations.book_held(
        practice_id=house.id, secret=secret_of(one), person=JONAS, by=STRANGER, now=house.now + late, **more
    )


def offered(house: House, late: timedelta = timedelta()) -> set[time]:
    asked = TimesWanted(
        from_day=THURSDAY, days=1, service_id=house.services["eye-test"], practitioner_id=house.chairs["amal"]
    )
    return {offer.wall_time for offer in slots(house.id, asked, now=house.now + late)}


def end_of(house: House, one: HeldTime) -> str:
    with scope.transaction(house.id):
        return HeldTime.objects.get(pk=one.pk).end


def said(house: House, one: HeldTime) -> list[str]:
    return [event.kind for event in events_of(house.id, Ref("held_time", one.pk))]


def test_nobody_else_has_a_held_time_until_its_moment_and_then_it_is_offered(house: House) -> None:
    assert time(10) in offered(house)
    hold(house)
    assert time(10) not in offered(house)
    with pytest.raises(errors.TimeTaken) as taken:
        book(house, "kari")
    assert len(taken.value.alternatives) == 3
    assert time(10) in offered(house, HELD_FOR)


def test_the_held_time_becomes_the_visit(house: House) -> None:
    one = hold(house)
    visit = take_over(house, one)
    assert (visit.source, visit.booked_by, visit.wall_time) == ("online", "patient", time(10))
    assert (end_of(house, one), len(held(house))) == ("booked", 1)
    assert kinds(house, visit.pk) == ["appointment.booked"]
    assert said(house, one) == ["diary.hold.taken", "diary.hold.booked"]
    proved(house)


def test_a_second_press_and_another_form_of_the_same_hold_give_the_same_visit(house: House) -> None:
    one = hold(house)
    assert take_over(house, one).pk == take_over(house, one).pk
    proved(house)


def test_a_time_held_past_its_moment_lapses_when_somebody_takes_it(house: House) -> None:
    one = hold(house)
    house.now += HELD_FOR
    book(house, "kari")
    assert (end_of(house, one), said(house, one)[-1]) == ("lapsed", "diary.hold.lapsed")
    with pytest.raises(errors.TimeTaken) as taken:
        take_over(house, one)
    assert len(taken.value.alternatives) == 3
    proved(house)


def test_a_list_and_a_busy_calendar_take_what_is_held_past_its_moment(house: House) -> None:
    one, other = hold(house), hold(house, "12:00")
    later = house.now + HELD_FOR
    bring(house, listed(house, "V-1", "10:00", practitioner_id=house.chairs["amal"]), now=later)
    busy = Period(oslo("12:00"), oslo("13:00"))
    taken = hold_busy(
        practice_id=house.id, practitioner_id=house.chairs["amal"], wanted=[busy], held=(), by=IMPORT, now=later
    )
    assert (list(taken.times.values()), taken.clashes) == ([busy], 0)
    assert [end_of(house, this) for this in (one, other)] == ["lapsed", "lapsed"]
    with scope.transaction(house.id):
        assert set(Claim.objects.filter(is_active=True).values_list("kind", flat=True)) == {"staff"}
    proved(house)


def test_a_late_stranger_still_books_what_nobody_took(house: House) -> None:
    one = hold(house)
    assert take_over(house, one, late=HELD_FOR * 3).wall_time == time(10)
    proved(house)


def test_another_time_gives_back_the_first_and_a_lost_one_keeps_it(house: House) -> None:
    first = hold(house)
    second = hold(house, "11:00", instead_of=secret_of(first))
    assert (end_of(house, first), time(10) in offered(house)) == ("released", True)
    book(house, "kari", "12:00")
    with pytest.raises(errors.TimeTaken):
        hold(house, "12:00", instead_of=secret_of(second))
    assert (end_of(house, second), time(11) in offered(house)) == ("", False)
    proved(house)


def test_a_released_time_is_free_at_once(house: House) -> None:
    one = hold(house)
    for _ in range(2):
        operations.release_hold(practice_id=house.id, secret=secret_of(one), by=STRANGER, now=house.now)
    assert time(10) in offered(house)
    assert said(house, one) == ["diary.hold.taken", "diary.hold.released"]
    proved(house)


def test_strangers_cannot_hold_a_whole_day(house: House) -> None:
    for _ in range(A_DAY_AT_MOST):
        hold(house, min(offered(house)).isoformat("minutes"))
    last = min(offered(house)).isoformat("minutes")
    with pytest.raises(errors.TooManyHeld):
        hold(house, last)
    assert hold(house, last, day=date(2026, 11, 27)).end == ""
    assert hold(house, last, late=HELD_FOR).end == ""


def test_a_stranger_with_the_name_and_number_of_somebody_known_is_another_person(house: House) -> None:
    first, second = take_over(house, hold(house)), take_over(house, hold(house, "11:00"))
    assert first.patient_id != second.patient_id


@pytest.fixture
def whole(house: House) -> House:
    """A house whose eye test asks for a room and a device and is followed by somebody else: one of each there is."""
    change_service(
        practice_id=house.id, service_id=house.services["eye-test"],
        service=replace(SERVICES["eye-test"], asks_for=("room", "oct"), followed_by="collect", follow_within=30),
        by=house.by("sofie"), now=house.now,
    )  # fmt: skip
    for kind, name in (("room", "Room"), ("device", "OCT")):
        operations.add_facility(
            practice_id=house.id, kind=kind, name=name, serves_as=name, by=house.by("sofie"), now=house.now
        )
    return house


def taken(house: House) -> list[tuple[str, str, str]]:
    """What is taken: the kind of claim, and from when to when on the wall."""
    with scope.transaction(house.id):
        rows = Claim.objects.filter(is_active=True).order_by("kind", "starts_at")
        return [(c.kind, f"{wall(c.starts_at, OSLO):%H:%M}", f"{wall(c.ends_at, OSLO):%H:%M}") for c in rows]


WHOLE = [
    ("device", "10:00", "10:45"),
    ("room", "10:00", "10:45"),
    ("staff", "10:00", "10:45"),
    ("staff", "10:40", "10:55"),
]


class TestWithARoomADeviceAndWhatFollows:
    def test_nobody_else_has_any_of_it_until_it_is_given_back(self, whole: House) -> None:
        one = hold(whole)
        assert taken(whole) == WHOLE
        with pytest.raises(errors.TimeTaken):
            book(whole, "kari", practitioner_id=whole.chairs["jon"])  # no room, no device
        operations.release_hold(practice_id=whole.id, secret=secret_of(one), by=STRANGER, now=whole.now)
        assert taken(whole) == []
        book(whole, "kari")
        assert taken(whole) == WHOLE
        proved(whole)

    def test_it_becomes_both_visits(self, whole: House) -> None:
        visit = take_over(whole, hold(whole))
        assert taken(whole) == WHOLE
        with scope.transaction(whole.id):
            part = Appointment.objects.get(part_of=visit)
            assert not Claim.objects.filter(is_active=True, hold__isnull=False).exists()
        assert (part.wall_time, part.patient_id) == (time(10, 40), visit.patient_id)
        proved(whole)

    @pytest.mark.parametrize("clock", ["10:00", "10:30"])
    def test_past_its_moment_all_of_it_lapses_for_whoever_takes_some_of_it(self, whole: House, clock: str) -> None:
        one = hold(whole)
        whole.now += HELD_FOR
        visit = book(whole, "kari", clock, practitioner_id=whole.chairs["jon"])
        assert end_of(whole, one) == "lapsed"
        with scope.transaction(whole.id):
            assert not Claim.objects.filter(is_active=True, hold=one).exists()
            assert Claim.objects.filter(is_active=True, appointment=visit).count() == 3
        with pytest.raises(errors.TimeTaken):
            take_over(whole, one)
        proved(whole)

    def test_another_time_that_overlaps_it_takes_its_place_whole(self, whole: House) -> None:
        one = hold(whole)
        hold(whole, "10:20", instead_of=secret_of(one))
        assert end_of(whole, one) == "released"
        moved = [("device", "10:20", "11:05"), ("room", "10:20", "11:05"), ("staff", "10:20", "11:05")]
        assert taken(whole) == [*moved, ("staff", "11:00", "11:15")]
        proved(whole)

    def test_it_is_not_held_by_halves(self, whole: House) -> None:
        for who in ("jon", "marius"):
            chair, service = whole.chairs[who], whole.services["collect"]
            book(whole, "kari", "10:50", practitioner_id=chair, service_id=service, minutes=60)
        before = taken(whole)
        with pytest.raises(errors.TimeTaken):
            hold(whole, "10:20")
        assert taken(whole) == before


@pytest.mark.parametrize("secret", ["", "x", "0000000000000", "é" * 13])
def test_a_wrong_secret_opens_nothing(house: House, secret: str) -> None:
    with pytest.raises(errors.UnknownHold):
        operations.book_held(practice_id=house.id, secret=secret, person=JONAS, by=STRANGER, now=house.now)


def wrong(house: House) -> list[str]:
    return verify(house.id).problems


def test_a_claim_of_a_hold_that_has_ended_is_found(house: House) -> None:
    one = hold(house)
    with scope.transaction(house.id):
        HeldTime.objects.filter(pk=one.pk).update(end="released", ended_at=house.now)
        assert Claim.objects.filter(hold=one, is_active=True).exists()
    assert wrong(house) == [
        f"held time {one.pk} is released, but the record amounts to taken",
        f"time is held by {one.pk}, which has ended",
    ]


def test_a_held_time_without_its_time_and_without_its_record_is_found(house: House) -> None:
    one = hold(house)
    with scope.transaction(house.id):
        Claim.objects.filter(hold=one).update(is_active=False)
        HeldTime.objects.bulk_create([other := copied(one)])
    assert wrong(house) == [
        f"held time {one.pk} is on no time",
        f"held time {other.pk} is taken, but the record amounts to never recorded",
        f"held time {other.pk} is on no time",
    ]


def copied(one: HeldTime) -> HeldTime:
    values = {field.attname: getattr(one, field.attname) for field in HeldTime._meta.concrete_fields}
    key = new_id()
    return HeldTime(**(values | {"id": key, "secret_hash": hash_for(key)}))
