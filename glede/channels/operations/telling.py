"""What channels make a colleague promise: to look at a mail that is held, or to put right what keeps words back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from glede.channels.models import RawMail
from glede.channels.operations.mails import subject_of
from glede.inbox import rules
from glede.kernel.actor import PROVIDER, Actor
from glede.kernel.periods import NeverOpen
from glede.kernel.ref import Ref
from glede.practices.models import Practice
from glede.practices.queries import opening_hours
from glede.promises.operations import NewPromise, make_promise, withdraw_promise
from glede.promises.queries import open_about
from glede.staff.models import Role
from glede.staff.queries import colleagues

HELD = "mail_held"
READING_FAILS, COUNT_DIFFERS, BLOCKED = "mail_unread", "mail_missing", "mail_blocked"


def promise_a_look(practice: Practice, row: RawMail, *, by: Actor, now: datetime) -> None:
    """Have a colleague look at a mail that is held, within the time the practice answers in."""
    due = rules.answer_due(row.came_at, opening_hours(practice), practice.answer_minutes, row.urgency)
    new = NewPromise(
        kind="settle", subject=subject_of(row.pk), due_at=due, cause=HELD, urgency=row.urgency,
        detail={"reason": HELD, "why": row.reason},
    )  # fmt: skip
    make_promise(practice_id=practice.pk, new=new, by=by, now=now)


def promise_to_settle(practice: Practice, cause: str, *, by: Actor, now: datetime) -> None:
    """Have a manager see to what keeps the practice's mail or texts from going."""
    new = NewPromise(
        kind="settle", subject=Ref("practice", practice.pk), due_at=_due(practice, now), cause=cause,
        detail={"reason": cause}, owner_id=_manager(practice.pk),
    )  # fmt: skip
    make_promise(practice_id=practice.pk, new=new, by=by, now=now)


def promise_to_ask(practice: Practice, patient_id: UUID, what: str, contact_id: UUID, *, now: datetime) -> None:
    """Have a colleague ask a person for another ``what``, an ``address`` or a ``number``: the one we had is none."""
    new = NewPromise(
        kind="undelivered", subject=Ref("patient", patient_id), due_at=_due(practice, now),
        cause=f"{what}:{contact_id}", detail={"reason": what}, patient_id=patient_id,
    )  # fmt: skip
    make_promise(practice_id=practice.pk, new=new, by=PROVIDER, now=now)


def withdraw_cause(practice: Practice, cause: str, *, by: Actor, now: datetime) -> None:
    """Nobody needs to see to this any more: it is well again."""
    for owed in open_about(practice.pk, Ref("practice", practice.pk)):
        if owed.cause == cause:
            withdraw_promise(practice_id=practice.pk, promise_id=owed.id, reason="mended", by=by, now=now)


def _due(practice: Practice, now: datetime) -> datetime:
    try:
        return opening_hours(practice).add_open_minutes(now, practice.answer_minutes)
    except NeverOpen:
        return now + timedelta(days=1)


def _manager(practice_id: UUID) -> UUID | None:
    for role in (Role.MANAGER, Role.OWNER):
        for colleague in colleagues(practice_id):
            if colleague.role == role:
                return colleague.membership_id
    return None
