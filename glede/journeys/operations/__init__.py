"""What journeys do: follow the ledger, note what came of a call, change a journey, move a virtual clock, and hold
what patients were told against the book.
"""

from glede.journeys.operations.advancing import ClockGoesBack, NotVirtual, TickReport, advance
from glede.journeys.operations.agreeing import agree
from glede.journeys.operations.beginning import come_to
from glede.journeys.operations.calling import NotACall, note_call
from glede.journeys.operations.editing import ChangedMeanwhile, change_journey
from glede.journeys.operations.following import follow, is_behind
from glede.journeys.operations.wording import NoSuchWording, WordingRefused, problems_of, set_wording, undo_wording

__all__ = [
    "ChangedMeanwhile",
    "ClockGoesBack",
    "NoSuchWording",
    "NotACall",
    "NotVirtual",
    "TickReport",
    "WordingRefused",
    "advance",
    "agree",
    "change_journey",
    "come_to",
    "follow",
    "is_behind",
    "note_call",
    "problems_of",
    "set_wording",
    "undo_wording",
]
