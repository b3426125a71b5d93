"""Houses that send texts to a provider on loopback."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from glede.channels.sms.adapter import TextTransport
from glede.channels.sms.tests.provider import Provider, providing
from glede.outbox import sending, transports
from glede.outbox.tests.scenes import NOON, Scripted
from tests.cast import House, open_solberg


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider that does as told, where texts are handed over."""
    with providing() as server:
        settings.GLEDE_SMS_URL = server.address
        server.now = lambda: NOON
        yield server


@pytest.fixture
def email(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """E-mail that does as told, beside real texts."""
    scripted = Scripted()
    monkeypatch.setattr(transports, "_transports", {"email": scripted, "sms": TextTransport()})
    return scripted


@pytest.fixture
def house(db: None, provider: Provider, email: Scripted, monkeypatch: pytest.MonkeyPatch) -> House:
    """Solberg, with people reached by text, by text and e-mail, and three on one number."""
    monkeypatch.setattr(sending, "connection", SimpleNamespace(in_atomic_block=False))
    return open_solberg("tor", "kari", "emily", "berit", "ella", "arne")
