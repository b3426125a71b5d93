"""What a colleague does in a browser, in the words of a story. Keys only: nothing here uses a mouse."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.walks.stage import PASSWORD, Stage

SAYS = """(() => { const e = document.activeElement;
  return (e.getAttribute("aria-label") || e.labels?.[0]?.innerText || e.innerText || e.title || "").trim(); })()"""
RINGED = """(() => { if (document.activeElement === document.body) return true;  // the browser's own bar has them
  const s = getComputedStyle(document.activeElement);
  return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; })()"""
FAR = 120  # Tab stops on a page
CURRENT = "document.querySelector('[data-row][aria-current]')?.innerText ?? ''"


class Desk:
    """A colleague at the keyboard."""

    def __init__(self, page: Page, stage: Stage) -> None:
        self.page, self.stage = page, stage

    def given_signed_in(self, colleague: str) -> None:
        """Sit down as a colleague who signed in earlier."""
        self.page.context.add_cookies([self.stage.session(colleague)])  # type: ignore[list-item]

    def given_a_look(self, look: str) -> None:
        """Choose size, theme, language and keys, as in "1.dark.nb.on"."""
        self.page.context.add_cookies([{"name": "glede_look", "value": look, "url": self.stage.address}])

    def when_opening(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(self.stage.address + path)

    def when_signing_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill in the form of the sign-in with keys alone."""
        self.page.focus("input[name=login]")
        self.when_writing(email)
        self.when_pressing("Tab")
        self.when_writing(password)
        self.when_pressing("Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def when_pressing(self, *keys: str) -> None:
        """Press keys one after the other, on a page that has come in: before, its keys are not listened to."""
        self.page.wait_for_load_state("domcontentloaded")
        for key in keys:
            self.page.keyboard.press(key)

    def when_writing(self, words: str) -> None:
        """Write where the cursor stands."""
        self.page.keyboard.type(words)

    def when_going_to_the_row_of(self, name: str) -> None:
        """Go down the queue until the row of ``name`` has the keys."""
        self.page.wait_for_selector("[data-row][aria-current]")
        for _ in range(30):
            if name in self.page.evaluate(CURRENT):
                return
            self.when_pressing("ArrowDown")
        raise AssertionError(f"{name} stands in no row of {self.page.url}")

    def when_tabbing_to(self, words: str) -> None:
        """Go on with Tab to the control that says ``words``; each stop on the way there shows where the keys are."""
        self.page.wait_for_load_state()
        for _ in range(FAR):
            self.page.keyboard.press("Tab")
            said = str(self.page.evaluate(SAYS))
            assert self.page.evaluate(RINGED), f"{said} on {self.page.url} does not show that it has the keys"
            if said.startswith(words):
                return
        raise AssertionError(f"no {words} on {self.page.url} for who has keys alone")

    def when_choosing(self, words: str) -> None:
        """Tab to the control that says ``words``, and press it."""
        self.when_tabbing_to(words)
        self.page.keyboard.press("Enter")

    def then_reads(self, *words: str) -> None:
        """See words on the page."""
        for part in words:
            expect(self.page.locator("body")).to_contain_text(part)

    def then_reads_no(self, *words: str) -> None:
        """See that words are not on the page."""
        for part in words:
            expect(self.page.locator("body")).not_to_contain_text(part)

    def then_shows(self, selector: str) -> None:
        """See that a control stands on the page."""
        expect(self.page.locator(selector).first).to_be_visible()

    def then_is_at(self, part: str) -> None:
        """See that the address has ``part`` in it."""
        self.page.wait_for_url(lambda url: part in url)

    def then_writes_in(self, selector: str) -> None:
        """See that the cursor stands in a field."""
        expect(self.page.locator(selector)).to_be_focused()

    def then_nothing_stands_in_the_way(self) -> None:
        """See that axe finds nothing, and that the page is no wider than the window."""
        assert faults(self.page) == []


def faults(page: Page) -> list[str]:
    """Return what axe finds wrong with a page that has come whole, and where it is wider than the window."""
    page.wait_for_load_state()
    found = [f"{f['id']}: {f['nodes'][0]['target']}" for f in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the window")
    return found
