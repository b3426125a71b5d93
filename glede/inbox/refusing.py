"""What a refusal in a message does at once: it stops messages, and a colleague asks what was meant."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from glede.diary.queries import visits_of
from glede.inbox.models import Channel, InboundMessage
from glede.kernel.actor import Actor
from glede.kernel.periods import NeverOpen
from glede.kernel.ref import Ref
from glede.outbox.optout import Effect, Stops, effect
from glede.people.operations import detach_address, opt_out
from glede.practices.models import Practice
from glede.practices.queries import opening_hours
from glede.promises.operations import NewPromise, make_promise

CAUSE = "refusal"
NEAR = timedelta(days=7)
HOW = {Channel.EMAIL: "email", Channel.SMS: "sms", Channel.LINK: "form", Channel.CALL: "phone"}


def hear(
    practice: Practice, message: InboundMessage, patient_id: UUID, *others: UUID, by: Actor, now: datetime
) -> Effect:
    """Act on a refusal in ``message``, inside the act that received it, and return what followed from it.

    A refusal on the person's own page names no channel: marketing stops on every one, and a colleague asks about the
    rest. One by text or e-mail stops it for ``others`` too, who share the number or address.
    """
    found = _effect(practice, message.words, (patient_id, *others), now)
    by_channel = message.channel in {Channel.EMAIL, Channel.SMS}
    if found.stops is not Stops.NOTHING:
        scope = "all" if found.stops is Stops.ALL and by_channel else "marketing"
        for person in (patient_id, *(others if by_channel else ())):
            opt_out(
                practice_id=practice.pk,
                patient_id=person,
                channel=message.channel if by_channel else None,
                scope=scope,  # type: ignore[arg-type]
                how=HOW[Channel(message.channel)],
                by=by,
                now=now,
            )
    if found.promises_colleague or (found.stops is Stops.ALL and not by_channel):
        _promise(practice, message, patient_id, found, by=by, now=now)
    return found


def hear_number(
    practice: Practice, words: str, people: Sequence[UUID], address: str, *, channel: str = "sms", by: Actor,
    now: datetime,
) -> Effect:  # fmt: skip
    """Act on a refusal from an address that several share: nobody can say who wrote, so it is all theirs.

    A "wrong number" takes it from every one of them, and a colleague asks each for the right one.
    """
    found = _effect(practice, words, people, now)
    if found.stops is Stops.NOTHING:
        return found
    for person in people:
        opt_out(
            practice_id=practice.pk, patient_id=person, channel=channel,
            scope="all" if found.stops is Stops.ALL else "marketing", how=HOW[Channel(channel)], by=by, now=now,
        )  # fmt: skip
        if found.detaches:
            detach_address(practice_id=practice.pk, patient_id=person, address=address, by=by, now=now)
    return found


def _effect(practice: Practice, words: str, people: Iterable[UUID], now: datetime) -> Effect:
    """Return what words do; whether a visit is near is asked only where it makes a difference, which it seldom does."""
    far, near = (effect(words, practice.country, near_visit=is_near) for is_near in (False, True))
    return near if far != near and _is_near_visit(practice, people, now) else far


def _is_near_visit(practice: Practice, people: Iterable[UUID], now: datetime) -> bool:
    """Return True where one of them has a visit within seven days."""
    visits = (visit for person in people for visit in visits_of(practice.pk, person))
    return any(v.is_ahead and v.starts_at <= now + NEAR for v in visits)


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
