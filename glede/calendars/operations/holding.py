"""The busy times of all calendars of a clinician, held in the diary."""

from datetime import datetime
from uuid import UUID

from glede.calendars.errors import NoSuchCalendar
from glede.calendars.models import BusyTime, Calendar, HeldTime
from glede.diary.operations.busy import Held, busy_questions, hold_busy
from glede.kernel.actor import Actor
from glede.kernel.periods import Period
from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.promises.operations import withdraw_promise
from glede.promises.queries import open_about

VANISHED, OLD = "calendar_gone", "calendar_old"


def locked(this: Act, calendar_id: UUID) -> Calendar:
    """Return a calendar that stands, locked with the chair it belongs to. Raises ``NoSuchCalendar``."""
    row = Calendar.objects.filter(practice_id=this.practice_id, pk=calendar_id).first()
    if row is None:
        raise NoSuchCalendar(str(calendar_id))
    this.lock(Ref("calendar", calendar_id), Ref("practitioner", row.practitioner_id))
    row.refresh_from_db()
    # Whoever asks about this chair's busy times holds its lock: what is open now is all there can be to take back.
    asked = {owed.id for owed in open_about(this.practice_id, Ref("calendar", calendar_id))}
    asked |= busy_questions(this.practice_id, row.practitioner_id, now=this.now).keys()
    if asked:
        this.lock(*(Ref("promise", key) for key in asked))
    if row.ended_at is not None:
        raise NoSuchCalendar(str(calendar_id))
    return row


def hold(row: Calendar, *, by: Actor, now: datetime) -> Held:
    """Hold what all calendars of the clinician say, those of this one as they are now."""
    given = {"practice_id": row.practice_id}
    told = BusyTime.objects.filter(
        **given, calendar__practitioner_id=row.practitioner_id, ended_at=None, ends_at__gt=now
    )
    wanted = [Period(*times) for times in told.values_list("starts_at", "ends_at")]
    standing = HeldTime.objects.filter(**given, practitioner_id=row.practitioner_id, ended_at=None)
    before = set(standing.values_list("claim_id", flat=True))
    held = hold_busy(
        practice_id=row.practice_id, practitioner_id=row.practitioner_id, wanted=wanted, held=before, by=by, now=now
    )
    standing.filter(claim_id__in=before - held.times.keys()).update(ended_at=now)
    HeldTime.objects.bulk_create(
        HeldTime(**given, practitioner_id=row.practitioner_id, claim_id=key, starts_at=period.start, ends_at=period.end)
        for key, period in held.times.items()
        if key not in before
    )
    return held


def withdraw_questions(row: Calendar, *, by: Actor, now: datetime, causes: tuple[str, ...] = (VANISHED, OLD)) -> None:
    """Take back what a colleague is asked about a calendar."""
    for owed in open_about(row.practice_id, Ref("calendar", row.pk)):
        if owed.cause in causes:
            withdraw_promise(practice_id=row.practice_id, promise_id=owed.id, reason="answered", by=by, now=now)
