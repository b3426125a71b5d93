"""Red flags in what people write (docs/rules.md#red-flags).

It only ever raises: a hit puts a message before the others, and no hit says nothing about it. Every free text is
read by a person; nothing here may call one safe, answer it or close it. Linear in the length of the text. Pure.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from glede.inbox.redflags.lexicon import LEXICON, Chain, Flag, Lexicon, Tier
from glede.kernel.terms import Terms, Tokens, tokens_of

WORDS_NEGATED: Final = 4  # a negation reaches the next word and up to three further on
NORMAL_URGENCY: Final = 5
_URGENCY: Final = {Tier.T0: 0, Tier.T1: 1, Tier.T2: 2}
_LINE: Final = re.compile(r"[\r\n]+")
_BREAK: Final = re.compile(r"[.!?;:]")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the lists say of a text. ``by_gate``: the wide net caught it, a trained person must read it now."""

    tier: Tier
    categories: tuple[str, ...]
    by_gate: bool
    lexicon_version: str

    @property
    def urgency(self) -> int:
        """0 for T0, 1 for T1, 2 for T2, else 5: the order in which people are answered."""
        return _URGENCY.get(self.tier, NORMAL_URGENCY)

    @property
    def must_be_read_now(self) -> bool:
        """A trained person reads it before the others. False never means that it is harmless."""
        return self.tier is not Tier.NONE or self.by_gate


class _Spots:
    """Where the words of each set stand, in characters; put together for a set only when a chain asks."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._negated = _negated(tokens, lexicon)
        self._places: dict[str, list[tuple[int, Sequence[int]]]] = {}
        for label, further, places in lexicon.terms.find(tokens):
            self._places.setdefault(label, []).append((further, places))
        self._known: dict[str, list[tuple[int, int]]] = {}

    def has_all(self, labels: Iterable[str]) -> bool:
        """Return True where every set has a word in the text."""
        return all(label in self._places for label in labels)

    def spans(self, label: str) -> list[tuple[int, int]]:
        """Return where each phrase of the set begins and ends, in order."""
        if label not in self._known:
            starts, ends = self._tokens.starts, self._tokens.ends
            found = (
                (starts[place], ends[place + further]) for further, places in self._places[label] for place in places
            )
            self._known[label] = sorted(found)
        return self._known[label]

    def ends(self, label: str, *, with_negated: bool) -> list[int]:
        """Return where each phrase of the set ends, in order, with or without those that a word negates."""
        ends = self._tokens.ends
        return sorted(
            ends[place + further]
            for further, places in self._places[label]
            for place in places
            if with_negated or place not in self._negated
        )


def raise_tier(text: str, lexicon: Lexicon = LEXICON) -> Finding:
    """Return the highest tier found in ``text``, its categories, and whether the wide gate caught it."""
    # A new line ends what was denied on the one before; folding would make it a blank.
    tokens = tokens_of(_LINE.sub(" . ", text))
    spots = _Spots(_without(tokens, lexicon.left_out), lexicon)
    clean: list[Flag] = []
    negated: list[Flag] = []
    for flag in lexicon.flags:
        found = _speaks(flag, spots)
        if found is not None:
            (clean if found else negated).append(flag)
    by_gate = lexicon.gate.is_in(_without(tokens, lexicon.gate_left_out))
    categories = tuple(flag.category for flag in clean or negated)
    return Finding(_highest(clean, negated), categories, by_gate, lexicon.version)


def _highest(clean: list[Flag], negated: list[Flag]) -> Tier:
    if clean:
        return clean[0].tier
    return Tier.REVIEW if negated else Tier.NONE


def _without(tokens: Tokens, left_out: Terms[str]) -> Tokens:
    # "I can hardly see. You open at nine?" holds no "see you": what is left out stands in one sentence.
    spans = [(first, last) for first, last in left_out.spans(tokens) if not _BREAK.search(tokens.phrase(first, last))]
    return tokens.blanked(spans) if spans else tokens


def _negated(tokens: Tokens, lexicon: Lexicon) -> frozenset[int]:
    """Return the places of the words that a negation reaches; a sentence's end or a "but" stops it."""
    reached: set[int] = set()
    for _, last in lexicon.negations.spans(tokens):
        for place in range(last + 1, min(last + 1 + WORDS_NEGATED, len(tokens.words))):
            between = tokens.text[tokens.ends[place - 1] : tokens.starts[place]]
            if _BREAK.search(between) or tokens.words[place] in lexicon.negation_ends:
                break
            reached.add(place)
    return frozenset(reached)


def _speaks(flag: Flag, spots: _Spots) -> bool | None:
    """Return True where a chain stands unweakened, False where each is negated, None where there is none."""
    chains = [chain for chain in flag.chains if spots.has_all(chain.sets)]
    if any(_stands(chain, spots, with_negated=not flag.can_be_negated) for chain in chains):
        return True
    is_negated = flag.can_be_negated and any(_stands(chain, spots, with_negated=True) for chain in chains)
    return False if is_negated else None


def _stands(chain: Chain, spots: _Spots, *, with_negated: bool) -> bool:
    reached = spots.ends(chain.sets[0], with_negated=with_negated)
    for label, within in zip(chain.sets[1:-1], chain.within, strict=False):
        reached = sorted(_reach(reached, spots.spans(label), within))
    if len(chain.sets) > 1:
        return any(True for _ in _reach(reached, spots.spans(chain.sets[-1]), chain.within[-1]))
    return bool(reached)


def _reach(ends: list[int], following: list[tuple[int, int]], within: int) -> Iterator[int]:
    """Yield the ends of what begins at most ``within`` characters after one of ``ends`` (sorted)."""
    if not ends:
        return
    for start, end in following:
        before = bisect_right(ends, start)
        if before and start - ends[before - 1] <= within:
            yield end
