"""How long the outbox waits: real seconds, from the settings, never part of a rule about a person."""

from __future__ import annotations

import math
from datetime import timedelta

from django.conf import settings

from glede.outbox import transports

BATCH = 100
BATCH_MOST = 200
CALLS_IN_A_LEASE = 2
"""A lease holds at least so many of the longest calls: one that may just fit is not begun at all."""


def lease() -> timedelta:
    """How long a worker may hold a batch before others take it over."""
    return timedelta(seconds=settings.GLEDE_LEASE_SECONDS)


def horizon() -> timedelta:
    """How long after its call began an outcome nobody saw is waited for, where the channel asks for no longer."""
    return timedelta(seconds=settings.GLEDE_HORIZON_SECONDS)


def refusals() -> list[str]:
    """Return why workers could send nothing with the waits as they are set; empty where all is well."""
    longest = transports.longest_call()
    if lease() >= timedelta(seconds=CALLS_IN_A_LEASE * longest):
        return []
    least = math.ceil(CALLS_IN_A_LEASE * longest)
    return [
        f"GLEDE_LEASE_SECONDS is {settings.GLEDE_LEASE_SECONDS}. One call may take {longest:g}: write {least} or more."
    ]
