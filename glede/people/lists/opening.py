"""Open a list, whatever wrote it: text in any usual encoding with any usual sign between cells, or a spreadsheet."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from glede.people.lists.decoding import decoded
from glede.people.lists.spreadsheets import UnreadableSheet, is_old_spreadsheet, is_spreadsheet, sheet_rows

DELIMITERS = (",", ";", "\t", "|")
REASON = "glede_reason"
"""The column that a file of rejects has more than the list it came from; it is never read back."""

_SAMPLE = 64 * 1024
_TITLE_LINES = 10
_LONG_NUMBER = re.compile(r"\d\d")
_NO_LISTS = (b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b\x08", b"SQLite format 3\0")
_SEPARATOR_LINE = re.compile(r"\A[\"']?sep=(.)[\"']?\r?\n", re.IGNORECASE)


class UnreadableList(ValueError):
    """This is no list that can be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list. ``number`` is what a spreadsheet shows beside it, the heading being row 1."""

    number: int
    cells: tuple[str, ...]

    def cell(self, place: int | None) -> str:
        """Return the cell of a column, trimmed; empty where the row is too short or there is no such column."""
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    @property
    def text(self) -> tuple[str, ...]:
        """The cells without empty ones at the end: equal for rows that say the same."""
        said = len(self.cells)
        while said and not self.cells[said - 1]:
            said -= 1
        return self.cells[:said]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it was opened: what heads its columns, its rows, and the sign between the cells.

    ``is_rejects``: it is a file of rejects from an earlier list, so a part of that.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    is_rejects: bool = False

    def key(self, place: int) -> str:
        """Return what names a column: its heading, or "#3" for the third where that is blank or comes twice."""
        head = self.header[place]
        return head if head and self.header.index(head) == place else f"#{place + 1}"


def open_sheet(content: bytes) -> Sheet:
    """Return the list in ``content``: CSV in UTF-8, UTF-16, Windows or Mac letters, or XLSX.

    A byte order mark and a line ``sep=;`` are taken as what they are; a title above the headings is passed over; a
    column that an earlier file of rejects added is left out. Raises ``UnreadableList`` where it is empty, cut short, or
    no list at all.
    """
    lines, delimiter = _spreadsheet(content) if is_spreadsheet(content) else _text(content)
    header_at = _heading(lines)
    if header_at is None:
        raise UnreadableList("There is nothing in this file. The first row names the columns.")
    header = tuple(lines[header_at])
    own = {place for place, name in enumerate(header) if name == REASON}
    after = enumerate(lines[header_at + 1 :], start=header_at + 2)
    rows = tuple(Row(n, _without(line, own)) for n, line in after if line)
    return Sheet(_without(header, own), rows, delimiter, bool(own))


def _heading(lines: list[list[str]]) -> int | None:
    """Return which line names the columns: the first that says something, or the one below a title of one cell."""
    said = list(itertools.islice((n for n, line in enumerate(lines) if any(line)), _TITLE_LINES))
    if said and sum(map(bool, lines[said[0]])) == 1:
        below = (n for n, after in itertools.pairwise(said) if len(lines[n]) == len(lines[after]))
        return next((n for n in below if _names_columns(lines[n])), said[0])
    return said[0] if said else None


def _names_columns(line: list[str]) -> bool:
    """Return True for three cells and more without numbers and addresses, such as a row about somebody has."""
    said = [cell for cell in line if cell]
    return len(said) > 2 and not any("@" in cell or cell.isdigit() or _LONG_NUMBER.search(cell) for cell in said)


def _spreadsheet(content: bytes) -> tuple[list[list[str]], str]:
    try:
        return [_trimmed(line) for line in sheet_rows(content)], ";"
    except UnreadableSheet as error:
        raise UnreadableList(str(error)) from error


def _text(content: bytes) -> tuple[list[list[str]], str]:
    if is_old_spreadsheet(content):
        raise UnreadableList("This is a spreadsheet of the old kind (.xls). Save it as .xlsx or CSV and try again.")
    if content.startswith(_NO_LISTS):
        raise UnreadableList(
            "This is a document or a picture and no list. Save the list as CSV or .xlsx and try again."
        )
    text = decoded(content)
    named = _SEPARATOR_LINE.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named.group(1) if named else _sniffed(text[:_SAMPLE])
    return _lines(text, delimiter), delimiter


def _sniffed(sample: str) -> str:
    """Return the sign that cuts the most rows into as many cells as the heading has; a comma where none does."""

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            lines = [line for line in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if line]
        except csv.Error:
            return 0, 0
        wide = len(lines[_heading(lines) or 0]) if lines else 0
        return (Counter(map(len, lines))[wide], wide) if wide > 1 else (0, 0)

    return max(DELIMITERS, key=fit)


def _lines(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    lines: list[list[str]] = []
    try:
        lines.extend([_shown(cell) for cell in line] for line in reader)
    except csv.Error as error:
        raise UnreadableList(
            f"Row {len(lines) + 1} cannot be read ({error}). A quotation mark there is not closed, or stands alone."
        ) from error
    while lines and not lines[0]:
        del lines[0]
    return lines


def _shown(cell: str) -> str:
    """Return a cell as a spreadsheet shows it: ="000123" is how a CSV keeps the zeros in front."""
    text = cell.strip()
    return text[2:-1].strip() if text.startswith('="') and text.endswith('"') and text.count('"') == 2 else text


def _trimmed(cells: Iterable[str]) -> list[str]:
    """Return a row of a spreadsheet; one without a word in it is a blank line."""
    line = [cell.strip() for cell in cells]
    return line if any(line) else []


def _without(line: list[str] | tuple[str, ...], places: set[int]) -> tuple[str, ...]:
    return tuple(cell for n, cell in enumerate(line) if n not in places) if places else tuple(line)
