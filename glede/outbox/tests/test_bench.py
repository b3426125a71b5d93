"""The benchmark runs and says what it measured."""

import pytest

from glede.outbox import bench


@pytest.mark.slow
def test_the_bench_sends_and_measures_its_limit_in_the_same_run(own_database: str, settings) -> None:
    settings.GLEDE_SMTP_URL = ""
    told = bench.send(60)
    assert told["messages"] == 60
    assert told["figure"] > 0
    assert told["limit"] > 0
