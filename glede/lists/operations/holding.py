"""A list in hand: its row locked or read, its file opened."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from glede.kernel.clock import day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.lists import keeping
from glede.lists.errors import ForgottenList, NoSuchList, WrongState
from glede.lists.looking import Looked, Place, look
from glede.lists.models import BroughtList
from glede.lists.values import State, What
from glede.people.lists.opening import open_sheet
from glede.practices.queries import practice_by_id

if TYPE_CHECKING:
    from glede.practices.models import Practice

UNDER_WAY = frozenset({State.STAGED, State.STOPPED, State.BRINGING})


def place_of(practice: "Practice", now: datetime) -> Place:
    """Return what a list of a practice is read by."""
    return Place(practice.country, practice.zone, day_of(now, practice.zone))


def locked(this: Act, list_id: UUID, *states: State) -> BroughtList:
    """Lock a list and return it. Raises ``NoSuchList``, and ``WrongState`` where it stands elsewhere than told."""
    this.lock(Ref("list", list_id))
    row = BroughtList.objects.select_related("source").filter(practice_id=this.practice_id, pk=list_id).first()
    if row is None:
        raise NoSuchList(str(list_id))
    if State(row.state) not in states:
        raise WrongState(row.state)
    return row


def looked_at(row: BroughtList, now: datetime) -> Looked:
    """Open the file of a list and look at it. Raises ``ForgottenList`` where it was thrown away."""
    if row.content is None:
        raise ForgottenList
    practice = practice_by_id(row.practice_id)
    what: What = "people" if row.what == "people" else "appointments"
    return look(open_sheet(keeping.opened(row.content)), what, row.told, place_of(practice, now))


def what_of(row: BroughtList) -> What:
    """Return what a list is about."""
    return "people" if row.what == "people" else "appointments"
