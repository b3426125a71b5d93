"""Booking online: closed until a manager opens it, at an address that keeps leading there."""

from uuid import UUID

import pytest

from glede.catalogue.operations import end_service
from glede.catalogue.queries import online_booking
from glede.kernel.actor import SYSTEM
from glede.practices.operations import (
    AddressTaken,
    CannotBookOnline,
    OfferedOnline,
    OnlineBooking,
    change_online_booking,
    undo_settings,
)
from glede.practices.queries import practice_by_id
from tests.cast import House, open_nordlys, open_solberg

WORDS = {"en": "Eye test", "nb": "Synsprøve"}


def _offers(house: House, *names: str) -> list[OfferedOnline]:
    return [OfferedOnline(house.services[name], WORDS) for name in names]


def _keep(house: House, online: OnlineBooking) -> UUID | None:
    return change_online_booking(practice_id=house.id, online=online, by=SYSTEM, now=house.now)


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("kari")


def test_the_page_is_closed_until_a_manager_opens_it(house: House) -> None:
    assert not practice_by_id(house.id).books_online
    _keep(house, OnlineBooking(is_open=True, services=_offers(house, "lens-check", "eye-test")))
    name = practice_by_id(house.id).booking_name
    found = online_booking(name)
    assert found
    assert found.is_open
    assert found.practice.pk == house.id
    assert [one.card.code for one in found.reasons] == ["lens-check", "eye-test"]
    assert found.reasons[0].words_in("nb") == "Synsprøve"
    for key in ("lens-check", "eye-test"):
        end_service(practice_id=house.id, service_id=house.services[key], by=SYSTEM, now=house.now)
    found = online_booking(name)
    assert found
    assert not found.is_open
    assert found.reasons == ()


def test_an_old_address_keeps_leading_here_and_is_nobody_elses(house: House) -> None:
    offers = _offers(house, "eye-test")
    _keep(house, OnlineBooking(is_open=True, services=offers, name="first-name"))
    change = _keep(house, OnlineBooking(is_open=True, services=offers, name="second-name"))
    for name in ("first-name", "second-name"):
        found = online_booking(name)
        assert found
        assert found.practice.pk == house.id
    assert online_booking("no-such-name") is None
    other = open_nordlys()
    with pytest.raises(AddressTaken):
        _keep(other, OnlineBooking(is_open=False, services=[], name="first-name"))
    assert change
    undo_settings(practice_id=house.id, change_id=change, by=SYSTEM, now=house.now)
    assert practice_by_id(house.id).booking_name == "first-name"


@pytest.mark.parametrize(
    "asked",
    [
        {"is_open": True, "services": []},
        {"is_open": False, "services": [], "name": "Not Kebab"},
        {"is_open": False, "services": [], "notice_minutes": -1},
        {"is_open": False, "services": [], "days_ahead": 0},
    ],
)
def test_a_page_that_cannot_be_is_refused(house: House, asked: dict[str, object]) -> None:
    with pytest.raises(CannotBookOnline):
        _keep(house, OnlineBooking(**asked))  # type: ignore[arg-type]
