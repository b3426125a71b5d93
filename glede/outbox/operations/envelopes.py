"""From a case that may go to the envelope a transport takes."""

from __future__ import annotations

from datetime import datetime

from glede.kernel.ref import Ref
from glede.outbox.operations.cases import Case
from glede.outbox.touches import TouchKey, provider_key
from glede.outbox.transports import Envelope
from glede.outbox.unsubscribing import unsubscribe_url
from glede.practices.models import Practice


def envelope_for(case: Case, practice: Practice, now: datetime) -> Envelope:
    """One person, one address, the practice's own name; the reference stays the same over all tries."""
    message, touch, way, content, reach = case.message, case.message.touch, case.ways[0], case.content, case.reach
    assert content is not None and reach is not None and way.contact is not None  # noqa: S101, PT018 - what "send" means
    key = provider_key(
        practice.pk,
        TouchKey(touch.row, Ref(touch.subject_kind, touch.subject_id), touch.subject_version, touch.occurrence),
        live=touch.live,
        n=message.n,
    )
    return Envelope(
        message_id=message.id,
        channel=way.channel,
        key=key,
        message_ref=message.message_ref or message_ref(practice, f"{key[:32]}.{message.n}"),
        to_address=way.contact.address,
        to_name=reach.addressed_name or f"{reach.given_name} {reach.family_name}".strip(),
        from_name=practice.name,
        from_address=practice.email,
        reply_to=practice.email,
        subject=content.subject,
        text=content.text,
        html=content.html,
        date=now,
        in_reply_to=content.in_reply_to,
        auto="" if content.is_written_by_hand else "auto-generated",
        unsubscribe_url=unsubscribe_url(practice, message.id) if case.needs_unsubscribe else "",
        language=reach.language or practice.language,
        expires_at=touch.late_after,
    )


def message_ref(practice: Practice, name: str) -> str:
    """Return the Message-ID of a mail: ``name`` at the practice's own domain."""
    return f"<{name}@{practice.email.rpartition('@')[2] or 'localhost'}>"
