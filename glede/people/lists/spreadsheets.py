"""Spreadsheets (XLSX): the rows of the sheet that holds a list, each cell as a CSV of it would say it."""

import io
import math
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_BYTES: Final = 500 * 1024 * 1024
_MOST_CELLS: Final = 400
# A spreadsheet keeps fifteen digits of a number; what a longer one said is lost.
_DIGITS: Final = 15


class UnreadableSheet(ValueError):
    """This spreadsheet cannot be read; the message says why and what to do."""


def is_spreadsheet(content: bytes) -> bool:
    """Return True for what begins as an XLSX does."""
    return content.startswith(_ZIP)


def is_old_spreadsheet(content: bytes) -> bool:
    """Return True for what begins as an XLS of before 2007 does."""
    return content.startswith(_OLD)


def sheet_rows(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of the sheet with the most of them. Raises ``UnreadableSheet``.

    Days are written 2026-11-24, times with seconds only where there are some, whole numbers without a point; a number
    longer than a spreadsheet can hold is written so that it is known as broken.
    """
    # Taken in where a spreadsheet is read: every process would wait a fifth of a second for it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        if not book.worksheets:
            raise UnreadableSheet("There is no sheet in this file.")
        for row in max(book.worksheets, key=_height).iter_rows(values_only=True, max_col=_MOST_CELLS):
            yield _shortened([_said(value) for value in row])
    except (InvalidFileException, KeyError, zipfile.BadZipFile, ValueError, OSError) as error:
        if isinstance(error, UnreadableSheet):
            raise
        raise UnreadableSheet(
            "This spreadsheet cannot be read. Open it, save it as .xlsx or CSV without a password, and try again."
        ) from error


def _check(content: bytes) -> None:
    """Refuse what is packed so that it would fill the machine, and a packed file that is no spreadsheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableSheet("This file is cut short. Save it again and try once more.") from error
    if sum(one.file_size for one in names) > _MOST_BYTES:
        raise UnreadableSheet("This spreadsheet is too large. Save the list as CSV and try again.")
    if not any(one.filename == "xl/workbook.xml" for one in names):
        raise UnreadableSheet("This is a packed file and no spreadsheet. Unpack it and bring the list in it.")


def _height(sheet: "Worksheet") -> int:
    return sheet.max_row or 0


def _shortened(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _said(value: object) -> str:
    """Return a cell as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if value == int(value):
        whole = str(int(value))
        return whole if len(whole.lstrip("-")) <= _DIGITS else f"{value:.5E}"
    return repr(value)
