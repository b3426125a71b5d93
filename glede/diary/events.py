"""The names of what the diary records in the ledger."""

from typing import Final

BOOKED: Final = "diary.appointment.booked"
CONFIRMED: Final = "diary.appointment.confirmed"
MOVED: Final = "diary.appointment.moved"
CANCELLED: Final = "diary.appointment.cancelled"
REINSTATED: Final = "diary.appointment.reinstated"
ARRIVED: Final = "diary.appointment.arrived"
STARTED: Final = "diary.appointment.started"
DONE: Final = "diary.appointment.done"
MISSED: Final = "diary.appointment.missed"
ENTERED_IN_ERROR: Final = "diary.appointment.entered_in_error"
RUNNING_LATE: Final = "diary.appointment.running_late"
DELAYED: Final = "diary.appointment.delayed"
TAKEN_BACK: Final = "diary.appointment.taken_back"
IMPORTED: Final = "diary.appointment.imported"
LINK_REVOKED: Final = "diary.link.revoked"
SERIES_BEGUN: Final = "diary.series.begun"
SERIES_BOOKED: Final = "diary.series.booked"
SERIES_CHANGED: Final = "diary.series.changed"
SERIES_ENDED: Final = "diary.series.ended"

HOLD_PREFIX: Final = "diary.hold."
HOLD_TAKEN: Final = "diary.hold.taken"
HOLD_RELEASED: Final = "diary.hold.released"
HOLD_LAPSED: Final = "diary.hold.lapsed"
HOLD_BOOKED: Final = "diary.hold.booked"

PREFIX: Final = "diary.appointment."

# What makes every message planned before it moot: the plan itself is another one now.
MOOT: Final = frozenset({MOVED, CANCELLED, REINSTATED, ENTERED_IN_ERROR})
