"""A whole walk in one breath: for the command and the measurement."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from glede.kernel import clock
from glede.practices.queries import practice_by_id
from glede.shoes import operations, queries, sealed
from glede.shoes.copying import read_practice
from glede.shoes.operations import Asked

EIGHT = time(8)


def play(practice_id: UUID, asked: Asked) -> tuple[UUID, list[Mapping[str, Any]], float]:
    """Walk from beginning to end; return the copy's id, the frames, and how many seconds the walk took.

    Making the sealed database, where there is none yet, is not counted. Raises ``sealed.NoSealedDatabase``.
    """
    sealed.ensure()
    began = clock.monotonic()
    until = asked.began_at + timedelta(days=asked.days)
    copied = read_practice(practice_id, since=asked.began_at, until=until)
    with sealed.inside():
        walk = operations.begin_walk(asked, copied)
        operations.live_on(walk, to=until)
        frames = queries.frames_of(walk)
    return walk.practice_id, frames, clock.monotonic() - began


def first_moment(practice_id: UUID, now: datetime) -> datetime:
    """Return from when a walk begins that names no day: this morning on the practice's wall, at eight."""
    zone = practice_by_id(practice_id).zone
    return clock.at_wall(clock.day_of(now, zone), EIGHT, zone)
