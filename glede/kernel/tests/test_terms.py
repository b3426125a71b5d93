"""Lists of words, found whole, folded, and in linear time."""

import pytest

from glede.kernel.terms import Terms, spellings, tokens_of
from tests.steps import assert_linear


def found(terms: list[str], text: str) -> list[str]:
    tokens = tokens_of(text)
    lists = Terms((term, term) for term in terms)
    return sorted(tokens.phrase(first, last) for first, last in lists.spans(tokens))


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("stop", [("stop",)]),
        ("gone (so/quite) blind", [("gone", "blind"), ("gone", "so", "blind"), ("gone", "quite", "blind")]),
        ("gone/went by", [("gone", "by"), ("went", "by")]),
        ("øyelokk*", [("oyelokk*",)]),
        ("self-harm*", [("self", "harm*")]),
        ("can't see", [("cant", "see")]),
        ("(my)", [("my",)]),
        ("# off", [("#", "off")]),
        ("%", [("%",)]),
    ],
)
def test_a_term_stands_for_its_spellings(term: str, words: list[tuple[str, ...]]) -> None:
    assert list(spellings(term)) == words


def test_a_term_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="no word"):
        list(spellings("?!"))


@pytest.mark.parametrize(
    ("term", "text", "hits"),
    [
        ("eye", "My EYE hurts", ["eye"]),
        ("eye", "eyes", []),
        ("eye*", "eyes and eyelid", ["eyelid", "eyes"]),
        ("øye", "ØYE, oye, oeye", ["oye", "oye", "oye"]),
        ("can't see", "I can’t see. I cant see", ["cant see", "cant see"]),
        ("lam i", "lam", []),
        ("ser (ikke) pris*", "ser prisen og ser ikke prisene", ["ser ikke prisene", "ser prisen"]),
        ("# off", "5 off, 50kr off, kr off", ["5 off", "50kr off"]),
        ("pay # now", "pay 5 now, pay five now", ["pay 5 now"]),
        ("blink* i øye*", "blinker i øyekroken", ["blinker i oyekroken"]),
        ("%", "20%", ["%"]),
        ("to be", "to", []),
        ("to be or", "to be", []),
        ("to b*", "to", []),
        ("stop", "", []),
    ],
)
def test_what_is_found(term: str, text: str, hits: list[str]) -> None:
    assert found([term], text) == hits
    assert Terms([(term, 1)]).is_in(tokens_of(text)) is bool(hits)


def test_blanked_words_are_found_no_more_and_the_rest_stay() -> None:
    tokens = tokens_of("flash sale and a flash")
    left = tokens.blanked([(0, 1)])

    assert list(Terms([("flash", 1)]).spans(left)) == [(4, 4)]
    assert left.starts == tokens.starts


def test_a_megabyte_of_one_word_is_read_in_work_that_grows_with_its_length() -> None:
    terms = Terms((term, term) for term in ("eye", "eye*", "eye test", "eye (one) eye two"))

    def read(words: int) -> int:
        return len(list(terms.spans(tokens_of("eye " * words))))

    assert_linear(read, 5_000)
    assert read(250_000) == 500_000
