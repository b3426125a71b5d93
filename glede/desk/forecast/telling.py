"""A forecast in figures: by day, by row, whom nobody can write to, whom the rules leave out, what texts cost."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from glede.channels.sms.accounts import part_price
from glede.journeys.forecast import Forecast, Foretold
from glede.kernel.clock import day_of
from glede.kernel.gsm import sms_segments
from glede.outbox.queries import text_costs
from glede.outbox.rules import Reason

OUR_OWN = frozenset({
    Reason.TOGETHER, Reason.ONE_A_DAY, Reason.NOT_NEEDED, Reason.NOTHING_TO_SAY, Reason.LATE, Reason.CALL,
    Reason.PREFERS_CALL, Reason.NO_CHANNEL, Reason.MOVED, Reason.CANCELLED, Reason.CHANGED, Reason.ENTERED_IN_ERROR,
    Reason.MERGED, Reason.ERASED, Reason.ANSWERED, Reason.STEP_OFF, "",
})  # fmt: skip
"""Reasons that are ours: all others are the law's, or the person's own wish."""

PRICES_SEEN = timedelta(days=90)


@dataclass(slots=True)
class DayAhead:
    """One day: how many e-mails, texts and calls are sure, and how many come on top if something assumed comes true."""

    day: date
    email: int = 0
    sms: int = 0
    call: int = 0
    assumed: int = 0

    @property
    def total(self) -> int:
        """Everything of the day."""
        return self.email + self.sms + self.call + self.assumed

    def count(self, one: Foretold) -> None:
        """Count one thing more."""
        name = "assumed" if one.assumes else one.channel
        setattr(self, name, getattr(self, name, 0) + 1)


@dataclass(slots=True)
class LeftOut:
    """One person whom a machine may not write to for a reason, and what becomes of it."""

    person_id: UUID
    reason: str
    is_rung: bool
    at: datetime
    times: int = 0


@dataclass(frozen=True, slots=True)
class Texts:
    """How many texts, in how many parts; ``price`` is what a part cost of late, in units of ``currency``."""

    texts: int
    parts: int
    price: Decimal | None = None
    currency: str = ""

    @property
    def cost(self) -> Decimal | None:
        """What all of them will cost, or None where nobody knows a price."""
        return None if self.price is None else (self.price * self.parts).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Told:
    """A forecast in figures."""

    days: tuple[DayAhead, ...]
    messages: int
    calls: int
    assumed: int
    people: int
    rows: Counter[str]
    unreached: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    texts: Texts
    of_day: dict[date, list[Foretold]] = field(default_factory=dict)


def told(found: Forecast, zone: str, texts: Texts) -> Told:
    """Return a forecast in figures, the days by the wall in ``zone``; ``texts`` knows the price alone."""
    first, last = day_of(found.since, zone), day_of(found.until - timedelta(seconds=1), zone)
    days = {first + timedelta(days=n): DayAhead(first + timedelta(days=n)) for n in range((last - first).days + 1)}
    of_day: dict[date, list[Foretold]] = {day: [] for day in days}
    for one in found.touches:
        day = day_of(one.at, zone)
        days[day].count(one)
        of_day[day].append(one)
    sure = [one for one in found.touches if not one.assumes]
    parts = [sms_segments(one.text).parts for one in sure if one.channel == "sms"]
    messages = sum(one.act == "message" for one in sure)
    return Told(
        days=tuple(days.values()),
        messages=messages,
        calls=len(sure) - messages,
        assumed=len(found.touches) - len(sure),
        people=len({one.person_id for one in sure}),
        rows=Counter(one.row for one in found.touches),
        unreached=_by_person(one for one in sure if one.reason == Reason.NO_CHANNEL),
        left_out=_by_person(one for one in (*sure, *found.left_out) if one.reason not in OUR_OWN),
        texts=Texts(len(parts), sum(parts), texts.price, texts.currency),
        of_day=of_day,
    )


def _by_person(lines: Iterable[Foretold]) -> tuple[LeftOut, ...]:
    found: dict[tuple[UUID, str, bool], LeftOut] = {}
    for one in lines:
        key = (one.person_id, one.reason, one.act == "call")
        found.setdefault(key, LeftOut(*key, one.at)).times += 1
    return tuple(sorted(found.values(), key=lambda left: (left.at, left.person_id)))


def price_of_late(practice_id: UUID, *, now: datetime) -> Texts:
    """Return what a part of a text costs: as written beside the account, else as the provider told of late, if one."""
    costs = text_costs(practice_id, since=now - PRICES_SEEN)
    if said := part_price(practice_id):
        return Texts(costs.texts, costs.parts, said.amount, said.currency)
    if len(costs.prices) != 1 or not costs.parts:
        return Texts(costs.texts, costs.parts)
    currency, paid = costs.prices[0]
    return Texts(costs.texts, costs.parts, paid / costs.parts, currency)
