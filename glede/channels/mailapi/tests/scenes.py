"""A practice whose mail goes by a provider's interface: what tests of it share."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.test import Client

from glede.channels.mailapi import config
from glede.channels.mailapi.tests import provider as post
from glede.channels.models import MailAccount, MailCall
from glede.channels.operations.mailaccounts import NewMailAccount, set_mail_account
from glede.channels.operations.provided import read_mail_call, waiting_calls
from glede.kernel.actor import PROVIDER, SYSTEM
from glede.outbox.models import Message
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, a_touch, planned
from glede.practices import scope
from tests.cast import House

HOOK = "hook-secret"
SECRETS = {"postmark": {"token": "server-token", "hook": HOOK}, "mailgun": {"key": "key", "hook": HOOK}}
REGION = {"postmark": "", "mailgun": "eu"}


def with_account(house: House, provider: str) -> MailAccount:
    """Let the house's mail go by a provider."""
    account = NewMailAccount(
        provider=provider, region=REGION[provider], sender="hei@mg.solberg.example", secrets=SECRETS[provider]
    )
    return set_mail_account(practice_id=house.id, account=account, by=SYSTEM, now=house.now)


@contextmanager
def standing(provider: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[post.Post]:
    """The provider, in the place of its public address."""
    with post.posting() as server:
        monkeypatch.setattr(
            "glede.channels.mailapi.accounts.ADDRESSES", {**config.ADDRESSES, (provider, REGION[provider]): server.url}
        )
        yield server


def mailed(house: House, name: str = "mette", **changes: Any) -> Message:
    """Send somebody a mail at noon, and return the message as it stands."""
    planned(house, a_touch(house, name, channel="email", **changes))
    send_due(house.id, now=NOON)
    return messages(house)[-1]


def messages(house: House) -> list[Message]:
    """Every message, in order."""
    with scope.transaction(house.id):
        return list(Message.objects.select_related("touch").order_by("touch__planned_at", "touch_id", "n"))


def account_of(house: House) -> MailAccount:
    """The account in force."""
    with scope.transaction(house.id):
        return MailAccount.objects.get(ended_at=None)


def calls(house: House) -> list[MailCall]:
    """Every call that was kept."""
    with scope.transaction(house.id):
        return list(MailCall.objects.order_by("id"))


def call(house: House, told: Any, *, secret: str = HOOK, token: str = "t", age: float = 0) -> int:
    """Call our address as the house's provider does; the status of the answer is returned."""
    account, headers = account_of(house), {}
    if account.provider == "postmark":
        headers["Authorization"] = f"Basic {b64encode(f'glede:{secret}'.encode()).decode()}"
        body = json.dumps(told)
    else:
        stamp = f"{(NOON - timedelta(seconds=age)).timestamp():.0f}"
        made = hmac.new(secret.encode(), f"{stamp}{token}".encode(), sha256).hexdigest()
        body = json.dumps({"signature": {"timestamp": stamp, "token": token, "signature": made}, "event-data": told})
    with time_machine.travel(NOON):
        path = f"/hooks/email/{account.hook_key}/"
        return Client().post(path, body, content_type="application/json", headers=headers).status_code


def read(house: House, **after: float) -> list[MailCall]:
    """Read what was kept, and return every call."""
    for call_id in waiting_calls(house.id):
        read_mail_call(practice_id=house.id, call_id=call_id, by=PROVIDER, now=NOON + timedelta(**after))
    return calls(house)
