"""Texts arrive once, whatever happens to the workers, and the provider's list settles what a kill left in doubt."""

import json
import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from glede.channels.operations import NewTextAccount, set_text_account
from glede.channels.sms.tests.provider import ACCOUNT, NUMBER, TOKEN
from glede.config.postgres import Cluster
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from tests.depth import count, seeds
from tests.kills.stage import Stage, stage
from tests.kills.test_sending import kill_while_sending

pytestmark = pytest.mark.slow


def with_texts(found: Stage) -> None:
    """Let the practice send by text."""
    account = NewTextAccount(account_sid=ACCOUNT, token=TOKEN, sender=NUMBER)
    set_text_account(practice_id=found.practice_id, account=account, by=SYSTEM, now=clock.now())


def texts(found: Stage) -> Counter[str]:
    """How often the provider made a message for each number."""
    lines = found.log.read_text(encoding="utf-8").splitlines()
    return Counter(json.loads(line)["to"] for line in lines)


def faults(found: Stage) -> list[str]:
    """What the provider's own log says against the rows."""
    got, wrong = texts(found), []
    place = dict(zip(found.people, found.addresses, strict=True))
    for message in found.messages():
        to = place[message.touch.patient_id]
        if got[to] > 1:
            wrong.append(f"{to} got it {got[to]} times")
        if message.state == "accepted" and not got[to]:
            wrong.append(f"{to} is told to have it and has not")
        if got[to] and message.state != "accepted":
            wrong.append(f"{to} has it, but it stands as {message.state}")
        if message.state in {"planned", "ready", "sending", "unknown"}:
            wrong.append(f"{to} is still {message.state}")
    return wrong + [f"{place[p]} got it after saying stop" for p in found.quiet_from if got[place[p]]]


@pytest.mark.parametrize("seed", seeds(1))
def test_texts_arrive_once_though_workers_are_killed(
    tmp_path: Path, cluster: Cluster, own_database: str, seed: int
) -> None:
    random = Random(seed)
    with stage(tmp_path, cluster, own_database, people=count(300), delay=0.02, channel="sms") as found:
        with_texts(found)
        leavers = random.sample(found.people, count(30))
        found.keep_worker()
        for number in range(count(20, least=3)):
            kill_while_sending(found, random, number)
            for _ in range(count(30) // count(20, least=3)):
                found.say_stop(leavers.pop())
        found.wait_until(found.is_quiet, 240)
        assert faults(found) == []
        # Class C: what left before the kill is found in the list, so a call is owed only for what never left.
        handed = [m for m in found.messages() if m.reason == "in_doubt"]
        assert len(handed) <= found.kills
        assert all(texts(found)[number] <= 1 for number in found.addresses)


@pytest.mark.parametrize("guards_off", ["", "fence,awake,mortal"])
def test_a_worker_that_wakes_too_late_sends_a_second_text_only_without_the_fence(
    tmp_path: Path, cluster: Cluster, own_database: str, guards_off: str
) -> None:
    options: dict[str, Any] = {"people": 8, "delay": 0.01, "guards_off": guards_off, "channel": "sms"}
    with stage(tmp_path, cluster, own_database, **options) as found:
        with_texts(found)
        sleeper = found.start_worker("send.before_begin:stop@3")
        found.wait_until(lambda: sum(texts(found).values()) == 2)
        clock.wait(2.3)
        found.start_worker()
        found.wait_until(lambda: sum(texts(found).values()) == 8)
        os.kill(sleeper, 18)
        clock.wait(1)
        found.wait_until(found.is_quiet)
        assert sum(n > 1 for n in texts(found).values()) == (1 if guards_off else 0)
