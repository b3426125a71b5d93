"""A row as a person is told of it: every column that says something of them, as plain values."""

from collections.abc import Collection
from typing import Any

from glede.practices.models import PracticeRow

NOT_THEIRS = frozenset({"practice", "contact_hash", "origin_hash", "list_key", "link_hash", "request_hash", "fence"})


def plain(what: str, row: PracticeRow, *, but: Collection[str] = ()) -> dict[str, Any]:
    """Return ``what`` and the columns of a row; ids and moments as text. Hashes and keys are left out, and ``but``."""
    names = [f.name for f in row._meta.local_fields if f.name not in NOT_THEIRS and f.name not in but]
    columns = {f.name: f.attname for f in row._meta.local_fields}
    return {"what": what, **{name: _text(getattr(row, columns[name])) for name in names}}


def _text(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | float | list | dict | None) else str(value)
