"""Which practice, what time it is there, and when it is open."""

from datetime import date, datetime
from uuid import UUID

from glede.kernel import clock
from glede.kernel.periods import Span, WeeklyHours
from glede.practices import scope
from glede.practices.models import ClosedDay, LinkIndex, OpeningHours, Practice


class NoSuchPractice(LookupError):
    """No practice answers to that id, slug or link."""


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


def practice_for_link(link_hash: bytes) -> Practice | None:
    """Return the practice a patient's link belongs to, or None."""
    entry = LinkIndex.objects.filter(hash=link_hash).select_related("practice").first()
    return entry.practice if entry else None


def opening_hours(practice: Practice) -> WeeklyHours:
    """Return when the practice is open. Needs no scope of its own."""
    with scope.transaction(practice.pk):
        spans = OpeningHours.objects.filter(ended_at=None).values_list("weekday", "opens", "closes")
        closed = ClosedDay.objects.filter(ended_at=None).values_list("day", flat=True)
        return WeeklyHours(tuple(sorted(Span(*span) for span in spans)), frozenset(closed), practice.zone)


def closed_days(practice: Practice) -> list[tuple[UUID, date, str]]:
    """Return the closed days to come and past: (id, day, reason), by day."""
    with scope.transaction(practice.pk):
        rows = ClosedDay.objects.filter(ended_at=None).order_by("day", "id")
        return list(rows.values_list("id", "day", "reason"))
