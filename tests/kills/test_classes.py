"""By a provider of any class each message arrives once, or a person rings, whatever happens to workers and provider."""

import logging
from collections import Counter
from pathlib import Path

import pytest

from glede.config.postgres import Cluster
from glede.outbox.rules import Resolution
from tests.depth import DEPTH, count
from tests.kills.houses import CLASSES, four_houses

pytestmark = pytest.mark.slow

logger = logging.getLogger(__name__)
SEED = 2026
PEOPLE = count(5_000) if DEPTH > 1 else 20
STRIKES = count(600) if DEPTH > 1 else 4
WORKERS = 3


def test_each_message_arrives_once_or_a_person_rings(tmp_path: Path, cluster: Cluster, own_database: str) -> None:
    with four_houses(tmp_path, cluster, own_database, people=PEOPLE, seed=SEED) as houses:
        for _ in range(WORKERS):
            houses.start_worker()
        for strike in range(STRIKES):
            houses.wait_for_some(houses.random.randint(1, 4 * PEOPLE // STRIKES))
            houses.strike(stops=strike % 6 == 5 or (DEPTH == 1 and strike == 1))
            houses.call_back()
            if strike % 25 == 24:
                logger.info("%s strikes, %s taken, twice %s", strike + 1, len(houses.lines()), houses.twice())
        houses.drain(seconds=40 if DEPTH == 1 else 600)
        states = {of: Counter(m.state for m in houses.messages(of)) for of in CLASSES}
        doubts = sum(m.reason == "in_doubt" for m in houses.messages(Resolution.NOTHING))
        told = (houses.kills, houses.stops, houses.forged, doubts, states)
        logger.info("%s kills, %s stops, %s forged call-backs, %s in doubt of class N: %s", *told)
        assert houses.faults() == []
        assert sum(sum(of.values()) for of in states.values()) == 4 * PEOPLE
