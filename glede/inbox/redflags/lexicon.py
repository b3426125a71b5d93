"""The red-flag lexicon, read from its file and checked: a list with a slip in it stops the program at import."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from glede.kernel.plain import read_yaml
from glede.kernel.terms import Terms
from glede.outbox.reading import BadPolicy, Fields


class Tier(StrEnum):
    """How soon (docs/rules.md#red-flags): at once, the same day, within a working day; a person reads the rest."""

    T0 = "T0"
    T1 = "T1"
    T2 = "T2"
    REVIEW = "REVIEW"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Chain:
    """Sets of words that follow one another; ``within`` holds the most characters between each two."""

    sets: tuple[str, ...]
    within: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """One category of trouble and the chains that speak of it."""

    tier: Tier
    category: str
    chains: tuple[Chain, ...]
    can_be_negated: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The whole list, ready to be looked for."""

    version: str
    flags: tuple[Flag, ...]
    terms: Terms[str]
    negations: Terms[str]
    negation_ends: frozenset[str]
    left_out: Terms[str]
    gate: Terms[str]
    gate_left_out: Terms[str]


def read_lexicon(name: str, raw: Any) -> Lexicon:
    """Return the lexicon from a file's content. Raises ``BadPolicy``."""
    fields = Fields(name, raw)
    for said in ("source", "reviewer"):
        fields.text(said)
    sets = _sets(fields.inner("sets"))
    flags = tuple(_flag(one, set(sets), fields.texts("never_negated")) for one in fields.several("flags"))
    _check_used(fields, flags, set(sets))
    gate = fields.inner("gate")
    lexicon = Lexicon(
        version=fields.text("version"),
        flags=tuple(sorted(flags, key=lambda flag: flag.tier)),
        terms=Terms((term, label) for label, terms in sets.items() for term in terms),
        negations=_terms(fields.texts("negations")),
        negation_ends=frozenset(fields.texts("negation_ends")),
        left_out=_terms(fields.texts("left_out")),
        gate=_terms(gate.texts("words")),
        gate_left_out=_terms(gate.texts("left_out")),
    )
    gate.close()
    fields.close()
    return lexicon


def _sets(fields: Fields) -> dict[str, tuple[str, ...]]:
    return {label: fields.texts(label) for label in fields.names()}


def _terms(words: Iterable[str]) -> Terms[str]:
    return Terms((word, "") for word in words)


def _flag(fields: Fields, sets: set[str], never_negated: tuple[str, ...]) -> Flag:
    category = fields.text("category")
    flag = Flag(
        tier=Tier(fields.text("tier", among=("T0", "T1", "T2"))),
        category=category,
        chains=tuple(_chain(fields.place, one, sets) for one in fields.lists("chains")),
        can_be_negated=category not in never_negated,
    )
    fields.close()
    return flag


def _chain(place: str, raw: list[Any], sets: set[str]) -> Chain:
    names, within = tuple(raw[::2]), tuple(raw[1::2])
    if len(names) != len(within) + 1 or not all(type(n) is int and n > 0 for n in within):
        raise BadPolicy(place, f"{raw!r} is no chain")
    if strange := [name for name in names if name not in sets]:
        raise BadPolicy(place, f"does not know {strange}")
    return Chain(names, within)


def _check_used(fields: Fields, flags: tuple[Flag, ...], sets: set[str]) -> None:
    used = {name for flag in flags for chain in flag.chains for name in chain.sets}
    if idle := sorted(sets - used):
        raise BadPolicy(fields.place, f"never uses {', '.join(idle)}")
    if strange := sorted(set(fields.texts("never_negated")) - {flag.category for flag in flags}):
        raise BadPolicy(fields.place, f"does not know {', '.join(strange)}")


def load() -> Any:
    """Return the plain content of the lexicon's file."""
    return read_yaml((Path(__file__).parent / "lexicon.yaml").read_text(encoding="utf-8"))


LEXICON: Final = read_lexicon("lexicon", load())
