"""A time that is held for somebody unknown, by its secret."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from glede.diary import errors
from glede.diary.models import HeldTime
from glede.diary.rules import Standing, State
from glede.kernel.ids import link_hash, read_link_code
from glede.practices import scope
from glede.practices.queries import practice_by_id

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A held time as its pages show it. ``with_name`` is whom the visit is with; blank: whoever is there."""

    service_id: UUID | None
    day: date
    wall_time: time
    minutes: int
    with_name: str
    with_given_name: str
    starts_at: datetime
    ends_at: datetime
    until: datetime
    zone: str
    appointment_id: UUID | None

    def minutes_left(self, now: datetime) -> int:
        """Return for how many minutes, begun ones counted, it is still held; 0 past its moment."""
        return max(0, -int((now - self.until) // A_MINUTE))

    def standing(self) -> Standing:
        """Return it as the rules see the visit it is for."""
        return Standing(State.BOOKED, self.day, self.zone, self.starts_at, self.ends_at, False, False)


def find(practice_id: UUID, secret: str) -> HeldTime:
    """Return the time held under a secret, ended or not. Needs a scope. Raises ``UnknownHold``."""
    code = read_link_code(secret)
    rows = HeldTime.objects.filter(practice_id=practice_id, secret_hash=link_hash(code)) if code else None
    found = rows.select_related("practitioner").first() if rows is not None else None
    if found is None:
        raise errors.UnknownHold
    return found


def held_time(practice_id: UUID, secret: str) -> Held:
    """Return the time held under a secret, ended or not. Raises ``UnknownHold``."""
    with scope.transaction(practice_id, read_only=True):
        row = find(practice_id, secret)
        who = row.practitioner
        return Held(
            row.service_id, row.day, row.wall_time, row.minutes, who.display_name if who else "",
            who.given_name if who else "", row.starts_at, row.ends_at, row.until, practice_by_id(practice_id).zone,
            row.appointment_id,
        )  # fmt: skip
