"""The safety line: what everybody reads beside a message form, by country. Pure.

Drafts after RULES 6.4; a clinician of the practice approves or replaces them in the settings
before a patient sees them. They name no illness of the reader and are the same for everyone.
"""

from collections.abc import Mapping
from typing import Final

_OPENING: Final = {
    "en": "Sudden loss of sight, new flashes, a shadow or strong pain? Do not wait. Ring us now{phone}.",
    "nb": "Plutselig synstap, nye lysglimt, en skygge eller sterke smerter? Ikke vent. Ring oss nå{phone}.",
}
_CLOSED: Final = {
    "NO": {"en": "Are we closed? Ring 116117.", "nb": "Har vi stengt? Ring 116117."},
    "GB": {"en": "Are we closed? Ring 111.", "nb": "Har vi stengt? Ring 111."},
}
_RINSE: Final = {
    "NO": {
        "en": "A chemical in the eye: rinse with water now, then ring 22 59 13 00. In danger: ring 113.",
        "nb": "Kjemikalier i øyet: skyll med vann nå, ring så 22 59 13 00. Er det fare: ring 113.",
    },
    "GB": {
        "en": "A chemical in the eye: rinse with water for 20 minutes, then ring 111. In danger: ring 999.",
        "nb": "Kjemikalier i øyet: skyll med vann i 20 minutter, ring så 111. Er det fare: ring 999.",
    },
    "US": {
        "en": "A chemical in the eye: rinse with water for 15 minutes, then call 1-800-222-1222. In danger: call 911.",
        "nb": "Kjemikalier i øyet: skyll med vann i 15 minutter, ring så 1-800-222-1222. Er det fare: ring 911.",
    },
    "": {
        "en": "A chemical in the eye: rinse with water now, then ring for help. In danger: ring {emergency}.",
        "nb": "Kjemikalier i øyet: skyll med vann nå, ring så etter hjelp. Er det fare: ring {emergency}.",
    },
}
_EMERGENCY: Final = {"AU": "000", "NZ": "111", "BR": "192", "CA": "911", "JP": "119", "IN": "112", "ZA": "112"}


def safety_line(country: str, language: str, phone: str, own: Mapping[str, str] | None = None) -> str:
    """Return the safety line of a practice in ``country`` in the reader's language.

    ``own`` is the practice's own line by language, which wins; ``phone`` as people write it, or "".
    """
    tongue = "nb" if language[:2] in {"nb", "nn", "no"} else "en"
    mine = (own or {}).get(tongue, "").strip()
    if mine:
        return mine
    opening = _OPENING[tongue].format(phone=f": {phone}" if phone else "")
    closed = _CLOSED.get(country, {}).get(tongue, "")
    rinse = _RINSE.get(country, _RINSE[""])[tongue].format(emergency=_EMERGENCY.get(country, "112"))
    return " ".join(filter(None, (opening, closed, rinse)))
