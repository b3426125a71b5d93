"""How the lexicon is read: it only raises, denies narrowly, mixes languages, and keeps to linear time."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.inbox.redflags import Tier, raise_tier
from glede.inbox.redflags.lexicon import LEXICON, load, read_lexicon
from glede.kernel.terms import spellings
from glede.outbox.reading import BadPolicy
from tests.steps import assert_linear

ORDER = [Tier.NONE, Tier.REVIEW, Tier.T2, Tier.T1, Tier.T0]


def tier(text: str) -> Tier:
    return raise_tier(text).tier


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No flashes", Tier.REVIEW),
        ("Ingen nye plutselige lysglimt", Tier.REVIEW),
        ("not one two three four flashes", Tier.T1),
        ("No. Flashes in my left eye!", Tier.T1),
        ("Ikke bra i dag\nLysglimt hele tiden", Tier.T1),
        ("no pain but flashes", Tier.T1),
        ("ingen smerter, men lysglimt", Tier.T1),
        ("I don't have flashes", Tier.REVIEW),
        ("no flashes, but a curtain", Tier.T1),
        ("not bleach in my eye, it is acid", Tier.T0),
        ("ikke mistet synet helt", Tier.T0),
        ("I do not want to kill myself", Tier.T0),
        ("no glass in the eye", Tier.T0),
    ],
)
def test_denials(text: str, expected: Tier) -> None:
    assert tier(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BLEACH in my øye", Tier.T0),
        ("klorin in my eye", Tier.T0),
        ("bleach " + "x" * 60 + " eye", Tier.NONE),
        ("bleach " + "x" * 58 + " eye", Tier.T0),
        ("cant see out of my eye", Tier.T0),
        ("can’t see out of my eye", Tier.T0),
        ("flash sale", Tier.NONE),
        ("a flash. Sale of what?", Tier.T1),
        ("flash sale and flashes", Tier.T1),
        ("blackout curtain", Tier.T1),
        ("Jeg ser utydelig med de nye brillene", Tier.NONE),
        ("utydelig tale", Tier.T0),
        ("my sight went completely black", Tier.T1),
        ("new bad headache and my jaw", Tier.T1),
        ("deler av synet er borte", Tier.T0),
        ("", Tier.NONE),
        ("👍", Tier.NONE),
    ],
)
def test_matching(text: str, expected: Tier) -> None:
    assert tier(text) is expected


def test_the_gate_leaves_out_nothing_across_two_sentences() -> None:
    assert not raise_tier("ok see you then").by_gate
    assert raise_tier("I can hardly see. You open at nine?").by_gate


def test_the_highest_tier_comes_with_all_categories() -> None:
    found = raise_tier("lines look wavy, flashes, and bleach in my eye")

    assert found.tier is Tier.T0
    assert found.categories == ("CHEM", "FLASHES", "DISTORTION")
    assert (found.urgency, found.must_be_read_now) == (0, True)
    assert found.lexicon_version == LEXICON.version


@pytest.mark.parametrize(
    ("text", "urgency", "now"),
    [
        ("wavy lines", 2, True),
        ("flashes", 1, True),
        ("no flashes", 5, True),
        ("my eyes feel dry", 5, True),
        ("where can I park", 5, False),
    ],
)
def test_urgency(text: str, urgency: int, now: bool) -> None:
    found = raise_tier(text)
    assert (found.urgency, found.must_be_read_now) == (urgency, now)


WORDS = st.lists(
    st.sampled_from(
        [
            "eye",
            "øyet",
            "bleach",
            "red",
            "pain",
            "no",
            "ikke",
            "curtain",
            "see",
            "you",
            "flash",
            "sale",
            "x",
            "lines",
            "wavy",
            ".",
        ]
    ),
    max_size=12,
).map(" ".join)


@given(WORDS, WORDS)
def test_a_sentence_more_never_lowers(text: str, more: str) -> None:
    # A sentence of its own can take nothing back.
    before, after = raise_tier(text), raise_tier(f"{text} . {more}")
    assert ORDER.index(after.tier) >= ORDER.index(before.tier)
    assert after.by_gate or not before.by_gate


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    found = raise_tier(text)
    assert found.tier in ORDER
    assert found == raise_tier(text)
    assert raise_tier(text.upper().lower()).tier in ORDER


MEGABYTE = {
    "plain": "hello there I would like an appointment please " * 21_500,
    "one word": "eye " * 250_000,
    "pairs that never meet": ("pain " + "x" * 70 + " eye " + "x" * 70 + " ") * 6_700,
    "denied": "no red eye " * 91_000,
    "every set": "vond bent synet borte mangler svart " * 28_000,
    "one long word": "a" * 1_000_000,
    "phrases begun": "can't see " * 100_000,
    "blanks": " \n" * 500_000,
}


@pytest.mark.parametrize("name", MEGABYTE)
def test_a_megabyte_is_read_in_work_that_grows_with_its_length(name: str) -> None:
    assert_linear(lambda letters: raise_tier(MEGABYTE[name][:letters]), 20_000)
    assert raise_tier(MEGABYTE[name]).tier in ORDER  # what grows inside C would never come back


def test_every_phrase_standing_alone_is_found_by_itself() -> None:
    singles = {chain.sets[0]: flag for flag in LEXICON.flags for chain in flag.chains if len(chain.sets) == 1}
    for label, flag in singles.items():
        for term in load()["sets"][label]:
            for words in spellings(term):
                found = raise_tier(" ".join(words).replace("*", ""))
                assert ORDER.index(found.tier) >= ORDER.index(flag.tier), words


def changed(path: str, value: Any) -> dict[str, Any]:
    raw: dict[str, Any] = deepcopy(load())
    spot: Any = raw
    keys = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys[:-1]:
        spot = spot[key]
    spot[keys[-1]] = value
    return raw


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("flags.0.chains", [["chem_a", 60]], "is no chain"),
        ("flags.0.chains", [["chem_a", "60", "eye"]], "is no chain"),
        ("flags.0.chains", [["chem_a", 60, "ear"]], "does not know"),
        ("flags.0.chains", "chem_a", "is no list of lists"),
        ("flags.0.tier", "T9", "does not know T9"),
        ("sets.ear", ["ear"], "never uses ear"),
        ("never_negated", ["MOOD"], "does not know MOOD"),
        ("gate.mood", [], "does not know mood"),
        ("mood", [], "does not know mood"),
        ("negations", [False], "is no list of texts"),
    ],
)
def test_a_slip_in_the_list_stops_the_program(path: str, value: Any, says: str) -> None:
    with pytest.raises(BadPolicy, match=says):
        read_lexicon("lexicon", changed(path, value))
