"""Start a practice, change it, close a day, go live and back, move its clock."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from glede.kernel.actor import SYSTEM
from glede.kernel.periods import Span
from glede.ledger.queries import events, verify
from glede.practices import operations, queries, scope
from glede.practices.models import ModeChange, OpeningHours, Practice

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def start(name="Solberg Optikk", **more):
    new = operations.NewPractice(name, "NO", "nb", "Europe/Oslo", **more)
    return operations.start_practice(new, by=SYSTEM, now=NOW)


def kinds(practice):
    return [event.kind for event in events(practice.pk)]


def test_a_practice_starts_in_rehearsal_with_a_usual_week():
    practice = start()
    assert (practice.mode, practice.currency, practice.slug) == ("rehearsal", "NOK", "solberg-optikk")
    hours = queries.opening_hours(practice)
    assert hours.is_open(datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 11, 28, 9, tzinfo=UTC))
    assert kinds(practice) == ["practices.practice.started"]


def test_a_second_practice_of_the_name_gets_a_short_name_of_its_own():
    assert (start().slug, start().slug, start("Ærlig Øye").slug) == ("solberg-optikk", "solberg-optikk-2", "rlig-ye")


@pytest.mark.parametrize(
    ("country", "language", "zone"),
    [("Norway", "nb", "Europe/Oslo"), ("NO", "xx", "Europe/Oslo"), ("NO", "nb", "Oslo"), ("ZZ", "nb", "Europe/Oslo")],
)
def test_an_unknown_place_is_refused_with_what_to_write(country, language, zone):
    with pytest.raises(operations.UnknownPlace, match="Write"):
        operations.start_practice(operations.NewPractice("X", country, language, zone), by=SYSTEM, now=NOW)
    assert not Practice.objects.exists()


def test_changes_are_recorded_by_the_names_of_the_fields_only():
    practice = start()
    operations.change_settings(
        practice_id=practice.pk, changes={"phone": "+4722123456", "name": practice.name}, by=SYSTEM, now=NOW
    )
    last = events(practice.pk)[-1]
    assert (last.kind, last.data["fields"]) == ("practices.settings.changed", ["phone"])
    assert "4722123456" not in str(last.data)
    with pytest.raises(ValueError, match="mode"):
        operations.change_settings(practice_id=practice.pk, changes={"mode": "live"}, by=SYSTEM, now=NOW)


def test_hours_are_replaced_and_the_old_ones_kept():
    practice = start()
    spans = [Span(0, time(10), time(12)), Span(0, time(13), time(18))]
    operations.set_opening_hours(practice_id=practice.pk, spans=spans, by=SYSTEM, now=NOW)
    assert queries.opening_hours(practice).spans == tuple(spans)
    with scope.transaction(practice.pk):
        assert OpeningHours.objects.filter(ended_at=NOW).count() == 5
    operations.set_opening_hours(practice_id=practice.pk, spans=spans, by=SYSTEM, now=NOW)
    assert kinds(practice).count("practices.hours.changed") == 1


def test_live_and_back_leave_their_rows():
    practice = start()
    assert operations.go_live(practice_id=practice.pk, by=SYSTEM, now=NOW).live_since == NOW
    operations.stop_all(practice_id=practice.pk, by=SYSTEM, now=NOW)
    operations.resume(practice_id=practice.pk, by=SYSTEM, now=NOW)
    assert not operations.go_back_to_rehearsal(practice_id=practice.pk, by=SYSTEM, now=NOW).is_live
    with scope.transaction(practice.pk):
        found = list(ModeChange.objects.order_by("id").values_list("kind", flat=True))
    assert found == ["live", "stopped", "resumed", "rehearsal"]


def test_a_practice_whose_clock_was_moved_never_goes_live():
    practice = start(virtual_now=NOW)
    with pytest.raises(operations.NotAllowedLive, match="fresh"):
        operations.go_live(practice_id=practice.pk, by=SYSTEM, now=NOW)
    with pytest.raises(IntegrityError):
        Practice.objects.filter(pk=practice.pk).update(mode="live", live_since=NOW)


def test_a_virtual_clock_goes_forward_only_and_a_real_one_not_at_all():
    practice, real = start(virtual_now=NOW), start("Nordlys")
    operations.move_clock(practice_id=practice.pk, to=NOW + timedelta(hours=1))
    practice.refresh_from_db()
    assert queries.practice_now(practice) == NOW + timedelta(hours=1)
    for one, to in ((practice, NOW), (real, NOW)):
        with pytest.raises(ValueError, match="forward"):
            operations.move_clock(practice_id=one.pk, to=to)


def test_a_retired_practice_is_shown_to_nobody():
    practice = start()
    operations.retire_practice(practice_id=practice.pk, by=SYSTEM, now=NOW)
    assert practice not in queries.practices_in_use()
    assert verify(practice.pk).ok


def test_the_scope_ends_with_its_transaction():
    practice = start()
    with scope.transaction(practice.pk):
        assert scope.current() == (practice.pk,)
        with scope.outside(), connection.cursor() as cursor:
            cursor.execute("select count(*) from practices_openinghours")
            assert cursor.fetchone() == (0,)
        assert OpeningHours.objects.count() == 5
    assert scope.current() == ()


@pytest.mark.parametrize(
    ("look_up", "key"),
    [(queries.practice_by_slug, "nowhere"), (queries.practice_by_id, UUID("0192a1b2-0000-7000-8000-000000000001"))],
)
def test_a_practice_nobody_knows_is_named_as_such(look_up: Any, key: Any):
    with pytest.raises(queries.NoSuchPractice):
        look_up(key)
