"""What is asked of the diary: frozen values that forms, links and lists are turned into. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from glede.diary.availability import Part
from glede.diary.rules import Source, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A visit wished for. Without a practitioner whoever has least to do then is taken.

    Without a wall time it is a visit of the day, which holds no time. ``minutes`` overrides the
    service's own length. ``more_time`` are the codes of what needs more time; None: as far as we know of the person.
    What ``is_urgent`` may take a time that is kept for it. ``series_id`` and ``series_number`` are set by the series
    whose visit it is.
    """

    patient_id: UUID
    day: date
    wall_time: time | None
    more_time: frozenset[str] | None = None
    service_id: UUID | None = None
    practitioner_id: UUID | None = None
    minutes: int | None = None
    source: str = Source.DESK
    is_urgent: bool = False
    series_id: UUID | None = None
    series_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where a visit is moved to. Without a practitioner it stays with the one it has.

    What ``is_urgent`` may take a time that is kept for it.
    """

    day: date
    wall_time: time | None
    practitioner_id: UUID | None = None
    minutes: int | None = None
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToHold:
    """A time to be kept for somebody unknown, who is new here. ``instead_of`` is the secret of what they held before.

    Without a practitioner whoever has least to do then is taken.
    """

    day: date
    wall_time: time
    service_id: UUID
    practitioner_id: UUID | None = None
    instead_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesWanted:
    """Free times looked for: up to ``limit`` of them in ``days`` days from ``from_day`` on.

    Without a practitioner they are anybody's. For a ``patient_id`` they are as long as that person needs, or as
    ``more_time`` says. ``minutes`` overrides the service's own length; ``between`` are the
    person's own hours on the wall, within which the visit begins and ends. ``notice``: nothing sooner than this from
    now. What ``is_urgent`` sees the times that are kept for it too.
    """

    from_day: date
    days: int
    service_id: UUID | None = None
    practitioner_id: UUID | None = None
    minutes: int | None = None
    patient_id: UUID | None = None
    more_time: frozenset[str] | None = None
    between: tuple[time, time] | None = None
    parts: frozenset[Part] = frozenset(Part)
    limit: int = 500
    notice: timedelta = timedelta()
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVisit:
    """A visit as a brought list has it. ``external_id`` is the list's own number, the same each time.

    ``insists``: it goes before what a colleague or the patient changed here, because a colleague said so.
    ``is_time_lost``: a time stands there that nobody can read; one known from before stays.
    """

    external_id: str
    patient_id: UUID
    day: date
    wall_time: time | None = None
    minutes: int | None = None
    service_id: UUID | None = None
    practitioner_id: UUID | None = None
    state: State = State.BOOKED
    booked_at: datetime | None = None
    source: str = Source.IMPORT
    insists: bool = False
    is_time_lost: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line of a list.

    ``word`` is added, moved, changed, cancelled, reinstated, same, kept or rejected; ``reason`` the
    code of a refusal, or "overlap" where two visits stood on one time.
    """

    external_id: str
    word: str
    appointment_id: UUID | None = None
    reason: str = ""
