"""Time taken and given back. PostgreSQL's exclusion constraint decides; nothing here does."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from glede.diary import events, rules
from glede.diary.models import Appointment, Claim, HeldTime
from glede.diary.queries.facilities import Place
from glede.kernel.periods import Period
from glede.kernel.ref import Ref
from glede.ledger.operations import Act

OVERLAP = "23P01"


class Overlap(Exception):
    """Somebody holds some of that time; nothing was taken."""


class OnLeave(Overlap):
    """Whose time it is went away in the same moment; nothing was taken."""


def claim_for(appointment: Appointment | HeldTime, *, lane: UUID | None = None) -> Claim:
    """Return the claim of a visit, or of a held time, on its practitioner, the practice's own chair, or a lane."""
    chair = appointment.practitioner_id or appointment.practice_id
    return Claim(
        practice_id=appointment.practice_id,
        **_whose(appointment),
        kind=Claim.Kind.LANE if lane or not appointment.practitioner_id else Claim.Kind.STAFF,
        ref=lane or chair,
        chair=chair,
        starts_at=appointment.starts_at,
        ends_at=appointment.claimed_to,
    )


def claim_beside(appointment: Appointment | HeldTime, place: Place) -> Claim:
    """Return the claim of a visit, or of a held time, on a room or a device."""
    return Claim(
        practice_id=appointment.practice_id, **_whose(appointment), kind=place.kind, ref=place.id, chair=place.id,
        starts_at=appointment.starts_at, ends_at=appointment.claimed_to,
    )  # fmt: skip


def _whose(holder: Appointment | HeldTime) -> dict[str, Any]:
    if isinstance(holder, HeldTime):
        return {"hold": holder, "held_until": holder.until}
    return {"appointment": holder}


def squeezed_lane(appointment: Appointment) -> UUID | None:
    """Return the lane on which a visit stood last, where it was squeezed in; None where it stood on its chair."""
    lane = rules.squeeze_lane(appointment.practitioner_id or appointment.practice_id)
    rows = Claim.objects.filter(practice_id=appointment.practice_id, appointment_id=appointment.pk)
    return lane if rows.order_by("-id").values_list("ref", flat=True).first() == lane else None


def take(
    act: Act, rows: Sequence[Claim], *, instead_of: Sequence[UUID] = (), unless: Callable[[], bool] | None = None
) -> None:
    """Take the time of ``rows``, giving back what the visits or held times ``instead_of`` hold: all or nothing.

    What was held past its moment is no hindrance: it lapses, in this same act. ``unless`` is asked when it is this
    act's turn: where it is true, nothing is taken. Raises ``Overlap``, or then
    ``OnLeave``, and leaves what was held before held, the transaction still good.
    """
    act.take_claims()
    try:
        _take(act, rows, instead_of, unless)
    except Overlap:
        # A constraint cannot read the clock: only whoever takes the time can end what was held past its moment.
        if not _overdue(act, rows):
            raise
        _take(act, rows, instead_of, unless, lapsing=True)


def _take(
    act: Act, rows: Sequence[Claim], instead_of: Sequence[UUID], unless: Callable[[], bool] | None, *,
    lapsing: bool = False,
) -> None:  # fmt: skip
    lapsed: list[UUID] = []
    try:
        with transaction.atomic():
            # Both ends of a move: two visits that change places must not wait for each other.
            queue_up({row.chair for row in rows} | _held_chairs(act, instead_of))
            if unless is not None and unless():
                raise OnLeave
            if instead_of:
                release(act, instead_of)
            if lapsing:
                lapsed = _overdue(act, rows)
                _lapse(act, lapsed)
            # Sorted, so that two who take several at once never wait for each other in a ring.
            Claim.objects.bulk_create(sorted(rows, key=lambda row: (row.kind, row.ref, row.starts_at)))
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) == OVERLAP:
            raise Overlap from error
        raise
    for key in lapsed:
        act.record(events.HOLD_LAPSED, subject=Ref("held_time", key))


def _overdue(act: Act, rows: Sequence[Claim]) -> list[UUID]:
    """Return the held times, past their moment, that lie in the way of ``rows``."""
    in_the_way = (Q(kind=row.kind, ref=row.ref, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at) for row in rows)
    return _past_their_moment(act, reduce(or_, in_the_way))


def _past_their_moment(act: Act, in_the_way: Q) -> list[UUID]:
    held = Claim.objects.filter(practice_id=act.practice_id, is_active=True, held_until__lte=act.now)
    return list(held.filter(in_the_way).order_by("hold_id").values_list("hold_id", flat=True).distinct())


def _lapse(act: Act, lapsed: list[UUID]) -> None:
    release(act, lapsed)
    HeldTime.objects.filter(practice_id=act.practice_id, pk__in=lapsed).update(
        end=HeldTime.End.LAPSED, ended_at=act.now
    )


def lapse_held(act: Act, chairs: Iterable[UUID], stretch: Period) -> None:
    """Let what was held past its moment on these chairs go, before many times are taken there at once.

    The chairs must have been queued up for.
    """
    lying = Q(ref__in=list(chairs), starts_at__lt=stretch.end, ends_at__gt=stretch.start)
    lapsed = _past_their_moment(act, lying)
    if not lapsed:
        return
    _lapse(act, lapsed)
    for key in lapsed:
        act.record(events.HOLD_LAPSED, subject=Ref("held_time", key))


def _held_chairs(act: Act, appointment_ids: Sequence[UUID]) -> set[UUID]:
    if not appointment_ids:
        return set()
    rows = Claim.objects.filter(_of(appointment_ids), practice_id=act.practice_id, is_active=True)
    return set(rows.values_list("chair", flat=True))


def _of(holders: Iterable[UUID]) -> Q:
    keys = list(holders)
    return Q(appointment_id__in=keys) | Q(hold_id__in=keys)


def release(act: Act, holders: Iterable[UUID]) -> None:
    """Give back the time that visits, or held times, stand on."""
    act.take_claims()
    Claim.objects.filter(_of(holders), practice_id=act.practice_id, is_active=True).update(is_active=False)


def queue_up(chairs: Iterable[UUID]) -> None:
    """Wait until nobody else is taking time on these chairs, in the order of their keys.

    Two who insert overlapping claims in the same instant each find the other's row and wait for it;
    PostgreSQL would end one as a deadlock after a second. In a queue the second simply finds the
    time taken. This orders; the constraint decides. A savepoint rolled back leaves the queue.
    """
    _queue(sorted({_key(b"chair", chair) for chair in chairs}))


def one_hold_at_a_time(practice_id: UUID) -> None:
    """Wait until no other time of the practice is being held: they are counted. Before any chair is waited for."""
    _queue([_key(b"hold", practice_id)])


def one_list_at_a_time(practice_id: UUID) -> None:
    """Wait until no other list of visits is being brought: two that hold the same new number would each begin it."""
    _queue([_key(b"list of visits", practice_id)])


def _queue(keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(key) from unnest(%s::bigint[]) as key", [keys])


def _key(of: bytes, key: UUID) -> int:
    return int.from_bytes(hashlib.blake2b(of + key.bytes, digest_size=8).digest(), "big", signed=True)
