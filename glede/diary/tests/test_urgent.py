"""Times kept for what is urgent: nobody else is offered them until they are released, and they are no way round."""

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import errors, operations
from glede.diary.apart import Kept
from glede.diary.models import StateChange
from glede.diary.operations import NewUrgentTimes, end_urgent_time, keep_urgent_times, undo_urgent_times
from glede.diary.queries import count_squeezed, day, slots
from glede.diary.queries.leaves import urgent_times
from glede.diary.requests import TimesWanted
from glede.diary.tests.stories import FRIDAY, THURSDAY, book, move, oslo, proved
from glede.kernel.clock import at_wall, wall
from glede.practices import scope
from tests.cast import House, open_solberg

OSLO = "Europe/Oslo"
ELEVEN = Kept(3, time(11), time(12), 0, time(9))
NEVER = Kept(3, time(15), time(16))


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("kari", "jonas")


def keep(house: House, *kept: Kept, who: str | None = "amal") -> Any:
    new = NewUrgentTimes(house.chairs[who] if who else None, kept)
    return keep_urgent_times(practice_id=house.id, new=new, by=house.by("sofie"), now=house.now)


def clocks(house: House, **more: Any) -> set[str]:
    asked = {"from_day": THURSDAY, "days": 1, "minutes": 30, "practitioner_id": house.chairs["amal"], **more}
    wanted = TimesWanted(**asked)
    return {f"{offer.wall_time:%H:%M}" for offer in slots(house.id, wanted, now=house.now)}


def test_only_what_is_urgent_is_offered_what_is_kept(house: House) -> None:
    keep(house, ELEVEN)
    assert not {"10:40", "11:00", "11:50"} & clocks(house)
    assert {"10:30", "12:00"} <= clocks(house)
    assert {"10:40", "11:00", "11:50"} <= clocks(house, is_urgent=True)
    assert "11:00" in clocks(house, practitioner_id=house.chairs["jon"]), "kept with Amal alone"


def test_what_is_kept_with_each_is_kept_with_each(house: House) -> None:
    keep(house, ELEVEN, who=None)
    assert "11:00" not in clocks(house, practitioner_id=None)


def test_the_desk_may_book_it_as_urgent_and_nobody_else_may(house: House) -> None:
    keep(house, ELEVEN)
    for who in ("ingrid", "jonas"):
        with pytest.raises(errors.KeptForUrgent) as refused:
            book(house, "jonas", "11:00", by=who)
        assert len(refused.value.alternatives) == 3
        assert not [one for one in refused.value.alternatives if one.starts_at == oslo("11:00")]
    with pytest.raises(errors.NotByPatients):
        book(house, "jonas", "11:00", by="jonas", is_urgent=True)
    visit = book(house, "jonas", "11:00", is_urgent=True)
    with scope.transaction(house.id):
        assert StateChange.objects.get(appointment_id=visit.pk).reason == "urgent_visit"
    assert count_squeezed(house.id, since=house.now - timedelta(days=1)) == {}, "nobody was squeezed in"
    proved(house)


def test_an_urgent_visit_goes_under_the_same_constraint(house: House) -> None:
    keep(house, ELEVEN)
    book(house, "kari", "11:00", is_urgent=True)
    with pytest.raises(errors.TimeTaken):
        book(house, "jonas", "11:00", is_urgent=True)


def test_a_visit_is_moved_there_only_as_urgent_and_by_a_colleague(house: House) -> None:
    keep(house, ELEVEN)
    visit = book(house, "kari", "13:00")
    with pytest.raises(errors.KeptForUrgent):
        move(house, visit.pk, "11:00")
    with pytest.raises(errors.NotByPatients):
        move(house, visit.pk, "11:00", by="kari", is_urgent=True)
    assert move(house, visit.pk, "11:00", is_urgent=True).starts_at == oslo("11:00")


def test_what_is_released_is_anybodys_and_what_never_is_stays_kept(house: House) -> None:
    keep(house, ELEVEN, NEVER)
    house.now = oslo("08:59")
    assert not {"11:00", "15:00"} & clocks(house, notice=timedelta(hours=1)), "by when it is asked, not by the notice"
    house.now = oslo("09:00")
    assert "11:00" in clocks(house)
    assert "15:00" not in clocks(house)
    assert book(house, "kari", "11:00").starts_at == oslo("11:00")


def test_the_day_shows_what_is_kept_around_a_visit_that_stood_there_before(house: House) -> None:
    book(house, "kari", "11:00", minutes=30)
    keep(house, ELEVEN)

    def shown(clock: str) -> list[tuple[str, Any, Any]]:
        chairs = day(house.id, THURSDAY, now=oslo(clock)).chairs
        amal = next(one for one in chairs if one.practitioner_id == house.chairs["amal"])
        return [(one.kind, one.period.start, one.period.end) for one in amal.stretches]

    assert shown("08:59") == [("urgent", oslo("11:35"), oslo("12:00"))]
    assert shown("09:00") == []


def test_nothing_more_is_asked_of_the_database_for_sixty_days(house: House) -> None:
    def statements(days: int) -> int:
        with CaptureQueriesContext(connection) as sent:
            clocks(house, days=days, practitioner_id=None)
        return len(sent)

    before = statements(1)
    keep(house, *(Kept(n, time(11), time(12), 1, time(9)) for n in range(7)), who=None)
    new = operations.NewLeave(house.chairs["jon"], "course", FRIDAY, FRIDAY + timedelta(days=3))
    operations.take_leave(practice_id=house.id, new=new, by=house.by("sofie"), now=house.now)
    assert statements(1) == statements(60) == before


def test_kept_no_more_and_undone(house: House) -> None:
    change = keep(house, ELEVEN, NEVER)
    assert keep(house, ELEVEN) is None
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("sofie"), "now": house.now}
    eleven = next(one.id for one in urgent_times(house.id) if one.kept == ELEVEN)
    ended = end_urgent_time(urgent_time_id=eleven, **given)
    assert ended is not None
    assert end_urgent_time(urgent_time_id=eleven, **given) is None
    assert "11:00" in clocks(house)
    undo_urgent_times(change_id=ended, **given)
    assert "11:00" not in clocks(house)
    assert [one.kept for one in urgent_times(house.id)] == [ELEVEN, NEVER]
    assert change is not None


BAD = [(), (Kept(7, time(9), time(10)),), (Kept(1, time(10), time(10)),), (Kept(1, time(9), time(10), 15, time(9)),),
       (Kept(1, time(9), time(10), 1),)]  # fmt: skip


@pytest.mark.parametrize("kept", BAD)
def test_a_time_that_is_none_is_refused(house: House, kept: tuple[Kept, ...]) -> None:
    with pytest.raises(errors.BadUrgentTime):
        keep(house, *kept)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 14), st.times(), st.sampled_from([OSLO, "UTC"]))
def test_it_is_released_when_the_clock_on_the_wall_says_so(shown: date, days: int, at: time, zone: str) -> None:
    kept = Kept(shown.weekday(), time(11), time(12), days, at.replace(second=0, microsecond=0))
    moment = kept.released_at(shown, zone)
    assert moment is not None
    assert wall(moment, zone).date() == shown - timedelta(days=days)
    assert list(kept.on(shown, zone, moment)) == []
    assert [one.minutes for one in kept.on(shown, zone, moment - timedelta(seconds=1))] == [60]


def test_released_at_nine_is_nine_on_both_sides_of_a_change_of_clocks() -> None:
    kept = Kept(6, time(11), time(12), 1, time(9))
    for sunday in (date(2026, 3, 29), date(2026, 10, 25)):
        moment = kept.released_at(sunday, OSLO)
        assert moment == at_wall(sunday - timedelta(days=1), time(9), OSLO)
        assert moment.astimezone(ZoneInfo(OSLO)).hour == 9
