"""Every question the diary answers; each stays inside one practice and changes nothing."""

from glede.diary.queries.days import Day, DayChair, DayVisit, arrivals, day
from glede.diary.queries.facts import facts_for, facts_of_people
from glede.diary.queries.times import free_times, three_times
from glede.diary.queries.visits import (
    CancellationNote,
    ChangeLine,
    appointment_by_link,
    appointment_for,
    appointments_by_external_id,
    cancellation_note,
    days_with_visits,
    history_of,
    next_visits,
    unsettled,
    visits_of,
)

__all__ = [
    "CancellationNote",
    "ChangeLine",
    "Day",
    "DayChair",
    "DayVisit",
    "appointment_by_link",
    "appointment_for",
    "appointments_by_external_id",
    "arrivals",
    "cancellation_note",
    "day",
    "days_with_visits",
    "facts_for",
    "facts_of_people",
    "free_times",
    "history_of",
    "next_visits",
    "three_times",
    "unsettled",
    "visits_of",
]
