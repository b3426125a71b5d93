"""Held times among the operations that are run once: taken, given back, and booked."""

from django.conf import settings

from glede.diary.operations import hold_time
from glede.diary.queries import free_times
from glede.diary.requests import TimeToHold
from glede.kernel.actor import STRANGER
from glede.kernel.ids import link_code
from glede.people.values import PersonForm
from tests.estate import Estate
from tests.scenery import Given, Scene


def _wished(estate: Estate) -> TimeToHold:
    house = estate.house
    service = house.services["eye-test"]
    offer = free_times(house.id, service, from_=house.now.date(), days=7, now=house.now)[-1]
    return TimeToHold(
        day=offer.day, wall_time=offer.wall_time, service_id=service, practitioner_id=offer.practitioner_id
    )


def _hold(estate: Estate) -> None:
    hold = hold_time(practice_id=estate.house.id, request=_wished(estate), by=STRANGER, now=estate.house.now)
    estate.ids["hold_id"] = hold.pk


def _held(estate: Estate) -> Given:
    return {"secret": link_code(settings.GLEDE_LINK_KEY, estate.ids["hold_id"], 0), "by": STRANGER}


SCENES = {
    "diary.hold_time": Scene(lambda e: {"request": _wished(e), "by": STRANGER}),
    "diary.release_hold": Scene(_held, _hold),
    "diary.book_held": Scene(
        lambda e: {**_held(e), "person": PersonForm(given_name="Jonas", phones=("912 34 567",))}, _hold
    ),
}
