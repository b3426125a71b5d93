"""What the policy said of a message ahead of its hour, as it stands in the touch's why. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FORESEEN = "foreseen"
"""Where in a touch's why the verdict stands."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """The verdict: `decision` allow, deny or defer, "" where nobody asked; `reasons` are codes.

    `until` is the moment a deferral ends; `becomes_call`: a colleague rings instead of the message.
    """

    decision: str = ""
    reasons: tuple[str, ...] = ()
    channel: str = ""
    until: datetime | None = None
    becomes_call: bool = False

    @property
    def is_denied(self) -> bool:
        """Whether the message will not go, as things stand."""
        return self.decision == "deny"

    def as_json(self) -> dict[str, object]:
        """As plain data; what is empty is left out."""
        told: dict[str, object] = {"decision": self.decision, "reasons": list(self.reasons)}
        if self.channel:
            told["channel"] = self.channel
        if self.until is not None:
            told["until"] = self.until.isoformat()
        if self.becomes_call:
            told["then"] = "call"
        return told


UNASKED = Foresight()


def foreseen_in(why: Mapping[str, Any]) -> Foresight:
    """The verdict in a touch's why; `UNASKED` where there is none."""
    told = why.get(FORESEEN)
    if not isinstance(told, Mapping):
        return UNASKED
    until = told.get("until")
    return Foresight(
        decision=str(told.get("decision", "")),
        reasons=tuple(str(code) for code in told.get("reasons", ())),
        channel=str(told.get("channel", "")),
        until=datetime.fromisoformat(until) if until else None,
        becomes_call=told.get("then") == "call",
    )
