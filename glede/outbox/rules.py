"""The state machine of a message, as pure decisions (docs/reliability.md#states-of-a-message). No Django, no clock.

planned → ready → sending → accepted → sent → delivered → read
side exits: rehearsed, skipped, failed, unknown, handed
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from glede.kernel.failpoints import guard


class State(StrEnum):
    """Where a message stands. PLANNED and READY are pending; SENDING holds a lease."""

    PLANNED = "planned"
    READY = "ready"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    REHEARSED = "rehearsed"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HANDED = "handed"


class Fate(StrEnum):
    """Where a touch stands: what the practice owed is open, done, skipped, or a colleague's."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    HANDED = "handed"


class Lane(StrEnum):
    """Who goes first, in this order."""

    SAFETY = "safety"
    REPLY = "reply"
    REMINDER = "reminder"
    CARE = "care"
    MARKETING = "marketing"


class Reason(StrEnum):
    """Why a message did not go, failed, or became a call. Staff read these (words.py)."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    CHANGED = "changed"
    ENTERED_IN_ERROR = "entered_in_error"
    MERGED = "merged"
    ERASED = "erased"
    DECEASED = "deceased"
    SAFEGUARDING = "safeguarding"
    OPTED_OUT = "opted_out"
    QUIET = "quiet"
    NO_CONSENT = "no_consent"
    NO_RULES = "no_rules"
    PROMOTION = "promotion"
    POLICY = "policy"
    STOPPED = "stopped"
    STEP_OFF = "step_off"
    NOT_NEEDED = "not_needed"
    ANSWERED = "answered"
    WENT_LIVE = "went_live"
    NOTHING_TO_SAY = "nothing_to_say"
    TOGETHER = "together"
    ONE_A_DAY = "one_a_day"
    LATE = "late"
    CALL = "call"
    PREFERS_CALL = "prefers_call"
    NO_CHANNEL = "no_channel"
    BAD_ADDRESS = "bad_address"
    REFUSED = "refused"
    CONTENT_REFUSED = "content_refused"
    TOO_MANY_TRIES = "too_many_tries"
    IN_DOUBT = "in_doubt"
    UNREACHABLE = "unreachable"
    NOT_TOLD = "not_told"
    UNKNOWN_NUMBER = "unknown_number"
    LANDLINE = "landline"
    BLOCKED = "blocked"
    SENDER_BLOCKED = "sender_blocked"
    EXPIRED = "expired"
    CHANNEL_RESTS = "channel_rests"
    SET_ASIDE = "set_aside"
    FORMAT = "format"


class Resolution(StrEnum):
    """How a channel settles an outcome nobody saw: the classes K, L, C and N."""

    KEY = "key"
    LOOK_UP = "look_up"
    CALL_BACK = "call_back"
    NOTHING = "nothing"


PENDING = frozenset({State.PLANNED, State.READY})
"""A message that no worker has taken: it can still be held, changed or stopped."""

NOT_FINAL = PENDING | {State.SENDING, State.UNKNOWN}
"""At most one message of a touch is in these."""

WENT = frozenset({State.ACCEPTED, State.SENT, State.DELIVERED, State.READ})
LANES: tuple[Lane, ...] = tuple(Lane)

_LATTICE = {State.ACCEPTED: 0, State.SENT: 1, State.DELIVERED: 2, State.READ: 3}

_MOVES: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.READY, State.SENDING, State.SKIPPED, State.HANDED, State.REHEARSED}),
    State.READY: frozenset({State.SENDING, State.SKIPPED, State.FAILED, State.HANDED, State.REHEARSED}),
    State.SENDING: frozenset({State.REHEARSED, State.READY, State.FAILED, State.UNKNOWN, *WENT}),
    State.UNKNOWN: frozenset({State.ACCEPTED, State.READY, State.HANDED, State.FAILED, *WENT}),
    State.ACCEPTED: frozenset({State.SENT, State.DELIVERED, State.READ, State.FAILED}),
    State.SENT: frozenset({State.DELIVERED, State.READ, State.FAILED}),
    State.DELIVERED: frozenset({State.READ}),
    State.READ: frozenset(),
    State.REHEARSED: frozenset(),
    State.SKIPPED: frozenset(),
    State.FAILED: frozenset(),
    State.HANDED: frozenset(),
}

_MOOT_BY_EVENT = {
    "diary.appointment.moved": Reason.MOVED,
    "diary.appointment.cancelled": Reason.CANCELLED,
    "diary.appointment.entered_in_error": Reason.ENTERED_IN_ERROR,
    "people.patient.merged": Reason.MERGED,
    "people.patient.erased": Reason.ERASED,
    "outbox.campaign.stopped": Reason.STOPPED,
}

_RETRIES: dict[str, tuple[timedelta, ...]] = {
    Reason.UNREACHABLE: (timedelta(hours=2), timedelta(hours=2)),
    Reason.NOT_TOLD: (timedelta(minutes=30),),
}
_BACK_OFF_MINUTES = (1, 3, 10, 30, 60, 120, 240)
TRIES = 12
"""After so many definite, temporary refusals a message goes to the next channel (about a day)."""

OWN_ACT = timedelta(minutes=10)
FIRST_DAY = timedelta(days=1)
FIRST_DAY_HOLD = timedelta(minutes=15)


def can_move(from_: State, to: State) -> bool:
    """Whether a message may go from one state to another; never back along the lattice."""
    return to in _MOVES[from_]


def later_state(known: State, told: State) -> State:
    """The state after a report: the maximum over accepted < sent < delivered < read, and failed where not delivered.

    Reports in any order, any number of times, never take a state back: who has it has it, and what failed was
    followed by something else already. A report that comes before our own outcome, or while nobody knows one, counts.
    """
    if not guard("lattice"):
        return told
    if known in {State.SENDING, State.UNKNOWN}:
        return told if told in _LATTICE or told is State.FAILED else known
    if known not in _LATTICE:
        return known
    if told is State.FAILED:
        return told if can_move(known, told) else known
    return max(known, told, key=_LATTICE.__getitem__) if told in _LATTICE else known


def retry_in(reason: str, failures: int) -> timedelta | None:
    """How long to wait before the same channel is tried once more after its `failures`-th certain failure; None: never.

    A phone that is switched off is tried twice more within four hours, an unexplained failure once (our choice).
    """
    pauses = _RETRIES.get(reason, ())
    return pauses[failures - 1] if failures <= len(pauses) else None


def back_off(tries: int) -> timedelta:
    """How long to wait after the `tries`-th definite, temporary refusal (1-based)."""
    return timedelta(minutes=_BACK_OFF_MINUTES[min(max(tries, 1), len(_BACK_OFF_MINUTES)) - 1])


def moot_reason(last_kind: str) -> Reason:
    """Why a touch whose subject has another version is no longer needed, from the subject's last event."""
    return _MOOT_BY_EVENT.get(last_kind, Reason.CHANGED)


def is_never_held(lane: str, answers_at: datetime | None, now: datetime) -> bool:
    """Safety messages, and answers to the person's own act of the last ten minutes (docs/rules.md#hours)."""
    if lane == Lane.SAFETY:
        return True
    return answers_at is not None and now - answers_at <= OWN_ACT


def first_day_hold(
    *, live_since: datetime | None, waited_from: datetime | None, never_held: bool, now: datetime
) -> datetime | None:
    """Until when the first live day's quarter of an hour holds a due message; None: it may go."""
    if live_since is None or never_held or waited_from is not None or now >= live_since + FIRST_DAY:
        return None
    return now + FIRST_DAY_HOLD


def is_late(late_after: datetime | None, now: datetime) -> bool:
    """Whether the cut-off of a touch has passed: from then on a call, never a message."""
    return late_after is not None and now > late_after


def after_lease(*, begun: bool, outcome: str) -> State:
    """What a message becomes whose worker went silent: its own recorded outcome, in doubt, or ready again."""
    if not begun:
        return State.READY
    return State(outcome) if outcome in {State.ACCEPTED, State.REHEARSED} else State.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What is known of a message whose outcome nobody saw.

    `age`: since its last call began; `key_age`: since its key was first used; `key_lives`: how long the provider knows
    it again, None without one. `seen_accepted`: our own late record or the provider says that it was taken.
    `was_looked_up`: after the horizon the provider showed all it took, and this was not there.
    """

    resolution: Resolution
    age: timedelta
    horizon: timedelta
    key_age: timedelta = timedelta(0)
    key_lives: timedelta | None = None
    seen_accepted: bool = False
    was_looked_up: bool = False


KEY_SPARE = 0.8
"""Of the life of a key a fifth is left alone: clocks differ, and the call takes its time."""

LOOKED_FOR = timedelta(hours=6)
"""After so long without an answer to the look-up a colleague rings."""


def knows_key(key_age: timedelta, key_lives: timedelta | None) -> bool:
    """Whether the provider surely still knows a key that was first used so long ago."""
    return key_lives is not None and (key_age < KEY_SPARE * key_lives or not guard("key_age"))


def resolve(doubt: Doubt) -> State:
    """What an unknown message becomes: UNKNOWN means wait.

    With a key that the provider still knows the call is simply repeated; a look-up that finds nothing after the horizon
    allows another try; where nothing can be asked the message goes to a colleague, who knows that the person may
    already have it. It is never blindly resent.
    """
    if doubt.seen_accepted:
        return State.ACCEPTED
    if doubt.resolution is Resolution.KEY and knows_key(doubt.key_age, doubt.key_lives):
        return State.READY
    if doubt.age < doubt.horizon:
        return State.UNKNOWN
    if doubt.resolution is Resolution.LOOK_UP:
        if doubt.was_looked_up or not guard("look_up"):
            return State.READY
        return State.UNKNOWN if doubt.age < LOOKED_FOR else State.HANDED
    return State.HANDED


IN_A_ROW = 3
"""So many lost answers in a row let a channel rest; one refusal of everything does at once."""

RESTS = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 15))
"""How long a channel rests after its first, second … bad call in a row; the last holds for all that follow."""

ALONE_AFTER, SET_ASIDE_AFTER = 2, 5
"""A message at which workers may have died so often goes alone; when three died with it alone, it is set aside."""

WORDS_TRIES = 3
"""So often words that cannot be made are tried, before the message is set aside."""


def rest_after(failures: int, *, is_refused: bool) -> timedelta | None:
    """How long a channel rests after so many calls in a row that failed for no fault of the message; None: it goes on.

    `is_refused`: the last of them was a certain no, such as "too fast" or "no connection".
    """
    if not is_refused and failures < IN_A_ROW:
        return None
    return RESTS[min(failures, len(RESTS)) - 1]


@dataclass(frozen=True, slots=True)
class Choice:
    """A channel and the contact point to use, or `channel` "call", or "" when there is none."""

    channel: str
    contact_index: int = -1


_KIND_OF = {"email": "email", "sms": "phone"}


def choices(
    ranked: Sequence[str], contact_kinds: Sequence[str], usable: Collection[str], tried: Collection[str]
) -> list[Choice]:
    """The ways to reach a person, best first, in their own order; channels already tried are left out.

    `ranked`: the person's channels; `contact_kinds`: the kind of each contact point in rank order; `usable`:
    channels that have a transport. "call" in the person's order ends the list: from there a colleague rings.
    """
    found: list[Choice] = []
    for channel in ranked:
        if channel == "call":
            found.append(Choice("call"))
            break
        kind = _KIND_OF.get(channel)
        if channel in tried or channel not in usable or kind is None or kind not in contact_kinds:
            continue
        found.append(Choice(channel, contact_kinds.index(kind)))
    return found


def calls_when_unreachable(lane: str) -> bool:
    """Whether a touch nobody can send becomes a call: always, but for marketing and for "we have your message".

    Whoever wrote is owed an answer already; a second promise to ring them about it would be one too many.
    """
    return lane not in {Lane.MARKETING, Lane.SAFETY}
