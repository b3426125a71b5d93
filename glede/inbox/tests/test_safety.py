"""The safety line: the right numbers, in words that a child of ten can read."""

import re
from typing import Any

import pytest

from glede.inbox.safety import LINES, read_lines, safety_line
from glede.outbox.linter import lint
from glede.outbox.reading import BadPolicy

COUNTRIES = ["NO", "GB", "US", "DE", "AU"]
GRADE = 6.0  # English, Flesch-Kincaid
LIX = 36.0  # Norwegian


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("NO", ["113", "116117", "22 59 13 00"]),
        ("GB", ["999", "111"]),
        ("UK", ["999", "111"]),
        ("US", ["911", "1-800-222-1222"]),
        ("DE", ["112"]),
        ("BR", ["192"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "nb", "nn", "pl"])
def test_the_numbers_of_the_country(country: str, numbers: list[str], language: str) -> None:
    line = safety_line(country, language, "22 12 34 56")

    assert all(number in line for number in [*numbers, "22 12 34 56"])
    assert ("Ring oss" in line) is (language in {"nb", "nn"})


def test_the_practices_own_words_win() -> None:
    assert safety_line("NO", "nb", "", {"nb": " Ring oss. ", "en": ""}) == "Ring oss."
    assert safety_line("NO", "en", "", {"nb": "Ring oss.", "en": " "}).startswith("Sudden")


def test_without_a_phone_it_is_still_a_sentence() -> None:
    assert "Ring us now. " in safety_line("NO", "en", "")


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_child_of_ten_can_read_it(country: str) -> None:
    assert flesch_kincaid(safety_line(country, "en", "")) <= GRADE
    assert lix(safety_line(country, "nb", "")) <= LIX


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("language", ["en", "nb"])
def test_it_may_be_sent(country: str, language: str) -> None:
    assert lint(safety_line(country, language, "22 12 34 56")) == ()


def raw(**changes: Any) -> dict[str, Any]:
    both = {"en": "a", "nb": "b"}
    whole: dict[str, Any] = {
        "version": "1",
        "source": "s",
        "reviewer": "r",
        "opening": both,
        "closed": {},
        "rinse": {"elsewhere": both},
        "emergency": {"elsewhere": "112"},
    }
    return whole | changes


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rinse": {}}, "elsewhere"),
        ({"emergency": {"NO": "113"}}, "elsewhere"),
        ({"opening": {"en": "a"}}, "is missing"),
        ({"opening": {"en": "a", "nb": "b", "xx": "c"}}, "does not know xx"),
        ({"mood": "x"}, "does not know mood"),
    ],
)
def test_a_slip_in_the_lines_stops_the_program(changes: dict[str, Any], says: str) -> None:
    assert read_lines("safety", raw()).opening["en"] == "a"
    with pytest.raises(BadPolicy, match=says):
        read_lines("safety", raw(**changes))
    assert LINES.emergency["NO"] == "113"


def sentences(text: str) -> int:
    return len(re.findall(r"[.?!:](?:\s|$)", text))


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def flesch_kincaid(text: str) -> float:
    words = words_of(text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences(text) + 11.8 * syllables / len(words) - 15.59


def lix(text: str) -> float:
    words = words_of(text)
    return len(words) / sentences(text) + 100 * sum(len(word) > 6 for word in words) / len(words)
