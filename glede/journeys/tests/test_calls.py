"""Who is rung when not everybody can be."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from glede.journeys.calls import WISHES, Wish, allot_calls, rank_of

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def wish(number: int, rank: int, *, hours: int = 0, person: int | None = None) -> Wish[int]:
    """A person who ought to be rung."""
    return Wish(number, UUID(int=person or number), rank, AT + timedelta(hours=hours), str(number))


def test_the_new_come_first_then_the_anxious_the_complex_and_who_likes_calls() -> None:
    found = allot_calls([wish(4, 3), wish(3, 2), wish(2, 1), wish(1, 0)], capacity=3)
    assert found.calls == (1, 2, 3)
    assert found.messages == (4,)


def test_among_equals_the_nearest_visit_comes_first() -> None:
    assert allot_calls([wish(1, 0, hours=5), wish(2, 0)], capacity=1).calls == (2,)


def test_calls_promised_before_take_up_room() -> None:
    assert allot_calls([wish(1, 0), wish(2, 0)], capacity=8, made=7).calls == (1,)
    assert allot_calls([wish(1, 0)], capacity=8, made=9).calls == ()


def test_a_person_with_two_visits_is_rung_once() -> None:
    found = allot_calls([wish(1, 0, person=9), wish(2, 0, person=9), wish(3, 1)], capacity=2)
    assert found.calls == (1, 2, 3)


def test_the_first_reason_gives_the_rank() -> None:
    assert rank_of(["complex", "new"]) == 0
    assert rank_of([]) == len(WISHES)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3)), max_size=30), st.integers(0, 12), st.randoms())
def test_everybody_gets_one_or_the_other_and_the_order_of_asking_does_not_matter(asked, capacity, chance) -> None:
    wishes = [wish(number, rank) for number, (_, rank) in enumerate(asked, start=1)]
    found = allot_calls(wishes, capacity=capacity)
    assert sorted(found.calls + found.messages) == sorted(w.key for w in wishes)
    assert len(found.calls) <= capacity
    chance.shuffle(wishes)
    assert allot_calls(wishes, capacity=capacity) == found
    ranks = {w.key: w.rank for w in wishes}
    if found.calls and found.messages:
        assert max(ranks[k] for k in found.calls) <= min(ranks[k] for k in found.messages)
