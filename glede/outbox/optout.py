"""What a short answer means: a refusal, a yes, another time, a call; or that a person must read it.

The words are data (``policy/data/optout.yaml``; docs/rules.md#refusals). A machine acts on exact, whole answers alone;
everything else is ``UNCLEAR`` and waits for a colleague. Refusals are heard in any wording: ask ``classify`` of
every message, whatever ``read_reply`` says. Pure.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from glede.kernel.terms import Terms, spellings, tokens_of
from glede.kernel.text import fold
from glede.outbox.reading import BadPolicy, Fields, load

_NOT_WORD: Final = re.compile(r"[^\w'-]+")
FIRST_OF: Final = 3


class OptOut(StrEnum):
    """How surely a message is a refusal. HARD acts at once; SOFT suppresses and a person asks."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


class Reply(StrEnum):
    """What an answer to a reminder says."""

    CONFIRM = "confirm"
    MOVE = "move"
    CALL_ME = "call_me"
    CANCEL = "cancel"
    OPT_OUT = "opt_out"
    THANKS = "thanks"
    UNCLEAR = "unclear"


class Stops(StrEnum):
    """What stops on the channel the refusal came by."""

    NOTHING = "nothing"
    MARKETING = "marketing"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows from a message: what stops, whether it speaks of the visit, whether a colleague asks.

    ``confirms``: one neutral confirmation says what stopped (within five minutes). ``detaches``: the number is
    somebody else's and leaves the patient's record.
    """

    stops: Stops
    is_about_visit: bool = False
    promises_colleague: bool = False
    confirms: bool = False
    detaches: bool = False


NO_EFFECT: Final = Effect(Stops.NOTHING)


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists, read and ready."""

    hard: frozenset[str]
    hard_first: frozenset[str]
    soft: Terms[str]
    wrong_number: Terms[str]
    about_the_visit: frozenset[str]
    ambiguous: frozenset[str]
    replies: dict[str, Reply]


def classify(text: str) -> OptOut:
    """Return whether ``text`` is a refusal: HARD, SOFT or NONE."""
    words = _words(text)
    whole = " ".join(words)
    if whole in LISTS.hard:
        return OptOut.HARD
    if words and len(words) <= FIRST_OF and words[0] in LISTS.hard_first:
        return OptOut.HARD
    return OptOut.SOFT if LISTS.soft.is_in(tokens_of(text)) else OptOut.NONE


def effect(text: str, country: str, *, near_visit: bool, after_marketing: bool = False) -> Effect:
    """Return what follows from ``text`` in ``country`` (ISO, two letters).

    ``near_visit``: a visit lies within seven days. ``after_marketing``: the last message they got by this channel
    was marketing; a STOP then stops marketing alone outside the USA, and otherwise everything on the channel,
    because care honours an objection too (GDPR 21). A bare CANCEL near a visit is about the visit; in the USA a
    bare CANCEL, END or QUIT is a refusal as well, and a colleague asks (decision 19).
    """
    found = classify(text)
    if found is OptOut.NONE:
        is_cancel = near_visit and read_reply(text) is Reply.CANCEL
        return Effect(Stops.NOTHING, is_about_visit=True, promises_colleague=True) if is_cancel else NO_EFFECT
    if LISTS.wrong_number.is_in(tokens_of(text)):
        return Effect(Stops.ALL, promises_colleague=True, detaches=True)
    is_us = country.upper() == "US"
    if found is OptOut.SOFT:
        # Any wording that a reasonable person would read as a refusal counts there (64.1200(a)(10)).
        return Effect(Stops.ALL if is_us else Stops.MARKETING, promises_colleague=True, confirms=is_us)
    word = " ".join(_words(text))
    is_visit_word = word in LISTS.about_the_visit
    if is_visit_word and near_visit and not is_us:
        return Effect(Stops.NOTHING, is_about_visit=True, promises_colleague=True)
    may_mean_visit = is_visit_word or word in LISTS.ambiguous
    stops = Stops.MARKETING if after_marketing and not is_us else Stops.ALL
    return Effect(
        stops,
        is_about_visit=is_visit_word and near_visit,
        promises_colleague=may_mean_visit,
        confirms=True,
    )


def read_reply(text: str) -> Reply:
    """Return what an answer to a reminder says, from a narrow list of whole answers; else UNCLEAR.

    A bare CANCEL is CANCEL here: the visit is meant, whatever ``effect`` adds to it.
    """
    words = " ".join(_words(text))
    known = LISTS.replies.get(words or _signs(text))
    if known is not None and not (words and _odd_signs(text)):
        return known
    return Reply.OPT_OUT if classify(text) is OptOut.HARD else Reply.UNCLEAR


def _words(text: str) -> list[str]:
    return [bare for word in _NOT_WORD.sub(" ", _visible(fold(text))).split() if (bare := word.strip("'-_"))]


def _visible(text: str) -> str:
    # Marks nobody sees (zero-width blanks, variation selectors, keycap frames, tones of skin) are no part of an answer.
    return "".join(c for c in text if c not in _UNSEEN)


def _signs(text: str) -> str:
    bare = "".join(c for c in text if c not in _UNSEEN and not c.isspace())
    return bare[:1] if bare and set(bare) == {bare[0]} else ""


def _odd_signs(text: str) -> bool:
    """Return True where a mark or picture may turn the words round: "yes?", "ja 👎"."""
    return any(not (c.isalnum() or c.isspace() or c in _PLAIN_SIGNS) for c in _visible(text))


_PLAIN_SIGNS: Final = frozenset(".,!:;'’\"«»()-_👍✅👌🙂😊😀🙏❤")
_UNSEEN: Final = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f\u20e3\u00ad🏻🏼🏽🏾🏿")


def read_lists(name: str, raw: Any) -> Lists:
    """Return the lists from a file's content. Raises ``BadPolicy``."""
    fields = Fields(name, raw)
    for said in ("version", "source", "reviewer"):
        fields.text(said)
    lists = Lists(
        hard=_bare(fields, "hard"),
        hard_first=_bare(fields, "hard_first"),
        soft=Terms((term, "soft") for term in fields.texts("soft")),
        wrong_number=Terms((term, "wrong number") for term in fields.texts("wrong_number")),
        about_the_visit=_bare(fields, "about_the_visit"),
        ambiguous=_bare(fields, "ambiguous"),
        replies=_replies(fields.inner("replies")),
    )
    fields.close()
    return lists


def _bare(fields: Fields, name: str) -> frozenset[str]:
    return frozenset(" ".join(words) for term in fields.texts(name) for words in _spelt(term))


def _spelt(term: str) -> list[tuple[str, ...]]:
    # "opt-out" stays one word here: marks other than apostrophe and hyphen become blanks, those two do not.
    return [*spellings(term), *((fold(word),) for word in term.split("/") if "-" in word)]


def _replies(fields: Fields) -> dict[str, Reply]:
    replies: dict[str, Reply] = {}
    for reply in Reply:
        if reply in {Reply.OPT_OUT, Reply.UNCLEAR}:
            continue
        for phrase in fields.texts(reply.value):
            key = " ".join(_words(phrase)) or _signs(phrase)
            if replies.setdefault(key, reply) is not reply:
                raise BadPolicy(fields.place, f"{phrase!r} has two meanings")
    fields.close()
    return replies


LISTS: Final = read_lists("optout", load("optout"))
