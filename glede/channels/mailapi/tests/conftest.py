"""A house whose mail goes by Postmark, and a house whose mail goes by Mailgun."""

import pytest

from glede.channels.mailapi.tests.scenes import with_account
from glede.outbox.tests.scenes import make_live
from tests.cast import House, open_solberg


@pytest.fixture
def house() -> House:
    """A live practice with a person, and an account at Postmark."""
    house = open_solberg("kari")
    make_live(house)
    with_account(house, "postmark")
    return house
