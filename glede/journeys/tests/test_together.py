"""Two visits of which one is heard: what follows another, and a series."""

from datetime import date, time
from typing import Any

import pytest

from glede.diary.models import Appointment
from glede.diary.operations import NewSeries, begin_series, book_series
from glede.diary.series import Chosen, Rule, Unit, days
from glede.diary.tests.stories import follow
from glede.journeys.operations import advance
from glede.journeys.tests.stories import NEXT_THURSDAY, book, oslo
from glede.outbox.models import Touch
from glede.outbox.queries import of_subject
from glede.practices import scope
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", is_virtual=True)


def said(house: House, visit: Any, now: Any) -> list[str]:
    return [f"{line.subject_line} {line.body}" for line in of_subject(house.id, "appointment", visit, now=now)]


def test_what_follows_a_visit_is_told_with_it_and_never_by_itself(house: House) -> None:
    follow(house)
    visit = book(house, "kari")
    with scope.transaction(house.id):
        part = Appointment.objects.get(part_of_id=visit.pk)
    until = oslo(NEXT_THURSDAY, "09:00")
    advance(house.id, to=until)
    with scope.transaction(house.id):
        assert not Touch.objects.filter(subject_id=part.pk).exists()
    told = [words for words in said(house, visit.pk, until) if words.strip()]
    assert len(told) >= 2
    assert all("deretter" in words and "10.40" in words for words in told)


def test_a_series_is_told_once_and_reminded_of_each_time(house: House) -> None:
    rule = Rule(date(2026, 12, 3), 1, Unit.WEEK, 3)
    chosen = tuple(Chosen(n, day, time(10), house.chairs["amal"]) for n, day in enumerate(days(rule), start=1))
    new = NewSeries(house.people["kari"], house.services["lens-check"], house.chairs["amal"], rule, time(10), chosen)
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("ingrid"), "now": house.now}
    made = begin_series(new=new, **given)
    results = book_series(series_id=made, **given)
    advance(house.id, to=oslo(date(2026, 12, 17), "09:00"))
    with scope.transaction(house.id):
        booked = [one.appointment_id for one in results if one.appointment_id is not None]
        rows = Touch.objects.filter(row__in=("2", "6"))
        ends = [sorted(rows.filter(subject_id=visit).values_list("row", "fate", "reason")) for visit in booked]
    first, *others = ends
    assert [(row, fate) for row, fate, _ in first] == [("2", "done"), ("6", "done")]
    for end in others:
        assert end == [("2", "skipped", "together"), ("6", "done", "")]
    told = said(house, results[0].appointment_id, oslo(date(2026, 12, 17), "09:00"))
    assert "10. desember, 17. desember" in told[0]
