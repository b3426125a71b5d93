"""Points 1 to 10: what the tasks of the desk cost, and how long pages and keys take."""

from collections.abc import Callable

from glede.inbox.operations import Arrival, take_arrival
from glede.kernel.actor import SYSTEM
from tests.checklist.point import Figure, most, point
from tests.checklist.scene import Scene
from tests.walks.booking import AT_THE_DESK
from tests.walks.counted import cost
from tests.walks.desk import Desk
from tests.walks.stage import book
from tests.walks.tasks import TASKS

DESK = "Desk speed"
MOST = 42
# The fifteen tasks from Today; of each the task that is counted, or what it may cost until its room is there.
COUNTED = {
    "find the caller": "find", "book a known person": "book a known person", "book a stranger": "book a stranger",
    "move a visit": "move a visit", "arrived": "arrived", "note a call": "what came of a call",
    "answer, and the next": "answer, and the next", "hand over": "hand over", "a note with a day": "a note with a day",
    "put another way first": "put another way first", "why they get it": "why they get it",
}  # fmt: skip
WAITING = {"your glasses are ready": (1, 1), "collected, and a call booked": (1, 1), "open a complaint": (2, 2),
           "approve five delights": (3, 2)}  # fmt: skip


def costs(scene: Scene, *, by_keys: bool) -> dict[str, int]:
    """Return what each task costs, done one after the other in one browser at a desk of its own."""
    key = "tasks by keys" if by_keys else "tasks by clicks"
    if key not in scene.benches:
        with scene.elsewhere() as stage, scene.page("ingrid", stage=stage) as page:
            book(stage, "mette", 0, "09:20")
            desk = Desk(page, stage)
            tasks = {task.name: task for task in (*TASKS, AT_THE_DESK)}
            scene.benches[key] = {name: cost(desk, tasks[of], by_keys=by_keys) for name, of in COUNTED.items()}
    return scene.benches[key]


def _sum(scene: Scene, *, by_keys: bool) -> Figure:
    found = costs(scene, by_keys=by_keys)
    waiting = sum(cost[0 if by_keys else 1] for cost in WAITING.values())
    total, what = sum(found.values()) + waiting, "keys" if by_keys else "clicks"
    words = f"{sum(found.values())} {what} for {len(found)} tasks, {waiting} kept for the {len(WAITING)} to come"
    return Figure(f"{words}: {total} (at most {MOST})", total <= MOST)


@point(1, DESK, "The fifteen tasks of the desk cost 42 keys together at most")
def keys(scene: Scene) -> Figure:
    """Do each task by keys and count."""
    return _sum(scene, by_keys=True)


@point(2, DESK, "They cost 42 presses of the pointer at most")
def clicks(scene: Scene) -> Figure:
    """Do each task by the pointer and count."""
    return _sum(scene, by_keys=False)


def _one(number: int, words: str, name: str, limit: int) -> Callable[[Scene], Figure]:
    @point(number, DESK, words)
    def measured(scene: Scene) -> Figure:
        return most(costs(scene, by_keys=True)[name], limit, "keys")

    return measured


_one(3, "Somebody known is booked with 7 keys", "book a known person", 7)
_one(4, "Arrived is one key", "arrived", 1)
_one(5, "An answer, and the next question, is two keys and the words", "answer, and the next", 2)


def benched(figures: dict[str, object], unit: str, limit: float) -> Figure:
    """Return what a bench measured, or what kept it from measuring."""
    if "error" in figures:
        return Figure(f"could not be measured: {figures['error']}")
    value = float(str(figures["figure"]))
    people = f", {figures['people']:,} people" if "people" in figures else ""
    return Figure(f"{value:g} {unit}{people} (at most {limit:g})", value <= limit)


@point(6, DESK, "From a key to the painted frame it takes 100 ms at most, 95th percentile")
def key_to_paint(scene: Scene) -> Figure:
    """Press keys in Chromium on a full Today."""
    return benched(scene.bench("keys", "--size quick", "--size small"), "ms", 100)


@point(7, DESK, "A page takes 150 ms at most with 50,000 people, 95th percentile")
def page_time(scene: Scene) -> Figure:
    """Ask for every page of a practice of that size."""
    return benched(scene.bench("pages", "--size full", "--size small"), "ms, the slowest page", 150)


@point(8, DESK, "A search takes 80 ms at most with 100,000 people")
def search_time(scene: Scene) -> Figure:
    """Look for somebody in each of four ways."""
    return benched(scene.bench("search", "--size people", "--size small"), "ms, the slowest way", 80)


@point(9, DESK, "Today shows seven rows or more on 1366 x 768")
def rows_of_today(scene: Scene) -> Figure:
    """Count the rows that are whole in the window."""
    with scene.elsewhere() as stage, scene.page("ingrid", stage=stage) as page:
        for place in range(9):
            came = Arrival(channel="sms", address=f"+474000080{place}", words="Can I come?", provider_id=f"SM-{place}")
            take_arrival(practice_id=stage.house.id, arrival=came, by=SYSTEM, now=stage.now())
        page.goto(stage.address)
        page.wait_for_load_state()
        whole = (
            "[...document.querySelectorAll('[data-row]')].filter(r => r.getBoundingClientRect().bottom <= innerHeight)"
        )
        seen, there = page.evaluate(f"[{whole}.length, document.querySelectorAll('[data-row]').length]")
    return Figure(f"{seen} of {there} rows seen whole (at least 7)", seen >= 7)


@point(10, DESK, "No dialog opens another")
def chains(scene: Scene) -> Figure:
    """Look in every page for a dialog within a dialog, or a button in one that opens the next."""
    return Figure(f"{len(scene.seen.chains)} chains in {scene.seen.views} views", not scene.seen.chains)
