"""What the channels do: keep the accounts by which texts leave, and the mailboxes by which mail comes in."""

from glede.channels.operations.described import BadDescription, NewDescribedAccount, set_described_account
from glede.channels.operations.own import NotProved, ask_own_address, prove_own_address, try_channel
from glede.channels.operations.texts import (
    NewTextAccount,
    NoAccount,
    OnlyPretended,
    close_texts,
    end_text_account,
    note_forged,
    note_swept,
    open_texts,
    set_text_account,
)
from glede.channels.prices import PartPrice, Unusable

__all__ = [
    "BadDescription",
    "NewDescribedAccount",
    "NewTextAccount",
    "NoAccount",
    "NotProved",
    "OnlyPretended",
    "PartPrice",
    "Unusable",
    "ask_own_address",
    "close_texts",
    "end_text_account",
    "note_forged",
    "note_swept",
    "open_texts",
    "prove_own_address",
    "set_described_account",
    "set_text_account",
    "try_channel",
]
