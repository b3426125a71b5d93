"""How long the outbox waits: real seconds, from the settings, never part of a rule about a person."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

BATCH = 100
BATCH_MOST = 200


def lease() -> timedelta:
    """How long a worker may hold a batch before others take it over."""
    return timedelta(seconds=settings.GLEDE_LEASE_SECONDS)


def horizon() -> timedelta:
    """How long after its call began an outcome nobody saw is waited for, where the channel asks for no longer."""
    return timedelta(seconds=settings.GLEDE_HORIZON_SECONDS)
