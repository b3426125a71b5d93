"""Houses whose mail comes in."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import time_machine

from glede.channels.mailbox.tests.imapserver import Mailserver, mailserver
from glede.outbox import sending, transports
from glede.outbox.tests.scenes import Scripted
from tests.cast import House, open_solberg


@pytest.fixture
def server() -> Iterator[Mailserver]:
    """A mail server that does as told."""
    with mailserver() as running:
        yield running


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """Solberg, with people who have an address of their own, one they share, or none, at the hour of its own clock."""
    house = open_solberg("tor", "kari", "jonas", "emily", "mette", "berit", "arne")
    with time_machine.travel(house.now, tick=False):
        yield house


@pytest.fixture
def email(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """E-mail that does as told, and nothing else to write by."""
    scripted = Scripted()
    monkeypatch.setattr(transports, "_transports", {"email": scripted})
    monkeypatch.setattr(sending, "connection", SimpleNamespace(in_atomic_block=False))
    return scripted
