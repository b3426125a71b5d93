"""What happened to a visit, in the words of its patient, and the receipt as a file."""

import json
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from glede.diary import events
from glede.kernel.clock import wall
from glede.kernel.words import day_words, time_words
from glede.ledger.notes import fingerprint
from glede.ledger.queries import Happening
from glede.ledger.receipts import Entry, Receipt
from glede.portal import wording

PLAIN = {
    events.CONFIRMED: (gettext_lazy("You confirmed."), gettext_lazy("We noted that you confirmed.")),
    events.CANCELLED: (gettext_lazy("You cancelled."), gettext_lazy("We cancelled it.")),
    events.ARRIVED: (gettext_lazy("You said that you are here."), gettext_lazy("We saw you arrive.")),
    events.STARTED: (gettext_lazy("The visit began."),) * 2,
    events.DONE: (gettext_lazy("The visit took place."),) * 2,
    events.MISSED: (gettext_lazy("We noted that you did not come."),) * 2,
    events.ENTERED_IN_ERROR: (gettext_lazy("We noted that it was booked by mistake."),) * 2,
    events.LINK_REVOKED: (gettext_lazy("The link was ended, and a new one made."),) * 2,
    events.DELAYED: (gettext_lazy("We told you that we run late."),) * 2,
}
PLACED = {
    events.BOOKED: (gettext_lazy("You booked %(when)s."), gettext_lazy("We booked %(when)s.")),
    events.MOVED: (gettext_lazy("You moved it to %(when)s."), gettext_lazy("We moved it to %(when)s.")),
    events.REINSTATED: (gettext_lazy("It stands again: %(when)s."),) * 2,
    events.IMPORTED: (gettext_lazy("We took it over from our earlier diary: %(when)s."),) * 2,
    events.RUNNING_LATE: (
        gettext_lazy("You said that you come %(minutes)s minutes late."),
        gettext_lazy("We noted that you come %(minutes)s minutes late."),
    ),
}
ELSEWHERE = {
    "feedback": gettext_lazy("We asked, or you told us, how it went."),
    "inbox": gettext_lazy("A message was written."),
    "journeys": gettext_lazy("We planned a message to you."),
    "outbox": gettext_lazy("We planned a message to you."),
    "promises": gettext_lazy("We noted something to do for you."),
}
# What a link alone may show of an event. One that says more (a reason) stands in the receipt by its leaf.
SHOWN = {"day", "at", "to", "from", "minutes", "practitioner", "service", "state", "late_minutes", "source"}
INDENT = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    when: str
    words: str
    is_proved: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The lines, oldest first, and what is to be said of all of them."""

    lines: list[Line]
    is_whole: bool
    proved: int
    waiting: int
    signed_when: str
    key: str


def history_page(receipt: Receipt, zone: str) -> HistoryPage:
    """Return what the page says of a receipt."""
    lines = [_line(entry, zone) for entry in receipt.entries]
    proved = sum(line.is_proved for line in lines)
    key = fingerprint(receipt.signed.public_key) if receipt.signed else ""
    when = _when(receipt.signed_at, zone) if receipt.signed_at else ""
    return HistoryPage(lines, receipt.is_whole and bool(lines), proved, len(lines) - proved, when, key)


def receipt_file(receipt: Receipt, practice_id: UUID, booking: UUID) -> str:
    """Return the receipt as a file that scripts/check_receipt.py checks."""
    signed = receipt.signed
    facts = {
        "glede_receipt": 1,
        "practice": str(practice_id),
        "booking": str(booking),
        "events": [_filed(entry) for entry in receipt.entries],
        "checkpoint": signed
        and {"note": signed.text, "key": signed.public_key.hex(), "signature": signed.signature.hex()},
    }
    return json.dumps(facts, indent=INDENT)


def _filed(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.happening.seq,
        "body": entry.body.decode("ascii") if _may_show(entry.happening) else None,
        "leaf": entry.leaf.hex(),
        "path": None if entry.path is None else [step.hex() for step in entry.path],
    }


def _may_show(happening: Happening) -> bool:
    return happening.kind.startswith("diary.") and happening.data.keys() <= SHOWN


def _line(entry: Entry, zone: str) -> Line:
    happening = entry.happening
    number = 0 if happening.by.role == "patient" else 1
    if happening.kind in PLAIN:
        words = str(PLAIN[happening.kind][number])
    elif happening.kind == events.BOOKED and happening.data.get("source") in {"link", "online"}:
        words = _("You booked %(when)s, online.") % {"when": _place(happening.data)}
    elif happening.kind in PLACED:
        data = {"when": _place(happening.data), "minutes": happening.data.get("late_minutes", "")}
        words = PLACED[happening.kind][number] % data
    else:
        words = str(ELSEWHERE.get(happening.kind.partition(".")[0]) or _("Something was noted about the visit."))
    return Line(_when(happening.at, zone), words, entry.path is not None)


def _place(data: dict[str, Any]) -> str:
    day = day_words(date.fromisoformat(data["day"]), wording.tongue())
    hour = time_words(time.fromisoformat(data["at"]), wording.tongue()) if data.get("at") else ""
    return wording.join_when(day, hour)


def _when(at: Any, zone: str) -> str:
    local = wall(at, zone)
    return wording.join_when(day_words(local.date(), wording.tongue()), time_words(local.time(), wording.tongue()))
