"""Nothing suits: somebody unknown says what would, and a colleague owes them an answer by a clock time."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from glede.catalogue.queries import Reason
from glede.inbox.operations import Incoming, receive_message
from glede.inbox.queries import conversation_of
from glede.inbox.safety import safety_line
from glede.kernel.actor import STRANGER, patient
from glede.kernel.words import unbroken
from glede.ledger.operations import act, answer, once
from glede.people.operations import add_patient
from glede.people.values import PersonForm
from glede.portal import wording
from glede.portal.booking.forms import WhoForm
from glede.portal.booking.gate import Stranger, booking_page
from glede.portal.gate import phone_of
from glede.portal.throttle import Caller
from glede.ui.nonce import StaleNonce
from glede.ui.presenting import Problem

UNREADABLE, TOO_MANY = 422, 429
WISH_MAX = 500  # characters


class WishForm(WhoForm):
    """What would suit, and whom we answer."""

    wish = forms.CharField(
        label=gettext_lazy("When would suit you?"), max_length=WISH_MAX,
        help_text=gettext_lazy("Such as: Tuesdays after 3 pm, or any morning next week."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "human"}),
        error_messages={"required": gettext_lazy("Write when it would suit you"),
                        "max_length": gettext_lazy("This is very long. Write less, or ring us")},
    )  # fmt: skip
    field_order = ("wish", "name", "mobile")


@booking_page(writes=True)
def wish(stranger: Stranger, service: str) -> HttpResponse:
    """Ask what would suit; what was written becomes a promise to answer."""
    reason = stranger.reason(service)
    if stranger.request.method != "POST" or "again" in stranger.request.POST:
        return _ask(stranger, reason, _form(stranger))
    form = _form(stranger, stranger.request.POST)
    if not form.is_valid():
        return _ask(stranger, reason, form, status=UNREADABLE)
    try:
        command = stranger.command("wish")
    except StaleNonce:
        return _ask(stranger, reason, form)
    if not Caller.of(stranger.request).may("hold"):
        words = _("Many people are booking right now. Try again in a few minutes, or ring us.")
        return _ask(stranger, reason, form, problem=words, status=TOO_MANY)
    said = f"{reason.words_in(wording.tongue())}: {form.cleaned_data['wish']}"
    return _thank(stranger, keep_wish(stranger, form.person(stranger.kept.get("came", "")), said, command))


def keep_wish(stranger: Stranger, person: PersonForm, words: str, command_id: UUID) -> UUID:
    """Add somebody unknown, and keep what would suit them as their words; return who they are now.

    As with a booking they are a new person, whoever else has that name and number. The same ``command_id`` again
    returns the same person. Raises ``UnreadableContact``.
    """
    given: dict[str, Any] = {"practice_id": stranger.practice.pk, "now": stranger.now}
    with act(by=STRANGER, **given) as wishing:
        pressed = once(wishing, command_id)
        if pressed.answer is not None:
            return pressed.answer
        added = add_patient(person=replace(person, source="online"), by=STRANGER, **given)
        receive_message(message=Incoming(patient_id=added.pk, words=words), by=patient(added.pk), **given)
        answer(wishing, command_id, added.pk)
    return added.pk


def _form(stranger: Stranger, sent: Any = None) -> WishForm:
    return WishForm(
        sent, country=stranger.practice.country, language=wording.tongue(), initial=stranger.kept,
    )  # fmt: skip


def _ask(
    stranger: Stranger, reason: Reason, form: WishForm, *, problem: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form,
        "what": reason.words_in(wording.tongue()),
        "problems": [Problem(problem, "id_wish")] if problem else [],
        "nonce": stranger.press("wish"),
        "times_url": stranger.url("times", reason.card.code),
        "safety": _safety(stranger),
        "again": True,
    }
    return stranger.show("wish.html", context, status)


def _safety(stranger: Stranger) -> str:
    practice = stranger.practice
    return unbroken(safety_line(practice.country, wording.tongue(), phone_of(practice), practice.red_flag_line))


def _thank(stranger: Stranger, patient_id: UUID) -> HttpResponse:
    page = conversation_of(stranger.practice.pk, patient_id)
    context = {
        "words": stranger.kept["wish"],
        "by": wording.moment_words(page.owed.due_at, stranger.practice.zone, stranger.now) if page.owed else "",
        "is_urgent": page.tier <= 1,
        "safety": _safety(stranger),
        "kept": {},
    }
    return stranger.show("wished.html", context)
