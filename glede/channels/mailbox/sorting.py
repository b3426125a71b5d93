"""What sort of mail it is: somebody's words, or one of the things that machines send. Pure.

What a machine wrote is neither an answer nor a refusal, and nobody answers it (RFC 3834).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from glede.channels.mailbox.bounces import Bounce, is_complaint, read_bounce, read_complaint
from glede.channels.mailbox.letter import AnyMessage, Letter, header


class Sort(StrEnum):
    """Somebody's words, an automatic answer, a mail to many, a mail that came back, a complaint, or our own."""

    WORDS = "words"
    AUTOMATIC = "automatic"
    LIST = "list"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a mail is; ``bounce`` is told of those that came back and of complaints."""

    sort: Sort
    bounce: Bounce | None = None


_OURS: Final = re.compile(r"<[0-9a-f]{32}\.(?:\d{1,4}|trial)@([^<>@\s]+)>")
_MACHINES: Final = re.compile(
    r"(?:no-?_?reply|do-?_?not-?_?reply|ikke-?svar|mailer-daemon|postmaster|bounces?)(?:[+-][^@]*)?@", re.IGNORECASE
)
_AWAY: Final = re.compile(
    r"\s*(?:auto(?:matic)?[\s-]?(?:reply|response)|autosvar|autoreply|automatisk (?:svar|melding)|auto:"
    r"|out of (?:the )?office|away from (?:the |my )?office|on (?:annual )?leave\b|i am away|frav[æa]r"
    r"|(?:er )?ikke (?:til stede|p[åa] kontoret)"
    r"|jeg er (?:bortreist|p[åa] ferie)|abwesenheit|automatische antwort|r[ée]ponse automatique)",
    re.IGNORECASE,
)
_MARKS: Final = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autoresponse", "X-Auto-Response-Suppress")
_LISTS: Final = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID", "X-Mailing-List")


def sort_of(message: AnyMessage, letter: Letter, *, own_addresses: frozenset[str], own_domain: str) -> Sorted:
    """Return what a mail is. Our mail leaves from ``own_addresses``, with Message-IDs of ``own_domain``."""
    if is_complaint(message):
        return Sorted(Sort.COMPLAINT, read_complaint(message))
    if _is_own(letter, own_addresses, own_domain):
        return Sorted(Sort.OWN)
    bounce = read_bounce(message)
    if bounce is not None:
        return Sorted(Sort.BOUNCE, bounce)
    if _is_automatic(message, letter):
        return Sorted(Sort.AUTOMATIC)
    return Sorted(Sort.LIST if _is_list(message) else Sort.WORDS)


def _is_own(letter: Letter, addresses: frozenset[str], domain: str) -> bool:
    ours = _OURS.fullmatch(letter.message_ref)
    return letter.sender in addresses or (ours is not None and ours[1].lower() == domain.lower())


def _is_automatic(message: AnyMessage, letter: Letter) -> bool:
    submitted = header(message, "Auto-Submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if any(mark in message for mark in _MARKS) or header(message, "Return-Path").strip() == "<>":
        return True
    precedence = header(message, "Precedence").strip().lower()
    if precedence in {"auto_reply", "auto-reply", "junk"} or (precedence == "bulk" and not _is_list(message)):
        return True
    return bool(_MACHINES.match(letter.sender)) or bool(_AWAY.match(letter.subject))


def _is_list(message: AnyMessage) -> bool:
    return header(message, "Precedence").strip().lower() == "list" or any(mark in message for mark in _LISTS)
