"""Before the owner says live nothing speaks to anybody: no forecast and no rehearsal opens a socket."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings

from glede.journeys.forecast import forecast
from glede.journeys.tests.crowds import crowd
from glede.journeys.tests.stories import messages, tick
from glede.outbox import transports
from glede.outbox.rules import Resolution
from glede.outbox.transports import Accepted, Capabilities, Envelope, Outcome
from glede.practices.queries import practice_by_id, practice_now
from tests.cast import House, open_solberg
from tests.sockets import heard


@pytest.fixture
def listener() -> Iterator[int]:
    """The port of somebody on this machine who would be heard if they were spoken to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def house(db: None, settings: LazySettings, listener: int) -> House:
    settings.GLEDE_SMTP_URL = f"smtp://127.0.0.1:{listener}"
    house = open_solberg(is_virtual=True)
    crowd(house, Random(4), 6)
    return house


def foresee(house: House) -> int:
    """Forecast four weeks and return how much goes."""
    practice = practice_by_id(house.id)
    now = practice_now(practice)
    return len(forecast(practice, since=now, until=now + timedelta(days=28), now=now).touches)


def test_a_forecast_opens_no_socket(house: House) -> None:
    with heard() as told:
        assert foresee(house) > 0
    assert told == []


def test_a_rehearsal_opens_no_socket(house: House) -> None:
    with heard() as told:
        tick(house, date(2026, 12, 10), "09:00", assume_attended=True)
    assert told == []
    assert {message.channel for message in messages(house)} == {"email", "sms"}


class Chatty:
    """A transport that speaks to somebody although nobody is live."""

    deadline_seconds = 1.0

    def __init__(self, port: int) -> None:
        self.port = port

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator[Any]:
        yield self

    def capabilities(self, practice_id: UUID) -> Capabilities:
        return Capabilities(Resolution.NOTHING)

    def is_configured(self, practice_id: UUID) -> bool:
        return True

    def prepare(self, envelope: Envelope) -> None:
        pass

    def forget(self) -> None:
        pass

    def send(self, envelope: Envelope) -> Outcome:
        with socket.create_connection(("127.0.0.1", self.port)):
            return Accepted()


def test_somebody_who_speaks_is_heard(house: House, listener: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "_rehearsal", [Chatty(listener)])
    with heard() as told:
        tick(house, date(2026, 12, 10), "09:00")
    assert any(f"127.0.0.1', {listener}" in line for line in told)
