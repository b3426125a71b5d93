"""Close the promises about a visit that answered themselves, or that nobody is owed any more."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from uuid import UUID

from glede.diary.facts import VisitFacts
from glede.diary.rules import AHEAD, State
from glede.journeys import occasions
from glede.journeys.gathering import SUBJECT, Group
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.outbox.rules import Fate
from glede.promises.operations import Ending, end_promise
from glede.promises.queries import Owed, open_about

KINDS = frozenset({"call", "move_ok"})
DAYS = frozenset(occasions.KINDS.values())
BEFORE_THE_VISIT = frozenset({"booking", "previsit", "reminder"})


def settle_promises(practice_id: UUID, groups: Iterable[Group], *, now: datetime) -> None:
    """End what has become of no use. Call it inside an act, after everything that locks messages."""
    groups = list(groups)
    owner = {Ref(SUBJECT, visit_id): group for group in groups for visit_id in group.visits}
    met = {ref for group in groups for ref in _met(group)}
    if not owner and not met:
        return
    endings = [
        (owed.id, ending)
        for owed in open_about(practice_id, *owner, *met)
        if owed.kind in KINDS and (ending := _of_a_day(owed, met) or _ending(owed, owner)) is not None
    ]
    for promise_id, ending in sorted(endings, key=lambda pair: pair[0]):
        end_promise(practice_id=practice_id, promise_id=promise_id, ending=ending, by=SYSTEM, now=now)


def _met(group: Group) -> Iterable[Ref]:
    """Yield the days of theirs about which a colleague rings, and of which they have a time since."""
    booked = max((visit.booked_at for visit in group.visits.values() if visit.is_ahead), default=None)
    for touch in group.touches:
        is_call = touch.subject_kind in DAYS and touch.act == "call" and touch.fate == Fate.HANDED
        if is_call and touch.closed_at and booked and booked > touch.closed_at:
            yield Ref(touch.subject_kind, touch.subject_id)


def _of_a_day(owed: Owed, met: Set[Ref]) -> Ending | None:
    """A call to somebody who is due again is of no use once they have a time."""
    return Ending("withdrawn", reason="booked") if owed.subject in met else None


def _ending(owed: Owed, owner: Mapping[Ref, Group]) -> Ending | None:
    group = owner[owed.subject]
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
