"""By which words people are found."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from glede.kernel.text import name_tokens
from glede.people.rules.finding import LAST, LEAST_INSIDE, Findable, asked, near, order_key, phone_tokens, tokens_of

KARI = Findable(
    names=("Kari Anne", "Møe-Ås"),
    birth_date=date(1955, 3, 2),
    external_id="S-1001",
    emails=("kari.moe@example.org",),
    phones=("+4740000101",),
    country="NO",
)


def finds(text: str, person: Findable = KARI) -> bool:
    terms, tokens = asked(text), tokens_of(person)
    return bool(terms) and all(any(r.low <= t < r.high for r in term for t in tokens) for term in terms)


@pytest.mark.parametrize(
    "text",
    [
        "kari", "KARI anne", "moe kari", "ka mo", "Møe", "møe-ås", "aas", "1955-03-02", "02.03.1955", "2/3/1955",
        "S-1001", "s-1001", "kari.moe@example.org", "KARI.MOE@", "40000101", "400 00 101", "+47 400 00 101",
        "0047 40000101", "0101", "kari 1955", "02.03.55", "2/3-55", "2.3.55", "020355", "02031955", "2.3.1955.",
        "kari 2.3.55", "1955-3-2 moe",
    ],
)  # fmt: skip
def test_a_person_is_found_by_anything_known_of_them(text: str) -> None:
    assert finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "!!", "tor", "kari lind", "1955-03-03", "99", "03.02.55", "02.03.56", "020356", "tor 2.3.55",
        "31.02.55", "+46 400 00 101",
    ],
)  # fmt: skip
def test_nobody_is_found_by_what_is_not_theirs(text: str) -> None:
    assert not finds(text)


def test_a_british_number_is_found_as_dialled_at_home_and_from_abroad() -> None:
    tokens = phone_tokens("+447700900110", "GB")
    assert {"447700900110", "07700900110", "0110"} <= tokens


@given(st.text(min_size=1, max_size=30))
def test_a_search_never_breaks_and_asks_for_ordered_ranges(text: str) -> None:
    for term in asked(text):
        assert all(r.low < r.high <= r.low + LAST for r in term)


@given(st.lists(st.text(alphabet="abcdeæøåÆØÅäöé", min_size=2, max_size=8), min_size=1, max_size=3))
def test_everybody_is_found_by_their_own_name(names: list[str]) -> None:
    assert finds(" ".join(names), Findable(names=tuple(names)))


@given(st.integers(0, 40_000), st.sampled_from(["%d.%m.%y", "%d%m%y", "%d/%m-%y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]))
def test_everybody_is_found_by_their_birth_date_however_it_is_written(days: int, way: str) -> None:
    born = date(1915, 1, 1) + timedelta(days=days)
    assert finds(born.strftime(way), Findable(birth_date=born))
    other = born + timedelta(days=1)
    assert not finds(born.strftime(way), Findable(birth_date=other))


def sounds_like(text: str, *names: str) -> bool:
    terms, tokens = near(text), tokens_of(Findable(names=names))
    return bool(terms) and all(any(r.low <= t < r.high for r in term for t in tokens) for term in terms)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chettil", "Kjetil"), ("Kjetil", "Chettil"), ("Kristofersen", "Christophersen"), ("Hanson", "Hanssen"),
        ("Filip", "Philip"), ("Viktor", "Wiktor"), ("Thor", "Tor"), ("Soeren", "Søren"), ("Soren", "Søren"),
        ("Aase", "Åse"), ("Ase", "Åse"), ("Saether", "Sæther"), ("Saeter", "Sæther"), ("Bjorn", "Bjørn"),
        ("Schmidt", "Schmitt"), ("Chettil Mo", "Kjetil Moe"), ("mo chettil", "Kjetil Moe"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_it_sounds(text: str, name: str) -> None:
    assert sounds_like(text, *name.split()) or finds(text, Findable(names=tuple(name.split())))


@pytest.mark.parametrize(
    ("text", "name"),
    [("berg", "Solberg"), ("olber", "Solberg"), ("ås", "Moås"), ("marie", "Annemarie"), ("berg kar", "Kari Solberg")],
)
def test_a_name_is_found_by_what_stands_inside_a_word(text: str, name: str) -> None:
    assert sounds_like(text, *name.split()) is (text != "ås"), "two letters would fit half a town"
    assert not finds(text, Findable(names=tuple(name.split())))


@given(st.text(alphabet="abcdeæøåÆØÅäöé", min_size=3, max_size=9), st.data())
def test_every_part_of_three_letters_is_found(name: str, data: st.DataObject) -> None:
    folded = "".join(name_tokens(name))
    assume(len(folded) >= LEAST_INSIDE)
    begin = data.draw(st.integers(0, len(folded) - LEAST_INSIDE))
    end = data.draw(st.integers(begin + LEAST_INSIDE, len(folded)))
    part = folded[begin:end]
    assume(name_tokens(part) == [part])  # "aa" is an å, and "aaa" within "aaaaa" is typed by nobody
    assert sounds_like(part, name)


@pytest.mark.parametrize(
    ("text", "name"), [("Kjetil", "Petter"), ("Mo", "Noe"), ("Hansen", "Jensen"), ("Tor", "Turid")]
)
def test_what_sounds_otherwise_is_another_name(text: str, name: str) -> None:
    assert not sounds_like(text, name)


@pytest.mark.parametrize("text", ["", "ab", "40000101", "1955-03-02", "kari@example.org", "S-1001", "~cetil"])
def test_what_is_no_name_has_no_sound(text: str) -> None:
    assert not sounds_like(text, "Kari", "Moe")


def test_people_stand_in_norwegian_order() -> None:
    family = ["Aasen", "Østby", "Dahl", "Ås", "Ærlig", "Zimmer", "Aas"]
    ordered = sorted(family, key=lambda name: order_key("Kari", name, "nb"))
    assert ordered[:2] == ["Dahl", "Zimmer"]
    assert ordered[2:4] == ["Ærlig", "Østby"]
