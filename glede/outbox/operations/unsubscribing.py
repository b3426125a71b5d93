"""One click stops what is marketing: the act behind List-Unsubscribe (RFC 8058)."""

from __future__ import annotations

from datetime import datetime

from glede.kernel.actor import patient
from glede.outbox.models import Message
from glede.outbox.unsubscribing import Unsubscription, read_unsubscribe_token
from glede.people.operations import opt_out
from glede.practices import scope


class NoSuchToken(LookupError):
    """The token was not made here, or its message is gone."""


def unsubscribe(*, token: str, now: datetime) -> Unsubscription:
    """Stop marketing on the channel that the token's message came by. A second click changes nothing more.

    Raises `NoSuchToken`. Only a POST may call this: scanners follow links.
    """
    asked = read_unsubscribe_token(token)
    if asked is None:
        raise NoSuchToken
    with scope.transaction(asked.practice_id):
        message = Message.objects.select_related("touch").filter(pk=asked.message_id).first()
        if message is None:
            raise NoSuchToken
        person, channel = message.touch.patient_id, message.channel
    opt_out(
        practice_id=asked.practice_id, patient_id=person, channel=channel, scope="marketing", how="email",
        by=patient(person), now=now,
    )  # fmt: skip
    return asked
