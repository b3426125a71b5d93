"""Why a touch came, in sentences: the row, what matched, what chose the channel, what held it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from glede.outbox.touches import ASSUMES

STEPS = {
    1: pgettext_lazy("step", "Discover"),
    2: pgettext_lazy("step", "Enquire"),
    3: pgettext_lazy("step", "Book"),
    4: pgettext_lazy("step", "Prepare"),
    5: pgettext_lazy("step", "Remind"),
    6: pgettext_lazy("step", "Visit"),
    7: pgettext_lazy("step", "Choose"),
    8: pgettext_lazy("step", "Collect"),
    9: pgettext_lazy("step", "Aftercare"),
    10: pgettext_lazy("step", "Belong"),
}
"""The ten steps (docs/journeys.md#the-ten-steps)."""

KINDS = {
    "new": gettext_lazy("comes for the first time"),
    "anxious": gettext_lazy("is anxious"),
    "complex": gettext_lazy("needs more time"),
    "likes_calls": gettext_lazy("likes to be called"),
}

_TRIGGERS = {
    "booked": gettext_lazy("The visit was booked."),
    "moved_by_patient": gettext_lazy("The visit was moved as the patient wished."),
    "moved_by_practice": gettext_lazy("We moved the visit."),
    "cancelled_by_practice": gettext_lazy("We cancelled the visit."),
    "we_run_late": gettext_lazy("We run late today."),
    "visit": gettext_lazy("A visit is coming."),
    "done": gettext_lazy("The visit has taken place. Everybody gets the same words, whether they bought or not."),
    "birthday": gettext_lazy("It is their birthday."),
    "recall_due": gettext_lazy("They are due again, as was said at their last visit."),
    "silent": gettext_lazy("They have not been here for a long time."),
}

_HOURS = {
    "at_once": gettext_lazy("It answers what was just done, so it goes at once."),
    "this_day": gettext_lazy("It is about this very day, so it goes at once."),
    "undo_time": gettext_lazy("It waits three minutes, so that the change can be undone."),
    "usual_hour": gettext_lazy("It goes at the usual hour."),
    "their_hours": gettext_lazy("It goes in the hours that suit the patient."),
    "their_days": gettext_lazy("It goes on a day that suits the patient."),
    "short_notice": gettext_lazy("The visit was booked late, so it goes ten minutes after the confirmation."),
    "known_late": gettext_lazy("We learnt of the visit late, so it goes now."),
    "opening": gettext_lazy("A colleague rings in opening hours."),
    "no_answer": gettext_lazy("Nobody answered in four open hours, so a colleague asks."),
    "after_visit": gettext_lazy("It goes two hours after the visit."),
}

_CHANNELS = {
    "first_choice": gettext_lazy("It goes by the first way the patient wants."),
    "only_address": gettext_lazy("It goes by the only way we know."),
    "likes_calls": gettext_lazy("The patient wants to be called."),
    "no_channel": gettext_lazy("We know no way to write, so a colleague rings."),
}

_HELD = {
    "hours": gettext_lazy("It waits for the hours in which we write."),
    "one_a_day": gettext_lazy("It waits a day: one message a day is enough."),
}

_INSTEAD = {
    "full": gettext_lazy("We cannot ring more people that day, so it is a message."),
    "not_reached": gettext_lazy("We rang twice and did not get through, so it is a message."),
}

_ASSUMED = {
    "attended": gettext_lazy("It goes if the visit takes place."),
    "not reached": gettext_lazy("It goes if the call before reaches nobody."),
}

# What no journey planned, by what its planner noted.
_BESIDE = {
    "rule": gettext_lazy("They wrote while we were closed."),
    "opt_out_receipt": gettext_lazy("They said no to messages: this says what stopped."),
    "reply": gettext_lazy("A colleague answered them."),
    "campaign": gettext_lazy("It is news that a colleague sends to many."),
}

_YIELDS = {
    "together": gettext_lazy("Another message of that day tells of this visit too."),
    "series": gettext_lazy("The message about the first visit of the series tells of this one too."),
    "one_a_day": gettext_lazy("Another message of that day goes first: one message a day is enough."),
}


_BECAUSE, _WHEN = gettext_lazy("Because"), pgettext_lazy("why a message comes", "When")
_HOW, _BESIDES = pgettext_lazy("why a message comes", "How"), gettext_lazy("Together")
_IF = pgettext_lazy("why a message comes", "If")


def why_lines(why: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the sentences that say why a touch came, each after a word for what it is about, in the active language.

    ``why`` is what the planner stored: codes only, so that both languages can be told from it.
    """
    found = [
        (_BECAUSE, _TRIGGERS.get(str(why.get("variant", "")))),
        *((_BECAUSE, words) for reason, words in _BESIDE.items() if why.get(reason)),
        (_BECAUSE, _kinds(why)),
        (_BECAUSE, _INSTEAD.get(str(why.get("instead_of_call", "")))),
        (_WHEN, _HOURS.get(str(why.get("at", "")))),
        (_WHEN, _HELD.get(str(why.get("held_by", "")))),
        (_HOW, _CHANNELS.get(str(why.get("channel_because", "")))),
        (_BESIDES, _together(why)),
        (_BESIDES, _YIELDS.get(str((why.get("yields_to") or {}).get("because", "")))),
        (_IF, _ASSUMED.get(str(why.get(ASSUMES, "")))),
    ]
    return [(str(label), str(sentence)) for label, sentence in found if sentence]


def why_words(why: Mapping[str, Any]) -> list[str]:
    """Return the sentences of ``why_lines`` alone."""
    return [sentence for _label, sentence in why_lines(why)]


def _kinds(why: Mapping[str, Any]) -> str:
    kinds = [str(KINDS[kind]) for kind in why.get("kinds") or () if kind in KINDS]
    return _("The patient %(kinds)s.") % {"kinds": ", ".join(kinds)} if kinds else ""


def _together(why: Mapping[str, Any]) -> str:
    return _("It tells of the other visits of that day too.") if why.get("also") else ""
