"""The day's checkpoint by mail to the owners: a seal over the record that whoever has our machine cannot reach.

It goes to the owners' own addresses alone and holds no word about a patient. A rehearsal rehearses it.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from glede.kernel.actor import Actor
from glede.kernel.clock import day_of, wall
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.kernel.words import day_words
from glede.ledger.checkpoints import last_checkpoint, signed_of
from glede.ledger.notes import Note, Signed, fingerprint, letter, read
from glede.ledger.operations import act
from glede.ledger.queries import last_of_kind
from glede.outbox import events
from glede.outbox.operations.envelopes import message_ref
from glede.outbox.transports import Accepted, Envelope, transport_for
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.staff.queries import Addressed, owners

_log = logging.getLogger(__name__)
OURS = 1
"""The event that the mail itself leaves is nothing new to tell of."""


def mail_checkpoint(*, practice_id: UUID, by: Actor, now: datetime) -> int:
    """Mail the last checkpoint to the owners once the day is over, and return to how many it went.

    Once a day at most, and only where something happened since the last: the event is recorded before a mail leaves,
    so that none goes twice. Nothing leaves a practice that is stopped, has no owner, or whose clock is moved by hand.
    """
    practice = practice_by_id(practice_id)
    to, transport = owners(practice_id), transport_for("email", live=practice.is_live)
    if practice.is_virtual or practice.stopped_at or not to or not transport.is_configured(practice_id):
        return 0
    if not _is_closed(practice, now):
        return 0
    with act(practice_id, by=by, now=now) as keeping:
        keeping.lock(Ref("practice", practice_id))
        signed = _due(practice, now)
        if signed is None:
            return 0
        note = read(signed.text)
        data = {"number": note.number, "size": note.size, "owners": len(to), "live": practice.is_live}
        keeping.record(events.CHECKPOINT_MAILED, subject=Ref("practice", practice_id), data=data)
    with transport.open(practice_id) as session:
        outcomes = [session.send(_envelope(practice, one, signed, now)) for one in to]
    gone = sum(isinstance(outcome, Accepted) for outcome in outcomes)
    if gone < len(to):
        _log.warning("the day's checkpoint of %s went to %s of %s owners", practice.slug, gone, len(to))
    return gone


def _is_closed(practice: Practice, now: datetime) -> bool:
    """Return whether the day's opening hours are over; a day without any is over in the evening."""
    end = opening_hours(practice).day_end(day_of(now, practice.zone))
    return now >= end if end else wall(now, practice.zone).time() >= practice.hours_to


def _due(practice: Practice, now: datetime) -> Signed | None:
    """Return the last checkpoint where something happened since the one that was mailed last, and none was today."""
    with scope.transaction(practice.pk):
        row = last_checkpoint(practice.pk)
        last = last_of_kind(practice.pk, events.CHECKPOINT_MAILED)
    if row is None:
        return None
    if last is not None:
        is_today = day_of(last.at, practice.zone) >= day_of(now, practice.zone)
        if is_today or row.size - last.data["size"] <= OURS:
            return None
    return signed_of(row)


def _envelope(practice: Practice, to: Addressed, signed: Signed, now: datetime) -> Envelope:
    message_id, note = new_id(), read(signed.text)
    with translation.override(practice.language):
        subject, text = _words(practice, note, signed)
    return Envelope(
        message_id=message_id,
        channel="email",
        key=message_id.hex,
        message_ref=message_ref(practice, f"{message_id.hex}.trial"),
        to_address=to.email,
        to_name=to.display_name,
        from_name=practice.name,
        from_address=practice.email,
        reply_to=practice.email,
        subject=subject,
        text=text,
        date=now,
        language=practice.language,
    )


def _words(practice: Practice, note: Note, signed: Signed) -> tuple[str, str]:
    day = day_words(day_of(note.at, practice.zone), "nb" if practice.language[:2] in {"nb", "nn", "no"} else "en")
    subject = gettext("Keep this: the diary of %(practice)s, %(day)s") % {"practice": practice.name, "day": day}
    text = gettext(
        "This is a seal over everything that was written down up to %(day)s: %(size)s events. Keep this mail. "
        "There is nothing to do.\n\n"
        "Whoever could change our diary could not change your mailbox. If you ever doubt, save this mail as a file and "
        "have it compared: glede verify --against FILE\n\n"
        "%(letter)s\n"
        "The key is called %(key)s.\n"
    )
    values = {
        "day": day, "size": note.size, "letter": letter(signed), "key": fingerprint(signed.public_key),
    }  # fmt: skip
    return subject, text % values
