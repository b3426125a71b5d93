"""The safety line: what everybody reads beside a message form, by country. Pure; the words are data.

Drafts (docs/rules.md#answers-and-the-safety-line); a clinician of the practice approves or replaces
them in the settings before a patient sees them. They name no illness of the reader and are the same for everyone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from glede.kernel.plain import read_yaml
from glede.outbox.reading import BadPolicy, Fields

TONGUES: Final = ("en", "nb")
ELSEWHERE: Final = "elsewhere"
_FILE: Final = Path(__file__).parent / "redflags" / "safety.yaml"
_ALIASES: Final = {"UK": "GB", "SJ": "NO"}


@dataclass(frozen=True, slots=True)
class Lines:
    """The words by country and language, and the number for danger by country."""

    opening: Mapping[str, str]
    closed: Mapping[str, Mapping[str, str]]
    rinse: Mapping[str, Mapping[str, str]]
    emergency: Mapping[str, str]


def safety_line(country: str, language: str, phone: str, own: Mapping[str, str] | None = None) -> str:
    """Return the safety line of a practice in ``country`` in the reader's language.

    ``own`` is the practice's own line by language, which wins; ``phone`` as people write it, or "".
    """
    tongue = "nb" if language[:2] in {"nb", "nn", "no"} else "en"
    mine = (own or {}).get(tongue, "").strip()
    if mine:
        return mine
    place = _ALIASES.get(country.upper(), country.upper())
    opening = LINES.opening[tongue].format(phone=f": {phone}" if phone else "")
    closed = LINES.closed.get(place, {}).get(tongue, "")
    emergency = LINES.emergency.get(place, LINES.emergency[ELSEWHERE])
    rinse = LINES.rinse.get(place, LINES.rinse[ELSEWHERE])[tongue].format(emergency=emergency)
    return " ".join(filter(None, (opening, closed, rinse)))


def read_lines(name: str, raw: Any) -> Lines:
    """Return the lines from a file's content. Raises ``BadPolicy``."""
    fields = Fields(name, raw)
    for said in ("version", "source", "reviewer"):
        fields.text(said)
    emergency = fields.inner("emergency")
    lines = Lines(
        opening=_tongues(fields.inner("opening")),
        closed=_countries(fields.inner("closed")),
        rinse=_countries(fields.inner("rinse")),
        emergency={country: emergency.text(country) for country in emergency.names()},
    )
    fields.close()
    if ELSEWHERE not in lines.rinse or ELSEWHERE not in lines.emergency:
        raise BadPolicy(name, f"has no words for {ELSEWHERE}")
    return lines


def _countries(fields: Fields) -> dict[str, Mapping[str, str]]:
    return {country: _tongues(fields.inner(country)) for country in fields.names()}


def _tongues(fields: Fields) -> dict[str, str]:
    words = {tongue: fields.text(tongue) for tongue in TONGUES}
    fields.close()
    return words


LINES: Final = read_lines("safety", read_yaml(_FILE.read_text(encoding="utf-8")))
