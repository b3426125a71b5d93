"""What a task at the desk costs: every key that is not a letter of somebody's words, and every click."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.walks.desk import Desk


class Counted:
    """A colleague whose keys and clicks are counted; what they write is not, but for the letters of a search."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page, self.count = desk, desk.page, 0

    def press(self, *keys: str) -> None:
        """Press keys one after the other; a combination is one."""
        self.count += len(keys)
        self.desk.when_pressing(*keys)

    def letters(self, letters: str) -> None:
        """Press letters that are looked for."""
        self.press(*letters)

    def write(self, words: str) -> None:
        """Write what has to be said anyhow: it costs nothing."""
        self.desk.when_writing(words)

    def click(self, selector: str) -> None:
        """Click once."""
        self.count += 1
        self.page.click(selector)


@dataclass(frozen=True)
class Task:
    """One task: where it begins, what is done, how it is known to be done, and what it may cost by keys and clicks.

    ``row``: words of the row that is under the hand when the keys begin.
    """

    name: str
    begins: Callable[[Desk], None]
    by_keys: Callable[[Counted], None]
    by_clicks: Callable[[Counted], None]
    ends: Callable[[Desk], None]
    keys: int
    clicks: int
    row: str = ""


def cost(desk: Desk, task: Task, *, by_keys: bool) -> int:
    """Return what a task costs, done from its beginning to its end."""
    desk.page.wait_for_load_state()
    task.begins(desk)
    if by_keys and task.row:
        desk.when_going_to_the_row_of(task.row)
    counted = Counted(desk)
    (task.by_keys if by_keys else task.by_clicks)(counted)
    task.ends(desk)
    return counted.count
