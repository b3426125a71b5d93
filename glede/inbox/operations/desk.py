"""What the desk does with its answers as time goes by: give back what nobody began, and close for the day."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from glede.inbox.models import DeskClosing, Draft
from glede.inbox.operations.threads import named
from glede.inbox.queries import standing_at_closing
from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.kernel.periods import WeeklyHours
from glede.kernel.ref import Ref
from glede.ledger.operations import act, answer, once
from glede.practices import scope
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises import rules as promised
from glede.promises.operations import AWAY, RETURNED, NoSuchPromise, hand_promise
from glede.promises.queries import Owed, away, owned

HALF_GONE = f"{RETURNED}_half"


class StillWaiting(Exception):
    """Somebody has neither an answer nor a name and a time: the desk stays open. ``promises`` are theirs."""

    def __init__(self, promises: tuple[UUID, ...]) -> None:
        super().__init__(f"{len(promises)} wait")
        self.promises = promises


def return_promises(*, practice_id: UUID, by: Actor, now: datetime) -> int:
    """Give back to everybody what its owner is not here for, or has not begun at half time; return how many.

    An answer counts as begun from its first kept word on. Doing it twice in one moment is doing it once.
    """
    held = owned(practice_id)
    if not held:
        return 0
    hours, gone, begun = opening_hours(practice_by_id(practice_id)), away(practice_id), _begun(practice_id)
    reasons = {o.id: _why_back(o, hours, now, is_away=o.owner_id in gone, begun=begun) for o in held}
    with act(practice_id, by=by, now=now):
        for promise_id in sorted(key for key, reason in reasons.items() if reason):
            # Whoever answered in this very moment has ended it: then there is nothing to give back.
            with suppress(NoSuchPromise):
                hand_promise(
                    practice_id=practice_id, promise_id=promise_id, owner_id=None, reason=reasons[promise_id], by=by,
                    now=now,
                )  # fmt: skip
    return sum(bool(reason) for reason in reasons.values())


def _begun(practice_id: UUID) -> set[tuple[UUID, UUID]]:
    with scope.transaction(practice_id):
        return set(Draft.objects.filter(practice_id=practice_id).values_list("conversation_id", "membership_id"))


def _why_back(
    owed: Owed, hours: WeeklyHours, now: datetime, *, is_away: bool, begun: set[tuple[UUID, UUID]]
) -> str:  # fmt: skip
    if owed.kind != "answer":
        return AWAY if is_away and now >= owed.due_at - promised.INSIDE else ""
    if not is_away and (owed.subject.id, owed.owner_id) in begun:
        return ""
    if not promised.goes_back(owed.owned_since, owed.due_at, now, hours, is_away=is_away):
        return ""
    return AWAY if is_away else HALF_GONE


def close_desk(*, practice_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None) -> DeskClosing:
    """End the day at the desk, and return how it ended.

    Everyone has an answer, or a colleague's name and a time ahead. Raises ``StillWaiting``, ``NotAPerson``.
    """
    author = named(by)
    with act(practice_id, by=by, now=now) as closing_now:
        pressed = once(closing_now, command_id)
        if pressed.answer is not None:
            return DeskClosing.objects.get(pk=pressed.answer)
        closing_now.lock(Ref("practice", practice_id))
        standing = standing_at_closing(practice_id, now=now)
        if standing.waiting:
            raise StillWaiting(tuple(o.id for o in standing.waiting))
        row = DeskClosing.objects.create(
            practice_id=practice_id, day=day_of(now, practice_by_id(practice_id).zone),
            n_answered=standing.n_answered, n_handed=len(standing.handed), closed_by=author, closed_at=now,
        )  # fmt: skip
        closing_now.record(
            "inbox.desk.closed",
            subject=Ref("practice", practice_id),
            data={"closing": row.pk, "day": row.day.isoformat(), "answered": row.n_answered, "handed": row.n_handed},
        )
        answer(closing_now, command_id, row.pk)
    return row
