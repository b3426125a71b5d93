"""What a practice sends less than the law and our own limits let it. Nothing here can make it more. Pure.

Every part of a ``Narrowing`` takes something away: a purpose, a way, a day, hours, a budget. ``may_send`` only ever
meets its hours with ours and takes the smaller of two budgets, so that even a wrong value widens nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from glede.outbox.policy.book import LIMITS
from glede.outbox.policy.vocabulary import ANSWERS, Channel, Purpose
from glede.outbox.reading import BadPolicy, Fields

NARROWABLE: Final = tuple(p for p in Purpose if p not in ANSWERS | {Purpose.SAFETY, Purpose.THIRD_PARTY})
"""What may be switched off. An answer, a word about safety and the receipt of a refusal are owed; third parties get
nothing anyway."""

WAYS: Final = (Channel.SMS, Channel.EMAIL)
"""The ways a machine writes on, each of which may be closed for a purpose."""

BUDGETS: Final = ("texts_in_7_days", "marketing_in_30_days")
_LAST_DAY = 6


class WouldWiden(ValueError):
    """It would let more leave than the law and our own limits do; ``field`` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} would let more leave than is allowed")
        self.field = field


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is taken away. ``off`` are purposes, ``ways`` (purpose, channel); ``quiet_days`` weekdays, 0 for Monday.

    ``marketing_from``/``marketing_to`` are on the wall of the person's zone, None for no other hours than ours; the
    budgets are messages a person, None for ours.
    """

    off: frozenset[str] = frozenset()
    ways: frozenset[tuple[str, str]] = frozenset()
    quiet_days: frozenset[int] = frozenset()
    marketing_from: time | None = None
    marketing_to: time | None = None
    texts_in_7_days: int | None = None
    marketing_in_30_days: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data, what takes nothing away left out: the form ``read_narrowing`` reads."""
        hours = [at.isoformat("minutes") if at else "" for at in (self.marketing_from, self.marketing_to)]
        said: dict[str, Any] = {
            "off": sorted(self.off),
            "ways": sorted(f"{purpose}:{channel}" for purpose, channel in self.ways),
            "quiet_days": sorted(self.quiet_days),
            "marketing_hours": hours if any(hours) else [],
        }
        budgets = {"texts_in_7_days": self.texts_in_7_days, "marketing_in_30_days": self.marketing_in_30_days}
        return {k: v for k, v in said.items() if v} | {k: v for k, v in budgets.items() if v is not None}


NOTHING_NARROWED: Final = Narrowing()


def read_narrowing(raw: Mapping[str, Any]) -> Narrowing:
    """Return what plain data takes away. Raises ``BadPolicy`` for what it does not know."""
    if not raw:
        return NOTHING_NARROWED
    fields = Fields("narrowed", dict(raw))
    pairs = [f"{purpose}:{channel}" for purpose in NARROWABLE for channel in WAYS]
    off = fields.texts("off", among=NARROWABLE, default=())
    ways = fields.texts("ways", among=pairs, default=())
    narrowing = Narrowing(
        off=frozenset(off),
        ways=frozenset((purpose, channel) for purpose, _, channel in (way.partition(":") for way in ways)),
        quiet_days=_days(fields),
        texts_in_7_days=_budget(fields, "texts_in_7_days"),
        marketing_in_30_days=_budget(fields, "marketing_in_30_days"),
        **_hours(fields),
    )
    fields.close()
    return narrowing


def check_narrows(narrowing: Narrowing) -> None:
    """Raise ``WouldWiden`` where a budget is above ours. One kept under other limits is read and adds nothing."""
    for field in BUDGETS:
        own = getattr(narrowing, field)
        if own is not None and own > getattr(LIMITS, field):
            raise WouldWiden(field)


def smaller(ours: int, theirs: int | None) -> int:
    """Return the smaller of our limit and the practice's own."""
    return ours if theirs is None else min(ours, theirs)


def _days(fields: Fields) -> frozenset[int]:
    raw = fields.optional("quiet_days")
    days = [] if raw is None else raw
    if not isinstance(days, list) or not all(type(day) is int and 0 <= day <= _LAST_DAY for day in days):
        raise BadPolicy(f"{fields.place}.quiet_days", "are no weekdays")
    if len(set(days)) > _LAST_DAY:
        raise BadPolicy(f"{fields.place}.quiet_days", "leave no day")
    return frozenset(days)


def _hours(fields: Fields) -> dict[str, time | None]:
    said = fields.texts("marketing_hours", default=())
    if not said:
        return {}
    try:
        begins, ends = (time.fromisoformat(at) if at else None for at in said)
    except ValueError as error:
        raise BadPolicy(f"{fields.place}.marketing_hours", "are no hours") from error
    if begins and ends and begins >= ends:
        raise BadPolicy(f"{fields.place}.marketing_hours", "do not go forward")
    return {"marketing_from": begins, "marketing_to": ends}


def _budget(fields: Fields, name: str) -> int | None:
    return None if fields.optional(name) is None else fields.count(name)
