"""The bench of the pages: what it builds is whole and verifies, what it measures is complete, and nothing stays."""

import argparse
import json
from typing import Any

import pytest
from django.db import connection, connections

from glede.config.benches import SIZES, desks, keys, mailing, matching, pages, person, searching, verifying
from glede.config.benches.scratch import PREFIX, scratch_database
from glede.config.commands import bench
from glede.config.terminal import Terminal
from glede.ledger.queries import verify
from glede.practices.queries import practice_by_slug
from tests.depth import DEPTH

# So many statements a page asks at most, those of the access log included. Who asks more says here what for.
STATEMENTS = {
    "today": 30, "today with a card": 48, "person with much history": 60, "any person": 60, "outbox": 14,
    "diary of the day": 18, "a visit that looks for a place": 32,
    # Eight of a person's ask the sources of the stream, four count what it holds, by kind. Seven of a visit's are the
    # card of what matters to its person; two of finding are those whose name sounds so.
    "visit": 23, "people": 15, "people found": 18, "find": 14, "settings": 18,
}  # fmt: skip


@pytest.mark.slow
def test_what_needs_a_practice_is_measured_on_one(own_database: str) -> None:
    """Built once: pages, search, pairs, colleagues at once, and at depth 10 keys, where there is a browser."""
    world = pages.ready("small")
    _pages_are_whole(pages.of(world, requests=4))
    found = searching.of(world, requests=4)
    assert found["people"] == 1_000
    assert found["limit"] > 0
    assert set(found["found"]) == {"two beginnings", "a whole name", "one word", "digits of a phone"}
    compared = matching.of(world)
    assert (compared["people"], compared["limit"] > 0, compared["figure"] >= 0) == (1_000, True, True)
    at_once = desks.of(world, seconds=1.5 * DEPTH, colleagues=4)
    assert at_once["errors"] == []
    assert at_once["fresh"]["n"] >= 1
    assert set(at_once["kinds"]) <= set(desks.MIX)
    if DEPTH >= 10 and keys.chromium():
        pressed = keys.of(world, presses=6)
        assert pressed["presses"] >= 6
        assert pressed["limit"] > 0
    report = verify(practice_by_slug("solberg-optikk").pk)
    assert report.ok, report.problems[:5]
    assert report.counts["people"] == SIZES["small"].people
    assert report.counts["visits"] > SIZES["small"].visits_a_day
    if DEPTH >= 10:  # the same is asked of a short stream in glede/desk/people/tests/test_stream.py
        _a_person_costs_the_same(person.of(world, requests=2, entries=44 * DEPTH))


def _a_person_costs_the_same(figures: dict[str, Any]) -> None:
    statements = figures["statements"]
    assert {"before", "all", "said", "did", "sent", "promised", "older"} == set(statements)
    assert max(statements.values()) <= STATEMENTS["any person"]
    # What their open conversation and their many promises need is asked once, however many they are.
    assert statements["all"] - statements["before"] <= 6, statements


def _pages_are_whole(figures: dict[str, Any]) -> None:
    assert {"figure", "unit", "limit", "limit_words", "ratio", "target", "ok"} <= set(figures)
    assert figures["people"] == 1_000
    assert figures["events"] > 2_000
    assert {"today", "outbox", "find", "settings", "visit of a patient"} <= set(figures["pages"])
    for name, page in figures["pages"].items():
        assert 0 < page["queries_p50"] <= page["queries_p95"], name
        assert page["p50"] <= page["p95"], name
        assert page["queries"] <= STATEMENTS.get(name, 20), name


def test_a_scratch_database_is_used_and_dropped(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        before = connections["default"].settings_dict["NAME"]
        with scratch_database(template_database) as name:
            assert _asked("select current_database(), current_user") == (name, "glede_app")
            assert _asked("select count(*) from outside_practice") == (0,)
        assert connections["default"].settings_dict["NAME"] == before
        assert _asked("select count(*) from pg_database where starts_with(datname, %s)", PREFIX) == (0,)


def _asked(statement: str, *params: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()


def test_a_bench_prints_its_figures(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    bench.register(parser)
    bench.run(parser.parse_args(["plan", "--count", "100"]), Terminal(is_json=True))
    told = json.loads(capsys.readouterr().out)
    assert {"figure", "unit", "limit", "ratio", "target"} <= set(told)
    assert {"import", "plan", "send", "pages", "person", "search", "desks", "keys", "mail", "verify"} <= set(
        bench.BENCHES
    )


@pytest.mark.django_db
def test_a_burst_of_mail_stands_on_today() -> None:
    figures = mailing.measure(12)
    assert {"figure", "unit", "limit", "ratio", "target", "ok"} <= set(figures)
    assert figures["on_today"] == 12
    assert figures["statements_a_mail"] <= 40


def test_a_record_is_filled_past_every_guard_and_verified(own_database: str) -> None:
    figures = verifying.measure(400)
    assert {"figure", "unit", "limit", "ratio", "target", "ok"} <= set(figures)
    assert figures["checkpoints"] == 1
