"""A visit in two parts, each with its own time and clinician: what happens to one when the other changes. Pure.

The first part leads. Arriving, being with somebody and being done are each part's own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from glede.catalogue.rules import WAIT_MAX
from glede.diary.rules import AHEAD, HOLDING, Change, State

LONGEST_WAIT = timedelta(minutes=WAIT_MAX)


@dataclass(frozen=True, slots=True)
class Side:
    """One part as far as this needs it: how it stands, since when it is cancelled, and whether it follows the other."""

    state: State
    cancelled_at: datetime | None
    is_second: bool


def goes_along(change: Change, this: Side, other: Side, *, is_after: bool = True) -> bool:
    """Return whether ``change`` of one part, as it stood before, is made of the other too.

    Both are confirmed, moved and cancelled as long as both are still to come; the second alone can be moved. Both
    come back where they went together. ``is_after``: the second still lies after the first.
    """
    if change == Change.CONFIRMED:
        return other.state == State.BOOKED
    if change == Change.CANCELLED:
        return other.state in AHEAD
    if change in {Change.MOVED, Change.ENTERED_IN_ERROR}:
        return not this.is_second and other.state in AHEAD
    if change == Change.REINSTATED:
        return is_after and (other.state, other.cancelled_at) == (this.state, this.cancelled_at)
    return False


def parts(change: Change, this: Side, other: Side, *, is_after: bool = True) -> bool:
    """Return whether ``change`` makes the second part a visit of its own, of which the patient hears.

    So it is where it is moved alone, and where it comes back to a first part that does not stand, or stands elsewhere.
    """
    if not this.is_second or goes_along(change, this, other, is_after=is_after):
        return False
    return change == Change.MOVED or (change == Change.REINSTATED and not (is_after and other.state in HOLDING))
