"""A campaign in a practice whose clock is moved by hand."""

from datetime import timedelta

import pytest

from glede.journeys.operations import advance, advancing
from glede.outbox import operations as outbox
from glede.outbox.campaigns import under_way
from glede.outbox.tests.test_campaigns import agreed, made
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("mette", "emily", is_virtual=True)


def begun(house: House) -> None:
    """Let the owner begin a campaign to two who said yes to news."""
    agreed(house, "mette", "emily")
    campaign_id = made(house, "mette", "emily")
    outbox.start_campaign(practice_id=house.id, campaign_id=campaign_id, by=house.by("sofie"), now=house.now)


def test_what_the_owner_begins_is_rehearsed_by_the_clock_that_is_shown(house: House) -> None:
    begun(house)
    assert advance(house.id, to=house.now).planned == 2
    assert under_way(house.id) == []
    assert advance(house.id, to=house.now + timedelta(hours=1)).rehearsed == 2, "at 09:00, as the law has it"


def test_without_unfolding_nobody_would_get_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "unfold_all", lambda **_given: None)
    begun(house)
    assert advance(house.id, to=house.now).planned == 0
