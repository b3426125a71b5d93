"""Questions to the inbox: conversations and who waits in them; what stands at the desk and how its day ended."""

from glede.inbox.queries.balance import Balance, balance
from glede.inbox.queries.conversations import (
    ConversationPage,
    Piece,
    Stray,
    Unanswered,
    answered_to,
    assessed_to,
    conversation_for,
    conversation_of,
    draft_of,
    strays,
    stream_of,
    unanswered,
)
from glede.inbox.queries.desk import (
    Begun,
    Closing,
    Seen,
    Standing,
    assessments_of,
    begun,
    last_closing,
    standing_at_closing,
)

__all__ = [
    "Balance",
    "Begun",
    "Closing",
    "ConversationPage",
    "Piece",
    "Seen",
    "Standing",
    "Stray",
    "Unanswered",
    "answered_to",
    "assessed_to",
    "assessments_of",
    "balance",
    "begun",
    "conversation_for",
    "conversation_of",
    "draft_of",
    "last_closing",
    "standing_at_closing",
    "strays",
    "stream_of",
    "unanswered",
]
