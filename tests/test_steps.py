"""The count of work itself: it lets straight work pass, and names work that grows faster than its input."""

import pytest

from tests.steps import assert_linear


def test_straight_work_passes() -> None:
    assert_linear(lambda size: [turn for turn in range(size) if turn], 500)


def test_work_within_work_is_named() -> None:
    with pytest.raises(AssertionError, match="at 1000"):
        assert_linear(lambda size: [turn for turn in range(size) for _ in range(size // 50) if turn], 500)
