"""How much work a call does, counted in lines of Python run: a figure that no other load on the machine can change."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

GROWTH = 2.2  # twice the input, at most so many times the work: linear, with some room for what is done once


def steps_of(act: Callable[[], Any]) -> int:
    """Return how many lines ``act`` runs, each turn of a loop counted; work inside C is not seen."""
    steps = 0

    def count(_frame: FrameType, event: str, _given: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        act()
    finally:
        sys.settrace(before)
    return steps


def assert_linear(act: Callable[[int], Any], size: int) -> None:
    """Fail where ``act`` does more than about twice the work on twice ``size``."""
    once, twice = steps_of(lambda: act(size)), steps_of(lambda: act(2 * size))
    assert twice <= GROWTH * once, f"{once} steps at {size}, {twice} at {2 * size}"
