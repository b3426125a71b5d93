"""Which questions somebody is asked before a visit: at most six, and never one whose answer is known."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Question:
    """One question by its code, and the kind of need that its answer becomes; "" where it is a field or a format."""

    code: str
    kind: str = ""


CONCERN, WANT, DAYS = Question("concern", "need"), Question("want", "want"), Question("days", "lifestyle")
FORMAT, DO_NOT, BUDGET = Question("format"), Question("do_not", "do_not"), Question("budget", "budget")
SAY_NAME, RELATIONSHIP = Question("say_name"), Question("relationship", "relationship")
QUESTIONS: Final = (CONCERN, WANT, DAYS, FORMAT, DO_NOT, BUDGET, SAY_NAME, RELATIONSHIP)
"""All questions, those that change the visit most first."""
BY_CODE: Final = {question.code: question for question in QUESTIONS}


def to_ask(known: Collection[str], asked: Collection[str]) -> tuple[Question, ...]:
    """Return the questions of a visit in order: those gone past for it already, and others nobody has an answer to.

    ``known`` and ``asked`` are codes. One gone past stays, so that going back finds it where it was.
    """
    open_ones = [question for question in QUESTIONS if question.code in asked or question.code not in known]
    return tuple(open_ones[:MOST])


def after(questions: Collection[Question], code: str) -> Question | None:
    """Return the question after the one of that code, None after the last or a strange one."""
    codes = [question.code for question in questions]
    place = codes.index(code) + 1 if code in codes else len(codes)
    return BY_CODE[codes[place]] if place < len(codes) else None


def before(questions: Collection[Question], code: str) -> Question | None:
    """Return the question before the one of that code, None before the first or a strange one."""
    codes = [question.code for question in questions]
    place = codes.index(code) - 1 if code in codes else -1
    return BY_CODE[codes[place]] if place >= 0 else None
