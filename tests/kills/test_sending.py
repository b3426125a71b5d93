"""Reminders leave once, whatever happens to the workers; without each guard they do not."""

import os
import signal
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from glede.config.postgres import Cluster
from glede.kernel import clock
from tests.depth import count, seeds
from tests.kills.stage import LEASE_SECONDS, Stage, faults, stage

pytestmark = pytest.mark.slow

POINTS = (
    "",
    "send.after_begun",
    "",
    "send.after_accept",
    "",
    "claim.before_commit",
    "",
    "claim.after_commit",
    "",
    "settle.before_commit",
)


def is_alive(pid: int) -> bool:
    """Whether a worker still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def kill_while_sending(found: Stage, random: Random, number: int) -> None:
    """Let one worker die, at a named point or at a moment of chance, while another carries on."""
    before = len(found.mails())
    point = POINTS[number % len(POINTS)]
    pid = found.start_worker(f"{point}:kill@{random.randint(1, 3)}" if point else "")
    ends = clock.monotonic() + 3
    while is_alive(pid) and clock.monotonic() < ends:
        found.wake()
        clock.wait(random.uniform(0.02, 0.2))
        if not point and len(found.mails()) > before and random.random() < 0.5:
            break
    found.kill(pid)


@pytest.mark.parametrize("seed", seeds(1))
def test_reminders_arrive_once_though_workers_are_killed(
    tmp_path: Path, cluster: Cluster, own_database: str, seed: int
) -> None:
    random = Random(seed)
    with stage(tmp_path, cluster, own_database, people=count(500), delay=0.02) as found:
        leavers = random.sample(found.people, count(50))
        found.keep_worker()
        for number in range(count(20, least=3)):
            kill_while_sending(found, random, number)
            for _ in range(count(50) // count(20, least=3)):
                found.say_stop(leavers.pop())
        found.wait_until(found.is_quiet, 240)
        assert faults(found) == []
        states = Counter(m.state for m in found.messages())
        assert states["accepted"] + states["handed"] + states["skipped"] == count(500)
        assert found.kills >= count(20, least=3)


def test_each_guard_alone_keeps_a_worker_that_wakes_after_its_lease_from_sending_twice(
    tmp_path: Path, cluster: Cluster, own_database: str
) -> None:
    """Fence, awake and mortal stand one behind the other: without two of them nobody gets two, without all somebody."""
    with stage(tmp_path, cluster, own_database, people=40, delay=0.005) as found:
        sleepers = []
        for off in ("fence,awake", "fence,mortal", "awake,mortal", "fence,awake,mortal"):
            sleepers.append(found.start_worker("send.before_begin:stop@3", guards_off=off))
            found.wait_until(lambda: len(found.mails()) == 2 * len(sleepers))
        clock.wait(LEASE_SECONDS + 0.3)
        found.start_worker()
        found.wait_until(lambda: len({mail["to"][0] for mail in found.mails()}) == 40)
        found.kills += len(sleepers)  # of each the one whose outcome it had not committed is in doubt, as with a kill
        for number, sleeper in enumerate(sleepers, 1):
            os.kill(sleeper, signal.SIGCONT)
            clock.wait(0.5)
            twice = [fault for fault in faults(found) if "2 times" in fault]
            assert len(twice) == (number == len(sleepers)), (number, twice)
        found.wait_until(found.is_quiet)
        assert len(faults(found)) == 1


@pytest.mark.parametrize("guards_off", ["", "lease"])
def test_a_dead_workers_messages_are_lost_only_without_the_lease(
    tmp_path: Path, cluster: Cluster, own_database: str, guards_off: str
) -> None:
    with stage(tmp_path, cluster, own_database, people=8, delay=0.01, guards_off=guards_off) as found:
        victim = found.start_worker("send.after_begun:kill@3")
        found.wait_until(lambda: not is_alive(victim))
        found.kill(victim)
        found.start_worker()
        clock.wait(LEASE_SECONDS)
        if guards_off:
            with pytest.raises(TimeoutError):
                found.wait_until(found.is_quiet, 6)
            assert any("is still sending" in fault for fault in faults(found))
        else:
            found.wait_until(found.is_quiet)
            assert faults(found) == []
            assert len(found.mails()) == 7


@pytest.mark.parametrize("guards_off", ["", "optout"])
def test_whoever_said_stop_gets_it_only_without_the_check(
    tmp_path: Path, cluster: Cluster, own_database: str, guards_off: str
) -> None:
    with stage(tmp_path, cluster, own_database, people=6, delay=0.01, guards_off=guards_off) as found:
        for person in found.people[:3]:
            found.say_stop(person)
        found.start_worker()
        found.wait_until(found.is_quiet)
        after = [fault for fault in faults(found) if "after saying stop" in fault]
        assert len(after) == (3 if guards_off else 0), faults(found)
