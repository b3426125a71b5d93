"""Days, prices and figures."""

from collections.abc import Sequence
from typing import Any

from django import template

from glede.ui.presenting import Day, DayColumn, Price

register = template.Library()

TOO_FEW = 10  # our choice: below it a share is no news
_WIDTH, _HEIGHT, _MARGIN = 120, 32, 4


@register.inclusion_tag("ui/day_column.html")
def day_column(column: DayColumn, strip: bool = False) -> dict[str, Any]:
    """Draw one chair; outside a ``strip`` its visits and open times are rows for the keys."""
    return {"column": column, "strip": strip}


@register.inclusion_tag("ui/day_grid.html")
def day_grid(day: Day, strip: bool = False) -> dict[str, Any]:
    """Draw a day chair by chair: 6 px for 5 minutes, as a ``strip`` 5 px."""
    return {"day": day, "strip": strip, "count": len(day.columns)}


@register.inclusion_tag("ui/price_cards.html")
def price_cards(prices: Sequence[Price]) -> dict[str, Any]:
    """Draw full prices side by side."""
    return {"prices": prices}


@register.inclusion_tag("ui/metric.html")
def metric(words: str, points: Sequence[float] = (), n: int = 0, href: str = "") -> dict[str, Any]:
    """Draw a sentence with its line; fewer than ten people are too few to say."""
    has_enough = n >= TOO_FEW
    line, end = _line(points) if has_enough and len(points) > 1 else ("", (0.0, 0.0))
    return {"words": words, "n": n, "href": href, "has_enough": has_enough, "line": line, "x": end[0], "y": end[1]}


def _line(points: Sequence[float]) -> tuple[str, tuple[float, float]]:
    low, high = min(points), max(points)
    reach = (high - low) or 1.0
    step = (_WIDTH - 2 * _MARGIN) / (len(points) - 1)
    placed = [
        (_MARGIN + place * step, _HEIGHT - _MARGIN - (value - low) / reach * (_HEIGHT - 2 * _MARGIN))
        for place, value in enumerate(points)
    ]
    return "M" + " ".join(f"{x:.0f} {y:.1f}" for x, y in placed), placed[-1]
