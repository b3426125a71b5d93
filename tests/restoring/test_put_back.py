"""A database that was put back behind Glede's back: it is noticed, nothing more is sent by itself, a person decides."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from glede.config.backups import databases
from glede.config.postgres import OWNER, Cluster
from glede.kernel import failpoints
from glede.kernel.actor import SYSTEM
from glede.ledger.marks import mark_path_of, put_back_from, read_mark
from glede.ledger.queries import verify
from glede.outbox import limits, tasks
from glede.outbox.operations import resume
from glede.practices.operations import AwaitsOwner, accept_restored
from glede.practices.queries import last_restoration, practice_by_id
from tests.restoring.stage import Stage, stage

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home of its own for the file outside the database; every guard is put back."""
    monkeypatch.setattr(settings, "GLEDE_HOME", str(tmp_path / "home"))
    yield
    failpoints.remove_guards()


def worker_sends(found: Stage) -> None:
    """Let a worker do what it does when it is woken."""
    tasks.send.func(str(found.practice_id))


@pytest.mark.parametrize("guards_off", ["", "mark"])
def test_a_snapshot_put_back_amid_sending_tells_nobody_twice(
    tmp_path: Path, cluster: Cluster, own_database: str, guards_off: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BATCH", 4)
    monkeypatch.setattr(tasks, "BATCHES", 1)
    url = cluster.url(OWNER, own_database)
    with stage(tmp_path, cluster, own_database, people=12) as found:
        worker_sends(found)
        connections.close_all()
        copy(url, own_database, f"{own_database}_snapshot")
        worker_sends(found)
        told = found.mails()
        assert (len(told), read_mark(found.practice_id) is not None) == (8, True)
        connections.close_all()
        put_back(url, own_database)

        failpoints.remove_guards(*filter(None, [guards_off]))
        worker_sends(found)
        if guards_off:
            assert len(found.twice()) == 4
            return
        assert found.mails() == told, "not one more by itself"
        assert practice_by_id(found.practice_id).stopped_at is not None
        waits = last_restoration(found.practice_id)
        assert waits is not None
        assert (waits.counts["events_gone"] > 0, waits.file_name) == (True, "")
        with pytest.raises(AwaitsOwner):
            resume(practice_id=found.practice_id, by=SYSTEM, now=found.now)
        accept_restored(practice_id=found.practice_id, by=SYSTEM, now=found.now + timedelta(minutes=1))
        worker_sends(found)
        assert found.mails() == told
        in_doubt = [name for name, (_, reason) in found.states().items() if reason == "in_doubt"]
        assert len(in_doubt) == 8, "whoever may have it is rung"
        assert set(told) - set(in_doubt) == {name for name, (s, _) in found.states().items() if s == "accepted"}
        assert put_back_from(found.practice_id) is None
        assert verify(found.practice_id).problems == []


def copy(url: str, source: str, name: str) -> None:
    """Copy a database nobody is in, as a snapshot does."""
    statement = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(source))
    with databases.beside(url) as connection:
        connection.execute(statement)


def put_back(url: str, database: str) -> None:
    """Put the snapshot where the database stands."""
    databases.drop(url, database)
    copy(url, f"{database}_snapshot", database)
    databases.drop(url, f"{database}_snapshot")


def test_a_record_that_went_on_otherwise_is_noticed_too(tmp_path: Path, cluster: Cluster, own_database: str) -> None:
    with stage(tmp_path, cluster, own_database, people=2) as found:
        worker_sends(found)
        path = mark_path_of(found.practice_id)
        mark = read_mark(found.practice_id)
        assert mark is not None
        path.write_text(path.read_text().replace(mark.digest.hex(), "00" * 32))
        assert put_back_from(found.practice_id) is not None
        path.write_text("half a li")
        assert put_back_from(found.practice_id) is None
