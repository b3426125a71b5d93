"""The provider's numbered errors, and what each means for the message and the person (docs/messages.md#texts)."""

from __future__ import annotations

from typing import Final

from glede.outbox.rules import Reason, State

MEANING: Final[dict[int, Reason]] = {
    21211: Reason.UNKNOWN_NUMBER,
    21217: Reason.UNKNOWN_NUMBER,
    21614: Reason.UNKNOWN_NUMBER,
    30005: Reason.UNKNOWN_NUMBER,
    21610: Reason.OPTED_OUT,
    21635: Reason.LANDLINE,
    30006: Reason.LANDLINE,
    30003: Reason.UNREACHABLE,
    30004: Reason.BLOCKED,
    30007: Reason.SENDER_BLOCKED,
    30032: Reason.SENDER_BLOCKED,
    30034: Reason.SENDER_BLOCKED,
    30001: Reason.NOT_TOLD,
    30008: Reason.NOT_TOLD,
    30017: Reason.NOT_TOLD,
    30036: Reason.EXPIRED,
    21602: Reason.CONTENT_REFUSED,
    21617: Reason.CONTENT_REFUSED,
}

TOO_FAST: Final = frozenset({20429, 14107, 63018})
"""Nothing is wrong with the message: it goes a little later."""

OURS: Final = frozenset(
    {20001, 20003, 20005, 20006, 20008, 20404, 21212, 21408, 21603, 21606, 21609, 21620, 21660, 30002}
)
"""Our account, sender or address is at fault: the rest of the batch waits too."""

STATES: Final[dict[str, State]] = {
    "accepted": State.ACCEPTED,
    "scheduled": State.ACCEPTED,
    "queued": State.ACCEPTED,
    "sending": State.ACCEPTED,
    "sent": State.SENT,
    "partially_delivered": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.READ,
    "undelivered": State.FAILED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}


def meaning_of(code: int | None) -> Reason:
    """Return what an error means; one we do not know is a plain refusal, and another channel is tried."""
    return MEANING.get(code or 0, Reason.REFUSED)
