"""The forecast beside ten days of ticks, by the command line alone: equal as sets, whoever is killed on the way."""

import csv
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.depth import DEPTH, count
from tests.house import House
from tests.main_job.stage import AS_OF, HEADS, MAPPED, VITORIA, Row, done, open_house, written

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 * DEPTH)]  # at depth 10 the list is a hundred times as long

FIRST, DAYS = AS_OF[:10], 10
EVENINGS = [f"2016-05-{day:02d}T00:00" for day in (range(3, 13) if DEPTH >= 10 else (5, 9, 12))]
END = "2016-05-12T03:00:00+00:00"  # midnight in São Paulo, as the outbox writes it
POINTS = (
    "journeys.clock_moved", "claim.before_commit", "claim.after_commit", "send.before_begin", "send.after_begun",
    "send.after_accept", "settle.before_commit",
)  # fmt: skip
SURE = "journeys.clock_moved:kill@1"
MINUTES = 60
Line = tuple[str, ...]


@dataclass
class Lists:
    """People with an address or a mobile number, and visits."""

    people: Path
    visits: Path


def reachable(visits: Iterable[Row]) -> list[Row]:
    """Return every third person of the visits, in turn with an address and with a mobile number."""
    people = list(dict.fromkeys(row["PatientId"] for row in visits))[::3]
    return [
        {"id": person, "email": f"p{person}@example.com" if n % 2 else "", "phone": "" if n % 2 else mobile(n)}
        for n, person in enumerate(people)
    ]


def mobile(number: int) -> str:
    """Return a mobile number of Espírito Santo."""
    return f"+55 27 9{80_000_000 + number}"


def lists(folder: Path, visits: list[Row]) -> Lists:
    """Write the two lists."""
    return Lists(written(folder / "people.csv", reachable(visits)), written(folder / "visits.csv", visits))


@pytest.fixture
def invented(tmp_path: Path) -> Lists:
    """Lists of people who do not exist, some with several visits on a day."""
    days = (date(2016, 5, 3) + timedelta(days=n * 7 % 17) for n in range(70))
    cells = ((f"9000{n % 45}", f"7000{n}", "F", "2016-04-20T09:12:00Z", f"{day}T00:00:00Z", "CENTRO", "No")
             for n, day in enumerate(days))  # fmt: skip
    return lists(tmp_path, [dict(zip(HEADS, row, strict=True)) for row in cells])


@pytest.fixture
def vitoria(tmp_path: Path) -> Lists:
    """The whole Vitória file."""
    data = os.environ.get("GLEDE_TEST_DATA")
    if not data:
        pytest.skip("GLEDE_TEST_DATA names no folder with the lists")
    with gzip.open(Path(data) / VITORIA, "rt", encoding="utf-8") as file:
        return lists(tmp_path, list(csv.DictReader(file)))


def bring(home: Path, given: Lists) -> None:
    """Bring the lists into a fresh practice in ``home``, and leave it as it stands."""
    mapped = [word for pair in MAPPED for word in ("--map", pair)]
    with open_house(home) as house:
        place = ["--country", "BR", "--language", "en", "--timezone", "America/Sao_Paulo"]
        done(house, "init", "--practice", "Vitoria", *place, "--virtual")
        done(house, "import", "people", str(given.people), "--as-of", AS_OF)
        done(house, "import", "appointments", str(given.visits), "--as-of", AS_OF, *mapped)


def copied(home: Path, name: str) -> Path:
    """Return a second home that stands as the first does."""
    return Path(shutil.copytree(home, home.parent / name, ignore=shutil.ignore_patterns("socket")))


def foretold(forecast: dict[str, Any], *assumes: str | None) -> Counter[Line]:
    """Return what goes and what falls to colleagues, of those touches that rest on these assumptions."""
    return Counter(
        (touch["person"], touch["subject"], touch["row"], touch["channel"], touch["at"])
        for touch in forecast["touches"]
        if touch["assumes"] in assumes
    )


def happened(house: House) -> Counter[Line]:
    """Return what the outbox rehearsed, and what was promised, before the end of the last day."""
    went = [
        (m["person"], m["subject"], m["row"], m["channel"], m["sent_at"])
        for m in done(house, "outbox", "--state", "rehearsed")["messages"]
    ]
    told = subprocess.check_output([sys.executable, "-m", "tests.main_job.promised"], env=house.environment())
    rung = [(person, visit, row, "call", at) for person, visit, row, at in json.loads(told)]
    return Counter(line for line in [*went, *rung] if line[-1] < END)


def ticking(house: House, until: str, *more: str, **settings: str) -> subprocess.Popen[bytes]:
    """Let a tick run beside."""
    command = [sys.executable, "-m", "glede.config.cli", "tick", "--now", until, "--json", *more]
    environment = {**house.environment(), "GLEDE_TESTING": "1", **settings}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killings(seed: int) -> Iterator[str | float]:
    """Yield where or when to kill: at a place on the way, or at any moment of the next seconds."""
    random = Random(seed)
    while True:
        yield f"{random.choice(POINTS)}:kill@{random.randint(1, 2 + DEPTH // 5)}"
        yield random.uniform(1.0, 3.0 + DEPTH)


def tick_and_kill(house: House, kills: int, *more: str, seed: int = 1) -> int:
    """Let the ten days go by, killing the clock's mover so many times on the way, and each time going on.

    The kills are spread over the days; return how many there were.
    """
    killed, ways = 0, killings(seed)
    for number, evening in enumerate(EVENINGS, 1):
        is_over = False
        while not is_over:
            is_due = killed < ceil(kills * number / len(EVENINGS))
            # A timed kill may come after a tick's end, and is made up the next evening; after the last there is none.
            way = "" if not is_due else next(ways) if number < len(EVENINGS) else SURE
            moving = ticking(house, evening, *more, **({"GLEDE_FAILPOINTS": way} if isinstance(way, str) else {}))
            is_over = not was_killed(moving, way if isinstance(way, float) else None)
            killed += not is_over
    return killed


def was_killed(moving: subprocess.Popen[bytes], after: float | None) -> bool:
    """Wait for a tick, or kill it after so many seconds; True where it was killed before its end."""
    try:
        code = moving.wait(after or MINUTES * 60)
    except subprocess.TimeoutExpired:
        moving.send_signal(signal.SIGKILL)
        code = moving.wait(60)
    assert code in {0, -signal.SIGKILL}
    return code != 0


def judge(home: Path, kills: int, *assumed: str) -> int:
    """Compare the forecast with killed ticks, plain or with an assumption; return how many messages were rehearsed."""
    with open_house(home) as house:
        forecast = done(house, "forecast", "--from", FIRST, "--days", str(DAYS))
        assert sum(forecast["by_day"].values()) == sum(forecast["by_channel"].values()) == len(forecast["touches"])
        more = [word for word in assumed for word in ("--assume", word)]
        assert tick_and_kill(house, kills, *more, seed=1 + len(assumed)) >= kills
        found = happened(house)
        assert done(house, "verify")["ok"]
    assert found == foretold(forecast, None, *assumed), "none twice, none missing"
    return sum(line[3] != "call" for line in found.elements())


def test_invented_lists_come_to_what_was_foretold_where_everybody_comes(tmp_path: Path, invented: Lists) -> None:
    bring(tmp_path / "home", invented)
    assert judge(tmp_path / "home", 2, "attended") > 0


@pytest.mark.skipif(DEPTH < 10, reason="the whole list takes twenty minutes: DEPTH=10")
def test_the_real_list_comes_to_what_was_foretold(tmp_path: Path, vitoria: Lists) -> None:
    bring(tmp_path / "home", vitoria)
    other = copied(tmp_path / "home", "attended")
    assert judge(tmp_path / "home", count(20)) >= 2000
    judge(other, count(20), "attended")


def test_without_the_lease_a_killed_tick_leaves_messages_behind(tmp_path: Path, invented: Lists) -> None:
    home = tmp_path / "home"
    bring(home, invented)
    with open_house(home) as house:
        forecast = done(house, "forecast", "--from", FIRST, "--days", str(DAYS))
        off = {"GLEDE_GUARDS_OFF": "lease"}
        assert was_killed(ticking(house, EVENINGS[-1], GLEDE_FAILPOINTS="send.after_begun:kill@2", **off), None)
        assert not was_killed(ticking(house, EVENINGS[-1], **off), None)
        assert foretold(forecast, None) - happened(house)
