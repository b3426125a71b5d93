"""The names of what journeys record, and which events they follow."""

from typing import Final

JOURNEY_CHANGED: Final = "journeys.journey.changed"
WORDING_CHANGED: Final = "journeys.wording.changed"
CALL_REACHED: Final = "journeys.call.reached"
CALL_NOT_REACHED: Final = "journeys.call.not_reached"

OF_A_VISIT: Final = frozenset(
    f"diary.appointment.{word}"
    for word in (
        "booked", "imported", "confirmed", "moved", "cancelled", "reinstated", "arrived", "started", "done", "missed",
        "entered_in_error", "delayed", "taken_back",
    )
)  # fmt: skip
OF_A_PERSON: Final = frozenset({
    "people.patient.changed", "people.patient.merged", "people.patient.unmerged", "people.patient.erased",
    "people.contact.added", "people.contact.ended", "people.preference.set", "people.consent.given",
    "people.consent.withdrawn", "people.need.noted", "people.need.ended", "people.messages.held",
    "people.messages.released", CALL_NOT_REACHED, "diary.series.booked", "recall.plan.set", "recall.plan.taken_back",
})  # fmt: skip
OF_THE_HOUSE: Final = frozenset({
    "practices.mode.changed", "practices.settings.changed", "practices.hours.changed", "practices.day.closed",
    "practices.day.reopened", JOURNEY_CHANGED,
})  # fmt: skip
"""After one of these everybody who has a visit to come, or a day of theirs near, is planned for anew."""
