"""What every channel is held to: a rig puts an adapter before a provider of its own that does as it is told.

A new channel writes one rig and adds it to ``RIGS`` in ``test_contract.py`` (docs/channels.md#a-new-channel).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum

from glede.outbox.transports import Capabilities, Envelope, Session


class Does(StrEnum):
    """What a provider does with the next message."""

    REFUSES = "refuses this person for good"
    LATER = "wants it later"
    THROTTLES = "is asked too fast"
    KNOWS_US_NOT = "does not know our account"
    HANGS_UP = "takes it and says nothing"
    BABBLES = "takes it and says something nobody understands"


@dataclass(frozen=True, slots=True)
class Rig:
    """An adapter before its provider. ``does`` holds what the provider can be told to do with the next message.

    ``taken`` are the addresses whose messages the provider has taken, in order; ``keys`` the words by which it would
    know one of ours again, for an adapter of class C or L. ``nobody`` is a session to an address where nobody listens.
    """

    session: Callable[[], AbstractContextManager[Session]]
    capabilities: Capabilities
    envelope: Envelope
    taken: Callable[[], list[str]]
    does: Mapping[Does, Callable[[], None]] = field(default_factory=dict)
    bad_address: str = "nowhere"
    secret: str = ""
    keys: Callable[[], list[str]] = list
    nobody: Callable[[], AbstractContextManager[Session]] | None = None


RigMaker = Callable[[], AbstractContextManager[Rig]]
