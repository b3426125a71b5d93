"""Each night what patients were told is held against the book: every kind of difference is planted, found, promised."""

import json
import runpy
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import operations as diary
from glede.diary.models import Appointment
from glede.diary.operations import NewSeries
from glede.diary.queries import appointment_by_link
from glede.diary.series import Chosen, Rule, Unit, days
from glede.diary.tests.stories import follow
from glede.journeys import agreeing
from glede.journeys.operations import agree
from glede.journeys.rules import Change, Differs, Place, Tale, Telling, difference
from glede.journeys.tests.stories import NEXT_THURSDAY, book, do, messages, move, oslo, promises, tick
from glede.kernel.ids import link_code, link_hash
from glede.kernel.ref import Ref
from glede.ledger.operations import make_checkpoint
from glede.ledger.receipts import receipt_of
from glede.outbox.models import Message
from glede.portal.ledger.presenters import receipt_file
from glede.practices import scope
from glede.practices.models import LinkIndex
from glede.promises.operations import keep_promise
from tests.cast import House, open_solberg
from tests.depth import DEPTH

TOMORROW = date(2026, 11, 25)
NIGHT = oslo(TOMORROW, "03:20")
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
HERE, THERE = Place(True, "2026-12-03", "10:00"), Place(True, "2026-12-04", "11:00")
OFF = Place(False, "2026-12-03", "10:00")
PLACES = st.sampled_from([HERE, THERE, OFF])


def tale(*places: Place, told: int | None, book: Place | None, **more: bool) -> Tale:
    changes = [Change(AT, version, place) for version, place in enumerate(places, start=1)]
    return Tale(changes, [Telling(AT, told)] if told else [], book, **more)


class TestTheRule:
    now = AT + timedelta(days=1)

    @pytest.mark.parametrize(
        ("found", "differs"),
        [
            (tale(HERE, told=1, book=HERE), None),
            (tale(HERE, told=None, book=None), None),
            (tale(HERE, told=1, book=None), Differs.GONE),
            (tale(HERE, told=1, book=THERE), Differs.ELSEWHERE),
            (tale(HERE, THERE, told=1, book=THERE), Differs.ELSEWHERE),
            (tale(HERE, THERE, told=2, book=THERE), None),
            (tale(HERE, THERE, HERE, told=1, book=HERE), None),
            (tale(HERE, OFF, told=1, book=OFF), Differs.CANCELLED),
            (tale(HERE, OFF, HERE, told=2, book=HERE), Differs.STANDS),
            (tale(HERE, THERE, told=1, book=THERE, is_on_the_way=True), None),
        ],
    )
    def test_it_names_each_difference(self, found: Tale, differs: Differs | None) -> None:
        assert difference(found, self.now) == differs

    def test_what_was_changed_a_moment_ago_may_still_be_on_its_way(self) -> None:
        found = tale(HERE, THERE, told=1, book=THERE)
        assert difference(found, AT + timedelta(minutes=14)) is None
        assert difference(found, AT + timedelta(minutes=15)) == Differs.ELSEWHERE

    def test_a_call_told_what_stood_when_it_was_made(self) -> None:
        changes = [Change(AT, 1, HERE), Change(AT + timedelta(hours=2), 2, THERE)]
        assert difference(Tale(changes, [Telling(AT + timedelta(hours=1))], THERE), self.now) == Differs.ELSEWHERE
        assert difference(Tale(changes, [Telling(AT + timedelta(hours=3))], THERE), self.now) is None

    @given(st.lists(PLACES, min_size=1, max_size=6))
    def test_who_was_told_the_last_of_it_knows_all(self, places: list[Place]) -> None:
        assert difference(tale(*places, told=len(places), book=places[-1]), self.now) is None


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", "emily", is_virtual=True)


@pytest.fixture
def visit(house: House) -> Appointment:
    """A visit of which a confirmation told."""
    booked = book(house, "kari")
    tick(house, house.now.date(), "12:00")
    return booked


def found(house: House) -> list[tuple[str, object]]:
    return [(one.how.value, one.appointment_id) for one in agreeing.differences(house.id, now=NIGHT)]


def change(house: House, visit: Appointment, **fields: object) -> None:
    with scope.transaction(house.id):
        Appointment.objects.filter(pk=visit.pk).update(**fields)


@pytest.mark.django_db
class TestPlanted:
    def test_a_time_in_the_book_that_nobody_told(self, house: House, visit: Appointment) -> None:
        assert found(house) == []
        change(house, visit, wall_time=time(15))
        assert found(house) == [("elsewhere", visit.pk)]

    def test_a_day_in_the_past_hides_nothing(self, house: House, visit: Appointment) -> None:
        long_ago = visit.starts_at - timedelta(days=90)
        change(house, visit, day=date(2026, 9, 1), starts_at=long_ago, ends_at=long_ago + timedelta(minutes=30))
        assert found(house) == [("elsewhere", visit.pk)]

    def test_a_visit_that_is_off_and_nobody_said_so(self, house: House, visit: Appointment) -> None:
        change(house, visit, state="entered_in_error")
        assert found(house) == [("cancelled", visit.pk)]

    def test_a_visit_that_stands_again_and_nobody_said_so(self, house: House, visit: Appointment) -> None:
        at = oslo(house.now.date(), "12:10")
        do(diary.cancel_appointment, house, visit, now=at, reason="unwell")
        assert found(house) == []
        do(diary.reinstate_appointment, house, visit, now=at + timedelta(minutes=1))
        assert found(house) == [("stands", visit.pk)]

    def test_a_visit_that_is_gone(self, house: House, visit: Appointment, monkeypatch: pytest.MonkeyPatch) -> None:
        with scope.transaction(house.id), monkeypatch.context() as patched:
            patched.setattr(Appointment, "objects", Appointment.objects.exclude(pk=visit.pk))
            assert found(house) == [("gone", visit.pk)]

    def test_a_code_that_leads_nowhere(self, house: House, visit: Appointment, monkeypatch: pytest.MonkeyPatch) -> None:
        with scope.transaction(house.id), monkeypatch.context() as patched:
            patched.setattr(LinkIndex, "objects", LinkIndex.objects.exclude(hash=bytes(visit.link_hash)))
            assert found(house) == [("nowhere", visit.pk)]

    def test_a_code_that_is_another_by_now(self, house: House, visit: Appointment) -> None:
        change(house, visit, link_hash=b"x" * 32)
        assert found(house) == [("other", visit.pk)]

    def test_a_message_that_gave_the_code_of_another_visit(self, house: House, visit: Appointment) -> None:
        with scope.transaction(house.id):
            Message.objects.update(body="Kari: https://solberg.example/t/0123456789ABC/")
        assert found(house) == [("words", visit.pk)]

    def test_a_change_by_the_practice_whose_news_was_lost(self, house: House, visit: Appointment) -> None:
        move(house, visit, NEXT_THURSDAY, "14:00", by="ingrid", now=oslo(house.now.date(), "12:10"))
        assert found(house) == [("elsewhere", visit.pk)]
        tick(house, house.now.date(), "13:00")
        assert found(house) == []


@pytest.mark.django_db
class TestNothingDiffers:
    def test_where_the_patient_changed_it(self, house: House, visit: Appointment) -> None:
        move(house, visit, NEXT_THURSDAY, "14:00", by="kari", now=oslo(house.now.date(), "12:10"))
        assert found(house) == []
        do(diary.cancel_appointment, house, visit, by="kari", now=oslo(house.now.date(), "12:20"), reason="time")
        assert found(house) == []

    def test_of_whom_nobody_told_anything(self, house: House) -> None:
        visit = book(house, "jonas")
        assert found(house) == []
        change(house, visit, state="entered_in_error")
        assert found(house) == []


def a_series(house: House) -> list[Appointment]:
    """Three visits, of which one confirmation told."""
    rule = Rule(NEXT_THURSDAY, 1, Unit.WEEK, 3)
    chosen = tuple(Chosen(n, day, time(10), house.chairs["amal"]) for n, day in enumerate(days(rule), start=1))
    new = NewSeries(house.people["kari"], house.services["lens-check"], house.chairs["amal"], rule, time(10), chosen)
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("ingrid"), "now": house.now}
    diary.book_series(series_id=diary.begin_series(new=new, **given), **given)
    tick(house, house.now.date(), "12:00")
    with scope.transaction(house.id):
        return list(Appointment.objects.order_by("series_number"))


def two_parts(house: House) -> list[Appointment]:
    """A visit and what follows it, of which one confirmation told."""
    follow(house)
    book(house, "kari")
    tick(house, house.now.date(), "12:00")
    with scope.transaction(house.id):
        return list(Appointment.objects.order_by("starts_at"))


SEVERAL = pytest.mark.parametrize("make", [a_series, two_parts])
Make = Callable[[House], list[Appointment]]


@pytest.mark.django_db
@SEVERAL
class TestToldWithAnother:
    """What one message told of several visits: the last of them, of which no message of its own has gone."""

    def test_nothing_differs_and_a_code_a_place_and_a_state_that_do_are_found(
        self, house: House, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        *_, last = make(house)
        assert found(house) == []
        plants: list[tuple[str, dict[str, Any]]] = [
            ("elsewhere", {"wall_time": time(15)}), ("elsewhere", {"day": NEXT_THURSDAY + timedelta(days=40)}),
            ("cancelled", {"state": "entered_in_error"}), ("other", {"link_hash": b"x" * 32}),
        ]  # fmt: skip
        for how, fields in plants:
            change(house, last, **fields)
            assert found(house) == [(how, last.pk)]
            change(house, last, **{name: getattr(last, name) for name in fields})
        with scope.transaction(house.id):
            with monkeypatch.context() as patched:
                patched.setattr(Appointment, "objects", Appointment.objects.exclude(pk=last.pk))
                assert found(house) == [("gone", last.pk)]
            monkeypatch.setattr(LinkIndex, "objects", LinkIndex.objects.exclude(hash=bytes(last.link_hash)))
            assert found(house) == [("nowhere", last.pk)]

    def test_it_becomes_a_promise(self, house: House, make: Make) -> None:
        *_, last = make(house)
        change(house, last, wall_time=time(15))
        assert len(agree(house.id, now=NIGHT)) == 1
        (owed,) = promises(house, "settle")
        assert (owed.subject_id, owed.detail["reason"]) == (last.pk, "told_elsewhere")

    def test_one_that_stands_again_of_which_nobody_said_so(self, house: House, make: Make) -> None:
        *_, last = make(house)
        at = oslo(house.now.date(), "12:10")
        do(diary.cancel_appointment, house, last, now=at, reason="unwell")
        assert found(house) == []
        do(diary.reinstate_appointment, house, last, now=at + timedelta(minutes=1))
        assert ("stands", last.pk) in found(house)

    def test_what_the_practice_changes_differs_until_its_news_has_gone(self, house: House, make: Make) -> None:
        first, *_, last = make(house)
        for visit, clock, later in ((last, "12:10", "13:00"), (first, "13:10", "14:00")):
            with scope.transaction(house.id):
                day = Appointment.objects.get(pk=visit.pk).day
            move(house, visit, day, clock, by="ingrid", now=oslo(house.now.date(), clock))
            assert {key for how, key in found(house) if how == "elsewhere"} >= {visit.pk}
            tick(house, house.now.date(), later)
            assert found(house) == []

    def test_no_night_until_the_visits_are_over_raises_a_false_alarm(self, house: House, make: Make) -> None:
        make(house)
        for number in range(1, 25, 4 if DEPTH == 1 else 1):
            day = house.now.date() + timedelta(days=number)
            tick(house, day, "03:00")
            assert agreeing.differences(house.id, now=oslo(day, "03:20")) == []


@pytest.mark.django_db
def test_without_hearing_what_was_told_with_another_a_difference_would_pass(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, last = two_parts(house)
    change(house, last, wall_time=time(15))
    monkeypatch.setattr(agreeing, "_following", lambda *_: [])
    assert found(house) == []


@pytest.mark.django_db
class TestTheNight:
    def test_a_difference_is_promised_once_and_withdrawn_when_mended(self, house: House, visit: Appointment) -> None:
        change(house, visit, wall_time=time(15))
        assert agree(house.id, now=oslo(TOMORROW, "02:40")) == []
        assert len(agree(house.id, now=NIGHT)) == 1
        assert agree(house.id, now=NIGHT + timedelta(minutes=20)) == []
        (owed,) = promises(house, "settle")
        assert owed.detail["reason"] == "told_elsewhere"
        assert owed.owner_id == house.colleagues["nina"]
        assert len(agree(house.id, now=NIGHT + timedelta(days=1))) == 1
        assert len(promises(house, "settle")) == 1
        change(house, visit, wall_time=visit.wall_time)
        assert agree(house.id, now=NIGHT + timedelta(days=2)) == []
        (owed,) = promises(house, "settle")
        assert owed.closed_at

    def test_what_a_manager_settled_is_not_promised_again(self, house: House, visit: Appointment) -> None:
        change(house, visit, wall_time=time(15))
        agree(house.id, now=NIGHT)
        (owed,) = promises(house, "settle")
        keep_promise(practice_id=house.id, promise_id=owed.pk, by=house.by("nina"), now=NIGHT)
        agree(house.id, now=NIGHT + timedelta(days=1))
        assert len(promises(house, "settle")) == 1

    def test_the_other_practice_is_not_looked_at(self, house: House, visit: Appointment) -> None:
        change(house, visit, wall_time=time(15))
        assert agreeing.differences(open_solberg("kari").id, now=NIGHT) == []


@pytest.mark.django_db
def test_every_confirmation_holds_a_receipt_that_verifies(house: House, tmp_path: Path, settings: Any) -> None:
    """By text in the link, by e-mail in words too; led to the signed root by the program that stands alone."""
    settings.GLEDE_HOME = tmp_path
    check = runpy.run_path(str(Path(__file__).parents[3] / "scripts/check_receipt.py"))["problems_of"]
    visits = [
        book(house, who, clock=clock) for who, clock in (("kari", "10:00"), ("emily", "11:00"), ("jonas", "12:00"))
    ]
    tick(house, house.now.date(), "12:00")
    make_checkpoint(house.id, at=house.now)
    told = {message.touch.subject_id: message for message in messages(house)}
    assert {message.channel for message in told.values()} == {"sms", "email"}
    for visit in visits:
        code = link_code(settings.GLEDE_LINK_KEY, visit.pk, 0)
        assert told[visit.pk].body.count(code) == (2 if told[visit.pk].channel == "email" else 1)
        found = appointment_by_link(house.id, link_hash(code))
        assert found is not None
        receipt = receipt_of(house.id, Ref("appointment", found.appointment_id))
        facts = json.loads(receipt_file(receipt, house.id, visit.pk))
        assert [words for is_wrong, words in check(facts) if is_wrong] == []
