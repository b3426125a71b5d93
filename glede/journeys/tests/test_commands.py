"""The commands of the engine, as they are typed."""

import json
from datetime import date
from typing import Any

import pytest

from glede.config import cli
from glede.config.terminal import Refused, Terminal
from glede.journeys import bench
from glede.journeys.tests.stories import book
from tests.cast import House, open_solberg


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("emily", is_virtual=True)


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    args = cli._parser(list(words)).parse_args([*words, "--json"])
    assert args.module.run(args, Terminal(is_json=True)) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_tick_and_outbox(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    book(house, "emily")
    counts = typed(capsys, "tick", "--now", "2026-12-04T09:00", "--assume", "attended")
    assert counts == {"planned": 4, "rehearsed": 3, "held": 0, "skipped": 0, "promises": 1}
    listed = typed(capsys, "outbox")["messages"]
    assert set(listed[0]) == {"id", "person", "subject", "row", "channel", "state", "reason", "due_at", "sent_at"}
    assert [line["row"] for line in typed(capsys, "outbox", "--state", "rehearsed")["messages"]] == ["2", "6", "12"]
    assert [line["state"] for line in listed if line["row"] == "5"] == ["handed"]


def test_a_clock_does_not_go_back(house: House) -> None:
    args = cli._parser(["tick"]).parse_args(["tick", "--now", "2026-11-20T09:00"])
    with pytest.raises(Refused):
        args.module.run(args, Terminal(is_json=True))


def test_the_bench_of_the_planner(capsys: pytest.CaptureFixture[str], house: House) -> None:
    figures = typed(capsys, "bench", "plan", "--count", "300")
    assert {"figure", "unit", "limit", "ratio"} <= set(figures)
    assert figures["touches"] > 600
    assert bench.TARGET == 50_000
    assert date(2026, 10, 1) == bench.START
