"""What every scene of an operation stands on: the estate's practice, person, visit and promise, and who acts when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from glede.kernel.actor import Actor, colleague
from tests.estate import Estate

Given = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """How to run one operation: what to do before, and what to pass."""

    arguments: Callable[[Estate], Given]
    before: Callable[[Estate], Any] = lambda _: None


def given(estate: Estate, by: Actor | None = None) -> Given:
    """Return the practice, who acts and when."""
    by = by or colleague(estate.house.colleagues["sofie"])
    return {"practice_id": estate.house.id, "by": by, "now": estate.house.now + timedelta(minutes=2)}


def visit(estate: Estate, **more: Any) -> Given:
    """Return the estate's visit."""
    return {"appointment_id": estate.ids["appointment_id"], **more}


def patient(estate: Estate, **more: Any) -> Given:
    """Return the estate's patient."""
    return {"patient_id": estate.ids["patient_id"], **more}


def promise(estate: Estate, **more: Any) -> Given:
    """Return the estate's promise."""
    return {"promise_id": estate.ids["promise_id"], **more}
