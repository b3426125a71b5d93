"""Close the promises about a visit that answered themselves, or that nobody is owed any more."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from glede.diary.facts import VisitFacts
from glede.diary.rules import AHEAD, State
from glede.journeys.gathering import SUBJECT, Group
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.promises.operations import Ending, end_promise
from glede.promises.queries import Owed, open_about

KINDS = frozenset({"call", "move_ok"})
BEFORE_THE_VISIT = frozenset({"booking", "previsit", "reminder"})


def settle_promises(practice_id: UUID, groups: Iterable[Group], *, now: datetime) -> None:
    """End what has become of no use. Call it inside an act, after everything that locks messages."""
    owner = {Ref(SUBJECT, visit_id): group for group in groups for visit_id in group.visits}
    if not owner:
        return
    endings = [
        (owed.id, ending)
        for owed in open_about(practice_id, *owner)
        if owed.kind in KINDS and (ending := _ending(owed, owner[owed.subject])) is not None
    ]
    for promise_id, ending in sorted(endings, key=lambda pair: pair[0]):
        end_promise(practice_id=practice_id, promise_id=promise_id, ending=ending, by=SYSTEM, now=now)


def _ending(owed: Owed, group: Group) -> Ending | None:
    visit = group.visits[owed.subject.id]
    if owed.detail.get("purpose") not in BEFORE_THE_VISIT:
        return None
    if owed.kind == "move_ok":
        return _answer(owed, visit, group)
    if visit.state == State.CANCELLED:
        # News of our own cancellation that could not be sent is still owed.
        return None if owed.detail.get("purpose") == "booking" else Ending("withdrawn", reason="cancelled")
    if visit.state not in AHEAD:
        return Ending("withdrawn", reason=visit.state.value)
    if owed.detail.get("purpose") == "reminder" and visit.moved_at and visit.moved_at > owed.made_at:
        return Ending("withdrawn", reason="moved")
    return None


def _answer(owed: Owed, visit: VisitFacts, group: Group) -> Ending | None:
    if visit.state == State.CANCELLED:
        later = (v for v in group.visits.values() if v.is_ahead and v.booked_at > (visit.cancelled_at or owed.made_at))
        booked = next(later, None)
        return Ending("kept", Ref(SUBJECT, booked.appointment_id), "booked") if booked else None
    if visit.state == State.BOOKED:
        moved_by_them = visit.moved_by == "patient" and visit.moved_at and visit.moved_at > owed.made_at
        return Ending("kept", owed.subject, "moved") if moved_by_them else None
    return Ending("kept", owed.subject, visit.state.value)
