"""Take what comes from a number or address: to the person it belongs to, or kept until a colleague says whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext, override

from glede.inbox import refusing, rules
from glede.inbox.ending import end_answer
from glede.inbox.models import InboundMessage, StrayMessage
from glede.inbox.operations.assessing import carry_over
from glede.inbox.operations.talking import Incoming, receive_message
from glede.inbox.operations.threads import NobodyThere, NotAPerson
from glede.inbox.operations.understanding import understand_answer
from glede.kernel.actor import Actor, patient
from glede.kernel.contact import phone_e164
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act, once
from glede.outbox.queries import texted
from glede.people.operations import add_contact
from glede.people.queries import head_of, patients_at, wards_of
from glede.people.values import ContactForm
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promise
from glede.promises.queries import open_about

LATELY = timedelta(days=7)
STRAY_CAUSE = "stray"


class NoSuchStray(LookupError):
    """This practice has no such message, or a colleague has seen to it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A text as its provider brings it. ``address`` is the number it came from; ``has_media``: a picture came along."""

    channel: str
    address: str
    words: str
    provider_id: str
    has_media: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an arrival: the message of a person, or a stray one. Neither: it had come before."""

    message_id: UUID | None = None
    stray_id: UUID | None = None


def take_arrival(*, practice_id: UUID, arrival: Arrival, by: Actor, now: datetime) -> Taken:
    """Hand a text to the conversation of who wrote it; keep it for a colleague where that cannot be said.

    The same ``provider_id`` again changes nothing. A refusal stops texts to everybody who shares the number. A plain
    answer to a reminder is done at once, in an act of its own once the words are kept.
    """
    practice = practice_by_id(practice_id)
    number = phone_e164(arrival.address, practice.country) or arrival.address[:254]
    words = _words(arrival, practice)
    with act(practice_id, by=by, now=now) as arriving:
        pressed = once(arriving, uuid5(NAMESPACE_URL, f"{practice_id}:{arrival.channel}:{arrival.provider_id}"))
        if not pressed.is_first:
            return Taken()
        known_by = patients_at(practice_id, "phone", number)
        writer = rules.who_wrote(known_by, _written_to(practice_id, known_by, now) if len(known_by) > 1 else ())
        if writer is None:
            came = replace(arrival, address=number, words=words)
            return Taken(stray_id=keep_stray(arriving, practice, came, known_by))
        others = tuple(person for person in known_by if person != writer)
        incoming = Incoming(
            patient_id=writer, words=words, channel=arrival.channel, shared_with=others, came_from=number
        )
        row = receive_message(practice_id=practice_id, message=incoming, by=patient(writer), now=now)
    understand_answer(practice_id=practice_id, message_id=row.pk, shared=bool(others), by=by, now=now)
    return Taken(message_id=row.pk)


def _words(arrival: Arrival, practice: Practice) -> str:
    said = arrival.words.replace("\x00", "").strip()
    with override("nb" if practice.language[:2] in {"nb", "nn", "no"} else "en"):
        picture = gettext("(A picture came with it. We do not fetch pictures: ask for it, or ring.)")
        nothing = gettext("(an empty message)")
    return "\n\n".join(filter(None, (said, picture if arrival.has_media else ""))) or nothing


def _written_to(practice_id: UUID, people: list[UUID], now: datetime) -> set[UUID]:
    """Return whom of these we sent a text lately; one about a child went to the guardian."""
    wards = wards_of(practice_id, people)
    found = texted(practice_id, [*people, *wards], since=now - LATELY)
    return {wards.get(person, person) for person in found}


def keep_stray(
    arriving: Act, practice: Practice, came: Arrival, known_by: list[UUID], *, came_at: datetime | None = None
) -> UUID:
    """Keep words of which nobody can say whose they are, and owe them an answer from when they came."""
    reading, received_at = rules.raise_tier(came.words), came_at or arriving.now
    row = StrayMessage(
        practice_id=practice.pk, channel=came.channel, address=came.address, words=came.words,
        provider_id=came.provider_id[:200], received_at=received_at, tier=reading.tier,
        must_read_now=reading.must_be_read_now,
    )  # fmt: skip
    arriving.lock(*(Ref("patient", person) for person in known_by))
    refusing.hear_number(
        practice, came.words, known_by, came.address, channel=came.channel, by=arriving.by, now=arriving.now
    )
    row.save(force_insert=True)
    subject = Ref("stray", row.pk)
    data = {"channel": row.channel, "tier": row.tier, "known_by": len(known_by)}
    arriving.record("inbox.stray.received", subject=subject, data=data)
    due = rules.answer_due(received_at, opening_hours(practice), practice.answer_minutes, row.tier)
    urgency = rules.urgency_of(row.tier, must_be_read_now=row.must_read_now)
    new = NewPromise("answer", subject, due, STRAY_CAUSE, urgency=urgency, detail={"channel": row.channel})
    make_promise(practice_id=practice.pk, new=new, by=arriving.by, now=arriving.now)
    return row.pk


def place_stray(
    *, practice_id: UUID, stray_id: UUID, patient_id: UUID, keeps_number: bool = False, by: Actor, now: datetime
) -> InboundMessage:
    """Say whose words these are: they go to that person's conversation, owed an answer from when they came.

    ``keeps_number`` adds the number or address to the person. Raises ``NoSuchStray``, ``NobodyThere``, ``NotAPerson``.
    """
    with act(practice_id, by=by, now=now) as placing:
        row = _open_stray(practice_id, stray_id, by)
        person = head_of(practice_id, patient_id)
        if person is None:
            raise NobodyThere(str(patient_id))
        incoming = Incoming(patient_id=person, words=row.words, channel=row.channel, came_at=row.received_at)
        message = receive_message(practice_id=practice_id, message=incoming, by=by, now=now)
        if keeps_number:
            number = ContactForm("email" if row.channel == "email" else "phone", row.address)
            add_contact(practice_id=practice_id, patient_id=person, contact=number, by=by, now=now)
        carry_over(placing, row, message)
        row.patient_id, row.message_id, row.words, row.address, row.calm_reason = person, message.pk, "", "", ""
        _close(placing, row, "inbox.stray.placed", Ref("message", message.pk), person)
    return message


def close_stray(*, practice_id: UUID, stray_id: UUID, note: str, by: Actor, now: datetime) -> None:
    """Say that the words were not meant for us, and why. Raises ``NoSuchStray``, ``NotAPerson``."""
    with act(practice_id, by=by, now=now) as closing:
        row = _open_stray(practice_id, stray_id, by)
        row.note = note.strip()
        _close(closing, row, "inbox.stray.closed", Ref("stray", row.pk), None)


def _open_stray(practice_id: UUID, stray_id: UUID, by: Actor) -> StrayMessage:
    if by.role != "staff" or by.id is None:
        raise NotAPerson(by.role)
    with scope.transaction(practice_id):
        rows = StrayMessage.objects.select_for_update(of=("self",), no_key=True)
        row = rows.filter(practice_id=practice_id, pk=stray_id, closed_at=None).first()
    if row is None:
        raise NoSuchStray(str(stray_id))
    return row


def _close(closing: Act, row: StrayMessage, event: str, evidence: Ref, person: UUID | None) -> None:
    row.closed_at, row.closed_by = closing.now, closing.by.id
    row.save(update_fields=["closed_at", "closed_by", "patient", "message", "words", "address", "note", "calm_reason"])
    subject = Ref("stray", row.pk)
    for owed in open_about(row.practice_id, subject):
        end_answer(closing, owed, evidence, event.rpartition(".")[2])
    closing.lock(subject)
    closing.record(event, subject=subject, patient=person)
