"""What a refusal in a message does at once: it stops messages, and a colleague asks what was meant."""

from datetime import datetime, timedelta
from uuid import UUID

from glede.diary.queries import visits_of
from glede.inbox.models import Channel, InboundMessage
from glede.kernel.actor import Actor
from glede.kernel.periods import NeverOpen
from glede.kernel.ref import Ref
from glede.outbox.optout import Effect, Stops, effect
from glede.people.operations import opt_out
from glede.practices.models import Practice
from glede.practices.queries import opening_hours
from glede.promises.operations import NewPromise, make_promise

CAUSE = "refusal"
NEAR = timedelta(days=7)
HOW = {Channel.EMAIL: "email", Channel.SMS: "sms", Channel.LINK: "form", Channel.CALL: "phone"}


def hear(practice: Practice, message: InboundMessage, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Act on a refusal in ``message``, inside the act that received it. Anything else changes nothing.

    A refusal on the person's own page names no channel: marketing stops on every one, and a
    colleague asks about the rest.
    """
    near = any(v.is_ahead and v.starts_at <= now + NEAR for v in visits_of(practice.pk, patient_id))
    found = effect(message.words, practice.country, near_visit=near)
    by_channel = message.channel in {Channel.EMAIL, Channel.SMS}
    if found.stops is not Stops.NOTHING:
        opt_out(
            practice_id=practice.pk,
            patient_id=patient_id,
            channel=message.channel if by_channel else None,
            scope="all" if found.stops is Stops.ALL and by_channel else "marketing",
            how=HOW[Channel(message.channel)],
            by=by,
            now=now,
        )
    if found.promises_colleague or (found.stops is Stops.ALL and not by_channel):
        _promise(practice, message, patient_id, found, by=by, now=now)


def _promise(
    practice: Practice, message: InboundMessage, patient_id: UUID, found: Effect, *, by: Actor, now: datetime
) -> None:
    new = NewPromise(
        kind="opt_out_check",
        subject=Ref("conversation", message.conversation_id),
        due_at=open_minutes_from(practice, now, practice.answer_minutes),
        cause=CAUSE,
        patient_id=patient_id,
        detail={
            "message": str(message.pk),
            "channel": message.channel,
            "about_visit": found.is_about_visit,
            "wrong_number": found.detaches,
        },
    )
    make_promise(practice_id=practice.pk, new=new, by=by, now=now)


def open_minutes_from(practice: Practice, now: datetime, minutes: int) -> datetime:
    """Return the moment after ``minutes`` of open time; of plain time where the practice has no hours."""
    try:
        return opening_hours(practice).add_open_minutes(now, minutes)
    except NeverOpen:
        return now + timedelta(minutes=minutes)
