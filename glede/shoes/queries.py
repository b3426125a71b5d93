"""What a walk shows: its frames in order, any one of them at once, and how far it has come."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from glede.practices import scope
from glede.practices.queries import practice_by_id
from glede.shoes.models import Frame, Walk


class NoSuchWalk(LookupError):
    """No walk of this practice stands there; the sealed database may have been made anew since."""


def walk_of(home_id: UUID, copy_id: UUID) -> Walk:
    """Return the walk in a copy of the practice ``home_id``. Raises ``NoSuchWalk``."""
    with scope.transaction(copy_id):
        found = Walk.objects.filter(practice_id=copy_id, home_id=home_id).first()
    if found is None:
        raise NoSuchWalk(str(copy_id))
    return found


def frames_of(walk: Walk) -> list[Mapping[str, Any]]:
    """Return all that was seen on a walk so far, in order."""
    with scope.transaction(walk.practice_id):
        rows = Frame.objects.filter(practice_id=walk.practice_id, walk=walk).order_by("n")
        return list(rows.values_list("seen", flat=True))


def frame(walk: Walk, n: int) -> Frame | None:
    """Return the ``n``-th frame of a walk, counted from 1; None where it has not come so far."""
    with scope.transaction(walk.practice_id):
        return Frame.objects.filter(practice_id=walk.practice_id, walk=walk, n=n).first()


def code_at(walk: Walk, n: int) -> str:
    """Return the code of the link that had come last at the ``n``-th frame; blank where none had."""
    with scope.transaction(walk.practice_id):
        rows = Frame.objects.filter(practice_id=walk.practice_id, walk=walk, n__lte=n).exclude(code="")
        return rows.order_by("-n").values_list("code", flat=True).first() or ""


def is_over(walk: Walk) -> bool:
    """Return whether a walk has come to its end."""
    shown = practice_by_id(walk.practice_id).virtual_now
    return shown is not None and shown >= walk.ends_at
