"""What others may know of a visit: frozen values for journeys, pages and calendars. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from glede.diary.rules import LinkState, PatientAct, Standing, State, link_state, patient_acts


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFacts:
    """What follows a visit with somebody else, as far as the patient hears of it. Moments are UTC."""

    appointment_id: UUID
    wall_time: time
    starts_at: datetime
    ends_at: datetime
    practitioner_name: str = ""
    practitioner_given_name: str = ""
    service_name: Mapping[str, str] = field(default_factory=dict)


class Telling(StrEnum):
    """Whether a visit's booking is told by itself, by another visit's message, or not yet: its series is on its way."""

    ITSELF = ""
    ELSEWHERE = "elsewhere"
    WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """A visit and all that is known of it. Moments are UTC; words are by language.

    ``version`` is the subject's in the ledger, raised only by what makes planned messages moot.
    Roles are those of ``kernel.actor``; a moment that has not come is None. ``part_of`` is the visit it follows, and
    ``then`` what follows it and still stands. ``series_days`` are the other days of its series, of which its message
    tells, where it is the one that tells.
    """

    appointment_id: UUID
    patient_id: UUID
    state: State
    version: int
    day: date
    wall_time: time | None
    zone: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    is_day_visit: bool
    is_history: bool
    is_imported: bool
    is_first_visit: bool
    source: str
    external_id: str
    link_code: str
    booked_at: datetime
    booked_by: str
    confirmed_at: datetime | None = None
    arrived_at: datetime | None = None
    started_at: datetime | None = None
    done_at: datetime | None = None
    missed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
    cancel_reason: str = ""
    moved_at: datetime | None = None
    moved_by: str = ""
    late_minutes: int | None = None
    late_told_at: datetime | None = None
    delay_minutes: int | None = None
    delay_told_at: datetime | None = None
    more_time: tuple[str, ...] = ()
    practitioner_id: UUID | None = None
    practitioner_name: str = ""
    practitioner_given_name: str = ""
    practitioner_title: str = ""
    service_id: UUID | None = None
    service_code: str = ""
    service_name: Mapping[str, str] = field(default_factory=dict)
    price_minor_units: int | None = None
    price_to_minor_units: int | None = None
    what_to_bring: Mapping[str, str] = field(default_factory=dict)
    part_of: UUID | None = None
    then: PartFacts | None = None
    series_id: UUID | None = None
    series_number: int | None = None
    telling: Telling = Telling.ITSELF
    series_days: tuple[date, ...] = ()

    def standing(self) -> Standing:
        """As much of the visit as the rules need."""
        return Standing(
            self.state, self.day, self.zone, self.starts_at, self.ends_at, self.is_day_visit, self.is_history
        )

    def link_state(self, now: datetime) -> LinkState:
        """What the page behind the link is about at ``now``."""
        return link_state(self.standing(), now)

    def patient_acts(self, now: datetime) -> frozenset[PatientAct]:
        """What the patient may do from the link at ``now``."""
        return patient_acts(self.standing(), now)

    @property
    def whole_ends_at(self) -> datetime:
        """When the patient is done: at the end of what follows, where something does."""
        return self.then.ends_at if self.then else self.ends_at

    @property
    def is_ahead(self) -> bool:
        """Whether the visit is still planned to take place."""
        return self.state in {State.BOOKED, State.CONFIRMED}
