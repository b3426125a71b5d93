"""What ``may_send`` is asked and what it answers. Frozen values, no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from glede.kernel.periods import WeeklyHours
from glede.outbox.policy.narrowing import NOTHING_NARROWED, Narrowing
from glede.outbox.policy.vocabulary import ABOUT_THE_CHANNEL, BUILT, Basis, Channel, Decision, Must, Purpose, Reason

EVERY_CHANNEL = "*"


class ConsentKind(StrEnum):
    """What kind of yes it is: a US number given for service, a written yes, a plain yes, an existing customer."""

    SOFT = "soft"
    OPT_IN = "opt_in"
    NUMBER_GIVEN = "number_given"
    WRITTEN = "written"
    HEALTH_DATA = "health_data"


class Origin(StrEnum):
    """Where a customer's address came from: the proof of a soft opt-in hangs on it (Directive 2002/58/EC art 13(2))."""

    SALE = "sale"
    NEGOTIATION = "negotiation"
    FREE_VISIT = "free_visit"
    CONTEST = "contest"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Consent:
    """One yes in force. Empty ``purposes`` means every purpose; ``channel`` "*" every channel."""

    kind: ConsentKind
    channel: str
    purposes: frozenset[str] = frozenset()
    given_at: datetime | None = None
    valid_until: datetime | None = None
    origin: Origin = Origin.OTHER
    was_choice_offered: bool = False

    def holds(self, purpose: str, now: datetime) -> bool:
        """Return True where it covers ``purpose`` at ``now``."""
        if self.purposes and purpose not in self.purposes:
            return False
        if self.given_at is not None and self.given_at > now:
            return False
        return self.valid_until is None or now < self.valid_until


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the one who would get it.

    ``zone`` is theirs and must be set. ``country`` and ``region`` "" mean the practice's. ``days`` are weekdays
    (0 Monday), empty for any; ``hours_from``/``hours_to`` their own hours, None for any (midnight as an end is
    the end of the day). ``held_until``: they cannot read now, what can wait waits. ``opted_out`` holds (channel or
    "*", "marketing" or "all"). ``is_on_register`` is the answer of the public register against sales by phone or
    post, None where nobody looked.
    """

    zone: str
    country: str = ""
    region: str = ""
    days: frozenset[int] = frozenset()
    hours_from: time | None = None
    hours_to: time | None = None
    pause_until: date | None = None
    held_until: datetime | None = None
    is_quiet: bool = False
    opted_out: frozenset[tuple[str, str]] = frozenset()
    opted_out_at: datetime | None = None
    consents: tuple[Consent, ...] = ()
    is_customer: bool = True
    is_on_register: bool | None = None
    is_deceased: bool = False
    is_merged: bool = False
    has_moved_away: bool = False
    is_under_safeguarding: bool = False
    allows_preparation: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """What the practice brings: its country (ISO, two letters), its region (a US state), its hours for messages.

    ``channels`` are those it has; ``opening`` lets a colleague's own reply leave at any time the practice is open;
    ``closed_on`` are days on which it sends no marketing; ``narrowed`` is what it sends less than it might.
    """

    country: str
    region: str = ""
    hours_from: time = time(9)
    hours_to: time = time(20)
    opening: WeeklyHours | None = None
    closed_on: frozenset[date] = frozenset()
    channels: frozenset[Channel] = BUILT
    narrowed: Narrowing = NOTHING_NARROWED


@dataclass(frozen=True, slots=True)
class Counts:
    """What the person already got by machine. Answers and safety messages are not counted.

    ``today``: unprompted messages of their calendar day, logistics left out; ``texts_7_days``: texts of the
    last seven days; ``marketing_30_days``: marketing of the last thirty.
    """

    today: int = 0
    texts_7_days: int = 0
    marketing_30_days: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """What a messaging platform allows at this moment (docs/rules.md)."""

    last_inbound_at: datetime | None = None
    has_consent: bool = False
    has_template: bool = False
    is_human_agent_approved: bool = False


NO_COUNTS = Counts()
NO_WINDOW = Window()


@dataclass(frozen=True, slots=True)
class Question:
    """May this message leave?

    ``text`` is what would leave ("" while it is not written yet: then it is asked again before sending);
    ``own_words`` are names in it that are nobody's advertisement (people, the practice, its address).
    ``answers_act_at`` is the moment of the person's own act that this answers; ``late_after`` that from which it
    would come too late. ``is_by_person``: a colleague wrote
    it, no machine. ``was_interval_set``: a clinician set and agreed this recall at the visit. ``uses_health_data``:
    who gets it was chosen by a clinical field. ``is_shared_contact``: others read this number or address too.
    ``has_written_since``: they wrote to us on this channel after they had opted out. ``is_opt_out_receipt``: the
    one confirmation that an opt-out was heard.
    """

    purpose: Purpose
    channel: Channel
    person: Person
    place: Place
    text: str = ""
    own_words: tuple[str, ...] = ()
    answers_act_at: datetime | None = None
    late_after: datetime | None = None
    is_by_person: bool = False
    was_interval_set: bool = False
    is_own_product: bool = True
    is_paid_by_others: bool = False
    uses_health_data: bool = False
    is_shared_contact: bool = False
    has_written_since: bool = False
    is_opt_out_receipt: bool = False
    counts: Counts = NO_COUNTS
    window: Window = NO_WINDOW


@dataclass(frozen=True, slots=True)
class Why:
    """A reason with the codes, words and times it speaks of."""

    code: Reason
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, with the ground it stands on and every reason. ``defer_until`` is UTC, set only for DEFER."""

    decision: Decision
    basis: Basis
    reasons: tuple[Why, ...]
    must_include: tuple[Must, ...] = ()
    defer_until: datetime | None = None
    policy: str = ""

    @property
    def is_allowed(self) -> bool:
        """It may leave now."""
        return self.decision == Decision.ALLOW

    @property
    def is_about_channel(self) -> bool:
        """It is denied here only: another channel of the person's may be asked about."""
        return self.decision == Decision.DENY and all(why.code in ABOUT_THE_CHANNEL for why in self.reasons)

    def codes(self) -> tuple[Reason, ...]:
        """Return the reasons without their details."""
        return tuple(why.code for why in self.reasons)

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as plain data, to be stored as the *why* of a message."""
        return {
            "decision": str(self.decision),
            "basis": str(self.basis),
            "policy": self.policy,
            "must_include": [str(must) for must in self.must_include],
            "reasons": [{"code": str(why.code), **why.params} for why in self.reasons],
            "defer_until": self.defer_until.isoformat() if self.defer_until else None,
        }
