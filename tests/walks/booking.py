"""What a patient does about a visit by its link, and the desk when it moves: with the taps and keys each may cost."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.walks.counted import Task
from tests.walks.desk import Desk
from tests.walks.stage import Stage
from tests.walks.tasks import FIRST_TIME, done_by, reads

Look = Callable[[Page], None]


@dataclass(frozen=True)
class Errand:
    """One errand by a link: what is tapped in turn, what is seen before the last tap, what is read at the end."""

    name: str
    who: str
    taps: tuple[str, ...]
    before_last: Look
    told: str
    may: int
    fields: int = 0


def _sees(words: str) -> Look:
    def looked(page: Page) -> None:
        expect(page.locator("main")).to_contain_text(words)
        page.wait_for_load_state()

    return looked


def tapped(page: Page, stage: Stage, errand: Errand) -> int:
    """Do an errand from the link to its end, once each tap; return how many taps it took."""
    page.goto(stage.address + stage.link(errand.who))
    for place, target in enumerate(errand.taps):
        if place == len(errand.taps) - 1:
            errand.before_last(page)
            assert page.locator(ASKED).count() == errand.fields, errand.name
        page.locator(target).first.tap()
    _sees(errand.told)(page)
    return len(errand.taps)


ASKED = "main form input:not([type=hidden]):not([type=radio]), main form textarea, main form select"

ERRANDS = (
    Errand("move a visit", "emily", ("main .acts a[href$='move/']", "main label:has(input[name=slot]) >> nth=1",
           "main button.go"), _sees("until you take a new time"), "This is your new time.", 3),
    Errand("book another visit", "emily", ("a[href$='again/']", "main label:has(input[name=slot]) >> nth=1",
           "main button.go"), _sees("This is for another visit"), "It is booked.", 3),
    Errand("cancel a visit", "emily", ("main .acts a[href$='cancellation/']", "main button.go"),
           _sees("word before"), "Thank you for telling us.", 2),
)  # fmt: skip


UNKNOWN_TAPS, UNKNOWN_FIELDS, UNKNOWN_SCREENS = 9, 2, 4


def booked_unknown(page: Page, stage: Stage, *, detours: tuple[str, ...] = ()) -> tuple[int, int, int]:
    """Book as somebody nobody knows, each tap once, ``detours`` first on the page of times; return what it cost.

    That is taps (a tap into a field counts), fields, and screens.
    """
    page.context.add_cookies([{"name": "glede_look", "value": "1.light.en-gb.on", "url": stage.address}])
    page.goto(f"{stage.address}/book/{stage.house.practice.slug}/")
    taps, screens = 0, {page.locator("h1").inner_text()}

    def tap(target: str) -> None:
        nonlocal taps
        page.locator(target).first.tap()
        taps += 1

    tap("main a.choice")
    screens.add(page.locator("h1").inner_text())
    for target in (*detours, "main label:has(input[name=slot]) >> nth=1", "main button.go"):
        tap(target)
    _sees("This time is yours for 10 minutes")(page)
    screens.add(page.locator("h1").inner_text())
    fields = page.locator(ASKED).count()
    for name, words in (("name", "Jonas Vik"), ("mobile", "912 34 567")):
        tap(f"main input[name={name}]")
        page.locator(f"main input[name={name}]").fill(words)
    tap("main button.go")
    screens.add(page.locator("h1").inner_text())
    _sees("You can move or cancel at any hour")(page)
    tap("main button.go")
    _sees("It is booked.")(page)
    return taps, fields, len(screens)


def _with_visit(desk: Desk) -> None:
    desk.when_opening(f"/visits/{desk.stage.visits['kari']}/")


AT_THE_DESK = Task(
    "move a visit", _with_visit,
    done_by(("press", "m"), ("reads", "keeps that time"), ("press", "Enter")),
    done_by(("click", "main a[href$='/move/']"), ("click", FIRST_TIME)),
    reads("told in 3 minutes"), 2, 2,
)  # fmt: skip
