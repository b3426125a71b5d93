"""What follows for a person when there is no such address (docs/mail.md#mail-that-came-back)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from glede.kernel.actor import PROVIDER
from glede.kernel.periods import NeverOpen
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox.rules import Reason
from glede.outbox.transports import Failure
from glede.people.operations import ContactEnded, end_contact
from glede.people.queries import owners_of
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promises


def look_after(practice_id: UUID, failures: Sequence[Failure], now: datetime) -> None:
    """End the addresses that are none, and have a colleague ask each person for another.

    Called in the act that notes the failures; takes all its locks at once.
    """
    gone = {f.contact_id for f in failures if f.reason == Reason.BAD_ADDRESS and f.contact_id}
    if not gone:
        return
    with act(practice_id, by=PROVIDER, now=now) as caring:
        owners = owners_of(practice_id, gone)
        caring.lock(*(Ref("patient", owner) for owner, _ in owners.values()))
        for contact in sorted(owners):
            with suppress(ContactEnded):
                ended = end_contact(
                    practice_id=practice_id, contact_id=contact, reason="undeliverable", by=PROVIDER, now=now
                )
                _ask_for_another(practice_id, ended.patient_id, contact, now)


def _ask_for_another(practice_id: UUID, patient_id: UUID, contact: UUID, now: datetime) -> None:
    practice = practice_by_id(practice_id)
    try:
        due = opening_hours(practice).add_open_minutes(now, practice.answer_minutes)
    except NeverOpen:
        due = now + timedelta(days=1)
    new = NewPromise(
        kind="undelivered", subject=Ref("patient", patient_id), due_at=due, cause=f"address:{contact}",
        detail={"reason": "address"}, patient_id=patient_id,
    )  # fmt: skip
    make_promises(practice_id=practice_id, new=[new], by=PROVIDER, now=now)
