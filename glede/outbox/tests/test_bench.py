"""The benchmark runs and says what it measured."""

import pytest

from glede.outbox import bench
from glede.outbox.hands import together


@pytest.mark.slow
def test_the_bench_sends_and_measures_its_limit_in_the_same_run(own_database: str, settings) -> None:
    settings.GLEDE_SMTP_URL = ""
    told = bench.send(40)
    for run in (told, told["two_workers"]):
        assert run["messages"] == 40
        assert run["figure"] > 0
        assert run["limit"] > 0
    assert [sorted(one) for one in told["memory_mb"]] == [["a_tenth", "all"]]


@pytest.mark.slow
def test_a_hand_that_fails_says_so(own_database: str) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        together(2, lambda hand: {"told": 1 / hand})
