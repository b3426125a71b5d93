"""A practice that sends texts, and its provider: what tests of texts share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import time_machine
from django.test import Client

from glede.channels.models import TextAccount
from glede.channels.operations import NewTextAccount, set_text_account
from glede.channels.sms.signature import sign
from glede.channels.sms.tests.provider import ACCOUNT, NUMBER, TOKEN
from glede.kernel.actor import SYSTEM
from glede.outbox.batches import Sent
from glede.outbox.models import Attempt, Message
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, a_touch, make_live, planned
from glede.practices import scope
from tests.cast import House


def with_account(house: House, **changes: Any) -> str:
    """Give a house its account for texts, and return the key of its address."""
    account = NewTextAccount(**{"account_sid": ACCOUNT, "token": TOKEN, "sender": NUMBER, **changes})
    return set_text_account(practice_id=house.id, account=account, by=SYSTEM, now=house.now).hook_key


def texting(house: House) -> str:
    """Let a house be live, with an account; the key of its address is returned."""
    make_live(house)
    return with_account(house)


def remind(house: House, *names: str, **changes: Any) -> Sent:
    """Remind people at noon, by text where they have a number."""
    planned(house, *(a_touch(house, name, channel="sms", **changes) for name in names))
    return send_due(house.id, now=NOON)


def send_again(house: House, **after: float) -> Sent:
    """Send what is due so much later."""
    return send_due(house.id, now=NOON + timedelta(**after))


def messages(house: House, name: str = "") -> list[Message]:
    """Every message, or a person's, in order."""
    with scope.transaction(house.id):
        rows = Message.objects.select_related("touch").order_by("touch__planned_at", "touch_id", "n")
        return list(rows.filter(touch__patient_id=house.people[name]) if name else rows)


def reports(house: House) -> list[tuple[str, str]]:
    """What was told of messages later, in the order it came."""
    with scope.transaction(house.id):
        told = Attempt.objects.filter(practice_id=house.id, kind="report").order_by("at", "id")
        return list(told.values_list("outcome", "reason"))


def account_of(house: House) -> TextAccount:
    """The account in force."""
    with scope.transaction(house.id):
        return TextAccount.objects.get(ended_at=None)


def call(
    path: str, fields: dict[str, str], *, base: str = "https://solberg.example", token: str = TOKEN,
    at: datetime = NOON,
) -> Any:  # fmt: skip
    """Call our address as the provider does, signed, at noon or another time."""
    signature = sign(token, f"{base}{path}", list(fields.items()))
    with time_machine.travel(at):
        return Client().post(path, fields, headers={"X-Twilio-Signature": signature})


def call_back(key: str, message: Message | UUID, status: str, **told: Any) -> None:
    """Tell what became of a message: ``sid``, ``code`` of the error, ``at`` another time than noon."""
    sid, code, at = told.get("sid", ""), told.get("code"), told.get("at", NOON)
    message_id = message if isinstance(message, UUID) else message.id
    provider_id = sid or (message.provider_id if isinstance(message, Message) else "SM1")
    fields = {"MessageSid": provider_id, "MessageStatus": status, "AccountSid": ACCOUNT, "From": NUMBER}
    if code is not None:
        fields["ErrorCode"] = str(code)
    answer = call(f"/hooks/sms/{key}/status/{message_id}/", fields, at=at)
    assert answer.status_code == 200


def write_in(key: str, number: str, words: str, *, sid: str = "SM" + "9" * 32, **more: str) -> Any:
    """Let somebody write to the practice's number."""
    fields = {"MessageSid": sid, "From": number, "To": NUMBER, "Body": words, "NumMedia": "0", **more}
    return call(f"/hooks/sms/{key}/", fields)
