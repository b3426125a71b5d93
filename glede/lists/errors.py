"""What can be in the way of a list."""

from glede.lists.values import Question


class NoSuchList(LookupError):
    """The practice has no list by that id."""


class WrongState(ValueError):
    """The list stands where this cannot be done with it. The first argument is its state."""


class StillUnclear(ValueError):
    """Questions stand without whose answers nothing is brought."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__(", ".join(question.heading or question.field for question in questions))
        self.questions = questions


class StillReading(ValueError):
    """The worker is looking through the list, or has yet to be asked to; what it holds is not known before."""


class ForgottenList(ValueError):
    """What the list held was thrown away since: put it in again."""


class AlreadyUnderWay(ValueError):
    """Somebody is bringing this list in at this moment."""


class Stopped(Exception):
    """Bringing was asked to stop; what is brought stays until it is taken back or gone on with."""


class TooLate(ValueError):
    """The days in which a list can be taken back are over."""
