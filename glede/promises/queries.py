"""Which promises stand open, and how others ended."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from glede.kernel.ref import Ref
from glede.practices import scope
from glede.practices.paging import Place, later
from glede.promises.models import Absence, Promise, PromiseOutcome


@dataclass(frozen=True, slots=True)
class Owed:
    """An open promise as pages show it."""

    id: UUID
    kind: str
    subject: Ref
    cause: str
    owner_id: UUID | None
    made_at: datetime
    due_at: datetime
    urgency: int
    detail: dict[str, Any]
    closed_at: datetime | None
    owned_at: datetime | None

    @property
    def owned_since(self) -> datetime:
        """When the owner got it: at its making, or when it was handed to them."""
        return self.owned_at or self.made_at

    @property
    def patient_id(self) -> UUID | None:
        """The patient it is owed to, where the promise names one."""
        named = self.detail.get("patient")
        return UUID(named) if named else None


def open_promises(
    practice_id: UUID,
    *,
    due_before: datetime | None = None,
    always: Collection[str] = (),
    kinds: Collection[str] = (),
    limit: int = 500,
) -> list[Owed]:
    """Return what is owed, most urgent first and then by the time promised.

    With ``due_before`` only what is owed by then, and the kinds ``always`` whenever; with ``kinds`` only those.
    """
    with scope.transaction(practice_id):
        rows = Promise.objects.filter(practice_id=practice_id, closed_at=None)
        if due_before is not None:
            rows = rows.filter(Q(due_at__lt=due_before) | Q(kind__in=list(always)))
        if kinds:
            rows = rows.filter(kind__in=list(kinds))
        nearest = _owed(rows.order_by("due_at", "id")[:limit])
    return sorted(nearest, key=lambda owed: (min(owed.urgency, 5), owed.due_at, owed.id))


def owned_by(practice_id: UUID, owner_id: UUID) -> list[Owed]:
    """Return the open promises a colleague has taken on, by the time promised."""
    with scope.transaction(practice_id):
        rows = Promise.objects.filter(practice_id=practice_id, closed_at=None, owner_id=owner_id)
        return _owed(rows.order_by("due_at", "id"))


def owned(practice_id: UUID) -> list[Owed]:
    """Return the open promises that a colleague owns, by the time promised."""
    with scope.transaction(practice_id):
        rows = Promise.objects.filter(practice_id=practice_id, closed_at=None, owner_id__isnull=False)
        return _owed(rows.order_by("due_at", "id"))


def count_causes(practice_id: UUID, kind: str, *, since: datetime) -> dict[str, int]:
    """Return how many promises of a kind were made since a moment, by cause, the most first."""
    with scope.transaction(practice_id):
        rows = Promise.objects.filter(practice_id=practice_id, kind=kind, made_at__gte=since)
        counted = rows.values("cause").annotate(n=Count("id")).order_by("-n", "cause")
        return dict(counted.values_list("cause", "n"))


def count_open(practice_id: UUID) -> int:
    """Return how many promises stand open."""
    with scope.transaction(practice_id):
        return Promise.objects.filter(practice_id=practice_id, closed_at=None).count()


def open_about(practice_id: UUID, *subjects: Ref, after: Place | None = None, limit: int | None = None) -> list[Owed]:
    """Return the open promises about any of ``subjects``, soonest first; with ``limit`` a page of them at a time.

    Their place is (until when, the promise's id).
    """
    with scope.transaction(practice_id):
        return _owed(later(_open_about(practice_id, subjects), "due_at", "id", after=after, limit=limit))


def count_open_about(practice_id: UUID, subjects: Iterable[Ref]) -> int:
    """Return how many promises about any of ``subjects`` stand open."""
    with scope.transaction(practice_id):
        return _open_about(practice_id, subjects).count()


def _open_about(practice_id: UUID, subjects: Iterable[Ref]) -> QuerySet[Promise]:
    ids = defaultdict(list)
    for subject in subjects:
        ids[subject.kind].append(subject.id)
    about = reduce(or_, (Q(subject_kind=kind, subject_id__in=held) for kind, held in ids.items()), Q(pk__in=[]))
    return Promise.objects.filter(about, practice_id=practice_id, closed_at=None)


def last_ended(practice_id: UUID, subject: Ref, kind: str) -> Owed | None:
    """Return the promise of a kind about ``subject`` that ended last, or None where none has ended."""
    with scope.transaction(practice_id):
        rows = Promise.objects.filter(
            practice_id=practice_id, subject_kind=subject.kind, subject_id=subject.id, kind=kind,
            closed_at__isnull=False,
        )  # fmt: skip
        return next(iter(_owed(rows.order_by("-closed_at", "-id")[:1])), None)


def causes_like(practice_id: UUID, kind: str, beginning: str) -> set[str]:
    """Return the causes of all promises of a kind, open or not, that begin with these letters."""
    with scope.transaction(practice_id):
        rows = Promise.objects.filter(practice_id=practice_id, kind=kind, cause__startswith=beginning)
        return set(rows.values_list("cause", flat=True))


def kept_about(practice_id: UUID, subjects: Iterable[Ref]) -> list[tuple[Ref, datetime]]:
    """Return which of ``subjects`` had a promise of a call kept, and when; the oldest first."""
    wanted = {subject.id: subject for subject in subjects}
    with scope.transaction(practice_id):
        rows = PromiseOutcome.objects.filter(
            practice_id=practice_id, outcome=PromiseOutcome.Outcome.KEPT, promise__kind__in=CALLS,
            promise__subject_id__in=list(wanted),
        )  # fmt: skip
        kept = rows.order_by("at", "id").values_list("promise__subject_kind", "promise__subject_id", "at")
        return [(wanted[key], at) for kind, key, at in kept if wanted[key].kind == kind]


CALLS = ("call", "undelivered", "move_ok")


def promise_for(practice_id: UUID, promise_id: UUID) -> Owed | None:
    """Return one promise, open or not."""
    with scope.transaction(practice_id):
        return next(iter(_owed(Promise.objects.filter(practice_id=practice_id, pk=promise_id))), None)


def outcomes_of(practice_id: UUID, promise_id: UUID) -> list[tuple[str, datetime, UUID | None, str, str]]:
    """Return (outcome, when, by whom, reason, note) of a promise, oldest first."""
    with scope.transaction(practice_id):
        rows = PromiseOutcome.objects.filter(practice_id=practice_id, promise_id=promise_id).order_by("at", "id")
        return list(rows.values_list("outcome", "at", "actor_id", "reason", "note"))


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How a promise came to who owns it now: from whom, when, and what they need to know."""

    at: datetime
    by: UUID | None
    to: UUID | None
    note: str
    reason: str


def last_handed(practice_id: UUID, promise_ids: Iterable[UUID]) -> dict[UUID, HandedOver]:
    """Return how each of these promises was last handed over; those that never were are left out."""
    with scope.transaction(practice_id):
        rows = PromiseOutcome.objects.filter(
            practice_id=practice_id, promise_id__in=list(promise_ids), outcome=PromiseOutcome.Outcome.HANDED
        ).order_by("at", "id")
        return {row.promise_id: HandedOver(row.at, row.actor_id, row.to_owner_id, row.note, row.reason) for row in rows}


@scope.asked_once
def away(practice_id: UUID) -> dict[UUID, datetime]:
    """Return which colleagues are away from the desk, and since when."""
    with scope.transaction(practice_id):
        rows = Absence.objects.filter(practice_id=practice_id, ended_at=None)
        return dict(rows.values_list("membership_id", "began_at"))


_FIELDS = (
    "id", "kind", "subject_kind", "subject_id", "cause", "owner_id", "made_at", "due_at", "urgency", "detail",
    "closed_at", "owned_at",
)  # fmt: skip


def _owed(rows: QuerySet[Promise]) -> list[Owed]:
    return [
        Owed(key, kind, Ref(about, subject_id), *rest)
        for key, kind, about, subject_id, *rest in rows.values_list(*_FIELDS)
    ]
