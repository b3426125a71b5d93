"""How did it go? Two questions, and first the same public-review link for everyone."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from glede.feedback.operations import WORDS_MAX, Answers, give_response
from glede.feedback.queries import responses_about
from glede.feedback.scores import SCORES
from glede.kernel.clock import day_of
from glede.portal.gate import Guest, command_of, go, patient_page, show
from glede.staff.queries import colleagues
from glede.ui.nonce import StaleNonce
from glede.ui.presenting import Choice
from glede.ui.widgets import ChoiceCards


class FeedbackForm(forms.Form):
    """A score in words, words, or both."""

    score = forms.TypedChoiceField(
        label=_("1. How was your visit?"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[(value, Choice(words)) for value, words in SCORES],
        widget=ChoiceCards(tight=True),
        error_messages={"invalid_choice": _("Choose one of the five")},
    )
    words = forms.CharField(
        label=_("2. What can we do better?"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "class": "human"}),
        error_messages={"max_length": _("This is very long. Write less, or ring us")},
    )

    def clean(self) -> dict[str, object]:
        """Ask for something where nothing was said."""
        cleaned = super().clean() or {}
        if not self.errors and cleaned.get("score") is None and not str(cleaned.get("words", "")).strip():
            self.add_error("score", _("Choose one of the five, or write some words"))
        return cleaned


@patient_page("visit.feedback", writes=True)
def feedback(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Ask, and take the answer."""
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            command = command_of(request, guest, "feedback")
        except StaleNonce:
            return _ask(request, guest, form)
        give_response(
            practice_id=guest.practice.pk,
            appointment_id=guest.visit.appointment_id,
            answers=Answers(form.cleaned_data["score"], form.cleaned_data["words"]),
            by=guest.by,
            now=guest.now,
            command_id=command,
        )
        return go(guest, "feedback")
    return _ask(request, guest, form)


def _ask(request: HttpRequest, guest: Guest, form: FeedbackForm) -> HttpResponse:
    told = responses_about(guest.practice.pk, guest.visit.appointment_id)
    readers = {c.role: c.display_name for c in colleagues(guest.practice.pk)}
    reader = readers.get("owner") or readers.get("manager") or ""
    context = {
        "form": form,
        "told": told[0] if told else None,
        "reader": reader.split(" ")[0],
        "is_today": day_of(guest.now, guest.visit.zone) == guest.visit.day,
        "nonce": guest.press("feedback"),
    }
    return show(request, guest, "feedback.html", context, 422 if form.errors else 200)
