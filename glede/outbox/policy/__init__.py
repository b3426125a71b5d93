"""May this message leave, now, to this person, by this channel? One pure answer with its reasons.

The law is data in ``data/`` (one file a jurisdiction, in editions, each with its source and reviewer); this
package reads it and decides. It never sends, never writes, and never asks a clock.
"""

from glede.outbox.policy.book import is_live_allowed, jurisdiction_of
from glede.outbox.policy.decide import answers_own_act, may_send, window_on
from glede.outbox.policy.question import (
    Consent,
    ConsentKind,
    Counts,
    Origin,
    Person,
    Place,
    Question,
    Verdict,
    Why,
    Window,
)
from glede.outbox.policy.vocabulary import Basis, Channel, Decision, Must, Purpose, Reason

__all__ = [
    "Basis",
    "Channel",
    "Consent",
    "ConsentKind",
    "Counts",
    "Decision",
    "Must",
    "Origin",
    "Person",
    "Place",
    "Purpose",
    "Question",
    "Reason",
    "Verdict",
    "Why",
    "Window",
    "answers_own_act",
    "is_live_allowed",
    "jurisdiction_of",
    "may_send",
    "window_on",
]
