"""A house with a few people, and channels that do as told."""

from types import SimpleNamespace

import pytest

from glede.outbox import sending, transports
from glede.outbox.tests.scenes import Scripted, make_live
from tests.cast import House, open_solberg


@pytest.fixture
def email(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """E-mail that does as told; no other channel is built."""
    scripted = Scripted()
    monkeypatch.setattr(transports, "_transports", {"email": scripted})
    return scripted


@pytest.fixture
def sms(email: Scripted, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Texts that do as told, beside e-mail."""
    scripted = Scripted()
    monkeypatch.setitem(transports._transports, "sms", scripted)
    return scripted


@pytest.fixture
def house(db: None) -> House:
    """Solberg in rehearsal, with Mette and Lea (an address alone), Emily (both), Tor (a phone alone) and Jonas."""
    return open_solberg("mette", "lea", "emily", "tor", "jonas")


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let live messages leave inside the transaction that every test is rolled back with."""
    monkeypatch.setattr(sending, "connection", SimpleNamespace(in_atomic_block=False))


@pytest.fixture
def live(house: House, email: Scripted, inside: None) -> House:
    """The same, live for a month."""
    make_live(house)
    return house
