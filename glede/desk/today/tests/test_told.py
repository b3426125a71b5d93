"""What a patient was told and the diary does not say stands on Today, in both languages, until somebody rings."""

from datetime import time

import pytest

from glede.diary.models import Appointment
from glede.journeys.operations import agree
from glede.journeys.tests.stories import book, oslo, tick
from glede.journeys.tests.test_agreeing import NIGHT
from glede.practices import scope
from tests.cast import open_solberg
from tests.seats import at_desk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "knows another time than the one in the diary: ring and say which holds"),
        ("nb", "kjenner et annet tidspunkt enn det i timeboken: ring og si hvilket som gjelder"),
    ],
)
def test_a_manager_reads_on_today_who_was_told_another_time(language: str, words: str) -> None:
    house = open_solberg("kari", is_virtual=True)
    visit = book(house, "kari")
    tick(house, house.now.date(), "12:00")
    with scope.transaction(house.id):
        Appointment.objects.filter(pk=visit.pk).update(wall_time=time(15))
    tick(house, NIGHT.date(), "08:30")
    agree(house.id, now=oslo(NIGHT.date(), "08:30"))
    page = at_desk(house, "nina", language).get("/").content.decode()
    assert words in page
    assert "Kari" in page
