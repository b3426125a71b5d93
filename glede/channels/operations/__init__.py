"""What the channels do: keep the accounts by which texts leave, and the mailboxes by which mail comes in."""

from glede.channels.operations.texts import (
    NewTextAccount,
    NoAccount,
    OnlyPretended,
    Unusable,
    close_texts,
    end_text_account,
    note_forged,
    note_swept,
    open_texts,
    set_text_account,
    try_text,
)

__all__ = [
    "NewTextAccount",
    "NoAccount",
    "OnlyPretended",
    "Unusable",
    "close_texts",
    "end_text_account",
    "note_forged",
    "note_swept",
    "open_texts",
    "set_text_account",
    "try_text",
]
