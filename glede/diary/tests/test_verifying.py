"""Every way in which the diary can differ from the record is found and named."""

from datetime import time

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import override_settings

from glede.diary import receipts
from glede.diary.models import Appointment, Claim, StateChange
from glede.diary.operations import revoke_link
from glede.diary.tests.stories import book, cancel, do, oslo, proved
from glede.kernel.ids import new_id
from glede.ledger.queries import verify
from glede.practices import scope
from glede.practices.models import LinkIndex
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas")


def planted(house: House, **changes: object) -> list[str]:
    visit = book(house, "kari")
    proved(house)
    with scope.transaction(house.id):
        Appointment.objects.filter(pk=visit.pk).update(**changes)
    return [problem.replace(str(visit.pk), "V") for problem in verify(house.id).problems]


def test_a_state_nobody_recorded_is_found(house: House) -> None:
    assert planted(house, state="confirmed", confirmed_at=house.now) == [
        "visit V is confirmed, but the record amounts to booked"
    ]


def test_a_visit_that_lies_elsewhere_is_found(house: House) -> None:
    assert "visit V lies elsewhere than the record says" in planted(house, wall_time=time(11))


def test_a_change_without_an_event_is_found(house: House) -> None:
    assert planted(house, changes_count=2) == ["visit V counts 2 changes, the record 1"]


def test_a_visit_without_an_event_is_found(house: House) -> None:
    visit = book(house, "kari")
    with scope.transaction(house.id):
        visit.pk, visit.link_hash, visit.state = new_id(), b"x" * 32, "missed"
        visit.missed_at = house.now
        Appointment.objects.bulk_create([visit])
    assert verify(house.id).problems == [f"visit {visit.pk} is in the diary but was never recorded"]


def test_time_that_is_not_held_or_held_for_nobody_is_found(house: House) -> None:
    visit, gone = book(house, "kari", "10:00"), book(house, "jonas", "12:00")
    cancel(house, gone.pk)
    with scope.transaction(house.id):
        Claim.objects.filter(appointment=visit).update(is_active=False)
        Claim.objects.filter(appointment=gone).update(is_active=True)
    assert verify(house.id).problems == [
        f"visit {visit.pk} holds 0 times that are not those of its place in the diary",
        f"visit {gone.pk} holds 1 times that are not those of its place in the diary",
    ]


def test_a_receipt_code_that_leads_nowhere_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    book(house, "jonas", "12:00")
    visit = book(house, "kari")
    do(revoke_link, house, visit.pk)
    report = verify(house.id)
    assert report.ok
    assert report.counts["receipts"] == 3
    with scope.transaction(house.id), monkeypatch.context() as patched:
        patched.setattr(LinkIndex, "objects", LinkIndex.objects.exclude(hash=bytes(visit.link_hash)))
        lost = list(receipts.Receipts(house.id).lost())
    assert lost == [receipts.Lost(visit.pk, "nowhere")]


def test_codes_of_an_earlier_link_key_are_counted_and_nothing_is_said_to_be_lost(house: House) -> None:
    """The keys were lost, and the database was not: who is booked since then has a code of the new key."""
    old = book(house, "kari")
    with override_settings(GLEDE_LINK_KEY=b"another key of the house"):
        do(revoke_link, house, old.pk)  # its first code is of the old key, its second of the new one
        assert (verify(house.id).problems, verify(house.id).counts["visits_of_an_earlier_link_key"]) == ([], 1)
        book(house, "jonas", "12:00")
        late = book(house, "kari", "14:00")
        assert verify(house.id).counts["visits_of_an_earlier_link_key"] == 1
        with scope.transaction(house.id):
            Appointment.objects.filter(pk=late.pk).update(link_hash=bytes(old.link_hash))
        assert verify(house.id).problems == [
            f"visit {late.pk} is not found by its receipt code: it has another code than the one given"
        ]


def test_a_visit_whose_code_is_another_than_the_one_given_is_found(house: House) -> None:
    assert planted(house, link_hash=b"x" * 32) == [
        "visit V is not found by its receipt code: it has another code than the one given"
    ]


class TestTheDatabaseRefuses:
    """What no operation asks for, written straight to the tables by the application's role."""

    def refused(self, house: House, **changes: object) -> None:
        visit = book(house, "kari")
        with pytest.raises(IntegrityError), scope.transaction(house.id), transaction.atomic():
            Appointment.objects.filter(pk=visit.pk).update(**changes)

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": "gone"},
            {"state": "cancelled"},
            {"state": "done"},
            {"state": "missed"},
            {"state": "confirmed"},
            {"state": "arrived"},
            {"state": "with"},
            {"done_at": oslo("12:00")},
            {"wall_time": None},
            {"is_day_visit": True},
            {"ends_at": oslo("10:00")},
            {"minutes": 0},
            {"late_minutes": 10},
        ],
    )
    def test_a_state_without_its_moment_and_a_time_without_an_end(
        self, house: House, changes: dict[str, object]
    ) -> None:
        self.refused(house, **changes)

    @pytest.mark.parametrize(("start", "end"), [("10:00", "10:00"), ("11:00", "10:00"), ("10:20", "10:30")])
    def test_an_empty_a_backward_and_an_overlapping_claim(self, house: House, start: str, end: str) -> None:
        book(house, "kari")
        amal = house.chairs["amal"]
        claim = Claim(
            practice_id=house.id, kind="staff", ref=amal, chair=amal, starts_at=oslo(start), ends_at=oslo(end)
        )
        with pytest.raises(IntegrityError), scope.transaction(house.id), transaction.atomic():
            Claim.objects.bulk_create([claim])

    def test_rewriting_the_history_of_a_visit(self, house: House) -> None:
        book(house, "kari")
        with pytest.raises(DatabaseError), scope.transaction(house.id), transaction.atomic():
            StateChange.objects.update(reason="other")
        with pytest.raises(DatabaseError), scope.transaction(house.id), transaction.atomic():
            Appointment.objects.all().delete()
