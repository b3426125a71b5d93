"""What follows for people and for the practice when texts did not arrive (docs/messages.md#texts)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from glede.channels.operations import close_texts
from glede.channels.operations.telling import promise_to_ask, promise_to_settle
from glede.kernel.actor import PROVIDER
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox.queries import people_failed_for
from glede.outbox.rules import Reason
from glede.outbox.transports import Failure
from glede.people.operations import ContactEnded, end_contact, note_landline, opt_out
from glede.people.queries import owners_of, patients_at
from glede.practices.queries import practice_by_id

CLOSING_PEOPLE = 3
CLOSING_WITHIN = timedelta(hours=24)
"""One phone that blocks us is that person's own wish; three people in a day are a sign about us (decision 28)."""

_ABOUT_PEOPLE = frozenset({Reason.OPTED_OUT, Reason.LANDLINE, Reason.UNKNOWN_NUMBER})
_BLOCKED = frozenset({Reason.BLOCKED, Reason.SENDER_BLOCKED})


def look_after(practice_id: UUID, failures: Sequence[Failure], now: datetime) -> None:
    """Note who refused, which numbers are none or landlines; close texts and tell a colleague where they are blocked.

    Called in the act that notes the failures; takes all its locks at once.
    """
    about = sorted({(f.contact_id, f.reason) for f in failures if f.reason in _ABOUT_PEOPLE and f.contact_id})
    blocked = [f for f in failures if f.reason in _BLOCKED]
    if not about and not blocked:
        return
    with act(practice_id, by=PROVIDER, now=now) as caring:
        owners = owners_of(practice_id, [contact for contact, _ in about])
        numbers = {address for _, address in owners.values() if address}
        sharers = {number: patients_at(practice_id, "phone", number) for number in numbers}
        everybody = {owner for owner, _ in owners.values()} | {p for people in sharers.values() for p in people}
        house = [Ref("practice", practice_id)] if blocked else []
        caring.lock(*(Ref("patient", person) for person in everybody), *house)
        for contact, reason in about:
            if contact in owners:
                owner, number = owners[contact]
                _look_after_number(practice_id, contact, reason, {owner, *sharers.get(number, ())}, now)
        if blocked:
            _look_after_channel(practice_id, blocked, now)


def _look_after_number(practice_id: UUID, contact: UUID, reason: str, people: set[UUID], now: datetime) -> None:
    if reason == Reason.OPTED_OUT:
        # The number has refused, whoever shares it.
        for person in sorted(people):
            opt_out(
                practice_id=practice_id, patient_id=person, channel="sms", scope="all", how="sms", by=PROVIDER, now=now
            )
        return
    with suppress(ContactEnded):
        if reason == Reason.LANDLINE:
            note_landline(practice_id=practice_id, contact_id=contact, by=PROVIDER, now=now)
            return
        ended = end_contact(practice_id=practice_id, contact_id=contact, reason="undeliverable", by=PROVIDER, now=now)
        promise_to_ask(practice_by_id(practice_id), ended.patient_id, "number", contact, now=now)


def _look_after_channel(practice_id: UUID, blocked: Sequence[Failure], now: datetime) -> None:
    people = people_failed_for(practice_id, str(Reason.BLOCKED), since=now - CLOSING_WITHIN)
    is_about_us = any(f.reason == Reason.SENDER_BLOCKED for f in blocked) or len(people) >= CLOSING_PEOPLE
    if is_about_us:
        close_texts(practice_id=practice_id, reason=blocked[0].reason, by=PROVIDER, now=now)
    promise_to_settle(practice_by_id(practice_id), "texts_blocked", by=PROVIDER, now=now)
