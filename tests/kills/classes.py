"""Mail by a provider over HTTP, of the class that a practice's name says: what the workers of a kill test send by."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import httpx

from glede.kernel.actor import PROVIDER
from glede.kernel.ref import Ref
from glede.outbox import transports
from glede.outbox.models import Message
from glede.outbox.operations import Report, take_report
from glede.outbox.rules import Resolution, State
from glede.outbox.touches import TouchKey, provider_key
from glede.outbox.transports import Accepted, Capabilities, Envelope, Outcome, Refused, Unknown
from glede.practices import scope
from glede.practices.queries import practice_by_id

DEADLINE_SECONDS = 1.0
KEY_LIVES = timedelta(hours=1)


def class_of(practice_id: UUID) -> Resolution:
    """The class that the practice's name says."""
    return Resolution(practice_by_id(practice_id).name.lower().replace(" ", "_"))


class ByHttp:
    """One line for a batch."""

    def __init__(self, address: str, way: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=DEADLINE_SECONDS, trust_env=False)
        self.way = way

    def prepare(self, envelope: Envelope) -> None:
        """Nothing to prepare."""

    def forget(self) -> None:
        """Nothing to forget."""

    def send(self, envelope: Envelope) -> Outcome:
        """Send one mail; what is not certain is in doubt."""
        try:
            answer = self.client.post(f"/{self.way}", json={"key": envelope.key, "to": envelope.to_address})
        except httpx.ConnectError as error:
            return Refused(is_permanent=False, words=type(error).__name__, is_ours=True)
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        if answer.status_code == 200:
            return Accepted(answer.json()["id"])
        if answer.status_code in {429, 503}:
            return Refused(is_permanent=False, words=answer.text, is_ours=True)
        return Unknown(str(answer.status_code))


class HttpMail:
    """Mail of one of the classes K, L and N."""

    deadline_seconds = DEADLINE_SECONDS

    def __init__(self, address: str) -> None:
        self.address = address

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """The class of the practice's name."""
        resolution = class_of(practice_id)
        return Capabilities(resolution, key_lives=KEY_LIVES if resolution is Resolution.KEY else None)

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator[ByHttp]:
        """One line for a batch."""
        session = ByHttp(self.address, class_of(practice_id).value)
        try:
            yield session
        finally:
            session.client.close()

    def is_configured(self, practice_id: UUID) -> bool:
        """Always."""
        return True

    def look_up(self, practice_id: UUID, now: datetime) -> bool:
        """Take from the provider's list what was in doubt; False where it was not shown."""
        if class_of(practice_id) is not Resolution.LOOK_UP:
            return False
        try:
            answer = httpx.get(f"{self.address}/look_up", timeout=DEADLINE_SECONDS, trust_env=False)
        except httpx.HTTPError:
            return False
        if answer.status_code != 200:
            return False
        listed = answer.json()
        with scope.transaction(practice_id):
            doubtful = list(Message.objects.filter(state=State.UNKNOWN).select_related("touch"))
        for message in doubtful:
            if number := listed.get(_key(message)):
                report = Report(state=State.SENT, provider_id=number)
                take_report(practice_id=practice_id, message_id=message.pk, report=report, by=PROVIDER, now=now)
        return True


def _key(message: Message) -> str:
    touch = message.touch
    key = TouchKey(touch.row, Ref(touch.subject_kind, touch.subject_id), touch.subject_version, touch.occurrence)
    return provider_key(message.practice_id, key, live=touch.live, n=message.n)


def register() -> None:
    """Let mail go by the provider of the environment, where it names one."""
    address = os.environ.get("GLEDE_TEST_PROVIDER", "")
    if address:
        mail = HttpMail(address)
        transports.register("email", mail)
        transports.register_look_up("email", mail.look_up)
