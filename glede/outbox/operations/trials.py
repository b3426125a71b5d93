"""A trial mail to ourselves, before anything goes to anybody: does it arrive, and does somebody read the answers?

The one thing that leaves a practice in rehearsal: to its own address or to its owner's, because they pressed for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox import events
from glede.outbox.operations.envelopes import message_ref
from glede.outbox.transports import Accepted, Envelope, Outcome, Refused, transport_for
from glede.practices.queries import practice_by_id


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried (a code for the record), where it goes, and its words."""

    what: str
    to_address: str
    to_name: str
    subject: str
    text: str


def send_trial(*, practice_id: UUID, trial: Trial, by: Actor, now: datetime) -> Outcome:
    """Send a trial mail under the practice's own name and return what the mail server said.

    It is recorded before it leaves. A practice with a virtual clock sends nothing: raises ``ValueError``.
    """
    practice = practice_by_id(practice_id)
    if practice.is_virtual:
        raise ValueError("nothing leaves a practice whose clock is moved by hand")
    message_id = new_id()
    with act(practice_id, by=by, now=now) as trying:
        trying.lock(Ref("practice", practice_id))
        data = {"what": trial.what, "trial": message_id}
        trying.record(events.TRIED, subject=Ref("practice", practice_id), data=data)
    envelope = Envelope(
        message_id=message_id,
        channel="email",
        key=message_id.hex,
        message_ref=message_ref(practice, f"{message_id.hex}.trial"),
        to_address=trial.to_address,
        to_name=trial.to_name,
        from_name=practice.name,
        from_address=practice.email,
        reply_to=practice.email,
        subject=trial.subject,
        text=trial.text,
        date=now,
        language=practice.language,
    )
    transport = transport_for("email", live=True)
    if not transport.is_configured(practice_id):
        return Refused(is_permanent=True, words="no mail server is named", is_ours=True)
    with transport.open(practice_id) as session:
        return session.send(envelope)


def has_left(outcome: Outcome) -> bool:
    """Return True where the mail server took it."""
    return isinstance(outcome, Accepted)
