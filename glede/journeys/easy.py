"""Is a wording easy to read as it would be received? Its places are filled as for a usual visit, then it is measured.

Pure. The gates are those of ``kernel.reading``: Flesch-Kincaid at most 6 in English, LIX at most 36 in Norwegian.
"""

from collections.abc import Mapping
from typing import Final

from glede.journeys.wording import fill
from glede.kernel import reading

_HOUSE = {
    "practice": "Lys",
    "phone": "22 12 34 56",
    "link": "https://solberg.example/t/K7M4Q9XW2P3TB/",
    "code": "K7M4Q9XW2P3TB",
    "address": "Storgata 1, 0155 Oslo",
    "name": "Ann",
    "who": "Per",
    "sender": "Per",
    "price": "890 kr",
    "minutes": "40",
    "late": "25",
}
SAMPLE: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        **_HOUSE,
        "service": "Eye test",
        "when": "Tuesday 24 November, 2:30pm",
        "when_at": "Tuesday 24 November at 2:30pm",
        "tomorrow": "tomorrow",
        "today": "today",
        "begins": "2:55pm",
        "bring": "Your glasses and a list of your medicines.",
    },
    "nb": {
        **_HOUSE,
        "service": "Synsprøve",
        "when": "tirsdag 24. november kl. 14.30",
        "when_at": "tirsdag 24. november kl. 14.30",
        "tomorrow": "i morgen",
        "today": "i dag",
        "begins": "kl. 14.55",
        "bring": "Brillene dine og en liste over medisinene dine.",
    },
}
"""What the places hold while a wording is measured. Names are short ones: the writer does not choose them."""


def too_hard(text: str, language: str) -> str:
    """Return the sentence that makes a wording in ``language`` ("en", "nb") too hard to read, "" where none does."""
    filled = fill(text, SAMPLE[language])
    return "" if reading.is_easy(filled, language) else reading.hardest(filled, language)
