"""Time that a clinician is busy elsewhere: held like a visit's, but beside every visit that stands."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from glede.diary.models import Appointment, Claim
from glede.diary.operations import claims
from glede.diary.rules import settle_by
from glede.kernel.actor import Actor
from glede.kernel.periods import Period
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promises, withdraw_promise
from glede.promises.queries import open_about

CAUSE = "busy"
LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Held:
    """What is held for busy times now, by the claim, and how many visits stand in the way of more."""

    times: dict[UUID, Period]
    clashes: int


def hold_busy(
    *, practice_id: UUID, practitioner_id: UUID, wanted: Sequence[Period], held: Collection[UUID], by: Actor,
    now: datetime,
) -> Held:  # fmt: skip
    """Hold the ``wanted`` times on a clinician in place of the claims ``held`` before, wherever nobody else holds them.

    A visit that stands in a busy time stays, and a colleague is promised to settle it with the patient; where it lies
    in none any more, that promise is withdrawn. Returns what is held.
    """
    merged = list(_pieces(_merged(wanted)))
    with act(practice_id, by=by, now=now) as holding:
        holding.lock(Ref("practitioner", practitioner_id))
        _withdraw(practice_id, practitioner_id, merged, by=by, now=now)
        holding.take_claims()
        claims.queue_up({practitioner_id})
        if merged:
            claims.lapse_held(holding, {practitioner_id}, Period(merged[0].start, merged[-1].end))
        others = list(_standing(practice_id, practitioner_id, merged, held))
        times = _exchange(practice_id, practitioner_id, list(_free(merged, others)), held)
        clashes = _clashing(practice_id, {key for key, _ in others if key}, now)
        _promise(practice_id, clashes, by=by, now=now)
        holding.record(
            "diary.busy.held",
            subject=Ref("practitioner", practitioner_id),
            data={"times": len(times), "clashes": len(clashes)},
        )
    return Held(times, len(clashes))


def _merged(wanted: Iterable[Period]) -> Iterator[Period]:
    last: Period | None = None
    for one in sorted(wanted, key=lambda period: (period.start, period.end)):
        if last is not None and one.start <= last.end:
            last = Period(last.start, max(last.end, one.end))
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _pieces(periods: Iterable[Period]) -> Iterator[Period]:
    for one in periods:
        start = one.start
        while start < one.end:
            yield Period(start, min(start + LONGEST, one.end))
            start += LONGEST


def _standing(
    practice_id: UUID, practitioner_id: UUID, wanted: list[Period], but: Collection[UUID]
) -> Iterator[tuple[UUID | None, Period]]:
    """Yield (visit, time) of everything that holds time on the chair where busy times lie."""
    if not wanted:
        return
    rows = Claim.objects.filter(
        practice_id=practice_id, kind=Claim.Kind.STAFF, ref=practitioner_id, is_active=True,
        starts_at__lt=wanted[-1].end, ends_at__gt=wanted[0].start,
    ).exclude(pk__in=list(but))  # fmt: skip
    for visit, start, end in rows.order_by("starts_at").values_list("appointment_id", "starts_at", "ends_at"):
        period = Period(start, end)
        if any(period.overlaps(one) for one in wanted):
            yield visit, period


def _free(wanted: list[Period], others: list[tuple[UUID | None, Period]]) -> Iterator[Period]:
    for one in wanted:
        start = one.start
        for _visit, taken in others:
            if not taken.overlaps(one):
                continue
            if taken.start > start:
                yield Period(start, taken.start)
            start = max(start, taken.end)
        if start < one.end:
            yield Period(start, one.end)


def _exchange(
    practice_id: UUID, practitioner_id: UUID, free: list[Period], held: Collection[UUID]
) -> dict[UUID, Period]:
    rows = Claim.objects.filter(practice_id=practice_id, pk__in=list(held), appointment=None, is_active=True)
    before = {Period(row.starts_at, row.ends_at): row.pk for row in rows}
    gone = [key for period, key in before.items() if period not in set(free)]
    Claim.objects.filter(practice_id=practice_id, pk__in=gone).update(is_active=False)
    new = [
        Claim(
            practice_id=practice_id, kind=Claim.Kind.STAFF, ref=practitioner_id, chair=practitioner_id,
            starts_at=period.start, ends_at=period.end,
        )
        for period in free if period not in before
    ]  # fmt: skip
    Claim.objects.bulk_create(new)
    kept = {key: period for period, key in before.items() if key not in gone}
    return kept | {row.pk: Period(row.starts_at, row.ends_at) for row in new}


def _clashing(practice_id: UUID, visits: set[UUID], now: datetime) -> list[Appointment]:
    rows = Appointment.objects.filter(practice_id=practice_id, pk__in=visits, starts_at__gt=now)
    return list(rows.order_by("starts_at", "id"))


def _promise(practice_id: UUID, visits: list[Appointment], *, by: Actor, now: datetime) -> None:
    if not visits:
        return
    hours = opening_hours(practice_by_id(practice_id))
    new = [
        NewPromise(
            "settle", Ref("appointment", visit.pk), settle_by(visit.starts_at, now, hours), CAUSE,
            patient_id=visit.patient_id, detail={"reason": CAUSE},
        )
        for visit in visits
    ]  # fmt: skip
    make_promises(practice_id=practice_id, new=new, by=by, now=now)


def _withdraw(practice_id: UUID, practitioner_id: UUID, wanted: list[Period], *, by: Actor, now: datetime) -> None:
    """Take back the question about each visit that lies in no busy time any more."""
    for promise_id, lies in sorted(busy_questions(practice_id, practitioner_id, now=now).items()):
        if not any(lies.overlaps(one) for one in wanted):
            withdraw_promise(practice_id=practice_id, promise_id=promise_id, reason="free_again", by=by, now=now)


def busy_questions(practice_id: UUID, practitioner_id: UUID, *, now: datetime) -> dict[UUID, Period]:
    """Return the open promises to settle a visit of the clinician that lies in a busy time, and when the visit is."""
    rows = Appointment.objects.filter(practice_id=practice_id, practitioner_id=practitioner_id, ends_at__gt=now)
    lies = {row.pk: Period(row.starts_at, row.claimed_to) for row in rows}
    asked = open_about(practice_id, *(Ref("appointment", key) for key in lies)) if lies else []
    return {owed.id: lies[owed.subject.id] for owed in asked if (owed.kind, owed.cause) == ("settle", CAUSE)}
