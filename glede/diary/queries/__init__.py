"""Every question the diary answers; each stays inside one practice and changes nothing."""

from glede.diary.queries.days import Day, DayChair, DayVisit, Stretch, arrivals, day, days
from glede.diary.queries.delays import delays_on
from glede.diary.queries.facts import facts_for, facts_of_people
from glede.diary.queries.feeds import BusyTime, own_visits
from glede.diary.queries.slots import first_free, free_times, slots
from glede.diary.queries.times import squeeze_times, three_times
from glede.diary.queries.visits import (
    CancellationNote,
    ChangeLine,
    VisitTimes,
    appointment_by_link,
    appointment_for,
    appointments_by_external_id,
    cancellation_note,
    count_squeezed,
    days_with_visits,
    history_of,
    next_visits,
    times_of,
    unsettled,
    visits_of,
)

__all__ = [
    "BusyTime",
    "CancellationNote",
    "ChangeLine",
    "Day",
    "DayChair",
    "DayVisit",
    "Stretch",
    "VisitTimes",
    "appointment_by_link",
    "appointment_for",
    "appointments_by_external_id",
    "arrivals",
    "cancellation_note",
    "count_squeezed",
    "day",
    "days",
    "days_with_visits",
    "delays_on",
    "facts_for",
    "facts_of_people",
    "first_free",
    "free_times",
    "history_of",
    "next_visits",
    "own_visits",
    "slots",
    "squeeze_times",
    "three_times",
    "times_of",
    "unsettled",
    "visits_of",
]
