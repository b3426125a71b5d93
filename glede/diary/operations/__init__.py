"""Every act of the diary. Each is one transaction: rows, time on the chair, and one event, or nothing."""

from glede.diary.operations.booking import book_appointment, move_appointment, reinstate_appointment
from glede.diary.operations.bringing import bring_visits
from glede.diary.operations.closing import settle_days
from glede.diary.operations.door import receive_walk_in, tell_delay
from glede.diary.operations.facilities import (
    add_facility,
    bring_back_facility,
    end_facility,
)
from glede.diary.operations.holding import book_held, hold_time, release_hold
from glede.diary.operations.hours import change_clinician, set_working_hours, undo_clinician
from glede.diary.operations.importing import import_appointments
from glede.diary.operations.leave import NewLeave, Taken, end_leave, take_leave, undo_leave
from glede.diary.operations.links import revoke_link
from glede.diary.operations.series import NewSeries, begin_series, book_series, choose_in_series, end_series
from glede.diary.operations.squeezing import squeeze_in
from glede.diary.operations.states import (
    arrive_appointment,
    cancel_appointment,
    confirm_appointment,
    finish_appointment,
    finish_appointments,
    miss_appointment,
    start_appointment,
    strike_out_appointment,
    take_back_step,
    tell_running_late,
)
from glede.diary.operations.swapping import swap_appointments
from glede.diary.operations.unlisting import take_back_visits
from glede.diary.operations.urgent import (
    NewUrgentTimes,
    end_urgent_time,
    is_about_urgent_times,
    keep_urgent_times,
    undo_urgent_times,
)

__all__ = [
    "NewLeave",
    "NewSeries",
    "NewUrgentTimes",
    "Taken",
    "add_facility",
    "arrive_appointment",
    "begin_series",
    "book_appointment",
    "book_held",
    "book_series",
    "bring_back_facility",
    "bring_visits",
    "cancel_appointment",
    "change_clinician",
    "choose_in_series",
    "confirm_appointment",
    "end_facility",
    "end_leave",
    "end_series",
    "end_urgent_time",
    "finish_appointment",
    "finish_appointments",
    "hold_time",
    "import_appointments",
    "is_about_urgent_times",
    "keep_urgent_times",
    "miss_appointment",
    "move_appointment",
    "receive_walk_in",
    "reinstate_appointment",
    "release_hold",
    "revoke_link",
    "set_working_hours",
    "settle_days",
    "squeeze_in",
    "start_appointment",
    "strike_out_appointment",
    "swap_appointments",
    "take_back_step",
    "take_back_visits",
    "take_leave",
    "tell_delay",
    "tell_running_late",
    "undo_clinician",
    "undo_leave",
    "undo_urgent_times",
]
