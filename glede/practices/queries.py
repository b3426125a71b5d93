"""Which practice, what time it is there, and when it is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from glede.kernel import clock
from glede.kernel.periods import Hours, Span, WeeklyHours
from glede.kernel.ref import Ref
from glede.practices import scope
from glede.practices.models import (
    BackupProof,
    BookingAddress,
    HoursException,
    LinkIndex,
    OpeningHours,
    Practice,
    Restoration,
    SettingChange,
    Tick,
)


class NoSuchPractice(LookupError):
    """No practice answers to that id, slug or link."""


@scope.asked_once
def practice_by_id(practice_id: UUID) -> Practice:
    """Return the practice. Raises ``NoSuchPractice``."""
    try:
        return Practice.objects.get(pk=practice_id)
    except Practice.DoesNotExist as error:
        raise NoSuchPractice(str(practice_id)) from error


def practice_by_slug(slug: str) -> Practice:
    """Return the practice by its short name. Raises ``NoSuchPractice``."""
    try:
        return Practice.objects.get(slug=slug)
    except Practice.DoesNotExist as error:
        raise NoSuchPractice(slug) from error


def practices_in_use() -> list[Practice]:
    """Return every practice that is not retired, by name."""
    return list(Practice.objects.filter(retired_at=None).order_by("name", "id"))


def practices_on_real_time() -> list[Practice]:
    """Return the practices the worker may advance: in use, with a real clock."""
    return list(Practice.objects.filter(retired_at=None, clock=Practice.Clock.REAL).order_by("id"))


def practice_now(practice: Practice) -> datetime:
    """Return the time by the practice's clock: virtual where it has one, else the machine's."""
    return practice.virtual_now or clock.now()


def public_base(practice: Practice) -> str:
    """Return the address that patients' links begin with, without a slash at its end; "" where none is proved.

    An address is proved when it was fetched back and led here. A made-up practice needs no proof: nothing leaves it.
    """
    base = wished_base(practice)
    return base if practice.is_virtual or practice.proved_url == base else ""


def wished_base(practice: Practice) -> str:
    """Return the public address as written, proved or not: the practice's own, else the house's ``PUBLIC_URL``."""
    return (practice.public_url or settings.PUBLIC_URL).rstrip("/")


@dataclass(frozen=True, slots=True)
class Ticked:
    """A standing tick of the list before going live: for what, when and by whom (a membership)."""

    basis: str
    made_at: datetime
    actor_id: UUID | None


def ticks(practice_id: UUID) -> dict[str, Ticked]:
    """Return the ticks that stand, by the code of their line."""
    with scope.transaction(practice_id):
        rows = Tick.objects.filter(withdrawn_at=None).values_list("code", "basis", "made_at", "actor_id")
        return {code: Ticked(basis, made_at, actor_id) for code, basis, made_at, actor_id in rows}


def practice_for_link(link_hash: bytes) -> Practice | None:
    """Return the practice a patient's link belongs to, or None."""
    entry = LinkIndex.objects.filter(hash=link_hash).select_related("practice").first()
    return entry.practice if entry else None


def practice_for_booking(name: str) -> Practice | None:
    """Return the practice that the end of an address leads strangers to, an old one too, or None."""
    entry = BookingAddress.objects.filter(name=name, practice__retired_at=None).select_related("practice").first()
    return entry.practice if entry else None


@scope.asked_once
def opening_hours(practice: Practice) -> WeeklyHours:
    """Return when the practice is open. Needs no scope of its own.

    The one truth about it: the diary, the clock of promises and the sending all ask here.
    """
    with scope.transaction(practice.pk):
        spans = OpeningHours.objects.filter(ended_at=None).values_list("weekday", "opens", "closes")
        by_date: dict[date, list[Hours]] = {}
        for row in HoursException.objects.filter(ended_at=None).order_by("number", "id"):
            hours = _hours(row)
            by_date |= dict.fromkeys(_dates(row), hours)
        return WeeklyHours(
            tuple(sorted(Span(*span) for span in spans)),
            frozenset(day for day, hours in by_date.items() if not hours),
            practice.zone,
            frozenset((day, one) for day, hours in by_date.items() for one in hours),
        )


@dataclass(frozen=True, slots=True)
class OtherHours:
    """Dates on which other hours hold than the week's; no ``hours`` means closed. ``name`` is a public holiday's."""

    id: UUID
    first_on: date
    last_on: date
    hours: tuple[Hours, ...]
    reason: str
    name: dict[str, str]


def exceptions(practice: Practice, *, from_: date, until: date | None = None) -> list[OtherHours]:
    """Return the exceptions of the hours that stand and touch the dates ``from_`` to ``until``, by day."""
    with scope.transaction(practice.pk):
        rows = HoursException.objects.filter(ended_at=None, last_on__gte=from_)
        if until is not None:
            rows = rows.filter(first_on__lte=until)
        return [
            OtherHours(row.pk, row.first_on, row.last_on, tuple(_hours(row)), row.reason, row.name)
            for row in rows.order_by("first_on", "number", "id")
        ]


def with_exception(hours: WeeklyHours, first_on: date, last_on: date, other: tuple[Hours, ...]) -> WeeklyHours:
    """Return the hours as they would be with one more exception."""
    days = {first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)}
    kept = frozenset(pair for pair in hours.other_on if pair[0] not in days)
    return WeeklyHours(
        hours.spans,
        hours.closed_on - days if other else hours.closed_on | days,
        hours.zone,
        kept | {(day, one) for day in days for one in other},
    )


def _hours(row: HoursException) -> list[Hours]:
    return [Hours(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in row.spans]


def _dates(row: HoursException) -> list[date]:
    return [row.first_on + timedelta(days=n) for n in range((row.last_on - row.first_on).days + 1)]


@dataclass(frozen=True, slots=True)
class Change:
    """What a setting said before and after; ``is_undone`` where a later change took it back."""

    id: UUID
    subject: Ref
    before: dict[str, Any]
    after: dict[str, Any]
    undoes_id: UUID | None
    is_undone: bool


def changes(practice_id: UUID, change_ids: Iterable[UUID]) -> dict[UUID, Change]:
    """Return changes of settings by id."""
    with scope.transaction(practice_id):
        rows = SettingChange.objects.filter(practice_id=practice_id, pk__in=set(change_ids))
        undone = set(SettingChange.objects.filter(undoes_id__in=set(change_ids)).values_list("undoes_id", flat=True))
        return {
            row.pk: Change(
                row.pk, Ref(row.subject_kind, row.subject_id), row.before, row.after, row.undoes_id, row.pk in undone
            )
            for row in rows
        }


BACKUP_WITHIN = timedelta(days=2)
PROOF_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Safety:
    """How safe the data is: the last backup, the last one proved by restoring it, and what failed since."""

    backed_up_at: datetime | None
    proved_at: datetime | None
    tried_at: datetime | None
    folder: str
    is_beside_data: bool
    problem: str
    is_backup_old: bool
    is_proof_old: bool


def safety(*, moment: datetime) -> Safety:
    """Return how safe the data is at ``moment`` by the machine's clock: backups know no other.

    A backup is old after two days, a proof after a week (our choice; a machine that runs does both each day).
    """
    last = BackupProof.objects.order_by("-at", "-id").first()
    proved = BackupProof.objects.filter(problem="").order_by("-at", "-id").first()
    made = BackupProof.objects.exclude(file_name="").order_by("-at", "-id").first()
    backed_up_at, proved_at = made.at if made else None, proved.proved_at if proved else None
    return Safety(
        backed_up_at=backed_up_at,
        proved_at=proved_at,
        tried_at=last.at if last else None,
        folder=proved.folder if proved else "",
        is_beside_data=bool(proved and proved.is_beside_data),
        problem=last.problem if last else "",
        is_backup_old=backed_up_at is None or moment - backed_up_at > BACKUP_WITHIN,
        is_proof_old=proved_at is None or moment - proved_at > PROOF_WITHIN,
    )


def last_restoration(practice_id: UUID) -> Restoration | None:
    """Return the last return to a backup that its owner has not answered yet, or None."""
    with scope.transaction(practice_id):
        rows = Restoration.objects.filter(practice_id=practice_id, accepted_at=None)
        return rows.order_by("-restored_at", "-id").first()
