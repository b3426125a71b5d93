"""What somebody wrote themselves, without the mail they answer and without their signature. Pure.

Words are rather kept than lost: what stands between or below quoted lines stays, and where nothing would be left the
whole text is. The mail itself is always kept as it came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

SIGNATURE_LINES: Final = 12
_HEADER_LINES: Final = 3
_WROTE: Final = re.compile(
    r"\b(?:wrote|skrev|écrit|schrieb|escribi[óo]|scritto|schreef|napisał\(?a?\)?|escreveu|kirjoitti)\b[^:\n]{0,120}:\s*$",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(r"\s*(?:on|le|am|den|el|il|op|em|w dniu|på|\w{2,4}\.)\s.*\d", re.IGNORECASE)
_FROM: Final = re.compile(r"\W*(?:From|Fra|Från|Von|De|Van|Da|Lähettäjä)\W{0,2}:", re.IGNORECASE)
_BESIDE: Final = re.compile(
    r"\W*(?:Sent|Sendt|Skickat|Gesendet|Envoyé|Verzonden|Enviado|Inviato|Date|Dato|Datum|To|Til|Till|An|À|Aan|"
    r"Subject|Emne|Ämne|Betreff|Objet|Onderwerp)\W{0,2}:",
    re.IGNORECASE,
)
_ORIGINAL: Final = re.compile(r"[\s*_]*-{3,}\s{0,3}[^\W\d_][^-\n]{3,48}[^\W\d_]\s{0,3}-{3,}[\s*_]*$")
_DEVICE: Final = re.compile(
    r"\W{0,4}(?:(?:sent|sendt|skickat|gesendet|enviado|inviato|verzonden|envoyé)\s(?:from|via|with|by|fra|från|von|"
    r"med|met|desde|da|depuis|de)\s|get\s.{0,3}outlook|hent\soutlook|skaff.{0,5}outlook|télécharge|"
    r"diese nachricht wurde von|von meinem|from my\s|從我的)|.{0,20}\sfrom mobile\W*$",
    re.IGNORECASE,
)
_DEVICE_LENGTH: Final = 110
_RULE: Final = re.compile(r"[\s\-*#~=_+ᐧ.·•—–]*$")


def own_words(text: str) -> str:
    """Return what the writer of a mail added to what they answer."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = _without_tail(_without_signature(_without_answered(lines)))
    return "\n".join(kept).strip() or text.strip()


def _without_answered(lines: Sequence[str]) -> Sequence[str]:
    for at in range(len(lines)):
        begin = _quoted_from(lines, at)
        if begin is not None:
            rest = _without_tail(_without_signature(lines[at + 1 :]))
            return lines if _has_words_below_a_quote(rest) else lines[:begin]
    return lines


def _quoted_from(lines: Sequence[str], at: int) -> int | None:
    """Return the line with which the answered mail begins, where line ``at`` shows that one does."""
    line = lines[at]
    if line.startswith(">"):
        return None
    if _ORIGINAL.match(line):
        return at
    if _FROM.match(line) and sum(bool(_BESIDE.match(below)) for below in lines[at + 1 : at + 6]) >= 2:
        return at
    if not _WROTE.search(line[-200:]):
        return None
    for begin in range(at, max(-1, at - _HEADER_LINES), -1):
        if _BEGINS.match(lines[begin][:200]):
            return begin
    return at if "@" in line else None


def _has_words_below_a_quote(lines: Sequence[str]) -> bool:
    quotes = [n for n, line in enumerate(lines) if line.startswith(">")]
    return bool(quotes) and any(line.strip() and not line.startswith(">") for line in lines[quotes[0] :])


def _without_signature(lines: Sequence[str]) -> Sequence[str]:
    for at, line in enumerate(lines):
        if line == "--" and at and len(lines) - at <= SIGNATURE_LINES:
            return lines[:at]
    return lines


def _without_tail(lines: Sequence[str]) -> Sequence[str]:
    """Drop what a telephone adds, rules of signs, and quoted lines under which nothing stands."""
    end = len(lines)
    while end and _is_tail(lines[end - 1]):
        end -= 1
    return lines[:end]


def _is_tail(line: str) -> bool:
    if line.startswith(">") or _RULE.match(line):
        return True
    return len(line) <= _DEVICE_LENGTH and bool(_DEVICE.match(line))
