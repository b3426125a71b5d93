"""What moving and cancelling cost, by a link on a phone and at the desk: counted, and never more than before."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.walks.booking import (
    AT_THE_DESK,
    ERRANDS,
    UNKNOWN_FIELDS,
    UNKNOWN_SCREENS,
    UNKNOWN_TAPS,
    Errand,
    booked_unknown,
    tapped,
)
from tests.walks.counted import cost
from tests.walks.desk import Desk
from tests.walks.stage import Stage


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 390, "height": 844}, "has_touch": True,
            "java_script_enabled": False}  # fmt: skip


def overdrawn(page: Page, stage: Stage, errands: tuple[Errand, ...]) -> dict[str, int]:
    """Return the taps of each errand that costs more than it may, done one after the other."""
    found = {errand: tapped(page, stage, errand) for errand in errands}
    return {errand.name: taps for errand, taps in found.items() if taps > errand.may}


def test_a_tap_more_turns_it_red_and_no_errand_costs_more_than_it_may(page: Page, stage: Stage) -> None:
    page.set_default_timeout(10_000)
    move = ERRANDS[0]
    longer = replace(move, taps=(move.taps[0], "main .chips a >> nth=0", *move.taps[1:]))
    assert overdrawn(page, stage, (longer,)) == {move.name: move.may + 1}
    assert overdrawn(page, stage, ERRANDS) == {}


def test_somebody_unknown_books_within_what_it_may_cost_and_detours_are_counted(page: Page, stage: Stage) -> None:
    page.set_default_timeout(10_000)
    taps, fields, screens = booked_unknown(page, stage)
    assert (taps <= UNKNOWN_TAPS, fields <= UNKNOWN_FIELDS, screens <= UNKNOWN_SCREENS) == (True, True, True)
    longer = booked_unknown(page, stage, detours=("main .chips a >> nth=0", "main .chips a >> nth=1", "main .chips a"))
    assert longer[0] == taps + 3 > UNKNOWN_TAPS


class TestAtTheDesk:
    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, Any]) -> dict[str, Any]:
        return {**browser_context_args, "viewport": {"width": 1366, "height": 768}, "java_script_enabled": True}

    def test_a_move_costs_no_more_than_it_may(self, desk: Desk) -> None:
        desk.given_signed_in("ingrid")
        assert cost(desk, AT_THE_DESK, by_keys=True) <= AT_THE_DESK.keys
        assert cost(desk, AT_THE_DESK, by_keys=False) <= AT_THE_DESK.clicks
