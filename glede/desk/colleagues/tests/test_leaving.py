"""Whoever was taken out: each of their sessions, keys and feeds is dead for the next question anybody asks.

Nothing is kept in between: each question reads the membership. So "at once" is the next request after the commit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from glede.desk.middleware import SESSION_KEY
from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import remove_guards
from glede.staff import operations as staff
from glede.staff import queries
from glede.staff.models import Membership
from tests.cast import PASSWORD, House, open_nordlys, open_solberg
from tests.estate import address, desk_pages
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
DOORS = {"desk:start", "desk:look_around", "desk:start_practice", "desk:join", "desk:join_code"}


@dataclass
class Seat:
    """Amal at Solberg: three browsers, and a phone's calendar."""

    house: House
    browsers: list[Client]
    feed: str

    @property
    def membership_id(self) -> Any:
        return self.house.colleagues["amal"]

    def leave(self) -> None:
        """Take her out, as the owner does."""
        where = reverse("desk:colleague_leaving", args=[self.membership_id])
        assert at_desk(self.house, "sofie").post(where, {"to": ""}).status_code == 302


@pytest.fixture
def amal() -> Iterator[Seat]:
    cache.clear()
    house = open_solberg("kari", is_virtual=True, password=PASSWORD)
    browsers = [at_desk(house, "amal", raise_request_exception=False) for _ in range(3)]
    answer = browsers[0].post(reverse("desk:own_day_address")).content.decode()
    feed = "/hooks/days/" + answer.partition("/hooks/days/")[2].partition("<")[0]
    assert Client().get(feed).status_code == 200
    yield Seat(house, browsers, feed)
    remove_guards()


def pages(seat: Seat) -> Iterator[tuple[str, str]]:
    """Yield (name, address) of every page and button of the desk."""
    ids = {"patient_id": seat.house.people["kari"], "membership_id": seat.membership_id}
    for name, _view, parameters in desk_pages():
        if name not in DOORS:
            yield name, address(name, parameters, ids | dict.fromkeys(parameters - {"day"} - ids.keys(), seat.house.id))


def test_every_page_and_button_is_shut(amal: Seat) -> None:
    amal.leave()
    for name, where in pages(amal):
        for browser, answer in ((b, b.get(where)) for b in amal.browsers[:1]):
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/accounts/login/"), name
            assert browser.post(where, {"words": "x"}).status_code in {302, 403}, name


def test_each_browser_and_the_calendar_are_dead(amal: Seat) -> None:
    assert [b.get("/").status_code for b in amal.browsers] == [200, 200, 200]
    amal.leave()
    assert [b.get("/").status_code for b in amal.browsers] == [302, 302, 302]
    assert Client().get(amal.feed).status_code == 404


def test_the_password_opens_nothing(amal: Seat) -> None:
    email = queries.user_of(amal.house.id, amal.membership_id).email
    amal.leave()
    guest = Client()
    guest.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert guest.get("/").status_code == 302
    with pytest.raises(staff.NoSuchColleague):
        staff.open_day_feed(practice_id=amal.house.id, membership_id=amal.membership_id, by=SYSTEM, now=amal.house.now)


def beside(seat: Seat) -> House:
    """Let her work at a second practice too, and look at the first."""
    nordlys = open_nordlys("kari", is_virtual=True)
    user = queries.user_of(seat.house.id, seat.membership_id)
    Membership.objects.create(
        user=user, practice_id=nordlys.id, role="optometrist", display_name="Amal", began_at=nordlys.now
    )
    for browser in seat.browsers:
        session = browser.session
        session[SESSION_KEY] = str(seat.house.id)
        session.save()
    return nordlys


def at(browser: Client) -> str:
    return str(browser.get("/").wsgi_request.practice.pk)  # type: ignore[attr-defined]


def test_a_second_practice_keeps_her_and_the_first_does_not(amal: Seat) -> None:
    nordlys = beside(amal)
    amal.leave()
    assert {at(browser) for browser in amal.browsers} == {str(nordlys.id)}
    assert amal.browsers[0].get(reverse("desk:person", args=[amal.house.people["kari"]])).status_code == 404
    assert Client().get(amal.feed).status_code == 404


def test_control_without_the_guard_she_goes_on_looking(amal: Seat) -> None:
    beside(amal)
    amal.leave()
    remove_guards("who_left")
    assert str(amal.house.id) in {at(browser) for browser in amal.browsers}
    assert Client().get(amal.feed).status_code == 200


def test_coming_back_opens_no_old_address(amal: Seat) -> None:
    email = queries.user_of(amal.house.id, amal.membership_id).email
    amal.leave()
    asked = staff.invite_colleague(
        practice_id=amal.house.id, display_name="Amal", role=staff.Role.OPTOMETRIST, by=SYSTEM, now=amal.house.now
    )
    staff.accept_invitation(
        practice_id=amal.house.id, invitation_id=asked.id, new=staff.Newcomer(email, PASSWORD), by=SYSTEM,
        now=amal.house.now,
    )  # fmt: skip
    assert Client().get(amal.feed).status_code == 404
