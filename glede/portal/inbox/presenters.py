"""A conversation as the patient sees it: their words warm and right, ours cool and left."""

from dataclasses import dataclass
from datetime import datetime

from glede.inbox.queries import ConversationPage
from glede.portal import wording


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the thread."""

    words: str
    is_mine: bool
    who: str
    at: str


def thread(page: ConversationPage, zone: str, now: datetime) -> list[Line]:
    """Return what was said and answered, oldest first. What colleagues note when closing is theirs."""
    return [
        Line(
            words=piece.words,
            is_mine=piece.kind == "said",
            who=piece.who.split(" ")[0],
            at=wording.moment_words(piece.at, zone, now),
        )
        for piece in page.pieces
        if piece.kind in {"said", "answered"} and piece.words
    ]
