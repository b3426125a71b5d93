"""A backup was restored: the owner reads what differs, by keyboard, in every look, and lets messages go again."""

from datetime import timedelta

import pytest

from glede.kernel.actor import SYSTEM
from glede.practices.operations import Returned, begin_restored
from glede.practices.queries import practice_by_id
from tests.walks.desk import Desk
from tests.walks.stage import Stage

LOOKS = [("1.light.en.on", 1366), ("1.dark.nb.on", 1366), ("1.light.nb.on", 390), ("1.dark.en.on", 820)]


@pytest.fixture(scope="module")
def returned(stage: Stage) -> Stage:
    """Solberg stands where yesterday's backup stood."""
    house, now = stage.house, stage.at("09:02")
    line = {"what": "booked", "visit": str(stage.visits["kari"]), "patient": str(house.people["kari"])}
    line |= {"starts_at": (now + timedelta(days=2)).isoformat(), "state": "booked"}
    counts = {"visits_new": 1, "messages_went": 12, "messages_doubt": 1}
    told = Returned(now - timedelta(days=1), "glede.backup", "carried", "glede_before_1", counts, [line])
    begin_restored(practice_id=house.id, returned=told, by=SYSTEM, now=now)
    return stage


@pytest.mark.parametrize(("look", "width"), LOOKS)
def test_what_differs_can_be_read_in_every_look(desk: Desk, returned: Stage, look: str, width: int) -> None:
    desk.given_signed_in("sofie")
    desk.given_a_look(look)
    desk.page.set_viewport_size({"width": width, "height": 844})
    for path in ("/settings/restored/", "/settings/"):
        desk.when_opening(path)
        desk.then_nothing_stands_in_the_way()
    wide = desk.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width


def test_the_owner_lets_messages_go_with_the_keys(desk: Desk, returned: Stage) -> None:
    desk.given_signed_in("sofie")
    desk.when_opening("/settings/")
    desk.page.get_by_role("link", name="See what differs").focus()
    desk.when_pressing("Enter")
    desk.then_reads("Nothing is sent until you have looked at this.", "not sent again: 12", "Kari Moe")
    desk.page.get_by_role("button", name="Let messages go again").focus()
    desk.when_pressing("Enter")
    desk.then_reads("Messages go again.")
    desk.then_reads_no("See what differs")
    assert practice_by_id(returned.house.id).stopped_at is None
