"""Message us: the thread, who answers by when, the safety line, and the form."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.inbox.operations import WORDS_MAX, Incoming, receive_message
from glede.inbox.queries import conversation_of
from glede.inbox.safety import safety_line
from glede.kernel.words import unbroken
from glede.portal import wording
from glede.portal.gate import Guest, command_of, go, patient_page, phone_of, show
from glede.portal.inbox.presenters import thread
from glede.ui.nonce import StaleNonce


class MessageForm(forms.Form):
    """What a patient writes."""

    words = forms.CharField(
        label=_("Your message"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "class": "human"}),
        error_messages={
            "required": _("Write your message first"),
            "max_length": _("This is very long. Write less, or ring us"),
        },
    )
    symptom = forms.BooleanField(label=_("This is about a new problem with my eyes"), required=False)


@patient_page("visit.messages", writes=True)
def talk(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show the thread; take a message."""
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            command = command_of(request, guest, "message")
        except StaleNonce:
            return _thread(request, guest, form)
        message = receive_message(
            practice_id=guest.practice.pk,
            message=Incoming(
                patient_id=guest.visit.patient_id,
                appointment_id=guest.visit.appointment_id,
                words=form.cleaned_data["words"],
                says_new_symptom=form.cleaned_data["symptom"],
            ),
            by=guest.by,
            now=guest.now,
            command_id=command,
        )
        return go(guest, "talk", "sent" if message.tier > 1 else "urgent")
    return _thread(request, guest, form)


def _thread(request: HttpRequest, guest: Guest, form: MessageForm) -> HttpResponse:
    page = conversation_of(guest.practice.pk, guest.visit.patient_id)
    zone = guest.practice.zone
    phone = phone_of(guest.practice)
    context = {
        "form": form,
        "thread": thread(page, zone, guest.now),
        "who": page.owner.split(" ")[0] if page.owner else guest.practice.name,
        "answers_by": wording.moment_words(page.owed.due_at, zone, guest.now) if page.owed else "",
        "is_late": bool(page.owed and page.owed.due_at < guest.now),
        "is_urgent": page.tier <= 1,
        "safety": unbroken(safety_line(guest.practice.country, wording.tongue(), phone, guest.practice.red_flag_line)),
        "is_sent": request.GET.get("done") in {"sent", "urgent"} and not form.errors,
        "nonce": guest.press("message"),
        "writer": gettext("You"),
    }
    return show(request, guest, "talk.html", context, 422 if form.errors else 200)
