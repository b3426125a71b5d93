"""What journeys hand to the rooms below, which never import them."""

from glede.journeys import occasions, timeline
from glede.journeys.composing import compose
from glede.journeys.gathering import SUBJECT
from glede.ledger import registry
from glede.outbox import composing

FOLLOW = "journeys.follow"


def register() -> None:
    """Register the follower of the ledger, the composer of what journeys say, and the words of our events."""
    registry.register_followers(FOLLOW)
    registry.register("timeline", "journeys", timeline.words_of)
    registry.register("told", "journeys", timeline.kinds)
    for kind in (SUBJECT, *occasions.KINDS.values()):
        composing.register(kind, compose)
