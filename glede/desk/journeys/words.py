"""What a row says, as the made-up Kari would get it, and where each of its wordings is changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from glede.channels.sms.accounts import part_price
from glede.desk.access import DeskRequest
from glede.desk.channels.costs import size_words
from glede.desk.settings.wording import CHANNELS, LANGUAGES, VARIANTS
from glede.journeys.document import OCCASIONS, Spot
from glede.journeys.examples import preview
from glede.journeys.queries import wording_in_force
from glede.journeys.wording import Words
from glede.practices.queries import practice_by_id


@dataclass(frozen=True)
class Worded:
    """One wording of a row: where it is changed, what it is called, whose words they are, what a text of it takes."""

    place: str
    how: str
    is_own: bool
    size: str


@dataclass(frozen=True)
class Said:
    """What a row says on one occasion: the short text in the reader's language, and every wording there is."""

    on: str
    language: str
    text: str
    lines: list[Worded]


def words_of_row(request: DeskRequest, code: str) -> list[Said]:
    """Return what a row says, occasion by occasion; the reader's language comes first."""
    document, own = wording_in_force(request.practice.pk)
    row, language = document.row(code), "nb" if (get_language() or "en").startswith("nb") else "en"
    if row is None:
        return []
    by_occasion: dict[str, list[Spot]] = {}
    for key in sorted(row.wording, key=lambda key: (key[1] != language, key[2] != "sms")):
        by_occasion.setdefault(key[0], []).append(Spot(code, *key))
    found = []
    for variant, spots in by_occasion.items():
        texts = _texts(request, {spot: row.wording[spot.variant, spot.language, spot.channel] for spot in spots})
        lines = [_worded(request, spot, spot in own, texts) for spot in spots]
        on = str(VARIANTS.get(variant, variant)) if len(by_occasion) > 1 else ""
        found.append(Said(on, language, texts[Spot(code, variant, language, "sms")], lines))
    return found


def _texts(request: DeskRequest, words: Mapping[Spot, Words]) -> dict[Spot, str]:
    """Return each text message as Kari would get it."""
    practice: Any = practice_by_id(request.practice.pk)
    return {
        spot: preview(
            practice,
            said,
            "short",
            (spot.channel, spot.language),
            now=request.now,
            is_of_a_day=spot.variant in OCCASIONS,
        ).text
        for spot, said in words.items()
        if spot.channel == "sms"
    }


def _worded(request: DeskRequest, spot: Spot, is_own: bool, texts: Mapping[Spot, str]) -> Worded:
    place = ".".join((spot.row, spot.variant, spot.channel, spot.language))
    size = size_words(texts[spot], part_price(request.practice.pk)) if spot in texts else ""
    return Worded(place, f"{CHANNELS[spot.channel]} {LANGUAGES[spot.language]}", is_own, size)
