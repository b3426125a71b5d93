"""Take a mail: to the person whose address it came from, or kept until a colleague says whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from glede.inbox import acknowledging, refusing, rules
from glede.inbox.models import InboundMessage
from glede.inbox.operations.arriving import Arrival, Taken, keep_stray
from glede.inbox.operations.talking import Incoming, receive_message
from glede.kernel.actor import Actor, patient
from glede.ledger.operations import act
from glede.people.queries import patients_at
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id

CHANNEL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A mail as it was read. ``address`` is who it says it is from, in normal form; ``key`` is unique to the mail.

    ``words`` are shown; ``parts`` are subject and text alone, in which a refusal is heard. ``written_to`` are people
    to whom we wrote what it answers, ``appointment_id`` the visit that was about.
    """

    key: UUID
    address: str
    words: str
    parts: tuple[str, ...] = ()
    written_to: frozenset[UUID] = frozenset()
    appointment_id: UUID | None = None
    came_at: datetime | None = None


def take_mail(*, practice_id: UUID, mail: Posted, by: Actor, now: datetime) -> Taken:
    """Hand a mail to the conversation of the one person who is known by its address; else keep it for a colleague.

    It is words and no more: nothing is confirmed, moved or changed by it. A refusal in it stops mail to everybody who
    shares the address, in this act.
    """
    practice = practice_by_id(practice_id)
    with act(practice_id, by=by, now=now) as taking:
        known_by = patients_at(practice_id, "email", mail.address)
        writer = rules.who_wrote(known_by, mail.written_to)
        if writer is None:
            came = Arrival(channel=CHANNEL, address=mail.address[:254], words=mail.words, provider_id=str(mail.key))
            stray = keep_stray(taking, practice, came, known_by, came_at=mail.came_at)
            _hear_parts(practice, mail, known_by, by=by, now=now)
            return Taken(stray_id=stray)
        others = tuple(person for person in known_by if person != writer)
        incoming = Incoming(
            patient_id=writer, words=mail.words, channel=CHANNEL, came_at=mail.came_at, shared_with=others,
            appointment_id=mail.appointment_id, came_from=mail.address,
        )  # fmt: skip
        row = receive_message(practice_id=practice_id, message=incoming, by=patient(writer), now=now)
        if _hear_parts(practice, mail, [writer, *others], by=patient(writer), now=now):
            _confirm(row, writer, by=by, now=now)
    return Taken(message_id=row.pk)


def _hear_parts(practice: Practice, mail: Posted, people: list[UUID], *, by: Actor, now: datetime) -> bool:
    """Act on a refusal that is the whole subject or the whole text; return whether one word confirms it."""
    alone = [part for part in mail.parts if part.strip() and part.strip() != mail.words.strip()]
    hear = partial(refusing.hear_number, practice, channel=CHANNEL, by=by, now=now)
    heard = [hear(part, people, mail.address) for part in alone]
    return any(found.confirms for found in heard)


def _confirm(row: InboundMessage, writer: UUID, *, by: Actor, now: datetime) -> None:
    acknowledging.plan_receipt(row, writer, by=by, now=now)
