"""Forget what was owed to a person: nobody owes them anything any more, and no note about them stays."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from glede.kernel.actor import Actor
from glede.ledger.operations import act
from glede.promises.models import Promise, PromiseOutcome
from glede.promises.operations.keeping import Ending, NoSuchPromise, end_promise

ERASED = "erased"
FULFILLED = "erasure"  # the cause of the promise to forget them: it is kept by this very act
# What a double booking leaves to settle is about the time, not about who came.
STAYS = frozenset({Promise.Kind.SETTLE})


def forget_promises(*, practice_id: UUID, patient_ids: Collection[UUID], by: Actor, now: datetime) -> int:
    """Blank every note on promises to these people and withdraw those that stand open; return how many did.

    A promise to forget them is kept.
    """
    with act(practice_id, by=by, now=now):
        theirs = promises_to(practice_id, patient_ids)
        PromiseOutcome.objects.filter(practice_id=practice_id, promise__in=theirs).exclude(note="").update(note="")
        ended = 0
        for promise_id, cause in theirs.filter(closed_at=None).exclude(kind__in=STAYS).values_list("id", "cause"):
            outcome = PromiseOutcome.Outcome.KEPT if cause == FULFILLED else PromiseOutcome.Outcome.WITHDRAWN
            with suppress(NoSuchPromise):  # answered in this very moment
                end_promise(
                    practice_id=practice_id,
                    promise_id=promise_id,
                    ending=Ending(outcome, reason=ERASED),
                    by=by,
                    now=now,
                )
                ended += 1
    return ended


def promises_to(practice_id: UUID, patient_ids: Collection[UUID]) -> QuerySet[Promise]:
    """Return what was ever promised to these people, in the order in which promises are locked."""
    named = Q(detail__patient__in=[str(one) for one in patient_ids])
    about = Q(subject_kind="patient", subject_id__in=list(patient_ids))
    return Promise.objects.filter(named | about, practice_id=practice_id).order_by("id")
