"""What may happen to a visit, when, and by whose hand. Values in, values out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from glede.diary import errors
from glede.kernel.actor import Role
from glede.kernel.clock import at_wall, day_of, wall
from glede.kernel.periods import NeverOpen, Period, WeeklyHours


class State(StrEnum):
    """Where a visit stands."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    WITH = "with"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"


class Change(StrEnum):
    """What happened to a visit; the last word of the event's kind."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REINSTATED = "reinstated"
    ARRIVED = "arrived"
    STARTED = "started"
    DONE = "done"
    MISSED = "missed"
    ENTERED_IN_ERROR = "entered_in_error"
    RUNNING_LATE = "running_late"
    DELAYED = "delayed"
    IMPORTED = "imported"
    TAKEN_BACK = "taken_back"


class Reason(StrEnum):
    """Why a visit was cancelled, moved or struck out."""

    NONE_GIVEN = "none_given"
    NOT_NEEDED = "not_needed"
    UNWELL = "unwell"
    TIME = "time"
    COST = "cost"
    ELSEWHERE = "elsewhere"
    OTHER = "other"
    PRACTITIONER_AWAY = "practitioner_away"
    PRACTICE_CLOSED = "practice_closed"
    EQUIPMENT = "equipment"
    LIST = "list"
    MISTAKE = "mistake"


class Source(StrEnum):
    """How a visit came into the diary. What it begins to be called is what it stays called."""

    DESK = "desk"
    LINK = "link"  # by somebody known, from the link of another visit
    ONLINE = "online"  # by a stranger, on the practice's own page
    IMPORT = "import"
    WALK_IN = "walk_in"
    SQUEEZE_IN = "squeeze_in"
    SERIES = "series"  # with the others of a series, by a colleague


class Squeeze(StrEnum):
    """Why somebody is squeezed in beside another visit."""

    URGENT = "urgent"
    OUR_MISTAKE = "our_mistake"
    PROMISED = "promised"
    FROM_FAR = "from_far"
    SHORT = "short"
    OTHER_NEED = "other_need"


REASONS: Final = frozenset(str(reason) for reason in Reason)
SQUEEZES: Final = frozenset(str(reason) for reason in Squeeze)
URGENT_VISIT: Final = "urgent_visit"  # why a visit could take a time that is kept for what is urgent
AHEAD: Final = frozenset({State.BOOKED, State.CONFIRMED})
# These hold their time on the chair; all others have given it back.
HOLDING: Final = frozenset({State.BOOKED, State.CONFIRMED, State.ARRIVED, State.WITH, State.DONE})
MOOT: Final = frozenset({Change.MOVED, Change.CANCELLED, Change.REINSTATED, Change.ENTERED_IN_ERROR})

LINK_DAYS_AFTER: Final = 30  # our choice: docs/privacy.md#the-patients-link
PATIENT_DAYS_AHEAD: Final = 400
MINUTES_MAX: Final = 720
BUFFER_MAX: Final = 240
LATE_MAX: Final = 180
DEFAULT_MINUTES: Final = 30
CHILD_UNDER: Final = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table below: from which states, to which, and what a refusal is called."""

    origins: frozenset[State]
    target: State | None
    refusal: type[errors.Refused]


STEPS: Final[Mapping[Change, Step]] = {
    Change.CONFIRMED: Step(frozenset({State.BOOKED}), State.CONFIRMED, errors.NotConfirmable),
    Change.MOVED: Step(AHEAD, State.BOOKED, errors.NotMovable),
    Change.CANCELLED: Step(AHEAD, State.CANCELLED, errors.NotCancellable),
    Change.REINSTATED: Step(
        frozenset({State.CANCELLED, State.MISSED, State.ENTERED_IN_ERROR}), State.BOOKED, errors.NotReinstatable
    ),
    Change.ARRIVED: Step(AHEAD, State.ARRIVED, errors.NotArrivable),
    Change.STARTED: Step(AHEAD | {State.ARRIVED}, State.WITH, errors.NotStartable),
    Change.DONE: Step(AHEAD | {State.ARRIVED, State.WITH}, State.DONE, errors.NotFinishable),
    Change.MISSED: Step(AHEAD, State.MISSED, errors.NotMissable),
    Change.ENTERED_IN_ERROR: Step(
        frozenset(State) - {State.ENTERED_IN_ERROR}, State.ENTERED_IN_ERROR, errors.AlreadyStruckOut
    ),
    Change.RUNNING_LATE: Step(AHEAD, None, errors.NotLate),
    Change.DELAYED: Step(AHEAD, None, errors.NotLate),
    # Where it leads is what stood before: ``fold`` says it.
    Change.TAKEN_BACK: Step(frozenset({State.ARRIVED, State.WITH}), None, errors.NotTakenBack),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a visit as the rules need. Moments are UTC; ``zone`` is the practice's."""

    state: State
    day: date
    zone: str
    starts_at: datetime
    ends_at: datetime
    is_day_visit: bool = False
    is_history: bool = False

    def deadline(self) -> datetime:
        """The moment from which the visit is no longer ahead: its start, or its day's end."""
        return self.ends_at if self.is_day_visit else self.starts_at


def check(change: Change, standing: Standing, *, role: Role, now: datetime) -> None:
    """Raise the named refusal where ``change`` may not happen to this visit, by this hand, now."""
    step = STEPS[change]
    if standing.state not in step.origins:
        raise step.refusal
    timing = _TIMING.get(change)
    if timing is not None:
        timing(standing, role, now)


def target(change: Change, state: State) -> State:
    """Return the state after ``change``."""
    return STEPS[change].target or state


def _not_past(standing: Standing, role: Role, now: datetime) -> None:
    if now >= standing.deadline():
        raise errors.AlreadyPast


def _not_past_for_patients(standing: Standing, role: Role, now: datetime) -> None:
    # A colleague writes down the day after that somebody rang to cancel; a patient no longer can.
    if role == "patient":
        _not_past(standing, role, now)


def _still_on(standing: Standing, role: Role, now: datetime) -> None:
    if now >= standing.ends_at:
        raise errors.AlreadyPast


def _still_ahead(standing: Standing, role: Role, now: datetime) -> None:
    check_moment = _not_past if role == "patient" else _still_on
    check_moment(standing, role, now)


def _on_the_day(standing: Standing, role: Role, now: datetime) -> None:
    today = day_of(now, standing.zone)
    if today < standing.day:
        raise errors.TooEarly
    if today > standing.day:
        raise errors.AlreadyPast


def _on_the_day_still_on(standing: Standing, role: Role, now: datetime) -> None:
    _on_the_day(standing, role, now)
    _still_on(standing, role, now)


def _begun(standing: Standing, role: Role, now: datetime) -> None:
    came = standing.state in {State.ARRIVED, State.WITH}
    if now < standing.starts_at and not came:
        raise errors.TooEarly


def _day_not_over(standing: Standing, role: Role, now: datetime) -> None:
    if day_of(now, standing.zone) > standing.day:
        raise errors.AlreadyPast


_TIMING = {
    Change.CONFIRMED: _not_past,
    Change.MOVED: _still_ahead,
    Change.CANCELLED: _not_past_for_patients,
    Change.REINSTATED: _day_not_over,
    Change.ARRIVED: _on_the_day,
    Change.STARTED: _on_the_day,
    Change.DONE: _begun,
    Change.MISSED: _begun,
    Change.RUNNING_LATE: _on_the_day_still_on,
    Change.DELAYED: _on_the_day_still_on,
    Change.TAKEN_BACK: _on_the_day,
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A visit's place in time: the wall clock is the truth, UTC follows from it."""

    starts_at: datetime
    ends_at: datetime
    claimed_to: datetime


def place(day: date, wall_time: time | None, zone: str, *, minutes: int, buffer_minutes: int = 0) -> Placed:
    """Return when a visit lies, in UTC. Without a wall time it is the whole day and claims nothing.

    ``minutes`` and ``buffer_minutes`` are minutes that pass, so a visit across a clock change is as
    long as any other. Raises ``NoSuchTime`` for a time the clock skips, ``UnknownMinutes``.
    """
    if not 1 <= minutes <= MINUTES_MAX or not 0 <= buffer_minutes <= BUFFER_MAX:
        raise errors.UnknownMinutes
    if wall_time is None:
        start, end = at_wall(day, time(0), zone), at_wall(day + timedelta(days=1), time(0), zone)
        return Placed(start, end, end)
    start = at_wall(day, wall_time, zone)
    if wall(start, zone).time() != wall_time.replace(tzinfo=None):
        raise errors.NoSuchTime
    end = start + timedelta(minutes=minutes)
    return Placed(start, end, end + timedelta(minutes=buffer_minutes))


def check_bookable(placed: Placed, *, role: Role, now: datetime) -> None:
    """Raise where nobody may be booked there: ``AlreadyPast``, ``TooFarAhead``.

    A colleague may write in somebody who walked in some minutes ago; a patient books ahead.
    """
    limit = placed.starts_at if role == "patient" else placed.ends_at
    if limit <= now:
        raise errors.AlreadyPast
    if role == "patient" and placed.starts_at > now + timedelta(days=PATIENT_DAYS_AHEAD):
        raise errors.TooFarAhead


def is_child(birth_date: date | None, day: date) -> bool:
    """Return True for somebody under 16 on ``day`` (our choice: children take more time)."""
    if birth_date is None:
        return False
    years = day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
    return years < CHILD_UNDER


def within(period: Period, spans: Iterable[Period]) -> bool:
    """Return True where ``period`` lies wholly inside one of ``spans``."""
    return any(span.start <= period.start and period.end <= span.end for span in spans)


def lane_ref(chair: UUID, number: int) -> UUID:
    """Return the id of a lane of ``chair``: where visits that overlap in a brought list stand."""
    return uuid5(chair, f"lane {number}")


def squeeze_lane(chair: UUID) -> UUID:
    """Return the id of the one lane of ``chair`` for visits squeezed in. No patient is ever offered it."""
    return uuid5(chair, "squeezed in")


class LinkState(StrEnum):
    """What the visit page is about at this moment."""

    BEFORE = "before"
    TODAY = "today"
    HERE = "here"
    AFTER = "after"
    MISSED = "missed"
    CANCELLED = "cancelled"
    ENDED = "ended"


class PatientAct(StrEnum):
    """What a patient may do from the link."""

    CONFIRM = "confirm"
    MOVE = "move"
    CANCEL = "cancel"
    LATE = "late"
    HERE = "here"
    MESSAGE = "message"
    FEEDBACK = "feedback"


def link_ends_at(ends_at: datetime) -> datetime:
    """Return the moment a visit's link ends: 30 days after the visit."""
    return ends_at + timedelta(days=LINK_DAYS_AFTER)


def link_state(standing: Standing, now: datetime) -> LinkState:
    """Return what the page behind a visit's link is about at ``now``."""
    if standing.state == State.ENTERED_IN_ERROR or now >= link_ends_at(standing.ends_at):
        return LinkState.ENDED
    settled = _SETTLED.get(standing.state)
    if settled is not None:
        return settled
    if now >= standing.ends_at:
        return LinkState.AFTER
    return LinkState.TODAY if day_of(now, standing.zone) >= standing.day else LinkState.BEFORE


_SETTLED: Final = {
    State.CANCELLED: LinkState.CANCELLED,
    State.MISSED: LinkState.MISSED,
    State.DONE: LinkState.AFTER,
    State.ARRIVED: LinkState.HERE,
    State.WITH: LinkState.HERE,
}


def patient_acts(standing: Standing, now: datetime) -> frozenset[PatientAct]:
    """Return what the patient may do from the link at ``now``; the same checks guard the acts."""
    stage = link_state(standing, now)
    if stage == LinkState.ENDED:
        return frozenset()
    acts = {PatientAct.MESSAGE}
    if stage == LinkState.AFTER:
        acts.add(PatientAct.FEEDBACK)
    acts.update(act for act, change in _ACTS.items() if _may(change, standing, now))
    return frozenset(acts)


_ACTS: Final = {
    PatientAct.CONFIRM: Change.CONFIRMED,
    PatientAct.MOVE: Change.MOVED,
    PatientAct.CANCEL: Change.CANCELLED,
    PatientAct.LATE: Change.RUNNING_LATE,
    PatientAct.HERE: Change.ARRIVED,
}


def _may(change: Change, standing: Standing, now: datetime) -> bool:
    try:
        check(change, standing, role="patient", now=now)
    except errors.Refused:
        return False
    return True


def notice_ends_at(standing: Standing, hours: WeeklyHours) -> datetime | None:
    """Return until when cancelling is in good time: closing time on the working day before.

    None where the practice opens on no day of the two weeks before.
    """
    for days in range(1, 15):
        closing = hours.day_end(standing.day - timedelta(days=days))
        if closing is not None:
            return closing
    return None


def settle_by(starts_at: datetime, now: datetime, hours: WeeklyHours) -> datetime:
    """Return by when a colleague settles two visits on one time: a working day on, before the visit."""
    try:
        due = hours.add_open_minutes(now, 8 * 60)
    except NeverOpen:
        due = now + timedelta(days=1)
    return max(now, min(due, starts_at))
