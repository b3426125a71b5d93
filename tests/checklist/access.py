"""Points 36 to 43: that everybody can use it, by whatever means."""

import re
from collections.abc import Callable
from unittest.mock import patch

from django.conf import settings
from playwright.sync_api import Page, expect

from glede.kernel import clock
from glede.ui import nonce
from glede.ui.tests import test_tokens as tokens
from glede.ui.tests.colours import BLINDNESS, contrast, distance, seen_as
from tests.checklist.desk_speed import COUNTED, WAITING, costs
from tests.checklist.point import Figure, point, share
from tests.checklist.scene import ROOT, Scene
from tests.walks.pages import sights
from tests.walks.stage import Stage

ACCESS = "Access"
HOURS = 20
# A day of hours and chairs is two-dimensional: it scrolls inside itself, and the page around it does not.
NARROW = {"width": 320, "height": 256}


@point(36, ACCESS, "axe finds nothing on any page, light or dark")
def axe(scene: Scene) -> Figure:
    """Run axe on every view."""
    return Figure(f"{len(scene.seen.axe)} faults in {scene.seen.views} views of {len(scene.seen.pages)} pages"
                  + "".join(f"; {one}" for one in scene.seen.axe[:3]), not scene.seen.axe)  # fmt: skip


@point(37, ACCESS, "Targets are 48 px for patients and 24 px for colleagues")
def targets(scene: Scene) -> Figure:
    """Measure every control of every view that does not stand inside a sentence."""
    wrong = scene.seen.small_patient + scene.seen.small_staff
    return share(sum(scene.seen.targets.values()) - len(wrong), sum(scene.seen.targets.values()), "controls", wrong)


@point(38, ACCESS, "Text stands out five to one, edges three to one")
def stands_out(_: Scene) -> Figure:
    """Measure every pair of colours that meets."""
    texts = [contrast(t[a], t[b]) for t in map(tokens._staff, tokens.THEMES) for a, b in tokens.TEXTS]
    edges = [contrast(t[a], t[b]) for t in map(tokens._staff, tokens.THEMES) for a, b in tokens.EDGES]
    words = f"{min(texts):.2f} of {len(texts)} pairs of text, {min(edges):.2f} of {len(edges)} edges"
    return Figure(words, min(texts) >= 5 and min(edges) >= 3)


@point(39, ACCESS, "Nothing is lost on 320 px, or at 400 per cent")
def narrow(scene: Scene) -> Figure:
    """Open every page in a window 320 px wide, which is 1280 px at 400 per cent."""
    wide, views = list[str](), 0
    for who in ("", "sofie", "ingrid"):
        with scene.page(who, viewport=NARROW) as page:
            for sight in (one for one in sights() if one.who == who):
                sight.open(page, scene.stage)
                page.wait_for_load_state()
                views += 1
                over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                wide += [f"{sight.name} by {over} px"] * (over > 0)
    return share(views - len(wide), views, "pages", wide)


@point(40, ACCESS, "Every task is done by the keyboard alone")
def by_keyboard(scene: Scene) -> Figure:
    """Do the tasks of the desk by keys, and the patient's three with Tab, arrows, Space and Enter."""
    desk = costs(scene, by_keys=True)
    with scene.elsewhere() as stage:
        done = [name for name, errand in ERRANDS.items() if _done(scene, stage, errand)]
    asked = len(COUNTED) + len(ERRANDS)
    return share(len(desk) + len(done), asked, f"tasks; {len(WAITING)} wait for their room")


Errand = Callable[[Page, Stage], None]


def _done(scene: Scene, stage: Stage, errand: Errand) -> bool:
    with scene.page(stage=stage, java_script_enabled=False, viewport={"width": 390, "height": 844}) as page:
        errand(page, stage)
    return True


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus, and see that the focus shows."""
    wanted = page.locator(selector).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            shown = wanted.evaluate(
                "one => [one, one.parentElement].some(o => getComputedStyle(o).outlineStyle !== 'none'"
                " || getComputedStyle(o).boxShadow !== 'none')"
            )
            assert shown, f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"{selector} cannot be reached by Tab on {page.url}")


def _moves(page: Page, stage: Stage) -> None:
    page.goto(stage.address + stage.link("emily"))
    _tab_to(page, "main .acts a[href$='move/']")
    page.keyboard.press("Enter")
    expect(page.locator("main input[name=slot]").first).to_be_attached()
    _tab_to(page, "main input[name=slot]")
    page.keyboard.press("Space")
    _tab_to(page, "main button.go")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("This is your new time.")


def _books_again(page: Page, stage: Stage) -> None:
    page.goto(stage.address + stage.link("emily"))
    _tab_to(page, "a[href$='again/']")
    page.keyboard.press("Enter")
    expect(page.locator("main input[name=slot]").first).to_be_attached()
    _tab_to(page, "main input[name=slot]")
    page.keyboard.press("Space")
    _tab_to(page, "main button.go")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("It is booked.")


def _books_unknown(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.address}/book/{stage.house.practice.slug}/")
    _tab_to(page, "main a.choice")
    page.keyboard.press("Enter")
    expect(page.locator("main input[name=slot]").first).to_be_attached()
    _tab_to(page, "main input[name=slot]")
    page.keyboard.press("Space")
    _tab_to(page, "main button.go")
    page.keyboard.press("Enter")
    expect(page.locator("main input[name=name]")).to_be_attached()
    _tab_to(page, "main input[name=name]")
    page.keyboard.type("Nils Vik")
    _tab_to(page, "main input[name=mobile]")
    page.keyboard.type("912 34 568")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("You can move or cancel at any hour")
    _tab_to(page, "main form[action$='booking/'] button.go")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("It is booked.")


ERRANDS: dict[str, Errand] = {"move": _moves, "book again": _books_again, "book unknown": _books_unknown}


@point(41, ACCESS, "Urgency is told apart in each of three colour blindnesses")
def told_apart(_: Scene) -> Figure:
    """Measure the least distance between late, soon and calm."""
    least = min(
        distance(seen_as(t[a], kind), seen_as(t[b], kind))
        for t in map(tokens._staff, tokens.THEMES)
        for kind in BLINDNESS
        for a, b in (("late", "soon"), ("late", "surface"), ("soon", "surface"))
    )
    return Figure(f"{least:.1f} is the least distance (at least 10)", least >= 10)


@point(42, ACCESS, "No form runs out in less than 20 hours, or what was written waits longer than that")
def time_enough(scene: Scene) -> Figure:
    """Press a patient's form that is 20 hours old; sign a colleague out who writes, and in again."""
    now = clock.now().timestamp()
    with patch("django.core.signing.time.time", lambda: now - HOURS * 3600):
        mark = nonce.issue("visit")
    with patch("django.core.signing.time.time", lambda: now):
        nonce.read(mark, "visit")
    stands = re.search(r"STANDS = (\d+) \* 3600", (ROOT / "glede/ui/static/ui/js/kept.js").read_text(encoding="utf-8"))
    hours = int(stands[1]) if stands else 0
    with scene.page("ingrid") as page:
        page.goto(f"{scene.stage.address}/people/{scene.stage.house.people['kari']}/")
        page.wait_for_load_state()
        page.keyboard.press("n")
        page.fill("#note input[name=words]", "She likes the blue ones")
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        page.goto(scene.stage.address)
        page.context.add_cookies([scene.stage.session("ingrid")])  # type: ignore[list-item]
        page.goto(f"{scene.stage.address}/people/{scene.stage.house.people['kari']}/")
        expect(page.locator("#note input[name=words]")).to_have_value("She likes the blue ones")
    words = f"a patient's form {nonce.LIFETIME.total_seconds() / 3600:.0f} h; what a colleague wrote waits {hours} h"
    return Figure(words, hours >= HOURS)


@point(43, ACCESS, "The single keys can be switched off")
def keys_off(scene: Scene) -> Figure:
    """Press one with the keys on, and the same with the keys off."""
    led = []
    for switch in ("on", "off"):
        with scene.page("ingrid") as page:
            page.context.add_cookies(
                [{"name": "glede_look", "value": f"1.light.en-gb.{switch}", "url": scene.stage.address}]
            )
            page.goto(scene.stage.address)
            page.wait_for_load_state()
            page.keyboard.press("b")
            if switch == "on":
                page.wait_for_url("**/book/**")
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            led.append("/book/" in page.url)
    return Figure(
        f"on: b {'books' if led[0] else 'does nothing'}; off: {'books' if led[1] else 'nothing'}", led == [True, False]
    )
