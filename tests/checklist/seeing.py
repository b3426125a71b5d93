"""Every page of the product opened once in each look; what each point wants to know is written down at once."""

import gzip
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, Response

from tests.walks.conftest import is_ours
from tests.walks.desk import faults
from tests.walks.pages import LOOKS, Look, Sight, sights
from tests.walks.stage import Stage
from tests.walks.test_every_page import readers

SMALL, FULL = (
    ("en-light-desktop", "nb-dark-phone"),
    ("en-light-desktop", "nb-dark-phone", "en-dark-tablet", "nb-light-phone"),
)
# What is asked of a page in the browser, in one go.
LOOK = """(least) => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 1;
  const inText = (one) => one.matches('a') && getComputedStyle(one).display === 'inline';
  const controls = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const small = [];
  let counted = 0;
  for (const one of controls) {
    if (!shown(one) || inText(one) || one.matches('.vh, .vh *, .skip')) continue;
    const after = getComputedStyle(one, '::after'); // a press anywhere on the block is a press of its button
    const spread = after.content !== 'none' && after.position === 'absolute' && after.inset === '0px';
    const area = (one.matches('input') && one.closest('label')) || (spread && one.offsetParent) || one;
    const box = area.getBoundingClientRect();
    counted += 1;
    if (box.height + 0.5 < least || box.width + 0.5 < Math.min(least, 24))
      small.push([one.tagName.toLowerCase(), one.className, (one.innerText || one.name || '').trim().slice(0, 24),
        `${Math.round(box.width)}x${Math.round(box.height)}`].join(' '));
  }
  return {
    counted, small,
    chains: document.querySelectorAll('dialog dialog, dialog [data-opens]').length,
    passwords: document.querySelectorAll('input[type=password]').length,
    scripts: document.scripts.length,
    phones: document.querySelectorAll('a[href^="tel:"]').length,
    empties: [...document.querySelectorAll('.empty')].map((one) => one.innerText.trim()),
    required: document.querySelectorAll('main form [name=name], main form [name=mobile]').length,
  };
}"""
SHIFTS = """() => { window.shift = 0; window.largest = 0;
  new PerformanceObserver((list) => {
      for (const e of list.getEntries()) window.shift += e.hadRecentInput ? 0 : e.value; })
    .observe({type: 'layout-shift', buffered: true});
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.largest = e.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true}); }"""


@dataclass
class Seen:
    """What was seen, each list by "page look": what was wrong there. ``weights`` in bytes, packed; times in ms."""

    views: int = 0
    pages: set[str] = field(default_factory=set)
    patient_pages: set[str] = field(default_factory=set)
    axe: list[str] = field(default_factory=list)
    targets: Counter[str] = field(default_factory=Counter)
    small_staff: list[str] = field(default_factory=list)
    small_patient: list[str] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    no_phone: list[str] = field(default_factory=list)
    empties: list[tuple[str, str]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    shifts: dict[str, float] = field(default_factory=dict)
    paints: dict[str, float] = field(default_factory=dict)
    cookies: set[str] = field(default_factory=set)


def see_every_page(browser: Browser, stage: Stage, *, is_small: bool) -> Seen:
    """Open each page in its looks and return what was seen."""
    seen = Seen()
    wanted = SMALL if is_small else FULL
    for look in LOOKS:
        if look.name in wanted:
            _see(browser, stage, look, seen)
    return seen


def is_patients(sight: Sight) -> bool:
    """Whether a page is one that patients see."""
    return sight.name.startswith(("link-", "online-")) or sight.name in {"unsubscribed", "nowhere"}


def _see(browser: Browser, stage: Stage, look: Look, seen: Seen) -> None:
    pages = readers(browser, stage, look)
    for page in pages.values():
        page.on("request", lambda asked: None if is_ours(asked.url) else seen.foreign.append(asked.url))
        page.add_init_script(f"({SHIFTS})()")
    for sight in sights():
        page = pages[sight.who]
        sight.open(page, stage)
        _note(page, sight, f"{sight.name} {look.name}", seen)
    for page in pages.values():
        page.context.close()


def _note(page: Page, sight: Sight, where: str, seen: Seen) -> None:
    page.wait_for_load_state()
    theirs = is_patients(sight)
    seen.views += 1
    seen.pages.add(sight.name)
    seen.axe += [f"{where}: {fault}" for fault in faults(page)]
    found: dict[str, Any] = page.evaluate(LOOK, 48 if theirs else 24)
    seen.targets["patients" if theirs else "staff"] += found["counted"]
    (seen.small_patient if theirs else seen.small_staff).extend(f"{where}: {one}" for one in found["small"])
    seen.chains += [where] * bool(found["chains"])
    seen.empties += [(where, words) for words in found["empties"]]
    seen.shifts[where], seen.paints[where] = page.evaluate("[window.shift, window.largest]")
    if theirs:
        seen.patient_pages.add(sight.name)
        seen.cookies |= {cookie["name"] for cookie in page.context.cookies()}
        seen.passwords += [where] * bool(found["passwords"])
        seen.scripts += [where] * bool(found["scripts"])
        if sight.name not in {"unsubscribed", "nowhere", "link-ended"}:  # where no practice is known there is no number
            seen.no_phone += [where] * (not found["phones"])


def weight(page: Page, address: str, *, only: tuple[str, ...] = ()) -> int:
    """Return the bytes of a first view as they travel; ``only`` counts what ends so."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright wants one of Python
    page.goto(address)
    page.wait_for_load_state("networkidle")
    total = 0
    for answer in answers:
        path = answer.url.partition("?")[0]
        if not only or path.endswith(only):
            body = answer.body()
            total += len(body) if path.endswith(".woff2") else len(gzip.compress(body))
    return total
