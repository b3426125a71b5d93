"""The diary's codes in people's words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from glede.catalogue.rules import MoreTime
from glede.diary.availability import Part
from glede.diary.rules import Reason, Squeeze, State

Words = Mapping[str, "Promise | str"]

STATES: Final[Words] = {
    State.BOOKED.value: _("Booked"),
    State.CONFIRMED.value: _("Confirmed"),
    State.ARRIVED.value: _("Here"),
    State.WITH.value: _("With the practitioner"),
    State.DONE.value: _("Done"),
    State.MISSED.value: _("Did not come"),
    State.CANCELLED.value: _("Cancelled"),
    State.ENTERED_IN_ERROR.value: _("Entered in error"),
}

REASONS: Final[Words] = {
    Reason.NONE_GIVEN.value: _("no reason given"),
    Reason.NOT_NEEDED.value: _("not needed any more"),
    Reason.UNWELL.value: _("unwell"),
    Reason.TIME.value: _("the time does not suit"),
    Reason.COST.value: _("the price"),
    Reason.ELSEWHERE.value: _("goes somewhere else"),
    Reason.OTHER.value: _("something else"),
    Reason.PRACTITIONER_AWAY.value: _("the practitioner is away"),
    Reason.PRACTICE_CLOSED.value: _("we are closed"),
    Reason.EQUIPMENT.value: _("a device is out of order"),
    Reason.LIST.value: _("the list says so"),
    Reason.MISTAKE.value: _("it was a mistake"),
}

SQUEEZES: Final[Words] = {
    Squeeze.URGENT.value: _("it cannot wait"),
    Squeeze.OUR_MISTAKE.value: _("it puts a mistake of ours right"),
    Squeeze.PROMISED.value: _("we promised it"),
    Squeeze.FROM_FAR.value: _("they have come a long way"),
    Squeeze.SHORT.value: _("it takes a few minutes only"),
    Squeeze.OTHER_NEED.value: _("another need"),
}

# What a patient is asked when cancelling; the others are the practice's own reasons.
PATIENT_REASONS: Final = (Reason.TIME, Reason.UNWELL, Reason.NOT_NEEDED, Reason.COST, Reason.OTHER)

# Why a clinician is away: for managers alone.
LEAVES: Final[Words] = {
    "holiday": _("holiday"), "sick": _("sick"), "course": _("course"), "other": _("something else"),
}  # fmt: skip

MORE_TIME: Final[Words] = {
    MoreTime.FIRST.value: _("first visit"),
    MoreTime.CHILD.value: _("a child"),
    MoreTime.ANXIOUS.value: _("anxious"),
    MoreTime.INTERPRETER.value: _("with an interpreter"),
    MoreTime.WHEELCHAIR.value: _("in a wheelchair"),
    MoreTime.DROPS.value: _("drops in the eyes"),
}

PARTS: Final[Words] = {
    Part.MORNING.value: _("Mornings"),
    Part.AFTERNOON.value: _("Afternoons"),
    Part.EVENING.value: _("After 4pm"),
}

REFUSALS: Final[Words] = {
    "time_taken": _("Somebody took that time a moment ago."),
    "too_many_held": _("Many people are booking right now. Try again in a few minutes."),
    "unknown_hold": _("That time is not held any more."),
    "outside_hours": _("Nobody works then."),
    "away": _("The clinician is away then."),
    "kept_for_urgent": _("That time is kept for what is urgent."),
    "already_past": _("That time has gone by."),
    "too_early": _("It is too early for that."),
    "too_far_ahead": _("That is too far ahead to book by link."),
    "no_such_time": _("The clocks change that night: that time does not exist."),
    "changed_here": _("That was changed here. The list does not go before it."),
    "another_person": _("That visit belongs to somebody else."),
    "unknown_patient": _("We do not find that person."),
    "unknown_service": _("We do not offer that."),
    "unknown_practitioner": _("Nobody by that name sees patients here."),
    "unknown_appointment": _("We do not find that visit."),
    "unknown_reason": _("Choose a reason."),
    "unknown_minutes": _("Choose a length of time."),
    "not_by_patients": _("Only a colleague does that."),
    "unknown_state": _("A list cannot say that of a visit."),
    "not_confirmable": _("This visit cannot be confirmed any more."),
    "not_movable": _("This visit cannot be moved any more."),
    "not_cancellable": _("This visit cannot be cancelled any more."),
    "not_reinstatable": _("This visit stands already."),
    "not_arrivable": _("This visit is not expected any more."),
    "not_startable": _("This visit cannot begin any more."),
    "not_taken_back": _("There is nothing of this visit to take back."),
    "not_finishable": _("This visit never took place."),
    "not_missable": _("This visit cannot be marked as missed."),
    "not_late": _("This visit is not expected any more."),
    "already_struck_out": _("This visit was struck out before."),
    "same_number_twice": _("The number is missing or stands in the list twice."),
    "overlap": _("Two visits stand on one time."),
}


def named(words: Words, code: str) -> str:
    """Return the words for a code, or the code itself where there are none."""
    return str(words.get(code, code))
