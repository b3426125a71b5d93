"""The page of texts and the card of a stranger's words, in every look: nothing in the way; pictures where asked for."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from glede.channels.operations import NewTextAccount, set_text_account
from glede.inbox.operations import Arrival, take_arrival
from glede.kernel.actor import PROVIDER, SYSTEM
from glede.promises.queries import open_promises
from tests.depth import DEPTH
from tests.walks.desk import faults
from tests.walks.pages import LOOKS
from tests.walks.stage import Stage
from tests.walks.test_every_page import readers

FOLDER = os.environ.get("GLEDE_TEST_SCREENS", "")


@pytest.fixture
def card(stage: Stage) -> str:
    """Where a stranger's words stand open; there is an account for texts."""
    house = stage.house
    account = NewTextAccount(account_sid=f"AC{'0' * 32}", token="of nobody", sender="+4759440000")
    set_text_account(practice_id=house.id, account=account, by=SYSTEM, now=stage.at("09:02"))
    arrival = Arrival(channel="sms", address="+4740000999", words="Hei, kan jeg få en time?", provider_id="SM1")
    taken = take_arrival(practice_id=house.id, arrival=arrival, by=PROVIDER, now=stage.at("09:02"))
    return next(f"/?open={o.id}" for o in open_promises(house.id) if o.subject.id == taken.stray_id)


def test_texts_and_strangers_in_every_look(browser: Browser, stage: Stage, card: str) -> None:
    wrong = []
    for place, look in enumerate(LOOKS if FOLDER or DEPTH >= 10 else (LOOKS[0], LOOKS[-1])):
        pages = readers(browser, stage, look)
        page = pages["sofie"]
        for n, path in enumerate(
            ["/settings/texts/", card, f"{card}&who=a", "/settings/", "/settings/texts/?by=other"]
        ):
            if not FOLDER and DEPTH < 10 and (n + place) % 2:
                continue  # each page in one look; in all of them at depth 10 and where pictures are taken
            page.goto(stage.address + path)
            wrong += [f"{path} {look.name}: {fault}" for fault in faults(page)]
            if FOLDER:
                page.screenshot(path=Path(FOLDER) / f"texts-{look.name}-{n}.png")
        for one in pages.values():
            one.context.close()
    assert wrong == []
