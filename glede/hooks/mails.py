"""Where a provider of e-mail brings what came: the mail itself, or its own JSON.

The key in the address says which practice, the signature over the body, or the secret, that it is the provider. What
came is kept before anything is answered, and read afterwards; what cannot be kept is asked for again.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from glede.channels.mailbox.accounts import Behind, mailbox_behind
from glede.channels.mailbox.values import SIZE_MOST, Came, Form
from glede.channels.operations.mailboxes import note_forged_mail
from glede.channels.operations.mails import store_mails
from glede.hooks.answering import FORGED, OTHER, TAKEN, TOO_BIG, UNKNOWN, answered
from glede.kernel import clock
from glede.kernel.basic import basic_password
from glede.practices.queries import practice_now

SIGNED = "sha256="
FORMS = {"message/rfc822": Form.MIME.value, "application/json": Form.POSTMARK.value}
BODY_MOST = 2 * SIZE_MOST
"""Bytes of a call: files in JSON take a third more than they are."""


@answered
def incoming(request: HttpRequest, key: str) -> int:
    """Keep a mail that its provider brings; the same bytes again are the same mail."""
    behind = mailbox_behind(key)
    if behind is None:
        return UNKNOWN
    form = FORMS.get(request.content_type or "")
    if form is None:
        return OTHER
    body = _body(request)
    if body is None:
        return TOO_BIG
    if not _is_genuine(request, body, behind.secret):
        note_forged_mail(behind.practice.pk, clock.now())
        return FORGED
    _keep(behind, body, form)
    return TAKEN


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
    return hmac.compare_digest(basic_password(request.headers.get("Authorization", "")).encode(), secret.encode())


def _keep(behind: Behind, body: bytes, form: str) -> None:
    now = practice_now(behind.practice)
    came = Came(key=f"hook:{sha256(body).hexdigest()}", raw=body, size=len(body), came_at=now, form=form)
    store_mails(behind.practice.pk, behind.mailbox_id, [came], now)
