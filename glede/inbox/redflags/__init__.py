"""Red flags: what must be read before everything else. It raises, and never lowers, answers or closes.

The list is data (``lexicon.yaml``); docs/rules.md#red-flags says what it misses. Every free text is read by a person.
"""

from glede.inbox.redflags.lexicon import Tier
from glede.inbox.redflags.matcher import Finding, raise_tier

__all__ = ["Finding", "Tier", "raise_tier"]
