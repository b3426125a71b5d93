"""Keep the days on paper: make what is due, take away what is old, leave out who was forgotten."""

import base64
import hashlib
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from glede.desk.paper import folder
from glede.desk.paper.day import rows_of
from glede.desk.paper.rules import Wanted, is_outdated, wanted
from glede.inbox.queries import last_closing
from glede.kernel.actor import SYSTEM
from glede.kernel.clock import day_of, wall
from glede.kernel.words import day_words, time_words
from glede.ledger.operations import log_accesses
from glede.people.queries import names
from glede.practices import scope
from glede.practices.queries import opening_hours
from glede.ui import bundles
from glede.ui.look import code_of

_LINES = range(6)  # to write on, below those who are booked


def keep_sheets(practice: Any, now: datetime) -> None:
    """Let the folder of a practice hold what it should at ``now``, by its real clock, and nothing else."""
    there = folder.kept(practice)
    today = day_of(now, practice.zone)
    for one in there:
        if is_outdated(one.wanted.day, today):
            one.path.unlink(missing_ok=True)
        else:
            _forget(practice, one)
    due = set(wanted(opening_hours(practice), now, closed_on=_closed_on(practice)))
    for sheet in sorted(due - {one.wanted for one in there}):
        make_sheet(practice, sheet, now)


def make_sheet(practice: Any, sheet: Wanted, now: datetime) -> None:
    """Store a day on paper in the practice's language; that the house took these people out is noted like a look."""
    language = code_of(practice.language)
    with translation.override(language), scope.transaction(practice.pk, read_only=True):
        rows = rows_of(practice, sheet.day, language)
        html = _page(practice, sheet.day, rows, now, language)
    if rows:
        log_accesses(practice.pk, by=SYSTEM, patient_ids={row.patient_id for row in rows}, page="sheet_kept", now=now)
    folder.write(practice, sheet, html)


def styles() -> str:
    """Return the looks of a stored sheet; they travel inside it."""
    return bundles.load("paper.css").content.decode()


def styles_hash() -> str:
    """Return the mark by which a page may carry these looks: a source of the content policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(styles().encode()).digest()).decode()}'"


def _page(practice: Any, day: date, rows: list[Any], now: datetime, language: str) -> str:
    made = wall(now, practice.zone)
    context = {
        "practice": practice, "words": day_words(day, language), "rows": rows, "lang": language[:2], "lines": _LINES,
        "made": f"{day_words(made.date(), language)}, {time_words(made.time(), language, 'staff')}",
    }  # fmt: skip
    return render_to_string("desk/paper/sheet.html", context).replace("<!-- looks -->", f"<style>{styles()}</style>")


def _forget(practice: Any, sheet: folder.Kept) -> None:
    known = names(practice.pk, named) if (named := sheet.people()) else {}
    gone = {one for one in named if one not in known or not (known[one].given_name or known[one].family_name)}
    if gone:
        folder.leave_out(practice, sheet, gone)


def _closed_on(practice: Any) -> date | None:
    closing = last_closing(practice.pk)
    return closing.day if closing else None
