"""What becomes of a call: a line with the person, and a promise that is kept at once or stands open with an owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.inbox.operations import Arrival, close_stray, take_arrival
from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import act, once
from glede.people.operations import write_note
from glede.promises.operations import NewPromise, keep_promise, make_promise

CAUSE = "rang"


@dataclass(frozen=True)
class Rang:
    """One line about a call.

    ``back_by`` is when we ring back (None: all was said), ``owner_id`` who does (None: whoever is at the desk).
    """

    words: str
    back_by: datetime | None = None
    owner_id: UUID | None = None


def keep_call(
    *, practice_id: UUID, patient_id: UUID, rang: Rang, by: Actor, now: datetime, command_id: UUID | None
) -> None:
    """Keep a call of a person: the line as a note, and a promise that is kept at once or stands open.

    The same ``command_id`` again changes nothing. Raises ``NoWords``, ``NoSuchPatient``.
    """
    given: dict[str, Any] = {"practice_id": practice_id, "by": by, "now": now}
    with act(**given) as calling:
        if not once(calling, command_id).is_first:
            return
        note = write_note(patient_id=patient_id, words=rang.words, **given)
        new = NewPromise(
            kind="call", subject=Ref("patient", note.patient_id), due_at=rang.back_by or now,
            cause=f"{CAUSE}:{note.pk}", patient_id=note.patient_id, owner_id=rang.owner_id if rang.back_by else by.id,
            detail={"note": str(note.pk)},
        )  # fmt: skip
        owed = make_promise(new=new, **given)
        if rang.back_by is None:
            keep_promise(promise_id=owed.pk, evidence=Ref("note", note.pk), reason="spoke", **given)


def keep_missed(
    *, practice_id: UUID, number: str, words: str, is_done: bool, by: Actor, now: datetime, command_id: UUID | None
) -> bool:
    """Keep a call from a number nobody is known by; return whether it is a person's after all.

    It waits on Today like any words from a number, by the practice's own rule, until somebody says whose it is. With
    ``is_done`` all was said already, and it is closed with the line.
    """
    given: dict[str, Any] = {"practice_id": practice_id, "by": by, "now": now}
    came = Arrival(channel="call", address=number, words=words, provider_id=str(command_id or new_id()))
    with act(**given):
        taken = take_arrival(arrival=came, **given)
        if is_done and taken.stray_id is not None:
            close_stray(stray_id=taken.stray_id, note=words, **given)
    return taken.message_id is not None
