"""A trial mail with a code in it: who types the code has read the mail."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from glede.desk.access import DeskRequest
from glede.outbox.operations import Trial, send_trial
from glede.outbox.operations.trials import has_left
from glede.outbox.transports import Outcome

LASTS = timedelta(minutes=30)
TRIES = 5
_KEY = "trials"


@dataclass(frozen=True)
class Waiting:
    """A trial mail whose code has not been typed yet."""

    what: str
    to: str


def address_for(request: DeskRequest, what: str) -> str:
    """Return where a trial goes: to the owner's own address, or to the practice's where answers arrive."""
    user: Any = request.user
    return str(user.email if what == "sender" else request.practice.email)


def send(request: DeskRequest, what: str) -> tuple[bool, str]:
    """Send a code and remember it in the session; return whether it left, and what the mail server said."""
    code, practice, to = f"{secrets.randbelow(10**6):06d}", request.practice, address_for(request, what)
    with translation.override(practice.language):
        subject = gettext("%(code)s: a trial mail from %(practice)s") % {"code": code, "practice": practice.name}
        text = gettext("The code is %(code)s. Type it on the page that sent this mail. It holds for 30 minutes.")
    trial = Trial(what, to, practice.name, subject, text % {"code": code})
    outcome = send_trial(practice_id=practice.pk, trial=trial, by=request.by, now=request.now)
    if has_left(outcome):
        kept = {"code": _kept(code), "at": request.now.isoformat(), "to": to, "tries": 0}
        request.session[_KEY] = {**request.session.get(_KEY, {}), what: kept}
    return has_left(outcome), _words(outcome)


def waiting(request: DeskRequest) -> dict[str, Waiting]:
    """Return the trials whose code may still be typed."""
    return {
        what: Waiting(what, kept["to"])
        for what, kept in request.session.get(_KEY, {}).items()
        if _holds(kept, request.now) and kept["to"] == address_for(request, what)
    }


def is_right(request: DeskRequest, what: str, typed: str) -> bool:
    """Return True for the code that was sent; five wrong ones, or half an hour, and it holds no longer."""
    trials = dict(request.session.get(_KEY, {}))
    kept: dict[str, Any] | None = trials.get(what)
    if kept is None or what not in waiting(request):
        return False
    trials[what] = {**kept, "tries": kept["tries"] + 1}
    found = hmac.compare_digest(kept["code"], _kept("".join(filter(str.isdigit, typed))))
    if found:
        del trials[what]
    request.session[_KEY] = trials
    return found


def _holds(kept: dict[str, Any], now: datetime) -> bool:
    return kept["tries"] < TRIES and now - datetime.fromisoformat(kept["at"]) <= LASTS


def _kept(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"trial" + code.encode(), sha256).hexdigest()


def _words(outcome: Outcome) -> str:
    return str(getattr(outcome, "words", ""))
