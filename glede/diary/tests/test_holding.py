"""A time that is held for somebody unknown: nobody else has it, it lapses, and it becomes their visit."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from glede.diary import errors, operations
from glede.diary.models import Appointment, Claim, HeldTime
from glede.diary.operations.busy import hold_busy
from glede.diary.operations.holding import A_DAY_AT_MOST, HELD_FOR, secret_of
from glede.diary.operations.links import hash_for
from glede.diary.queries import slots
from glede.diary.requests import TimesWanted, TimeToHold
from glede.diary.tests.stories import THURSDAY, book, bring, held, kinds, listed, oslo, proved
from glede.kernel.actor import IMPORT, STRANGER
from glede.kernel.ids import new_id
from glede.kernel.periods import Period
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of, verify
from glede.people.values import PersonForm
from glede.practices import scope
from tests.cast import MORNING, House, open_solberg

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
