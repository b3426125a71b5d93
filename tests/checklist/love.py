"""Points 49 and 50: what only people can say. How to ask them stands in docs/checklist.md."""

from tests.checklist.point import Figure, Verdict, point
from tests.checklist.scene import Scene

LOVE = "Love"


@point(49, LOVE, "Eight colleagues give 85 of 100 for use, eight patients 6.3 of 7 for ease")
def liked(_: Scene) -> Figure:
    """Nobody was asked yet."""
    return Figure("nobody was asked yet", verdict=Verdict.PEOPLE)


@point(50, LOVE, "After five seconds seven of eight know what to do first; 65 of 100 prefer it, names hidden")
def understood(_: Scene) -> Figure:
    """Nobody was asked yet."""
    return Figure("nobody was asked yet", verdict=Verdict.PEOPLE)
