"""Ingrid takes another seat while her page still asks by itself, and stays signed in."""

import pytest
from django.conf import settings
from django.urls import reverse

from glede.staff.queries import user_of
from tests.cast import House, open_solberg
from tests.seats import BACKEND, at_desk

NAME = settings.SESSION_COOKIE_NAME

pytestmark = pytest.mark.django_db


@pytest.fixture
def solberg() -> House:
    return open_solberg()


def test_a_page_still_under_way_takes_no_cookie_back(solberg: House) -> None:
    desk = at_desk(solberg, "ingrid")
    late = at_desk(solberg, "ingrid")
    late.cookies[NAME] = desk.cookies[NAME].value  # the page that asks, with the session as it was
    desk.force_login(user_of(solberg.id, solberg.colleagues["sofie"]), backend=BACKEND)
    answer = late.get(reverse("desk:today"))
    assert answer.status_code == 302
    assert NAME not in answer.cookies
    assert desk.get(reverse("desk:today")).status_code == 200


def test_signing_out_takes_it_back(solberg: House) -> None:
    answer = at_desk(solberg, "ingrid").post(reverse("account_logout"))
    assert answer.cookies[NAME].value == ""
    assert answer.cookies[NAME]["max-age"] == 0
