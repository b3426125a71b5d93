"""What the diary refuses, by name. Pages put the refusal into words; the code never changes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glede.diary.availability import Offer


class Refused(Exception):
    """The diary will not do this. ``code`` is stable and safe to show in a log."""

    code = "refused"


class NotFree(Refused):
    """That time cannot be had. ``alternatives`` are up to three that can, in the order of nearness to it."""

    def __init__(self, alternatives: "Sequence[Offer]" = ()) -> None:
        super().__init__(self.code)
        self.alternatives = tuple(alternatives)


class TimeTaken(NotFree):
    """Somebody holds that time."""

    code = "time_taken"


class TooManyHeld(Refused):
    """So many times are held by people who have not booked yet that no more can be."""

    code = "too_many_held"


class UnknownHold(Refused):
    """No time was held under that secret."""

    code = "unknown_hold"


class OutsideHours(NotFree):
    """The practice, or this practitioner, does not work then."""

    code = "outside_hours"


class Away(OutsideHours):
    """Whoever was asked for is away then."""

    code = "away"


class KeptForUrgent(OutsideHours):
    """That time is kept for what is urgent, and not released yet."""

    code = "kept_for_urgent"


class AlreadyPast(Refused):
    """That time has gone by."""

    code = "already_past"


class TooEarly(Refused):
    """That cannot be said of a visit which has not come yet."""

    code = "too_early"


class TooFarAhead(Refused):
    """Nobody can book that far ahead by link."""

    code = "too_far_ahead"


class ChangedHere(Refused):
    """A colleague or the patient changed it here; a list does not go before them unless somebody says so."""

    code = "changed_here"


class AnotherPerson(Refused):
    """The list gives the visit to somebody else than the person whose it is here."""

    code = "another_person"


class NoSuchTime(Refused):
    """The clock on the wall never shows that time on that day: it lies in the hour that is skipped."""

    code = "no_such_time"


class UnknownPatient(Refused):
    """There is no such person in this practice."""

    code = "unknown_patient"


class UnknownService(Refused):
    """The practice does not offer that service."""

    code = "unknown_service"


class UnknownPractitioner(Refused):
    """Nobody by that id sees patients here."""

    code = "unknown_practitioner"


class UnknownAppointment(Refused):
    """There is no such visit in this practice."""

    code = "unknown_appointment"


class UnknownReason(Refused):
    """The reason is not one of the codes the diary knows."""

    code = "unknown_reason"


class NotByPatients(Refused):
    """Only a colleague does that."""

    code = "not_by_patients"


class UnknownState(Refused):
    """A list cannot know that of a visit."""

    code = "unknown_state"


class UnknownMinutes(Refused):
    """A length or a delay outside what a diary can hold."""

    code = "unknown_minutes"


class NotConfirmable(Refused):
    """Only a booked visit can be confirmed."""

    code = "not_confirmable"


class NotMovable(Refused):
    """Only a visit still to come can be moved."""

    code = "not_movable"


class NotCancellable(Refused):
    """Only a visit still to come can be cancelled."""

    code = "not_cancellable"


class NotReinstatable(Refused):
    """Only a visit that was cancelled, missed or struck out can be brought back."""

    code = "not_reinstatable"


class NotArrivable(Refused):
    """Only a visit still to come can be arrived for."""

    code = "not_arrivable"


class NotStartable(Refused):
    """Only a visit still to come, or one whose patient is here, can begin."""

    code = "not_startable"


class NotTakenBack(Refused):
    """Only that somebody came, or was shown in, is taken back."""

    code = "not_taken_back"


class NotFinishable(Refused):
    """This visit cannot end: it never took place."""

    code = "not_finishable"


class NotMissable(Refused):
    """Only a visit still to come, whose time has begun, can be missed."""

    code = "not_missable"


class NotLate(Refused):
    """Only a visit still to come can run late."""

    code = "not_late"


class BadLeave(ValueError):
    """The days or hours of a leave run backwards, or it is longer than a year."""


class NoSuchLeave(LookupError):
    """The practice has no such leave."""


class BadUrgentTime(ValueError):
    """A time to keep that is none, or whose release lies nowhere."""


class NoSuchUrgentTime(LookupError):
    """The practice keeps no such time."""


class BadSeries(ValueError):
    """A series of fewer than two or more than 52 visits, or of times that do not belong to it."""


class NoSuchSeries(LookupError):
    """The practice has no such series."""


class NoSuchFacility(LookupError):
    """The practice has no such room or device."""


class NameTaken(ValueError):
    """Another room or device in use has that name, or it has none."""


class AlreadyStruckOut(Refused):
    """The visit was struck out before."""

    code = "already_struck_out"
