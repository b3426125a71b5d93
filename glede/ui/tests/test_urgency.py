"""Late is solid, soon is pale, calm is plain; words in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from glede.ui.urgency import Urgency, late_words, left_words, urgency

NOW = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)  # Tuesday, 09:12 in Oslo
OSLO = "Europe/Oslo"


def _promise(due_in: timedelta, made_ago: timedelta, *, at: bool = False) -> Urgency:
    return urgency(due=NOW + due_in, made=NOW - made_ago, now=NOW, zone=OSLO, at=at)


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("due_in", "made_ago", "level", "left"),
    [
        (minutes(-12), minutes(60), "late", 0),
        (minutes(0), minutes(60), "late", 0),
        (minutes(18), minutes(51), "soon", 3),
        (minutes(48), minutes(25), "calm", 7),
        (minutes(14), minutes(1), "soon", 10),
        (timedelta(days=2), timedelta(days=3), "calm", 4),
        (minutes(1), minutes(600), "soon", 1),
    ],
)
def test_level_and_ring(due_in: timedelta, made_ago: timedelta, level: str, left: int) -> None:
    promise = _promise(due_in, made_ago)
    assert (promise.level, promise.left) == (level, left)


@pytest.mark.parametrize(
    ("due_in", "at", "english", "norwegian"),
    [
        (minutes(-12), False, "late 12 min", "12 min for sent"),
        (minutes(0), False, "due now", "nå"),
        (timedelta(hours=-3), False, "late 3 h", "3 t for sent"),
        (timedelta(days=-1), False, "late 1 day", "1 dag for sent"),
        (timedelta(days=-2), False, "late 2 days", "2 dager for sent"),
        (minutes(18), False, "by 09:30", "innen 09:30"),
        (minutes(28), True, "at 09:40", "kl. 09:40"),
        (timedelta(days=1), False, "by Wed 09:12", "innen ons. 09:12"),
        (timedelta(days=9), False, "by Thu 3 Dec", "innen tor. 3. des."),
    ],
)
def test_words(due_in: timedelta, at: bool, english: str, norwegian: str) -> None:
    with override("en-gb"):
        assert _promise(due_in, minutes(60), at=at).words == english
    with override("nb"):
        assert _promise(due_in, minutes(60), at=at).words == norwegian


def test_time_left_in_words() -> None:
    with override("en-gb"):
        assert left_words(NOW + minutes(18), NOW) == "18 min left"
        assert left_words(NOW + minutes(150), NOW) == "2 h left"


@given(st.integers(-10_000, 10_000), st.integers(0, 10_000))
def test_a_ring_is_empty_only_when_late(due_in: int, made_ago: int) -> None:
    promise = _promise(minutes(due_in), minutes(made_ago))
    assert (promise.left == 0) == (promise.level == "late") == (due_in <= 0)
    assert promise.left <= 10


@given(st.integers(0, 100_000))
def test_lateness_is_never_empty(late: int) -> None:
    assert late_words(minutes(late))


@pytest.mark.parametrize(
    ("gone", "level", "left", "warning", "is_near"),
    [
        (0.0, "calm", 10, "", False),
        (0.49, "calm", 6, "", False),
        (0.5, "soon", 5, "half gone", False),
        (0.74, "soon", 3, "half gone", False),
        (0.75, "soon", 3, "a quarter left", True),
        (0.99, "soon", 1, "a quarter left", True),
    ],
)
def test_what_is_counted_in_open_time_warns_at_half_and_at_three_quarters(
    gone: float, level: str, left: int, warning: str, is_near: bool
) -> None:
    with override("en"):
        found = urgency(due=NOW + minutes(300), made=NOW - minutes(1), now=NOW, zone=OSLO, gone=gone)
    assert (found.level, found.left, found.warning, found.is_near) == (level, left, warning, is_near)
    with override("nb"):
        norwegian = urgency(due=NOW + minutes(300), made=NOW, now=NOW, zone=OSLO, gone=gone).warning
    assert norwegian == {"": "", "half gone": "halvveis", "a quarter left": "en firedel igjen"}[warning]


def test_what_is_late_is_late_however_it_is_counted() -> None:
    assert urgency(due=NOW - minutes(1), made=NOW - minutes(9), now=NOW, zone=OSLO, gone=1.0).level == "late"
