"""Whether a public address leads here: it is asked for a word that only this house can answer."""

import hmac
import secrets
from hashlib import sha256

from django.conf import settings

PATH = "/hooks/here/"
SECONDS = 5.0
_LENGTH = 32


def answer_to(token: str) -> str:
    """Return the word by which this house is known, for a token somebody chose."""
    return hmac.new(settings.GLEDE_LINK_KEY, b"here" + token.encode(), sha256).hexdigest()


def leads_here(base: str) -> bool:
    """Return True where ``base`` (``https://…``, no path) is this house, as seen through whatever lies between.

    Waits at most ``SECONDS`` for each step, follows nothing, and keeps nothing of the answer.
    """
    import httpx  # a tenth of a second, and most starts ask nobody

    token = secrets.token_hex(_LENGTH // 2)
    try:
        response = httpx.get(f"{base.rstrip('/')}{PATH}{token}/", timeout=SECONDS, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return response.status_code == httpx.codes.OK and hmac.compare_digest(response.text.strip(), answer_to(token))
