"""Where a provider of e-mail tells what became of a mail: arrived, came back, unwanted.

The key in the address says which practice, the password or the signature that it is the provider. What came is kept
before anything is answered, and read afterwards; what cannot be kept is asked for again.
"""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from glede.channels.mailapi.accounts import account_behind
from glede.channels.mailapi.proving import called_as, is_proved
from glede.channels.operations.provided import note_forged_call, store_mail_call
from glede.kernel import clock
from glede.practices.queries import practice_now

TAKEN, FORGED, UNKNOWN, TOO_BIG, AGAIN = 200, 403, 404, 413, 503
BODY_MOST = 256 * 1024


@csrf_exempt
@never_cache
@require_POST
def told(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what the provider tells; the same call again is the same."""
    try:
        behind = account_behind(key, clock.now())
        if behind is None:
            return _say(UNKNOWN)
        body = request.body
        if len(body) > BODY_MOST:
            return _say(TOO_BIG)
        authorization = request.headers.get("Authorization", "")
        for account_id, provider, secrets in behind.accounts:
            if is_proved(provider, secrets, authorization=authorization, body=body, now=clock.now()):
                store_mail_call(
                    practice_id=behind.practice.pk, account_id=account_id, called=called_as(provider, body), body=body,
                    now=practice_now(behind.practice),
                )  # fmt: skip
                return _say(TAKEN)
        note_forged_call(behind.practice.pk, clock.now())
    except RequestDataTooBig:
        return _say(TOO_BIG)
    except (DatabaseError, UnreadablePostError):
        return _say(AGAIN)
    return _say(FORGED)


def _say(status: int) -> HttpResponse:
    return HttpResponse("", status=status, content_type="text/plain")
