"""When a conversation may be closed without a written answer. Pure."""

from collections.abc import Mapping
from typing import Final

NO_TIER: Final = 5
# A red flag is only ever lowered by a person who spoke with the patient (decision 20).
_SPOKEN: Final = frozenset({"rang", "in_person"})
_REASONS: Final = _SPOKEN | {"thanks_only", "not_for_us"}
NEEDS_A_NOTE: Final[Mapping[str, bool]] = {"rang": True, "in_person": True, "thanks_only": False, "not_for_us": True}


class NotClosable(Exception):
    """Somebody still waits: this reason does not answer them. ``code`` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_closable(reason: str, note: str, tier: int) -> None:
    """Raise ``NotClosable`` unless ``reason`` and ``note`` show that nobody is left without an answer.

    ``tier`` is the most urgent of the open messages. Codes: ``unknown_reason``, ``note_missing``,
    ``red_flag`` (T0 to T2 need a spoken answer).
    """
    if reason not in _REASONS:
        raise NotClosable("unknown_reason")
    if tier < NO_TIER and reason not in _SPOKEN:
        raise NotClosable("red_flag")
    if NEEDS_A_NOTE[reason] and not note.strip():
        raise NotClosable("note_missing")
