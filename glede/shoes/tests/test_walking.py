"""Jonas' first weeks, walked in a copy of Solberg: the same twice, and Solberg as it was."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import InternalError, connection, connections

from glede.diary.models import Appointment, Claim
from glede.diary.operations import book_appointment
from glede.diary.requests import Booking
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.people.models import Patient
from glede.practices import scope
from glede.shoes import copying, operations, playing, queries, sealed
from glede.shoes.models import Walk
from glede.shoes.operations import Asked
from glede.shoes.personas import PERSONAS
from tests.cast import MORNING, House, open_solberg
from tests.sockets import heard
from tests.tenancy.traces import fingerprint, walled_tables

DAYS = 16
TOMORROW = (MORNING + timedelta(days=1)).date()
KARIS = ("Kari", "Moe", "40000101", "400 00 101", "kari.moe", "1955", "S-1001", "grandson", "cabin")


@pytest.fixture
def house(own_database: str, template_database: str) -> Iterator[House]:
    """Solberg, with Kari booked for tomorrow, and an empty sealed database beside it."""
    house = open_solberg("kari", "jonas")
    asked = Booking(
        patient_id=house.people["kari"], service_id=house.services["eye-test"], practitioner_id=house.chairs["amal"],
        day=TOMORROW, wall_time=MORNING.replace(hour=10, minute=0).time(),
    )  # fmt: skip
    book_appointment(practice_id=house.id, request=asked, by=house.by("ingrid"), now=MORNING)
    sealed.make(template_database)
    yield house
    sealed.drop()


def test_a_year_is_the_same_twice_and_leaves_the_practice_as_it_was(house: House) -> None:
    before = fingerprint(house.id)
    asked = Asked(PERSONAS["jonas"], 3, MORNING, DAYS)
    with heard() as spoken:
        copy_id, frames, _seconds = playing.play(house.id, asked)
        again_id, again, _seconds = playing.play(house.id, asked)
    assert frames == again
    assert copy_id != again_id
    assert spoken == []
    assert fingerprint(house.id) == before
    _tells_a_story(frames)
    other = playing.play(house.id, Asked(PERSONAS["jonas"], 4, MORNING, 3))[1]
    assert other != frames[: len(other)], "another seed is another year"
    with sealed.inside():
        walk = queries.walk_of(house.id, copy_id)
        assert [one["n"] for one in queries.frames_of(walk)] == list(range(1, len(frames) + 1))
        seen = queries.frame(walk, 2)
        assert seen is not None
        assert (seen.seen, len(seen.code)) == (frames[1], 13)
        with pytest.raises(queries.NoSuchWalk):
            queries.walk_of(copy_id, copy_id)  # of another practice
        _no_visit_but_his(copy_id)
    with scope.transaction(house.id):
        assert not Walk.objects.exists()


def _tells_a_story(frames: list[Any]) -> None:
    happened = [(one["kind"], one.get("what") or one.get("row") or one.get("promise") or "") for one in frames]
    assert happened[:2] == [("did", "booked"), ("message", "2")]
    assert frames[0]["at"] == "2026-11-24T23:50+01:00"
    for one in (("said", ""), ("kept", "answer"), ("did", "arrived"), ("did", "done"), ("message", "12")):
        assert one in happened
    assert frames[1]["why"]["variant"] == "booked"
    assert [one["at"] for one in frames] == sorted(one["at"] for one in frames)


def _no_visit_but_his(copy_id: Any) -> None:
    """Kari's visit holds its time in the copy, and that is all there is of it."""
    with scope.transaction(copy_id):
        assert list(Patient.objects.values_list("given_name", flat=True)) == ["Jonas"]
        assert {one.patient.given_name for one in Appointment.objects.select_related("patient")} == {"Jonas"}
        rows = Claim.objects.filter(practice_id=copy_id, appointment=None, is_active=True)
        assert {start.date() for start in rows.values_list("starts_at", flat=True)} == {TOMORROW}


def test_of_a_real_person_only_the_way_they_are_reached_comes_along(house: House) -> None:
    persona = copying.read_person(house.id, house.people["kari"])
    assert (persona.language, persona.style, persona.channels) == ("nb", "friendly", ("sms", "call"))
    copy_id, frames, _seconds = playing.play(house.id, Asked(persona, 1, MORNING, 3))
    assert frames
    assert not [word for word in KARIS if word in str(frames)]
    with sealed.inside(), scope.transaction(copy_id), connection.cursor() as cursor:
        for table in walled_tables():
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            told = cursor.fetchone()[0]
            assert not [word for word in KARIS if word in told], table


def test_nothing_can_be_written_where_the_practice_lives(
    house: House, template_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(PERSONAS["kari"], 1, MORNING, 3)
    copied = copying.read_practice(house.id, since=MORNING, until=MORNING + timedelta(days=3))
    with pytest.raises(sealed.NotInside):
        operations.begin_walk(asked, copied)

    def write(practice_id: Any) -> Any:
        with act(practice_id, by=house.by("ingrid"), now=MORNING) as writing:
            writing.record("diary.busy.held", subject=Ref("practice", practice_id))

    monkeypatch.setattr(copying, "services", write)
    with pytest.raises(InternalError, match="read-only"):
        copying.read_practice(house.id, since=MORNING, until=MORNING + timedelta(days=3))
    ours = connections["default"].settings_dict["NAME"]
    with sealed.inside():
        assert connections["default"].settings_dict["NAME"] == f"{ours}_sealed"
        assert connections["owner"].settings_dict["NAME"] != ours
    assert connections["default"].settings_dict["NAME"] == ours
    _without_one_we_say_what_to_do(template_database)
    monkeypatch.setattr(sealed, "_create", _refuse)
    with pytest.raises(sealed.NoSealedDatabase, match="SEALED_DATABASE_URL"):
        sealed.make(template_database)


def _without_one_we_say_what_to_do(template: str) -> None:
    assert sealed.is_there()
    sealed.drop()
    assert not sealed.is_there()
    with pytest.raises(sealed.NoSealedDatabase, match="glede shoes make"), sealed.inside():
        pass
    sealed.make(template)
    assert sealed.is_there()


def _refuse(*_: Any) -> None:
    raise psycopg.errors.InsufficientPrivilege
