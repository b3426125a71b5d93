"""The rows of the diary, one file for each thing they are about."""

from glede.diary.models.apart import Leave, UrgentTime
from glede.diary.models.appointment import Appointment, Remark, StateChange
from glede.diary.models.held import HeldTime
from glede.diary.models.series import Series
from glede.diary.models.time import Claim, Facility, Shift

__all__ = [
    "Appointment",
    "Claim",
    "Facility",
    "HeldTime",
    "Leave",
    "Remark",
    "Series",
    "Shift",
    "StateChange",
    "UrgentTime",
]
