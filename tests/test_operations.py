"""Each act records itself in its own transaction, or it did not happen: made to fail, nothing of it remains."""

from typing import Any

import pytest
from django.db import connection, transaction

from glede.ledger import operations as ledger
from glede.ledger.queries import last_seq
from glede.practices import scope
from tests.estate import Estate, an_estate
from tests.operations import SCENES, WITHOUT_AN_EVENT, every_operation
from tests.scenery import Scene, given

# Wake-ups of the worker carry no fact; who looked is kept whatever happens after.
NOT_COMPARED = {"procrastinate_jobs", "procrastinate_events", "ledger_access", "django_session"}
OPERATIONS = dict(every_operation())


class TheLedgerFails(Exception):
    """Raised in place of writing events."""


class RollBack(Exception):
    """Ends a scene that went well."""


def fingerprint(estate: Estate) -> dict[str, str]:
    """Return a hash of every table as the practice sees it."""
    with scope.transaction(estate.house.id), connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relkind = 'r'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            if table not in NOT_COMPARED:
                cursor.execute(
                    f"select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from \"{table}\" t"
                )
                found[table] = cursor.fetchone()[0]
    return found


def failing(name: str, scene: Scene, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run an operation whose ledger write fails, compare, and take everything back."""

    def fail(*_: Any) -> None:
        raise TheLedgerFails

    with transaction.atomic():
        scene.before(estate)
        arguments: dict[str, Any] = {**given(estate), **scene.arguments(estate)}
        before = fingerprint(estate)
        with monkeypatch.context() as patched:
            patched.setattr(ledger, "_write_events", fail)
            with pytest.raises(TheLedgerFails):
                _in_a_savepoint(name, arguments)
        assert fingerprint(estate) == before, name
        raise RollBack


def _in_a_savepoint(name: str, arguments: dict[str, Any]) -> None:
    with transaction.atomic():
        OPERATIONS[name](**arguments)


def going_well(name: str, scene: Scene, estate: Estate) -> None:
    """Run an operation, see its rows and its event, and take everything back."""
    with transaction.atomic():
        scene.before(estate)
        arguments: dict[str, Any] = {**given(estate), **scene.arguments(estate)}
        seq, before = last_seq(estate.house.id), fingerprint(estate)
        OPERATIONS[name](**arguments)
        assert last_seq(estate.house.id) > seq, name
        assert fingerprint(estate) != before, name
        raise RollBack


def test_every_operation_has_a_scene_here_or_a_reason() -> None:
    assert set(OPERATIONS) - set(WITHOUT_AN_EVENT) == set(SCENES)


@pytest.mark.django_db
def test_nothing_of_an_act_remains_when_the_ledger_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    estate = an_estate("solberg")
    for name, scene in SCENES.items():
        with pytest.raises(RollBack):
            failing(name, scene, estate, monkeypatch)


@pytest.mark.django_db
def test_the_same_acts_leave_rows_and_an_event_when_it_can() -> None:
    estate = an_estate("solberg")
    for name, scene in SCENES.items():
        with pytest.raises(RollBack):
            going_well(name, scene, estate)
