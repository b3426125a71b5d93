"""When an answer makes the practice owe somebody a call (row 14, docs/journeys.md). Pure."""

import re

from glede.kernel.text import fold

LOW_SCORE = 2
RECOVER_OPEN_MINUTES = 4 * 60
URGENT_OPEN_MINUTES = 15
URGENT_TIER = 1
NO_TIER = 5

# Whole words and beginnings of words, folded as kernel.text folds (ø is o, å is a). They only ever
# raise: a word too many costs a colleague one call, a word too few costs a person their trust.
_UNHAPPY = {
    "en": (
        "unhappy|disappoint|angry|furious|upset|annoy|rude|awful|terrible|horrible|worst|appalling|disgust"
        "|complain|complaint|refund|ignored|ashamed|humiliat|pushy|pressur|rushed|overcharg|rip off|ripped off"
        "|let down|waste of|never again|not happy|not good|not satisfied|not listen|nobody listen|no one listen"
        "|did not help|didn't help|waited (?:too|so|very) long|too expensive"
    ),
    "nb": (
        "misfornoyd|ikke fornoyd|skuffe|sint|rasende|opprort|irriter|frekk|uhoflig|forferdelig|grusom|elendig"
        "|darlig|verst|klage|refusjon|penger tilbake|oversett|ydmyk|flau|pagaende|presset|stresset|lurt"
        "|aldri mer|aldri igjen|ikke bra|ikke god|horte ikke|ingen horte|hjalp ikke|ventet (?:for|sa|veldig) lenge"
        "|altfor dyrt|for dyrt"
    ),
}
_WORRIED = {
    "en": "worried|worry|anxious|afraid|scared|frighten|concerned|nervous about|something is wrong|not right",
    "nb": "bekymr|engstelig|redd|uroli[gk]|nervos|noe er galt|stemmer ikke|ikke riktig",
}
_PATTERN = re.compile(r"\b(?:" + "|".join([*_UNHAPPY.values(), *_WORRIED.values()]) + r")")


def is_unhappy(score: int | None, words: str) -> bool:
    """Return True where a low score, or unhappy or worried words in either language, ask for a call."""
    return (score is not None and score <= LOW_SCORE) or bool(_PATTERN.search(fold(words)))


def recover_minutes(tier: int) -> int:
    """Return the open minutes within which a colleague calls: 4 hours, 15 minutes for T0 and T1 (our choice)."""
    return URGENT_OPEN_MINUTES if tier <= URGENT_TIER else RECOVER_OPEN_MINUTES


def owes_call(*, unhappy: bool, tier: int) -> bool:
    """Return True where the answer becomes a promise: unhappy, worried, or holding a red flag."""
    return unhappy or tier < NO_TIER
