"""What came of a row of the journey, from counts alone, and how much so few or so many cases can say. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt
from typing import Final

from glede.outbox.rules import PENDING, WENT, Fate, State

SENT, HELD, WAITS, SKIPPED, CALL = "sent", "held", "waits", "skipped", "call"
NOT_ARRIVED, IN_DOUBT, REHEARSED, LOST = "not_arrived", "in_doubt", "rehearsed", "lost"
FATES: Final = (SENT, HELD, WAITS, SKIPPED, CALL, NOT_ARRIVED, IN_DOUBT, REHEARSED, LOST)
"""Where a touch can stand, each in exactly one. ``lost``: no message tells of it, which never is."""

ANSWERED, STOPPED, COMPLAINED = "answered", "stopped", "complained"
CHANGED, CAME, RATED, BOOKED = "changed", "came", "rated", "booked"
DAYS_AFTER: Final = {ANSWERED: 7, STOPPED: 7, COMPLAINED: 7, CHANGED: 90, CAME: 1, RATED: 30, BOOKED: 30}
"""So many days after a message something still counts as having followed it (our choice)."""

_ACTS: Final[Mapping[str, frozenset[str]]] = {
    "we_run_late": frozenset({CAME}),
    "done": frozenset({RATED, BOOKED}),
    "cancelled_by_practice": frozenset({CHANGED, BOOKED}),
    "recall_due": frozenset({BOOKED}),
    "silent": frozenset({ANSWERED, BOOKED}),
    "birthday": frozenset(),
}
FEWEST: Final = 10
"""Of fewer cases than this no share is told (docs/journeys.md#what-came-of-a-row)."""
_Z: Final = 1.959964  # 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. The percentages, whole and with 95 % certainty between two, are None of too few."""

    n: int
    of: int

    @property
    def is_told(self) -> bool:
        """Whether there are cases enough to tell a share."""
        return self.of >= FEWEST

    @property
    def percent(self) -> int | None:
        """The share in whole percent."""
        return round(100 * self.n / self.of) if self.is_told else None

    @property
    def between(self) -> tuple[int, int] | None:
        """The interval of Wilson (1927), in whole percent; it holds the share itself."""
        if not self.is_told:
            return None
        low, high = wilson(self.n, self.of)
        return int(100 * low), -int(-100 * high // 1)


def wilson(n: int, of: int) -> tuple[float, float]:
    """Return between which shares the true one lies with 95 % certainty, where ``n`` of ``of`` were seen."""
    share, weight = n / of, _Z * _Z / of
    middle = share + weight / 2
    half = _Z * sqrt(share * (1 - share) / of + weight / (4 * of))
    low, high = (middle - half) / (1 + weight), (middle + half) / (1 + weight)
    return (0.0 if n == 0 else max(0.0, low)), (1.0 if n == of else min(1.0, high))


@dataclass(frozen=True, slots=True)
class Standing:
    """So many touches of a row that stand alike: the state of their last message, why, and what they wait for."""

    row: str
    is_live: bool
    state: str
    fate: str
    reason: str
    held_by: str
    is_reached: bool
    n: int


@dataclass(frozen=True, slots=True)
class Followed:
    """So many sent touches of a row that were followed by just these."""

    row: str
    what: frozenset[str]
    n: int


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that left for a row, in how many parts; ``priced`` of them have a price, in one currency."""

    row: str
    texts: int
    parts: int
    priced: int
    cost: Decimal | None
    currency: str


@dataclass(slots=True)
class Measured:
    """What came of one row in a span. ``fates`` add up to ``planned``; ``why`` has by fate the reasons in codes."""

    row: str
    acts: frozenset[str] = frozenset()
    fates: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FATES, 0))
    why: dict[str, dict[str, int]] = field(default_factory=dict)
    delivered: int = 0
    reached: int = 0
    followed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DAYS_AFTER, 0))
    acted: int = 0
    texts: int = 0
    parts: int = 0
    priced: int = 0
    prices: dict[str, Decimal] = field(default_factory=dict)

    @property
    def planned(self) -> int:
        """How many touches fell due."""
        return sum(self.fates.values())

    @property
    def sent(self) -> int:
        """How many really left."""
        return self.fates[SENT]

    def of_sent(self, n: int) -> Share:
        """Return ``n`` as a share of those that were sent."""
        return Share(n, self.sent)


def acts_of(triggers: Collection[str]) -> frozenset[str]:
    """Return what counts as acted on, by what begins the row; before a visit that they confirm, move or cancel it.

    A greeting asks for nothing, so nothing counts.
    """
    return frozenset().union(*(_ACTS.get(trigger, frozenset({CHANGED})) for trigger in triggers))


def fate_of(one: Standing) -> str:
    """Return the one fate of a touch. What was rehearsed was never sent, whatever its state says."""
    if not one.is_live or one.state == State.REHEARSED:
        return REHEARSED
    if not one.state:
        return LOST
    state = State(one.state)
    if state in PENDING:
        return HELD if one.held_by else WAITS
    if state is State.FAILED:
        return CALL if one.fate == Fate.HANDED else NOT_ARRIVED
    if state in WENT:
        return SENT
    return {State.SKIPPED: SKIPPED, State.HANDED: CALL, State.UNKNOWN: IN_DOUBT, State.SENDING: WAITS}[state]


def measured(
    acts: Mapping[str, frozenset[str]],
    standing: Iterable[Standing],
    followed: Iterable[Followed],
    texts: Iterable[Texts],
) -> dict[str, Measured]:
    """Return what came of each row of ``acts`` (row to what counts as acted on), in that order."""
    found = {row: Measured(row, what) for row, what in acts.items()}
    for one in standing:
        if one.row in found:
            _stand(found[one.row], one)
    for after in followed:
        if after.row in found:
            _follow(found[after.row], after)
    for text in texts:
        if text.row in found:
            _cost(found[text.row], text)
    return found


def _stand(row: Measured, one: Standing) -> None:
    fate = fate_of(one)
    row.fates[fate] += one.n
    row.delivered += one.n if fate == SENT and one.state in {State.DELIVERED, State.READ} else 0
    row.reached += one.n if fate == CALL and one.is_reached else 0
    code = one.held_by if fate in {SENT, HELD} else one.reason
    if code and fate != REHEARSED:
        why = row.why.setdefault(fate, {})
        why[code] = why.get(code, 0) + one.n


def _follow(row: Measured, after: Followed) -> None:
    for what in after.what:
        row.followed[what] += after.n
    row.acted += after.n if after.what & row.acts else 0


def _cost(row: Measured, text: Texts) -> None:
    row.texts += text.texts
    row.parts += text.parts
    row.priced += text.priced
    if text.cost is not None:
        row.prices[text.currency] = row.prices.get(text.currency, Decimal(0)) + text.cost
