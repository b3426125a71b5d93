"""A house whose mail goes by Postmark."""

from types import SimpleNamespace

import pytest

from glede.channels.mailapi.tests.scenes import with_account
from glede.outbox import sending
from glede.outbox.tests.scenes import make_live
from tests.cast import House, open_solberg


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    """A live practice with a person, and an account at Postmark."""
    monkeypatch.setattr(sending, "connection", SimpleNamespace(in_atomic_block=False))
    house = open_solberg("mette")
    make_live(house)
    with_account(house, "postmark")
    return house
