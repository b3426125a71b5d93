"""Make, keep, withdraw and hand over promises."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.promises.models import Promise, PromiseOutcome

RETURNED = "returned"
HANDED_OVER = "handed_over"


class NoSuchPromise(LookupError):
    """No such promise stands open: it was kept, withdrawn, or never made here."""


@dataclass(frozen=True)
class NewPromise:
    """A promise to be made: what, about whom, by when, and why."""

    kind: str
    subject: Ref
    due_at: datetime
    cause: str
    patient_id: UUID | None = None
    owner_id: UUID | None = None
    urgency: int = 5
    detail: dict[str, Any] = field(default_factory=dict)


def make_promise(*, practice_id: UUID, new: NewPromise, by: Actor, now: datetime) -> Promise:
    """Promise something by a clock time, and return the promise.

    One of the same kind, subject and cause that stands open is kept instead; the earlier time and
    the higher urgency of the two win.
    """
    return make_promises(practice_id=practice_id, new=[new], by=by, now=now)[0]


def make_promises(*, practice_id: UUID, new: list[NewPromise], by: Actor, now: datetime) -> list[Promise]:
    """Make many promises in one act, and return them in the order asked for."""
    with act(practice_id, by=by, now=now) as promising:
        rows = [_row(practice_id, item, now) for item in new]
        Promise.objects.bulk_create(rows, ignore_conflicts=True)
        made = {p.pk: p for p in Promise.objects.filter(pk__in=[row.pk for row in rows])}
        for row, item in zip(rows, new, strict=True):
            if row.pk in made:
                _record_made(promising, row, item)
        return [made.get(row.pk) or _sharpen(promising, row, item) for row, item in zip(rows, new, strict=True)]


def _row(practice_id: UUID, item: NewPromise, now: datetime) -> Promise:
    detail = {**item.detail, **({"patient": str(item.patient_id)} if item.patient_id else {})}
    return Promise(
        practice_id=practice_id, kind=item.kind, subject_kind=item.subject.kind, subject_id=item.subject.id,
        cause=item.cause, owner_id=item.owner_id, made_at=now, due_at=item.due_at, urgency=item.urgency, detail=detail,
    )  # fmt: skip


def _record_made(promising: Act, row: Promise, item: NewPromise) -> None:
    promising.record(
        "promises.promise.made",
        subject=Ref("promise", row.pk),
        patient=item.patient_id,
        data={"kind": item.kind, "about": str(item.subject), "due": item.due_at, "cause": item.cause},
    )


def _sharpen(promising: Act, wanted: Promise, item: NewPromise) -> Promise:
    standing = _standing(wanted)
    while standing is None:  # it was closed while we waited for whoever closed it: this is a new one
        Promise.objects.bulk_create([wanted], ignore_conflicts=True)
        if Promise.objects.filter(pk=wanted.pk).exists():
            _record_made(promising, wanted, item)
            return wanted
        standing = _standing(wanted)
    due, urgency = min(standing.due_at, wanted.due_at), min(standing.urgency, wanted.urgency)
    if (due, urgency) != (standing.due_at, standing.urgency):
        standing.due_at, standing.urgency = due, urgency
        standing.save(update_fields=["due_at", "urgency"])
    return standing


def _standing(wanted: Promise) -> Promise | None:
    rows = Promise.objects.select_for_update().filter(
        practice_id=wanted.practice_id, kind=wanted.kind, subject_kind=wanted.subject_kind,
        subject_id=wanted.subject_id, cause=wanted.cause, closed_at=None,
    )  # fmt: skip
    return rows.first()


@dataclass(frozen=True)
class Ending:
    """How a promise ends: the outcome, what proves it, and why."""

    outcome: str
    evidence: Ref | None = None
    reason: str = ""
    note: str = ""


def keep_promise(
    *, practice_id: UUID, promise_id: UUID, evidence: Ref | None = None, reason: str = "", note: str = "",
    by: Actor, now: datetime,
) -> Promise:  # fmt: skip
    """Close a promise as kept. Raises ``NoSuchPromise`` where none stands open."""
    ending = Ending(PromiseOutcome.Outcome.KEPT, evidence, reason, note)
    return end_promise(practice_id=practice_id, promise_id=promise_id, ending=ending, by=by, now=now)


def withdraw_promise(*, practice_id: UUID, promise_id: UUID, reason: str, by: Actor, now: datetime) -> Promise:
    """Close a promise that nobody is owed any more, and say why. Raises ``NoSuchPromise``."""
    ending = Ending(PromiseOutcome.Outcome.WITHDRAWN, None, reason)
    return end_promise(practice_id=practice_id, promise_id=promise_id, ending=ending, by=by, now=now)


def end_promise(*, practice_id: UUID, promise_id: UUID, ending: Ending, by: Actor, now: datetime) -> Promise:
    """Close a promise in the way ``ending`` says. Raises ``NoSuchPromise``."""
    with act(practice_id, by=by, now=now) as closing:
        subject = Ref("promise", promise_id)
        closing.lock(subject)
        if not Promise.objects.filter(pk=promise_id, closed_at=None).update(closed_at=now):
            raise NoSuchPromise(str(promise_id))
        promise = Promise.objects.get(pk=promise_id)
        _write_outcome(promise, ending, by=by, now=now)
        closing.record(
            f"promises.promise.{ending.outcome}",
            subject=subject,
            patient=_patient_of(promise),
            data={"kind": promise.kind, "reason": ending.reason, "on_time": now <= promise.due_at},
        )
    return promise


def withdraw_promises_about(
    *, practice_id: UUID, subject: Ref, kinds: list[str], reason: str, by: Actor, now: datetime
) -> int:
    """Withdraw every open promise of ``kinds`` about ``subject``; return how many."""
    with act(practice_id, by=by, now=now):
        rows = Promise.objects.filter(
            practice_id=practice_id, subject_kind=subject.kind, subject_id=subject.id, kind__in=kinds, closed_at=None
        )
        ids = sorted(rows.values_list("id", flat=True))
        return sum(_withdraw_if_open(practice_id, promise_id, reason, by, now) for promise_id in ids)


def _withdraw_if_open(practice_id: UUID, promise_id: UUID, reason: str, by: Actor, now: datetime) -> bool:
    try:
        withdraw_promise(practice_id=practice_id, promise_id=promise_id, reason=reason, by=by, now=now)
    except NoSuchPromise:  # somebody else closed it while we waited for them
        return False
    return True


def hand_promise(
    *, practice_id: UUID, promise_id: UUID, owner_id: UUID | None, note: str = "", due_at: datetime | None = None,
    reason: str = "", by: Actor, now: datetime,
) -> Promise:  # fmt: skip
    """Hand an open promise to a colleague (None: back to the desk), and return the promise that stands open then.

    With ``due_at`` it is owed by another time. A later one than was promised breaks the promise, with the reason
    ``HANDED_OVER``, and another is made in its place; an earlier one sharpens it. Raises ``NoSuchPromise``.
    """
    with act(practice_id, by=by, now=now) as handing:
        subject = Ref("promise", promise_id)
        handing.lock(subject)
        promise = Promise.objects.filter(pk=promise_id, closed_at=None).first()
        if promise is None:
            raise NoSuchPromise(str(promise_id))
        if due_at is not None and due_at > promise.due_at:
            promise = _promise_anew(promise, due_at, note, by=by, now=now)
        promise.owner_id, promise.owned_at, promise.due_at = (
            owner_id,
            now,
            min(due_at or promise.due_at, promise.due_at),
        )
        promise.save(update_fields=["owner_id", "owned_at", "due_at"])
        ending = Ending(PromiseOutcome.Outcome.HANDED, reason=reason, note=note)
        _write_outcome(promise, ending, by=by, now=now, to_owner_id=owner_id)
        handing.record(
            "promises.promise.handed",
            subject=Ref("promise", promise.pk),
            patient=_patient_of(promise),
            data={"to": owner_id, "reason": reason},
        )
    return promise


def _promise_anew(promise: Promise, due_at: datetime, note: str, *, by: Actor, now: datetime) -> Promise:
    ending = Ending(PromiseOutcome.Outcome.BROKEN, reason=HANDED_OVER, note=note)
    end_promise(practice_id=promise.practice_id, promise_id=promise.pk, ending=ending, by=by, now=now)
    return make_promise(practice_id=promise.practice_id, new=_like(promise, due_at), by=by, now=now)


def _like(promise: Promise, due_at: datetime, owner_id: UUID | None = None) -> NewPromise:
    return NewPromise(
        kind=promise.kind, subject=Ref(promise.subject_kind, promise.subject_id), due_at=due_at, cause=promise.cause,
        patient_id=_patient_of(promise), owner_id=owner_id, urgency=promise.urgency, detail=promise.detail,
    )  # fmt: skip


def renew_promise(*, practice_id: UUID, promise_id: UUID, by: Actor, now: datetime) -> Promise:
    """Promise again what was promised, to the same hour and by the same colleague: how it ended was taken back.

    How it ended stays in the record. Raises ``NoSuchPromise`` where it was never made or has not ended.
    """
    with act(practice_id, by=by, now=now):
        ended = Promise.objects.filter(practice_id=practice_id, pk=promise_id, closed_at__isnull=False).first()
        if ended is None:
            raise NoSuchPromise(str(promise_id))
        new = _like(ended, ended.due_at, ended.owner_id)
        return make_promise(practice_id=practice_id, new=new, by=by, now=now)


def calm_promise(*, practice_id: UUID, promise_id: UUID, urgency: int, by: Actor, now: datetime) -> Promise:
    """Let a promise be as urgent as ``urgency`` again, because a named colleague looked; the time stays.

    Raises ``NoSuchPromise``.
    """
    with act(practice_id, by=by, now=now) as calming:
        subject = Ref("promise", promise_id)
        calming.lock(subject)
        promise = Promise.objects.filter(pk=promise_id, closed_at=None).first()
        if promise is None:
            raise NoSuchPromise(str(promise_id))
        before, promise.urgency = promise.urgency, urgency
        promise.save(update_fields=["urgency"])
        data = {"from": before, "to": urgency}
        calming.record("promises.promise.calmed", subject=subject, patient=_patient_of(promise), data=data)
    return promise


def postpone_promise(
    *, practice_id: UUID, promise_id: UUID, due_at: datetime, note: str = "", by: Actor, now: datetime
) -> Promise:
    """Try again by another time, because nobody was reached; the first time stays in the record.

    Raises ``NoSuchPromise``.
    """
    with act(practice_id, by=by, now=now) as postponing:
        subject = Ref("promise", promise_id)
        postponing.lock(subject)
        if not Promise.objects.filter(pk=promise_id, closed_at=None).update(due_at=due_at):
            raise NoSuchPromise(str(promise_id))
        promise = Promise.objects.get(pk=promise_id)
        ending = Ending(PromiseOutcome.Outcome.POSTPONED, reason="not_reached", note=note)
        _write_outcome(promise, ending, by=by, now=now)
        postponing.record(
            "promises.promise.postponed", subject=subject, patient=_patient_of(promise), data={"due": due_at}
        )
    return promise


def _write_outcome(
    promise: Promise, ending: Ending, *, by: Actor, now: datetime, to_owner_id: UUID | None = None
) -> None:
    PromiseOutcome.objects.create(
        practice_id=promise.practice_id, promise=promise, outcome=ending.outcome, at=now, actor_role=by.role,
        actor_id=by.id, evidence_kind=ending.evidence.kind if ending.evidence else "",
        evidence_id=ending.evidence.id if ending.evidence else None, to_owner_id=to_owner_id, reason=ending.reason,
        note=ending.note,
    )  # fmt: skip


def _patient_of(promise: Promise) -> UUID | None:
    named = promise.detail.get("patient")
    return UUID(named) if named else None
