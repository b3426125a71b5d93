"""How a command speaks: words for people, or JSON alone on standard output for machines."""

import json
import sys
from typing import Any, TextIO


class Refused(Exception):
    """What was asked is refused, or a problem was found. Its words are one line that says what to do."""


class WrongUsage(Refused):
    """The words behind the command do not go together, whatever stands in the database."""


class Terminal:
    """The two voices of a command. Progress and words go to standard error, the answer to standard output."""

    def __init__(self, *, is_json: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.is_json = is_json
        self._out, self._err = out or sys.stdout, err or sys.stderr

    def say(self, words: str) -> None:
        """Say something beside the answer."""
        print(words, file=self._err, flush=True)

    def answer(self, facts: dict[str, Any], words: str) -> None:
        """Give the answer: ``facts`` as JSON, or ``words``."""
        print(json.dumps(facts, ensure_ascii=False, default=str) if self.is_json else words, file=self._out, flush=True)

    def refuse(self, words: str) -> None:
        """Say in one line what is wrong and what to do."""
        line = " ".join(words.split())
        self.say(f"glede: {line}")
        if self.is_json:
            print(json.dumps({"error": line}, ensure_ascii=False), file=self._out, flush=True)
