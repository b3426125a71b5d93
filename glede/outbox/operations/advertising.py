"""What a campaign must be before it is kept, and whose it is: the owner's, who answers for what is advertised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from glede.kernel import reading
from glede.kernel.actor import Actor
from glede.outbox.campaigns import PLACES, PURPOSES
from glede.staff.models import Role
from glede.staff.queries import colleagues

MOST = 200_000
NAME_MOST = 80
LENGTHS = {"subject": 120, "text": 2000}
_PLACE = re.compile(r"\{[^}]*\}?")
_SAMPLE = {"{first_name}": "Ann", "{practice}": "Lys"}


class UnusableCampaign(ValueError):
    """It cannot be sent as it is; the words say what to change. ``code`` names it: ``text:en`` and the like.

    ``what`` is the place, or the sentence, that it is about.
    """

    def __init__(self, words: str, code: str = "", what: str = "") -> None:
        super().__init__(words)
        self.code, self.what = code, what


class NotTheOwner(Exception):
    """Only an owner of the practice may begin what is sent to many."""


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What somebody wants to tell many. ``words`` has by language ("en", "nb") a ``subject`` and a ``text``."""

    name: str
    purpose: str
    words: Mapping[str, Mapping[str, str]]
    people: Sequence[UUID]


def check_owner(practice_id: UUID, by: Actor) -> None:
    """Raise ``NotTheOwner`` for whoever is none. The house itself may: who has its terminal has everything."""
    if by.role == "system":
        return
    mine = {one.membership_id for one in colleagues(practice_id) if one.role == Role.OWNER}
    if by.role != "staff" or by.id not in mine:
        raise NotTheOwner(str(by.id or by.role))


def check_campaign(new: NewCampaign) -> None:
    """Raise ``UnusableCampaign`` for what cannot be kept."""
    if not new.name.strip() or len(new.name.strip()) > NAME_MOST:
        raise UnusableCampaign(f"Give it a name of at most {NAME_MOST} letters.", "name")
    if new.purpose not in PURPOSES:
        raise UnusableCampaign(f"Its purpose is one of {', '.join(PURPOSES)}.", "purpose")
    if not new.words or set(new.words) - {"en", "nb"}:
        raise UnusableCampaign("Write it in English (en), in Norwegian (nb), or in both.", "words")
    if len(new.people) > MOST:
        raise UnusableCampaign(f"A list has at most {MOST} people.", "people")
    for tongue, told in new.words.items():
        check_words(told, tongue)


def check_words(told: Mapping[str, str], tongue: str) -> None:
    """Raise ``UnusableCampaign`` for words in one language that cannot be sent, or are hard to read."""
    for part, most in LENGTHS.items():
        _check_text(told.get(part, ""), f"{part}:{tongue}", most)
    text = told["text"]
    for place, value in _SAMPLE.items():
        text = text.replace(place, value)
    if not reading.is_easy(text, tongue):
        hardest = reading.hardest(text, tongue)
        raise UnusableCampaign(f"It is hard to read, above all here: {hardest}", f"hard:{tongue}", hardest)


def _check_text(text: object, code: str, most: int) -> None:
    part, _colon, tongue = code.partition(":")
    if not isinstance(text, str) or not text.strip() or len(text) > most:
        raise UnusableCampaign(f"Its {part} ({tongue}) is missing, or longer than {most} letters.", code)
    for place in _PLACE.findall(text):
        if place not in PLACES:
            known = ", ".join(PLACES)
            raise UnusableCampaign(f"{place} in its {part} ({tongue}) is no place it knows: {known}.", code, place)
