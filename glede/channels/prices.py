"""What one part of a text costs, as a colleague says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_CURRENCY = re.compile(r"[A-Z]{3}")
MOST = Decimal(1000)


class Unusable(ValueError):
    """The account cannot be one; ``field`` names what to put right."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class PartPrice:
    """What one part costs, in units of ``currency`` (ISO 4217)."""

    amount: Decimal
    currency: str


def checked_price(price: PartPrice | None) -> tuple[Decimal | None, str]:
    """Return a price as it is kept; None and "" where nobody said one. Raises ``Unusable``."""
    if price is None:
        return None, ""
    if not price.amount.is_finite() or not 0 <= price.amount < MOST:
        raise Unusable("price")
    if not _CURRENCY.fullmatch(price.currency):
        raise Unusable("currency")
    return round(price.amount, 5), price.currency
