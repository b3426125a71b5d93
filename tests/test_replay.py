"""A story told again from its statements leaves the rows that the operations left."""

import pytest
from django.db import connection, transaction

from glede.ledger.queries import verify
from tests import cast, replay
from tests.snapshot import hash_of_everything

# Their ids come from counters, which no transaction takes back.
_COUNTED_ON = frozenset({"procrastinate_jobs", "procrastinate_events"})

pytestmark = pytest.mark.django_db


def _told_and_taken_back() -> tuple[str, list[str]]:
    with transaction.atomic():
        house = cast.open_solberg("kari", "berit", "ella", "sunniva")
        assert not verify(house.id).problems
        told = hash_of_everything(house.id, but=_COUNTED_ON)
        with connection.cursor() as cursor:
            cursor.execute("select task_name, args::text from procrastinate_jobs order by id")
            told += str(cursor.fetchall())
            cursor.execute("select current_setting('glede.practices')")
            assert cursor.fetchone() == ("",), "no practice stays in sight"
        transaction.set_rollback(True)
    return told, sorted(house.people)


def test_told_again_is_as_told_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "_told", {})
    in_earnest = _told_and_taken_back()
    assert len(replay._told) == 1
    assert _told_and_taken_back() == in_earnest


def test_two_of_a_name_are_two_practices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "_told", {})
    assert cast.open_solberg("kari").id != cast.open_solberg("kari").id
    with transaction.atomic():
        cast.open_nordlys("nils", is_virtual=True)
        transaction.set_rollback(True)
    assert cast.open_nordlys("nils").id != cast.open_nordlys("nils", is_virtual=True).id
