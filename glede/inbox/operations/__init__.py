"""What the inbox does: take what people write, answer it, close it; and what comes from a number nobody is known by."""

from glede.inbox.operations.arriving import Arrival, NoSuchStray, Taken, close_stray, place_stray, take_arrival
from glede.inbox.operations.assessing import NotAClinician, calm_stray, lower_urgency
from glede.inbox.operations.desk import HALF_GONE, StillWaiting, close_desk, return_promises
from glede.inbox.operations.drafting import TOOK, save_draft, start_conversation
from glede.inbox.operations.reopening import take_back_closing
from glede.inbox.operations.talking import (
    ANSWER_CAUSE,
    CALL_CAUSE,
    Incoming,
    ask_for_call,
    close_without_reply,
    receive_message,
    reply,
)
from glede.inbox.operations.threads import (
    WORDS_MAX,
    CannotUse,
    NobodyThere,
    NoSuchConversation,
    NotAPerson,
    NothingOpen,
    NothingSaid,
    TooLong,
)
from glede.inbox.operations.understanding import understand_answer

__all__ = [
    "ANSWER_CAUSE",
    "CALL_CAUSE",
    "HALF_GONE",
    "TOOK",
    "WORDS_MAX",
    "Arrival",
    "CannotUse",
    "Incoming",
    "NoSuchConversation",
    "NoSuchStray",
    "NobodyThere",
    "NotAClinician",
    "NotAPerson",
    "NothingOpen",
    "NothingSaid",
    "StillWaiting",
    "Taken",
    "TooLong",
    "ask_for_call",
    "calm_stray",
    "close_desk",
    "close_stray",
    "close_without_reply",
    "lower_urgency",
    "place_stray",
    "receive_message",
    "reply",
    "return_promises",
    "save_draft",
    "start_conversation",
    "take_arrival",
    "take_back_closing",
    "understand_answer",
]
