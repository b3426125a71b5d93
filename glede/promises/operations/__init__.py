"""What becomes of promises: made, kept, handed over, postponed, withdrawn; and who is away from them."""

from glede.promises.operations.absences import AWAY, NotAtADesk, step_away, step_back
from glede.promises.operations.erasing import forget_promises, promises_to
from glede.promises.operations.keeping import (
    HANDED_OVER,
    RETURNED,
    Ending,
    NewPromise,
    NoSuchPromise,
    calm_promise,
    end_promise,
    hand_promise,
    keep_promise,
    make_promise,
    make_promises,
    postpone_promise,
    renew_promise,
    withdraw_promise,
    withdraw_promises_about,
)

__all__ = [
    "AWAY",
    "HANDED_OVER",
    "RETURNED",
    "Ending",
    "NewPromise",
    "NoSuchPromise",
    "NotAtADesk",
    "calm_promise",
    "end_promise",
    "forget_promises",
    "hand_promise",
    "keep_promise",
    "make_promise",
    "make_promises",
    "postpone_promise",
    "promises_to",
    "renew_promise",
    "step_away",
    "step_back",
    "withdraw_promise",
    "withdraw_promises_about",
]
