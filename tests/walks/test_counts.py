"""What the tasks of the desk cost, by the keyboard and by the pointer: counted, and never more than before."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.walks.counted import Task, cost
from tests.walks.desk import Desk
from tests.walks.stage import Stage, book
from tests.walks.tasks import CLINICIAN, TASKS, done_by


@pytest.fixture(scope="module", autouse=True)
def two_are_expected(stage: Stage) -> None:
    """Let Mette come at twenty past nine as Jonas does: one is noted by a key, the other by a click."""
    book(stage, "mette", 0, "09:20")


@pytest.fixture
def ingrid(desk: Desk, stage: Stage) -> Desk:
    desk.given_signed_in("ingrid")
    return desk


def overdrawn(desk: Desk, tasks: tuple[Task, ...], *, by_keys: bool) -> dict[str, int]:
    """Return what each task costs that costs more than it may, done one after the other in one browser."""
    found = {task.name: cost(desk, task, by_keys=by_keys) for task in tasks}
    return {name: n for name, n in found.items() if n > (may(name).keys if by_keys else may(name).clicks)}


def may(name: str) -> Task:
    """Return the task of that name, with what it may cost."""
    return next(task for task in (*TASKS, *CLINICIAN) if task.name == name)


def test_no_task_costs_more_keys_than_it_may(ingrid: Desk) -> None:
    assert overdrawn(ingrid, TASKS, by_keys=True) == {}


def test_no_task_costs_more_clicks_than_it_may(ingrid: Desk) -> None:
    assert overdrawn(ingrid, TASKS, by_keys=False) == {}


@pytest.mark.parametrize("by_keys", [True, False], ids=["keys", "clicks"])
def test_a_clinician_is_done_and_closes_a_visit_in_no_more(desk: Desk, by_keys: bool) -> None:
    desk.given_signed_in("amal")
    assert overdrawn(desk, CLINICIAN, by_keys=by_keys) == {}


def test_a_step_more_turns_it_red(ingrid: Desk) -> None:
    task = may("put another way first")
    longer = replace(task, by_keys=done_by(("press", "Escape"), ("press", "v"), ("press", "3")))
    assert overdrawn(ingrid, (longer,), by_keys=True) == {task.name: task.keys + 1}


def test_a_shortcut_that_is_gone_turns_it_red(ingrid: Desk) -> None:
    ingrid.given_a_look("1.light.en-gb.off")
    expect.set_options(timeout=500)
    with pytest.raises(AssertionError):
        overdrawn(ingrid, (may("why they get it"),), by_keys=True)
