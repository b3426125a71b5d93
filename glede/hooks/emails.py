"""Where a provider of e-mail tells what became of a mail: arrived, came back, unwanted.

The key in the address says which practice, the password or the signature that it is the provider. What came is kept
before anything is answered, and read afterwards; what cannot be kept is asked for again.
"""

from __future__ import annotations

from django.http import HttpRequest

from glede.channels.mailapi.accounts import account_behind
from glede.channels.mailapi.proving import called_as, is_proved
from glede.channels.operations.provided import note_forged_call, store_mail_call
from glede.hooks.answering import FORGED, TAKEN, TOO_BIG, UNKNOWN, answered
from glede.kernel import clock
from glede.practices.queries import practice_now

BODY_MOST = 256 * 1024


@answered
def told(request: HttpRequest, key: str) -> int:
    """Keep what the provider tells; the same call again is the same."""
    behind = account_behind(key, clock.now())
    if behind is None:
        return UNKNOWN
    body = request.body
    if len(body) > BODY_MOST:
        return TOO_BIG
    authorization = request.headers.get("Authorization", "")
    for account_id, provider, secrets in behind.accounts:
        if is_proved(provider, secrets, authorization=authorization, body=body, now=clock.now()):
            store_mail_call(
                practice_id=behind.practice.pk, account_id=account_id, called=called_as(provider, body), body=body,
                now=practice_now(behind.practice),
            )  # fmt: skip
            return TAKEN
    note_forged_call(behind.practice.pk, clock.now())
    return FORGED
