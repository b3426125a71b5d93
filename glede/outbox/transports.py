"""The door to a channel: what every transport looks like, and which channel has one.

`outbox` knows no channel; each registers itself from its `AppConfig.ready`. Nothing here is called inside a
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from glede.outbox.rules import Resolution


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to one person, ready to leave. `message_ref` is stable over all tries of this message.

    `auto` is the word for Auto-Submitted ("auto-generated", "auto-replied") or "" where a colleague wrote it.
    `unsubscribe_url` is set only where opting out by one click is due. `expires_at` is the moment from which on it
    must not arrive any more, where the channel can see to that.
    """

    message_id: UUID
    channel: str
    key: str
    message_ref: str
    to_address: str
    to_name: str
    from_name: str
    from_address: str
    subject: str
    text: str
    date: datetime
    html: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    auto: str = "auto-generated"
    unsubscribe_url: str = ""
    language: str = "en"
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider said yes."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider certainly did not take it. `reason` is a code of `rules.Reason` when permanent.

    `is_ours`: nothing is wrong with this message or address (no connection, wrong password): the rest of the
    batch waits too.
    """

    is_permanent: bool
    reason: str = ""
    words: str = ""
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say whether it was taken."""

    words: str = ""


Outcome = Accepted | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a way to send can do, as its adapter declares it (docs/channels.md#classes).

    `resolution` is its class: how an outcome that nobody saw is settled. `key_lives`: how long the provider knows
    our key again; set where the class is KEY, and only there. `tells_arrival`: it reports later whether a message
    arrived. `hears_answers`: what people answer on it comes in. `ends_in_time`: it can be told when a message is void.
    `late_by`: how long after a call was given up the provider may still take it, or begin to show it.
    """

    resolution: Resolution
    key_lives: timedelta | None = None
    tells_arrival: bool = False
    hears_answers: bool = False
    ends_in_time: bool = False
    late_by: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        """Raise ``ValueError`` where the class and what is said of the key do not agree."""
        if (self.resolution is Resolution.KEY) is (self.key_lives is None):
            raise ValueError("a key lives so long where the class is KEY, and only there")


class Session(Protocol):
    """An open connection; `send` never raises for what the other side does."""

    def prepare(self, envelope: Envelope) -> None:
        """Get ready to send this one next. Nothing may have left by it; many channels do nothing here."""

    def forget(self) -> None:
        """What was prepared will not be sent."""

    def send(self, envelope: Envelope) -> Outcome:
        """Send one message to one person, within the transport's deadline."""


class Transport(Protocol):
    """A way to reach people on one channel."""

    @property
    def deadline_seconds(self) -> float:
        """The longest one call may take."""

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """What it can do for this practice: one account may do less than another."""

    def open(self, practice_id: UUID) -> AbstractContextManager[Session]:
        """One session for a batch; connects on the first send."""

    def is_configured(self, practice_id: UUID) -> bool:
        """Whether this practice can use the channel at all."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that certainly did not arrive, for the channel that knows what its reasons mean for the person."""

    message_id: UUID
    patient_id: UUID
    contact_id: UUID | None
    reason: str


Aftercare = Callable[[UUID, Sequence[Failure], datetime], None]
"""Called in the act that notes failures of one practice, before the next channel is chosen; may lock and write."""

LookUp = Callable[[UUID, datetime], bool]
"""Asks a provider what became of one practice's messages, and takes the answers. Outside every transaction.

True only where it showed everything it had taken up to that moment: what is not among it was not taken.
"""

_transports: dict[str, Transport] = {}
_aftercare: dict[str, Aftercare] = {}
_look_ups: dict[str, LookUp] = {}
_rehearsal: list[Transport] = []


def register(channel: str, transport: Transport) -> None:
    """Give `channel` its transport; "rehearsal" takes the place of every other while a practice rehearses."""
    if channel == "rehearsal":
        _rehearsal[:] = [transport]
    else:
        _transports[channel] = transport


def register_aftercare(channel: str, aftercare: Aftercare) -> None:
    """Let `aftercare` draw the conclusions from what failed on `channel`: a number ended, a refusal noted."""
    _aftercare[channel] = aftercare


def register_look_up(channel: str, look_up: LookUp) -> None:
    """Let the provider of `channel` be asked about messages whose outcome nobody saw."""
    _look_ups[channel] = look_up


def look_up(practice_id: UUID, channels: Sequence[str], now: datetime) -> frozenset[str]:
    """Ask the providers of these channels, where they can be asked; return the channels whose provider showed all."""
    return frozenset(channel for channel in channels if channel in _look_ups and _look_ups[channel](practice_id, now))


def look_after(practice_id: UUID, failures: Mapping[str, Sequence[Failure]], now: datetime) -> None:
    """Let each channel draw its conclusions from what failed on it."""
    for channel, some in sorted(failures.items()):
        if channel in _aftercare:
            _aftercare[channel](practice_id, some, now)


def transport_for(channel: str, *, live: bool) -> Transport:
    """The transport of a channel; KeyError when there is none."""
    if not live and channel in _transports:
        return _rehearsal[0]
    return _transports[channel]


def longest_call() -> float:
    """The seconds that one call may take on any channel; one whose settings cannot be read does not count."""
    longest = 0.0
    for transport in _transports.values():
        with suppress(ValueError):
            longest = max(longest, transport.deadline_seconds)
    return longest


def usable_channels(practice_id: UUID, *, live: bool) -> frozenset[str]:
    """The channels this practice can send on now; a rehearsal uses all that are built."""
    if not live:
        return frozenset(_transports)
    return frozenset(name for name, transport in _transports.items() if transport.is_configured(practice_id))
