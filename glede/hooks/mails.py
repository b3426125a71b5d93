"""Where a provider of e-mail brings what came: the mail itself, or its own JSON.

The key in the address says which practice, the signature over the body, or the secret, that it is the provider. What
came is kept before anything is answered, and read afterwards; what cannot be kept is asked for again.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from hashlib import sha256

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from glede.channels.mailbox.accounts import Behind, mailbox_behind
from glede.channels.mailbox.values import SIZE_MOST, Came, Form
from glede.channels.operations.mailboxes import note_forged_mail
from glede.channels.operations.mails import store_mails
from glede.kernel import clock
from glede.practices.queries import practice_now

TAKEN, FORGED, UNKNOWN, TOO_BIG, OTHER, AGAIN = 200, 403, 404, 413, 415, 503
SIGNED = "sha256="
FORMS = {"message/rfc822": Form.MIME.value, "application/json": Form.POSTMARK.value}
BODY_MOST = 2 * SIZE_MOST
"""Bytes of a call: files in JSON take a third more than they are."""


@csrf_exempt
@never_cache
@require_POST
def incoming(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a mail that its provider brings; the same bytes again are the same mail."""
    try:
        behind = mailbox_behind(key)
        if behind is None:
            return _say(UNKNOWN)
        form = FORMS.get(request.content_type or "")
        if form is None:
            return _say(OTHER)
        body = _body(request)
        if body is None:
            return _say(TOO_BIG)
        if not _is_genuine(request, body, behind.secret):
            note_forged_mail(behind.practice.pk, clock.now())
            return _say(FORGED)
        _keep(behind, body, form)
    except (DatabaseError, UnreadablePostError):
        return _say(AGAIN)
    return _say(TAKEN)


def _body(request: HttpRequest) -> bytes | None:
    """Return the bytes of the call, or None where they are too many; never more are held than may be."""
    try:
        told = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return None
    if told > BODY_MOST:
        return None
    try:
        body = request.read(BODY_MOST + 1)
    except RequestDataTooBig:
        return None
    return body if len(body) <= BODY_MOST else None


def _is_genuine(request: HttpRequest, body: bytes, secret: str) -> bool:
    signature = request.headers.get("X-Glede-Signature", "")
    if signature:
        made = hmac.new(secret.encode(), body, sha256).hexdigest()
        return hmac.compare_digest(signature.removeprefix(SIGNED).encode(), made.encode())
    return hmac.compare_digest(_password(request).encode(), secret.encode())


def _password(request: HttpRequest) -> str:
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return b64decode(told, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _keep(behind: Behind, body: bytes, form: str) -> None:
    now = practice_now(behind.practice)
    came = Came(key=f"hook:{sha256(body).hexdigest()}", raw=body, size=len(body), came_at=now, form=form)
    store_mails(behind.practice.pk, behind.mailbox_id, [came], now)


def _say(status: int) -> HttpResponse:
    return HttpResponse("", status=status, content_type="text/plain")
