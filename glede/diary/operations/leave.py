"""Leave of a clinician: nobody is booked in it, and what stands in it already is moved by a colleague."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from glede.diary import errors
from glede.diary.apart import Away
from glede.diary.models import Appointment, Leave
from glede.diary.models.apart import LEAVE_DAYS_MAX
from glede.diary.operations import claims
from glede.diary.queries.coming import Outside
from glede.diary.queries.leaves import away_of, is_away, standing_in, stands_in
from glede.diary.rules import AHEAD, settle_by
from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.kernel.periods import Period
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.practices.operations import NoSuchChange, change_to_undo, record_change
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, NoSuchPromise, keep_promise, make_promises, withdraw_promise
from glede.promises.queries import Owed, open_about
from glede.staff.models import Practitioner

CAUSE, PREFIX = "leave", "leave:"


@dataclass(frozen=True, slots=True)
class NewLeave:
    """Days of leave, whole or from one hour to another on each; ``kind`` is a code of ``Leave.Kind``."""

    practitioner_id: UUID
    kind: str
    first_on: date
    last_on: date
    from_time: time | None = None
    to_time: time | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A leave that was taken: its change, and how many visits stand in it."""

    leave_id: UUID
    change_id: UUID
    visits: int


def take_leave(*, practice_id: UUID, new: NewLeave, by: Actor, now: datetime) -> Taken | None:
    """Let a clinician be away, and promise that each visit to come which stands then is moved. None is cancelled.

    Returns None where the very same leave is taken already. Raises ``UnknownPractitioner``, ``BadLeave``.
    """
    _check(new)
    with act(practice_id, by=by, now=now) as taking:
        subject = Ref("practitioner", new.practitioner_id)
        taking.lock(subject)
        here = Practitioner.objects.filter(practice_id=practice_id, pk=new.practitioner_id, ended_at=None)
        if not here.exists():
            raise errors.UnknownPractitioner
        same = {name: getattr(new, name) for name in ("practitioner_id", "first_on", "last_on", "from_time", "to_time")}
        if Leave.objects.filter(practice_id=practice_id, ended_at=None, **same).exists():
            return None
        _queue_up(taking, new.practitioner_id)
        row = Leave.objects.create(practice_id=practice_id, kind=new.kind, **same)
        visits = _promise(taking, new.practitioner_id, [away_of(row)])
        change = record_change(
            taking, subject, "diary.leave.taken", before=_facts([row], stands=False), after=_facts([row], stands=True),
            data={"leave": row.pk, "visits": len(visits)},
        )  # fmt: skip
    _take_back_what_is_in_vain(practice_id, new.practitioner_id, visits, by=by, now=now)
    return Taken(row.pk, change, len(visits))


def _check(new: NewLeave) -> None:
    has_hours = new.from_time is not None and new.to_time is not None
    in_order = 0 <= (new.last_on - new.first_on).days < LEAVE_DAYS_MAX
    whole = new.from_time is None and new.to_time is None
    if new.kind not in Leave.Kind.values or not in_order or not (whole or (has_hours and new.from_time < new.to_time)):  # type: ignore[operator]
        raise errors.BadLeave


def end_leave(*, practice_id: UUID, leave_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Withdraw a leave, and the promises to move visits that stand in none any more; return the change.

    None where it was withdrawn before. Raises ``NoSuchLeave``.
    """
    with act(practice_id, by=by, now=now) as ending:
        row = Leave.objects.filter(practice_id=practice_id, pk=leave_id).first()
        if row is None:
            raise errors.NoSuchLeave
        subject = Ref("practitioner", row.practitioner_id)
        ending.lock(subject)
        if not _stand(practice_id, [leave_id], stands=False, now=now):
            return None
        _withdraw(ending, row.practitioner_id)
        before, after = _facts([row], stands=True), _facts([row], stands=False)
        data = {"leave": leave_id}
        return record_change(ending, subject, "diary.leave.ended", before=before, after=after, data=data)


def undo_leave(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID:
    """Let a leave stand, or stand no more, as before a change. Raises ``NoSuchChange``, ``ChangedSince``."""
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id, "practitioner")
        if not all(key.startswith(PREFIX) for key in change.before):
            raise NoSuchChange(str(change_id))
        practitioner_id, visits = change.subject_id, set[UUID]()
        again = _keys(change.before, stands=True)
        _stand(practice_id, _keys(change.before, stands=False), stands=False, now=now)
        _withdraw(undoing, practitioner_id)
        if again:
            _queue_up(undoing, practitioner_id)
            _stand(practice_id, again, stands=True, now=now)
            rows = Leave.objects.filter(practice_id=practice_id, pk__in=again)
            visits = _promise(undoing, practitioner_id, map(away_of, rows))
        kind = "diary.leave.taken" if again else "diary.leave.ended"
        undone = record_change(
            undoing, Ref("practitioner", practitioner_id), kind, before=change.after, after=change.before,
            undoes=change_id, data={"visits": len(visits)},
        )  # fmt: skip
    _take_back_what_is_in_vain(practice_id, practitioner_id, visits, by=by, now=now)
    return undone


def _queue_up(taking: Act, practitioner_id: UUID) -> None:
    """Wait for whoever is taking time on the chair: they see the leave, or the leave sees their visit."""
    taking.take_claims()
    claims.one_list_at_a_time(taking.practice_id)
    claims.queue_up({practitioner_id})


def _stand(practice_id: UUID, leave_ids: Collection[UUID], *, stands: bool, now: datetime) -> int:
    rows = Leave.objects.filter(practice_id=practice_id, pk__in=leave_ids, ended_at__isnull=stands is False)
    return rows.update(ended_at=None if stands else now)


def _keys(said: Mapping[str, Any], *, stands: bool) -> list[UUID]:
    return [UUID(key.removeprefix(PREFIX)) for key, facts in said.items() if facts["stands"] is stands]


def _facts(rows: Iterable[Leave], *, stands: bool) -> dict[str, Any]:
    return {
        f"{PREFIX}{row.pk}": {
            "stands": stands, "first_on": row.first_on.isoformat(), "last_on": row.last_on.isoformat(),
            "hours": [f"{row.from_time:%H:%M}", f"{row.to_time:%H:%M}"] if row.from_time else None,
        }
        for row in rows
    }  # fmt: skip


def _promise(taking: Act, practitioner_id: UUID, away: Iterable[Away]) -> set[UUID]:
    """Promise that each visit to come in ``away`` is moved, and return them."""
    practice_id, now = taking.practice_id, taking.now
    practice = practice_by_id(practice_id)
    leave = list(away)
    before = standing_in(practice_id, practitioner_id, leave, zone=practice.zone, now=now)
    # One that is owed already is left alone: whoever is keeping it by now may be waiting for the chair we hold.
    owed = {one.subject.id for one in _owed_about(practice_id, {visit.appointment_id for visit in before})}
    # Read again: who moved one between the two has kept what was owed, and it stands here no more.
    visits = standing_in(practice_id, practitioner_id, leave, zone=practice.zone, now=now)
    _owe(taking, [visit for visit in visits if visit.appointment_id not in owed])
    return {visit.appointment_id for visit in visits}


def _take_back_what_is_in_vain(
    practice_id: UUID, practitioner_id: UUID, visits: Collection[UUID], *, by: Actor, now: datetime
) -> None:
    """Withdraw the promises about visits that were cancelled, or given to somebody else, while leave was taken.

    Who did that held the visit alone, and neither saw the promise nor was seen. Waiting for them while the chair is
    held could be waiting in a ring, so it is done once the leave stands.
    """
    if not visits:
        return
    with act(practice_id, by=by, now=now) as checking:
        checking.lock(*(Ref("appointment", key) for key in sorted(visits)))
        _withdraw(checking, practitioner_id, among=visits)


def _owe(acting: Act, visits: Collection[Outside]) -> None:
    if not visits:
        return
    hours = opening_hours(practice_by_id(acting.practice_id))
    new = [
        NewPromise(
            kind="settle", subject=Ref("appointment", visit.appointment_id), cause=CAUSE, patient_id=visit.patient_id,
            due_at=settle_by(visit.starts_at, acting.now, hours), detail={"reason": CAUSE},
        )
        for visit in visits
    ]  # fmt: skip
    make_promises(practice_id=acting.practice_id, new=new, by=acting.by, now=acting.now)


def _withdraw(acting: Act, practitioner_id: UUID, among: Collection[UUID] = ()) -> None:
    """Take back the promise about each visit, or each of those in ``among``, that stands in no leave any more."""
    practice_id, now = acting.practice_id, acting.now
    zone = practice_by_id(practice_id).zone
    rows = Leave.objects.filter(
        practice_id=practice_id, practitioner_id=practitioner_id, ended_at=None, last_on__gte=day_of(now, zone)
    )
    visits = Appointment.objects.filter(practice_id=practice_id, practitioner_id=practitioner_id, ends_at__gt=now)
    promises = _owed_about(practice_id, among or set(visits.values_list("pk", flat=True)))
    # Read last: what came back into another leave meanwhile was promised after this.
    still = standing_in(practice_id, practitioner_id, map(away_of, rows), zone=zone, now=now)
    stands = {visit.appointment_id for visit in still}
    for owed in sorted((one for one in promises if one.subject.id not in stands), key=lambda one: one.id):
        with suppress(NoSuchPromise):  # a colleague kept it in the same moment
            withdraw_promise(practice_id=practice_id, promise_id=owed.id, reason="there_again", by=acting.by, now=now)


def _owed_about(practice_id: UUID, appointment_ids: Collection[UUID]) -> list[Owed]:
    about = open_about(practice_id, *(Ref("appointment", key) for key in appointment_ids)) if appointment_ids else []
    return [owed for owed in about if (owed.kind, owed.cause) == ("settle", CAUSE)]


def keep_what_was_owed(acting: Act, *appointment_ids: UUID) -> None:
    """Keep the promises to find another time, where visits that stood in a leave leave it. Before time is taken."""
    _keep(acting, _owed_about(acting.practice_id, appointment_ids))


def _keep(acting: Act, promises: Iterable[Owed]) -> None:
    for owed in sorted(promises, key=lambda one: one.id):
        with suppress(NoSuchPromise):  # the leave was withdrawn in the same moment
            keep_promise(
                practice_id=acting.practice_id, promise_id=owed.id, evidence=owed.subject, reason="moved",
                by=acting.by, now=acting.now,
            )  # fmt: skip


def lock_what_is_owed(acting: Act, appointment_ids: Collection[UUID]) -> list[Owed]:
    """Lock the promises to find another time for visits, and return them. Before time is taken."""
    promises = _owed_about(acting.practice_id, appointment_ids)
    acting.lock(*(Ref("promise", owed.id) for owed in promises))
    return promises


def owe_again(acting: Act, visit: Appointment) -> None:
    """Promise that a visit is moved which came back into a leave: it has its time, and nobody is there."""
    lies = Period(visit.starts_at, visit.ends_at)
    if is_away(acting.practice_id, visit.practitioner_id, lies, visit.zone):
        _owe(acting, [Outside(visit.pk, visit.patient_id, visit.day, visit.starts_at, visit.is_day_visit)])


def keep_what_a_list_moved(
    importing: Act, promises: Iterable[Owed], visits: Iterable[Appointment], away: Mapping[UUID, Iterable[Away]]
) -> None:
    """Keep those of ``promises``, locked before, whose visits a list moved out of a leave or ended."""

    def stands(visit: Appointment) -> bool:
        leave = away.get(visit.practitioner_id, ()) if visit.practitioner_id else ()
        return visit.state in AHEAD and any(stands_in(visit, one, visit.zone) for one in leave)

    still = {visit.pk for visit in visits if stands(visit)}
    _keep(importing, (owed for owed in promises if owed.subject.id not in still))


def owe_what_was_brought(importing: Act, away: Mapping[UUID, Iterable[Away]]) -> None:
    """Promise that each visit is moved which a list brought into a leave. ``away`` is each clinician's leave."""
    for practitioner_id, leave in sorted(away.items()):
        _promise(importing, practitioner_id, leave)
