"""A visit in two parts behind one link."""

import pytest
from django.test import Client
from django.urls import reverse

from glede.diary.models import Appointment
from glede.diary.queries import appointment_for
from glede.diary.tests.stories import book, follow
from glede.practices import scope
from tests.cast import MORNING, open_solberg


@pytest.mark.django_db
def test_both_parts_are_one_page_and_one_entry_in_the_calendar() -> None:
    house = open_solberg("kari", now=MORNING, is_virtual=True)
    follow(house)
    visit = book(house, "kari", more_time=frozenset())
    with scope.transaction(house.id):
        part = Appointment.objects.get(part_of_id=visit.pk)
    first, second = (appointment_for(house.id, one.pk) for one in (visit, part))
    page = Client().get(f"/t/{first.link_code}/").content.decode()
    assert "10.40" in page or "10:40" in page
    assert first.link_code in Client().get(f"/t/{second.link_code}/").content.decode()
    calendar = Client().get(reverse("portal:calendar", args=[first.link_code])).content.decode()
    assert f"DTEND:{part.ends_at:%Y%m%dT%H%M%SZ}" in calendar
