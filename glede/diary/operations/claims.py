"""Time taken and given back. PostgreSQL's exclusion constraint decides; nothing here does."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from glede.diary import rules
from glede.diary.models import Appointment, Claim
from glede.diary.queries.facilities import Place
from glede.ledger.operations import Act

OVERLAP = "23P01"


class Overlap(Exception):
    """Somebody holds some of that time; nothing was taken."""


class OnLeave(Overlap):
    """Whose time it is went away in the same moment; nothing was taken."""


def claim_for(appointment: Appointment, *, lane: UUID | None = None) -> Claim:
    """Return the claim of a visit on its practitioner, on the practice's own chair, or on a lane."""
    chair = appointment.practitioner_id or appointment.practice_id
    return Claim(
        practice_id=appointment.practice_id,
        appointment=appointment,
        kind=Claim.Kind.LANE if lane or not appointment.practitioner_id else Claim.Kind.STAFF,
        ref=lane or chair,
        chair=chair,
        starts_at=appointment.starts_at,
        ends_at=appointment.claimed_to,
    )


def claim_beside(appointment: Appointment, place: Place) -> Claim:
    """Return the claim of a visit on a room or a device."""
    return Claim(
        practice_id=appointment.practice_id, appointment=appointment, kind=place.kind, ref=place.id, chair=place.id,
        starts_at=appointment.starts_at, ends_at=appointment.claimed_to,
    )  # fmt: skip


def squeezed_lane(appointment: Appointment) -> UUID | None:
    """Return the lane on which a visit stood last, where it was squeezed in; None where it stood on its chair."""
    lane = rules.squeeze_lane(appointment.practitioner_id or appointment.practice_id)
    rows = Claim.objects.filter(practice_id=appointment.practice_id, appointment_id=appointment.pk)
    return lane if rows.order_by("-id").values_list("ref", flat=True).first() == lane else None


def take(
    act: Act, rows: Sequence[Claim], *, instead_of: Sequence[UUID] = (), unless: Callable[[], bool] | None = None
) -> None:
    """Take the time of ``rows``, giving back what the visits ``instead_of`` hold: all or nothing.

    ``unless`` is asked when it is this act's turn: where it is true, nothing is taken. Raises ``Overlap``, or then
    ``OnLeave``, and leaves what was held before held, the transaction still good.
    """
    act.take_claims()
    try:
        with transaction.atomic():
            # Both ends of a move: two visits that change places must not wait for each other.
            queue_up({row.chair for row in rows} | _held_chairs(act, instead_of))
            if unless is not None and unless():
                raise OnLeave
            if instead_of:
                release(act, instead_of)
            # Sorted, so that two who take several at once never wait for each other in a ring.
            Claim.objects.bulk_create(sorted(rows, key=lambda row: (row.kind, row.ref, row.starts_at)))
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) == OVERLAP:
            raise Overlap from error
        raise


def _held_chairs(act: Act, appointment_ids: Sequence[UUID]) -> set[UUID]:
    if not appointment_ids:
        return set()
    rows = Claim.objects.filter(practice_id=act.practice_id, appointment_id__in=appointment_ids, is_active=True)
    return set(rows.values_list("chair", flat=True))


def release(act: Act, appointment_ids: Iterable[UUID]) -> None:
    """Give back the time that visits hold."""
    act.take_claims()
    Claim.objects.filter(practice_id=act.practice_id, appointment_id__in=list(appointment_ids), is_active=True).update(
        is_active=False
    )


def queue_up(chairs: Iterable[UUID]) -> None:
    """Wait until nobody else is taking time on these chairs, in the order of their keys.

    Two who insert overlapping claims in the same instant each find the other's row and wait for it;
    PostgreSQL would end one as a deadlock after a second. In a queue the second simply finds the
    time taken. This orders; the constraint decides. A savepoint rolled back leaves the queue.
    """
    _queue(sorted({_key(b"chair", chair) for chair in chairs}))


def one_list_at_a_time(practice_id: UUID) -> None:
    """Wait until no other list of visits is being brought: two that hold the same new number would each begin it."""
    _queue([_key(b"list of visits", practice_id)])


def _queue(keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(key) from unnest(%s::bigint[]) as key", [keys])


def _key(of: bytes, key: UUID) -> int:
    return int.from_bytes(hashlib.blake2b(of + key.bytes, digest_size=8).digest(), "big", signed=True)
