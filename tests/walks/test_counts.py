"""What the tasks of the desk cost, by the keyboard and by the pointer: counted, and never more than before."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.walks.counted import Counted, Task, cost
from tests.walks.desk import Desk
from tests.walks.stage import Stage, book
from tests.walks.tasks import TASKS


@pytest.fixture(scope="module", autouse=True)
def two_are_expected(stage: Stage) -> None:
    """Let Mette come at twenty past nine as Jonas does: one is noted by a key, the other by a click."""
    book(stage, "mette", 0, "09:20")


@pytest.fixture
def ingrid(desk: Desk, stage: Stage) -> Desk:
    desk.given_signed_in("ingrid")
    return desk


def costs(desk: Desk, tasks: tuple[Task, ...], *, by_keys: bool) -> dict[str, int]:
    """Return what each task costs, done one after the other in one browser."""
    expect.set_options(timeout=10_000)
    return {task.name: cost(desk, task, by_keys=by_keys) for task in tasks}


def test_no_task_costs_more_keys_than_it_may(ingrid: Desk) -> None:
    found = costs(ingrid, TASKS, by_keys=True)
    assert {name: n for name, n in found.items() if n > may(name).keys} == {}


def test_no_task_costs_more_clicks_than_it_may(ingrid: Desk) -> None:
    found = costs(ingrid, TASKS, by_keys=False)
    assert {name: n for name, n in found.items() if n > may(name).clicks} == {}


def test_a_step_more_is_noticed(ingrid: Desk) -> None:
    task = may("put another way first")

    def with_one_more(by: Counted) -> None:
        by.press("Escape")
        task.by_keys(by)

    assert cost(ingrid, replace(task, by_keys=with_one_more), by_keys=True) == task.keys + 1


def may(name: str) -> Task:
    """Return the task of that name."""
    return next(task for task in TASKS if task.name == name)
