"""The table of the fifty points is whole; ``make checklist`` measures each of them and prints what it found."""

import os
import re
import sys
import traceback
from importlib import import_module

import pytest

from tests.checklist.point import POINTS, Figure, Point, Verdict
from tests.checklist.scene import ROOT, Scene

GROUPS = ("desk_speed", "never_lost", "patient", "words", "access", "weight", "love")
SIZE = os.environ.get("GLEDE_TEST_CHECKLIST", "")
ONLY = {int(number) for number in os.environ.get("GLEDE_TEST_POINTS", "").split()}

for group in GROUPS:
    import_module(f"tests.checklist.{group}")


@pytest.fixture
def size() -> str:
    return SIZE or "small"


def written() -> dict[int, str]:
    """Return the points as docs/checklist.md tells them."""
    text = (ROOT / "docs" / "checklist.md").read_text(encoding="utf-8")
    return {int(number): words for number, words in re.findall(r"^\| (\d+) \| ([^|]+?) \|", text, re.MULTILINE)}


def test_there_are_fifty_points_each_with_a_measure_and_words_in_the_docs() -> None:
    assert sorted(POINTS) == list(range(1, 51))
    assert written() == {number: one.words for number, one in POINTS.items()}
    assert {one.measure.__module__.rpartition(".")[2] for one in POINTS.values()} <= {*GROUPS}
    assert all(one.measure.__doc__ for one in POINTS.values() if one.number not in {3, 4, 5})


def test_a_verdict_is_one_of_four() -> None:
    assert {Figure("", True).said, Figure("", False).said} == {"met", "not met"}
    assert Figure("", verdict=Verdict.WAITS, room="orders").said == "waits for orders"
    assert Figure("", verdict=Verdict.PEOPLE).said == "needs people"


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def measured(one: Point, scene: Scene) -> Figure:
    """Measure a point; what keeps it from being measured makes it not met."""
    try:
        return one.measure(scene)
    except Exception as error:
        traceback.print_exc()
        return Figure(
            f"could not be measured: {type(error).__name__}: {str(error).strip().partition(chr(10))[0][:120]}"
        )


@pytest.mark.walk
@pytest.mark.timeout(7200)
@pytest.mark.skipif(not SIZE, reason="the points are measured by `make checklist`")
def test_every_point_that_concerns_what_exists_is_met(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[int, Figure] = {}
    for number, one in sorted(POINTS.items()):
        if ONLY and number not in ONLY:
            continue
        found[number] = measured(one, scene)
        with capsys.disabled():
            if number in {1, 11, 20, 30, 36, 44, 49}:
                _say(f"\n{one.group}")
            _say(f"{number:3}  {one.words}\n     {found[number].words}: {found[number].said}")
    verdicts = [str(figure.verdict or ("met" if figure.is_met else "not met")) for figure in found.values()]
    with capsys.disabled():
        _say("\n" + ", ".join(f"{verdicts.count(str(v))} {v}" for v in Verdict if str(v) in verdicts))
    assert "not met" not in verdicts
