"""What it takes to run each operation of a series of visits once."""

from datetime import time, timedelta

from glede.diary.operations import NewSeries, begin_series, book_series
from glede.diary.series import Chosen, Rule, Unit
from tests.estate import Estate
from tests.scenery import Given, Scene, given


def new(estate: Estate) -> NewSeries:
    """Return a wish for two visits of the estate's person, a week apart."""
    who, at = next(iter(estate.house.chairs.values())), time(14)
    days = [estate.house.now.date() + timedelta(days=n) for n in (29, 36)]
    chosen = tuple(Chosen(n, day, at, who) for n, day in enumerate(days, start=1))
    return NewSeries(estate.ids["patient_id"], None, who, Rule(days[0], 1, Unit.WEEK, 2), at, chosen)


def _begun(estate: Estate) -> Given:
    return {"series_id": begin_series(new=new(estate), **given(estate))}


def _booked(estate: Estate) -> Given:
    begun = _begun(estate)
    book_series(**begun, **given(estate))
    return begun


def _choosing(estate: Estate) -> Given:
    return {**_begun(estate), "chosen": Chosen(1, estate.house.now.date() + timedelta(days=30), time(14))}


SCENES: dict[str, Scene] = {
    "diary.begin_series": Scene(lambda e: {"new": new(e)}),
    "diary.book_series": Scene(_begun),
    "diary.choose_in_series": Scene(_choosing),
    "diary.end_series": Scene(lambda e: {**_booked(e), "reason": "time"}),
}
