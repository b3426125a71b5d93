"""Keep who looks like one person, for colleagues to look at."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from glede.kernel.clock import day_of
from glede.people.models import Likeness
from glede.people.queries.duplicates import duplicates
from glede.practices import scope
from glede.practices.queries import practice_by_id

PUT_OFF = timedelta(days=30)  # our choice


def note_likenesses(practice_id: UUID, *, now: datetime) -> int:
    """Compare everybody and keep the pairs in place of those of the last time; return how many there are.

    What a colleague put off stays put off. No act of anybody: nothing is said about a person, and no event is written.
    """
    found = duplicates(practice_id, day_of(now, practice_by_id(practice_id).zone))
    with scope.transaction(practice_id):
        standing = Likeness.objects.filter(practice_id=practice_id)
        put_off = {(row.patient_id, row.other_id): row.not_before for row in standing.exclude(not_before=None)}
        standing.delete()
        Likeness.objects.bulk_create(
            (
                Likeness(
                    practice_id=practice_id,
                    patient_id=pair.a,
                    other_id=pair.b,
                    score=pair.score,
                    verdict=pair.verdict,
                    reasons=list(pair.reasons),
                    found_at=now,
                    not_before=put_off.get((pair.a, pair.b)),
                )
                for pair in found
            ),
            batch_size=1000,
        )
    return len(found)


def put_off_pair(practice_id: UUID, one_id: UUID, other_id: UUID, *, now: datetime) -> None:
    """Ask about two people again in a month. Nothing is said about them, so no event is written."""
    smaller, larger = sorted((one_id, other_id))
    with scope.transaction(practice_id):
        pair = Likeness.objects.filter(practice_id=practice_id, patient_id=smaller, other_id=larger)
        pair.update(not_before=now + PUT_OFF)


def forget_likenesses(patient_id: UUID) -> None:
    """Drop the pairs that somebody is in. Called inside the act that forgets them."""
    Likeness.objects.filter(Q(patient_id=patient_id) | Q(other_id=patient_id)).delete()
