"""The one-time mark of a patient's form: a signed token that carries the id of the act it asks for.

A page that shows a form issues one; the press of the button brings it back, and its id is the
command id of the operation, so a second press finds what the first one did.
"""

from datetime import timedelta
from uuid import UUID

from django.core import signing

from glede.kernel import ids

_SALT = "glede.ui.nonce"
LIFETIME = timedelta(hours=24)  # WCAG 2.2, 2.2.1: no form ends before 20 hours


class StaleNonce(Exception):
    """The mark is missing, forged, of another page, or older than a day: show the page again."""


def issue(page: str) -> str:
    """Return a fresh token for a form of ``page`` (any fixed word, with the visit's code where there is one)."""
    return signing.dumps([page, ids.new_id().hex], salt=_SALT)


def read(token: str, page: str, max_age: timedelta = LIFETIME) -> UUID:
    """Return the command id in ``token``. Raises ``StaleNonce`` unless ``page`` got it within ``max_age``."""
    try:
        issued_for, command = signing.loads(token, salt=_SALT, max_age=max_age)
    except (signing.BadSignature, ValueError) as error:
        raise StaleNonce(page) from error
    if issued_for != page:
        raise StaleNonce(page)
    return UUID(hex=command)
