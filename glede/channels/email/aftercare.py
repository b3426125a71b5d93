"""What follows for a person when there is no such address (docs/mail.md#mail-that-came-back)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from glede.channels.operations.telling import promise_to_ask
from glede.kernel.actor import PROVIDER
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox.rules import Reason
from glede.outbox.transports import Failure
from glede.people.operations import ContactEnded, end_contact
from glede.people.queries import owners_of
from glede.practices.queries import practice_by_id


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
                promise_to_ask(practice_by_id(practice_id), ended.patient_id, "address", contact, now=now)
