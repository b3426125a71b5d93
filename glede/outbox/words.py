"""States, reasons and fates in words that staff read."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from glede.outbox.policy.words import SENTENCES
from glede.outbox.rules import Reason

CHANNELS = {"email": _("e-mail"), "sms": _("text"), "call": _("phone call"), "": _("message")}

STATES = {
    "planned": _("will go"),
    "ready": _("will go"),
    "sending": _("is leaving now"),
    "accepted": _("sent"),
    "sent": _("sent"),
    "delivered": pgettext_lazy("message", "arrived"),
    "read": _("arrived, read"),
    "rehearsed": _("rehearsed"),
    "skipped": _("not needed"),
    "failed": _("did not arrive"),
    "unknown": _("we are finding out"),
    "handed": _("became a call"),
}

HELD_BY = {
    "hours": _("outside the hours for messages"),
    "first_day": _("a quarter of an hour on the first live day"),
    "staff": _("held by a colleague"),
    "paused": _("the person asked for a pause"),
    "drops": _("drops in the eyes"),
    "one_a_day": _("one message a day is enough"),
    "resting": _("the way it goes is disturbed just now"),
    "broke": _("something broke at it, and it is tried again"),
}

REASONS = {
    Reason.MOVED: _("the visit was moved"),
    Reason.CANCELLED: _("the visit was cancelled"),
    Reason.CHANGED: _("the visit has changed"),
    Reason.ENTERED_IN_ERROR: _("the visit was entered by mistake"),
    Reason.MERGED: _("the person was joined with another record"),
    Reason.ERASED: _("the person asked to be forgotten"),
    Reason.DECEASED: _("the person has died"),
    Reason.SAFEGUARDING: _("no automatic messages to this person"),
    Reason.OPTED_OUT: _("the person said stop"),
    Reason.QUIET: _("the person wants no messages"),
    Reason.NO_CONSENT: _("the person has not agreed to this"),
    Reason.NO_RULES: _("no rules for this country yet"),
    Reason.PROMOTION: _("the words promote something"),
    Reason.POLICY: _("the rules do not allow it"),
    Reason.STOPPED: _("stopped by a colleague"),
    Reason.STEP_OFF: _("this step is not switched on"),
    Reason.NOT_NEEDED: _("no longer needed"),
    Reason.ANSWERED: _("the person has answered"),
    Reason.WENT_LIVE: _("made in rehearsal"),
    Reason.NOTHING_TO_SAY: _("there was nothing left to say"),
    Reason.TOGETHER: _("another message of that day tells of this visit too"),
    Reason.ONE_A_DAY: _("another message of that day goes first"),
    Reason.LATE: _("it was too late to write"),
    Reason.CALL: _("a colleague calls"),
    Reason.PREFERS_CALL: _("the person would rather be called"),
    Reason.NO_CHANNEL: _("there is no address we can write to"),
    Reason.BAD_ADDRESS: _("the address cannot be right"),
    Reason.REFUSED: _("the address is not known there"),
    Reason.CONTENT_REFUSED: _("the message was not accepted there"),
    Reason.TOO_MANY_TRIES: _("it could not be delivered, however often we tried"),
    Reason.IN_DOUBT: _("they may already have it: nobody can say"),
    Reason.UNREACHABLE: _("their phone could not be reached"),
    Reason.NOT_TOLD: _("it did not arrive, and their phone company does not say why"),
    Reason.UNKNOWN_NUMBER: _("there is no such number"),
    Reason.LANDLINE: _("the number is a landline, which takes no texts"),
    Reason.BLOCKED: _("the phone company blocked it"),
    Reason.SENDER_BLOCKED: _("the phone companies take no texts from our number"),
    Reason.EXPIRED: _("it waited too long on the way"),
    Reason.CHANNEL_RESTS: _("the way it would have gone was disturbed"),
    Reason.SET_ASIDE: _("the program broke at it, so it was set aside"),
    Reason.FORMAT: _("the person cannot use what we can send"),
}


def reason_words(code: str) -> str:
    """A reason in the reader's language; reasons of the policy are told by the policy."""
    known = {str(reason): words for reason, words in REASONS.items()}
    if code in known:
        return str(known[code])
    return _policy_words(code)


def _policy_words(code: str) -> str:
    told = {str(reason): sentence for reason, sentence in SENTENCES.items()}.get(code)
    return gettext(told or "the rules do not allow it")
