"""Which answers are owed a call, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.feedback.rules import is_unhappy, owes_call, recover_minutes

CONTENT = (
    "", "ok", "Amal had time for me.", "Very friendly, thank you", "Good coffee", "Veldig hyggelig", "Takk for sist!",
    "Bra, og god tid", "Alt var fint", "The best eye test I have had", "Det gikk raskt og greit",
)  # fmt: skip
NOT_CONTENT = (
    "I was disappointed", "Nobody listened to me", "I felt rushed", "Rude at the desk", "A complaint: the price",
    "I am worried about the drops", "Far too expensive", "We waited too long", "Jeg er misfornøyd", "Så skuffet",
    "Hun var frekk", "Følte meg presset til å kjøpe", "Altfor dyrt", "Jeg er bekymret", "Dårlig service",
    "Vi ventet så lenge at jeg måtte gå", "ALDRI MER",
)  # fmt: skip


@pytest.mark.parametrize("words", CONTENT)
def test_content_words_are_left_in_peace(words: str) -> None:
    assert not is_unhappy(5, words)
    assert not is_unhappy(None, words)


@pytest.mark.parametrize("words", NOT_CONTENT)
def test_unhappy_or_worried_words_are_heard_whatever_the_score(words: str) -> None:
    assert is_unhappy(5, words)


@given(st.text(max_size=400), st.sampled_from([1, 2]))
def test_a_low_score_is_enough(words: str, score: int) -> None:
    assert is_unhappy(score, words)


@given(st.text(max_size=400), st.text(max_size=100), st.sampled_from([None, 1, 2, 3, 4, 5]))
def test_more_words_never_lower_it(words: str, more: str, score: int | None) -> None:
    assert not is_unhappy(score, words) or is_unhappy(score, f"{words} . {more}")


@given(st.booleans(), st.sampled_from([0, 1, 2, 5]))
def test_a_red_flag_or_unhappiness_owes_a_call(unhappy: bool, tier: int) -> None:
    assert owes_call(unhappy=unhappy, tier=tier) is (unhappy or tier < 5)
    assert recover_minutes(tier) == (15 if tier <= 1 else 240)
