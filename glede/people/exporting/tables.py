"""An export as tables: one CSV file for each thing a room tells of, with a header, a row for each row."""

import csv
import json
from collections.abc import Iterable
from io import StringIO
from typing import Any

from glede.people.exporting.gathering import Export, Row

# A cell that a spreadsheet would take for a formula stands behind an apostrophe.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables(export: Export) -> dict[str, str]:
    """Return the tables by the name of their file."""
    found: dict[str, list[Row]] = {}
    for room, what, row in export.every():
        found.setdefault(file_name(room, what), []).append(row)
    return {name: table(rows) for name, rows in sorted(found.items())}


def file_name(room: str, what: str) -> str:
    """Return the file's name: ``people-need.csv``."""
    return f"{room}-{what.lower().replace(' ', '-')}.csv"


def table(rows: Iterable[Row], columns: list[str] | None = None, *, header: bool = True) -> str:
    """Return rows as CSV; nested values stand in their cell as JSON."""
    held = list(rows)
    names = columns or columns_of(held)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if header:
        writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in held)
    return out.getvalue()


def columns_of(rows: Iterable[Row]) -> list[str]:
    """Return every column of some rows, in the order they first come."""
    return list(dict.fromkeys(key for row in rows for key in row if key != "what"))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | bool) else str(value)
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdecimal()
