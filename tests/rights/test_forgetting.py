"""After an erasure no place shows a person's word, and after the scrub no file of the database does."""

import json
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from glede.config.backups.databases import drop, names, role_of
from glede.config.backups.making import House
from glede.config.postgres import APPLICATION, OWNER, SUPERUSER, Cluster
from glede.config.scrubbing import clear_log, rewrite, scrub
from glede.kernel.actor import SYSTEM
from glede.ledger import registry
from glede.ledger.queries import verify
from glede.people.operations import erase_patient
from glede.people.operations.erasure import forget_again
from glede.practices import scope
from tests.database import clone
from tests.depth import DEPTH
from tests.estate import Estate, address, desk_pages
from tests.rights.places import SEALED, WORDS, unsorted
from tests.rights.planting import CANARY, OUTSIDE, a_full_life, plant, said_in_sessions, seen
from tests.seats import at_desk

PAGES = ("today", "people", "person", "outbox", "diary", "lists", "list", "looks", "promises", "mail", "visit")


@pytest.fixture
def life(own_database: str) -> Estate:
    return a_full_life()


def test_every_column_of_text_is_sorted() -> None:
    assert unsorted() == []


def test_no_place_shows_who_was_forgotten(
    life: Estate, cluster: Cluster, own_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    with psycopg.connect(cluster.url(SUPERUSER, own_database), autocommit=True) as eye:
        assert plant(eye, life.ids["patient_id"]) == []
        assert seen(eye) == set(WORDS) - OUTSIDE
        assert said_in_sessions()
        checkpoint(eye)
        assert files_with(files_of(eye, cluster)), "a word that was planted stands in the files"
        forget(life)
        assert seen(eye) == set()
        for table, columns in SEALED.items():
            kept = eye.execute(f"select 1 from {table} where num_nonnulls({', '.join(columns)}) > 0").fetchall()
            assert kept == [], f"{table} keeps what is sealed"
        assert not said_in_sessions()
        assert pages_with(life) == []
        assert CANARY not in json.dumps(exported(life), default=str)
        assert CANARY not in caplog.text
        assert verify(life.house.id).problems == []
        assert forget_again(practice_id=life.house.id, by=SYSTEM, now=life.house.now) == 1
        checkpoint(eye)
        assert files_with(files_of(eye, cluster)), "the control: without the scrub the files still hold it"
        connections.close_all()
        remarks: list[str] = []
        assert rewrite(cluster.url(OWNER, own_database), remarks) > len(WORDS)
        assert remarks == []
        if DEPTH >= 10:  # the log is one for all databases of a server
            assert clear_log(cluster.url(SUPERUSER, own_database), remarks)
        checkpoint(eye)
        assert files_with(files_of(eye, cluster)) == []


@pytest.mark.skipif(DEPTH < 10, reason="copies the database twice, at depth 10")
def test_databases_that_a_restore_kept_aside_forget_too_or_go(
    life: Estate, cluster: Cluster, own_database: str
) -> None:
    url, readable, broken = cluster.url(OWNER, own_database), f"{own_database}_before_1", f"{own_database}_before_2"
    with psycopg.connect(cluster.url(SUPERUSER, own_database), autocommit=True) as eye:
        plant(eye, life.ids["patient_id"])
    connections.close_all()
    for left in names(url, f"{own_database}_before_"):  # by tests of the restore, under the same name
        drop(url, left)
    with clone(cluster, own_database, readable), clone(cluster, own_database, broken):
        with psycopg.connect(cluster.url(SUPERUSER, broken), autocommit=True) as other:
            other.execute("drop table people_patient cascade")
        forget(life)
        with psycopg.connect(cluster.url(SUPERUSER, readable), autocommit=True) as eye:
            assert len(seen(eye)) > 20, "the control: nobody has told it yet"
        done = scrub(House(url, role_of(cluster.url(APPLICATION)), "no key is asked for"))
        assert (done.kept, done.dropped) == ([readable], [broken])
        with psycopg.connect(cluster.url(SUPERUSER, readable), autocommit=True) as eye:
            assert seen(eye) == set()
            checkpoint(eye)
            assert files_with(files_of(eye, cluster)) == []


@pytest.mark.parametrize("room", ["inbox", "outbox"])
def test_a_room_that_forgets_nobody_is_noticed(
    room: str, life: Estate, cluster: Cluster, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers = {name: one for name, one in registry.handlers("erase").items() if name != room}
    monkeypatch.setattr(registry, "handlers", lambda act: handlers)
    with psycopg.connect(cluster.url(SUPERUSER, own_database), autocommit=True) as eye:
        plant(eye, life.ids["patient_id"])
        forget(life)
        assert {table.partition("_")[0] for table in seen(eye)} == {room}


def forget(life: Estate) -> None:
    erase_patient(
        practice_id=life.house.id, patient_id=life.ids["patient_id"], reason="asked", by=SYSTEM, now=life.house.now
    )


def pages_with(life: Estate) -> list[str]:
    """Return the pages of the desk, the palette and the patient's link that show the word."""
    client: Any = at_desk(life.house, "sofie")
    addresses = [f"/find/?q={CANARY}", f"/t/{life.link}/"]
    for name, _view, parameters in desk_pages():
        if name.removeprefix("desk:") in PAGES or DEPTH >= 10:
            addresses.append(address(name, parameters, life.ids))
    assert len(addresses) > len(PAGES) - 2
    return [one for one in addresses if CANARY in _page(client, one)]


def _page(client: Any, where: str) -> str:
    """Return what a page says of itself: what was typed to find somebody is the reader's own word."""
    response = client.get(where)
    assert response.status_code < 500, where
    words = "".join(map(bytes.decode, response)) if response.streaming else response.content.decode(errors="replace")
    return re.sub(r'(?:q=|value=")[^"&]*|(?:: |“)' + CANARY, "", words)


def exported(life: Estate) -> dict[str, Any]:
    with scope.transaction(life.house.id):
        handlers = registry.handlers("export")
        return {room: handler(life.house.id, life.ids["patient_id"]) for room, handler in handlers.items()}


def checkpoint(eye: "psycopg.Connection[Any]") -> None:
    eye.execute("checkpoint")


def files_of(eye: "psycopg.Connection[Any]", cluster: Cluster) -> list[Path]:
    """Return the files of this database; and, where the server is this run's own, its logs and what all share.

    Other databases of the server belong to other tests, which say the same word.
    """
    row = eye.execute("select oid from pg_database where datname = current_database()").fetchone()
    assert row is not None
    databases, own = cluster.data / "base", str(row[0])
    if DEPTH < 10:
        return [path for path in (databases / own).iterdir() if path.is_file()]
    others = {path for path in databases.iterdir() if path.name != own}
    return [path for path in cluster.folder.rglob("*") if path.is_file() and path.parent not in others]


def files_with(files: list[Path]) -> list[str]:
    """Return the files in which the word stands, as it is, in small or in capital letters."""
    spelled = [word.encode() for word in (CANARY, CANARY.lower(), CANARY.upper())]
    found = []
    for path in files:
        try:
            held = path.read_bytes()
        except OSError:
            continue
        found += [path.name] if any(word in held for word in spelled) else []
    return found
