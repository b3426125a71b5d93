"""Points 44 to 48: what travels, how soon it is seen, and that nothing moves afterwards."""

from glede.ui.tests.test_budgets import KB
from tests.checklist.point import Figure, most, point
from tests.checklist.scene import Scene
from tests.checklist.seeing import is_patients, weight
from tests.walks.pages import sights

WEIGHT = "Weight"
# A phone on a slow line: 150 ms there and back, 1.6 Mbit/s, a processor four times slower.
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOW_PROCESSOR = 4
LARGEST = """() => new Promise((done) => { let largest = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) largest = e.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(largest), 600); })"""


@point(44, WEIGHT, "A patient's page weighs 60 KB at most with its letters")
def patients_weight(scene: Scene) -> Figure:
    """Weigh each as it travels to somebody who was never here."""
    heaviest = (0.0, "")
    for sight in (one for one in sights() if is_patients(one) and not one.filled):
        with scene.page() as page:
            found = weight(page, scene.stage.address + sight.where(scene.stage)) / KB
            heaviest = max(heaviest, (round(found, 1), sight.name))
    return most(heaviest[0], 60, f"KB is the heaviest, {heaviest[1]}")


@point(45, WEIGHT, "The largest part of a patient's page is painted within 1.2 s on a slow phone")
def painted(scene: Scene) -> Figure:
    """Open the pages by which people come in on a slow line with a slow processor, nothing kept."""
    slowest = (0.0, "")
    for name in ("link-visit", "link-move", "online-reasons", "online-times"):
        sight = next(one for one in sights() if one.name == name)
        with scene.page(viewport={"width": 390, "height": 844}) as page:
            slow = page.context.new_cdp_session(page)
            slow.send("Network.enable")
            slow.send("Network.emulateNetworkConditions", SLOW_LINE)
            slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
            page.goto(scene.stage.address + sight.where(scene.stage))
            slowest = max(slowest, (round(page.evaluate(LARGEST) / 1000, 2), name))
    return most(slowest[0], 1.2, f"s is the slowest, {slowest[1]}")


@point(46, WEIGHT, "Nothing moves once it is seen")
def stays(scene: Scene) -> Figure:
    """Add up the shifts of every view."""
    moved = sorted(((shift, where) for where, shift in scene.seen.shifts.items() if round(shift, 3)), reverse=True)
    worst = f"; {moved[0][1]} by {moved[0][0]:.3f}" if moved else ""
    return Figure(f"{len(moved)} of {scene.seen.views} views shift{worst}", not moved)


@point(47, WEIGHT, "Styles and scripts of a colleague's page weigh 55 KB at most")
def staff_weight(scene: Scene) -> Figure:
    """Weigh them, packed, on Today."""
    with scene.page("ingrid") as page:
        found = weight(page, scene.stage.address, only=(".css", ".js")) / KB
    return most(round(found, 1), 55, "KB")


@point(48, WEIGHT, "No page asks another house for anything")
def third_parties(scene: Scene) -> Figure:
    """Count every request of every view that leaves this machine."""
    return Figure(f"{len(scene.seen.foreign)} requests in {scene.seen.views} views", not scene.seen.foreign)
