"""When a practitioner works."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from glede.diary import errors
from glede.diary.models import Shift
from glede.kernel.actor import Actor
from glede.kernel.periods import Span
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.staff.models import Practitioner


def set_working_hours(
    *, practice_id: UUID, practitioner_id: UUID, spans: Iterable[Span], by: Actor, now: datetime
) -> None:
    """Replace the week of a practitioner; without spans they keep the practice's hours. Old spans are ended.

    Visits that stand keep their time. Raises ``UnknownPractitioner``.
    """
    wanted = set(spans)
    with act(practice_id, by=by, now=now) as changing:
        subject = Ref("practitioner", practitioner_id)
        changing.lock(subject)
        if not Practitioner.objects.filter(practice_id=practice_id, pk=practitioner_id, ended_at=None).exists():
            raise errors.UnknownPractitioner
        rows = Shift.objects.filter(practice_id=practice_id, practitioner_id=practitioner_id, ended_at=None)
        standing = {Span(row.weekday, row.opens, row.closes): row.pk for row in rows}
        if wanted == set(standing):
            return
        rows.filter(pk__in=[key for span, key in standing.items() if span not in wanted]).update(ended_at=now)
        Shift.objects.bulk_create(
            Shift(
                practice_id=practice_id,
                practitioner_id=practitioner_id,
                weekday=span.weekday,
                opens=span.opens,
                closes=span.closes,
            )
            for span in sorted(wanted - set(standing))
        )
        changing.record("diary.hours.changed", subject=subject, data={"spans": len(wanted)})
