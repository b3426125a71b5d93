"""Pages of what goes on, newest first, cut between two rows and never counted off from the top."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Place:
    """A place among rows in order of time: at a moment, and past the row ``key`` of those of that very moment.

    Without a key no row of the moment is past it.
    """

    at: datetime
    key: UUID | int | None = None


def older(rows: QuerySet[Row], at: str, key: str, *, before: Place | None, limit: int) -> QuerySet[Row]:
    """Return the newest ``limit`` rows that come before a place, newest first; those of one moment by ``key``."""
    if before is not None and before.key is None:
        rows = rows.filter(**{f"{at}__lt": before.at})
    elif before is not None:
        # Written so that it runs along the index by time: rows that are compared as pairs do not.
        rows = rows.filter(**{f"{at}__lte": before.at}).exclude(**{at: before.at, f"{key}__gte": before.key})
    return rows.order_by(f"-{at}", f"-{key}")[:limit]


def later(rows: QuerySet[Row], at: str, key: str, *, after: Place | None, limit: int | None) -> QuerySet[Row]:
    """Return the first ``limit`` rows that come after a place, soonest first; those of one moment by ``key``."""
    if after is not None:
        told: dict[str, Any] = {at: after.at, f"{key}__lte": after.key}
        rows = rows.filter(**{f"{at}__gte": after.at}).exclude(**told)
    return rows.order_by(at, key)[:limit]
