"""The rows that were not taken, as a list that can be corrected and brought again."""

import csv
import io
from collections.abc import Iterable

from glede.people.lists.opening import REASON, Sheet
from glede.people.lists.values import Reject


def rejects_csv(sheet: Sheet, rejects: Iterable[Reject]) -> bytes:
    """Return the rejects under the heading of their list, with the reason in one column more."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sheet.delimiter)
    writer.writerow([*sheet.header, REASON])
    for reject in rejects:
        cells = list(reject.row.cells)
        missing = [""] * (len(sheet.header) - len(cells))
        # More cells than columns would push the reason out of its own.
        beyond = " ".join(cells[len(sheet.header) :])
        writer.writerow([*cells[: len(sheet.header)], *missing, f"{reject.reason} {beyond}".strip()])
    return out.getvalue().encode("utf-8-sig")
