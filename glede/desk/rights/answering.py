"""One thing a person asked about their data: what it is, by when it is owed, and the answer."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import EVERYONE, MANAGERS, OWNERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.kernel.contact import phone_words
from glede.people import operations as people
from glede.people.queries import names
from glede.people.queries.rights import Asked, request_for
from glede.people.rules.rights import FIELDS
from glede.staff.queries import colleague_names
from glede.ui.urgency import urgency

# Who may answer what. Everybody may read it: it stands on Today.
MAY_ANSWER = {"correction": EVERYONE, "looks": OWNERS, "export": MANAGERS, "erasure": OWNERS}
ASKS = {
    "correction": _("%(name)s asks to have something put right"),
    "looks": _("%(name)s asks who has looked at their data"),
    "export": _("%(name)s asks for a copy of all we hold"),
    "erasure": _("%(name)s asks to be forgotten"),
}
LABELS = {
    "given_name": _("First name"), "family_name": _("Last name"), "birth_date": _("Birth date"), "phone": _("Phone"),
    "email": _("E-mail"), "street": _("Street"), "postcode": _("Postcode"), "city": _("Town"),
}  # fmt: skip
WORDS_MAX = 1000


@page("right")
def right(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Show what was asked, old and new side by side, with the answers there are."""
    asked = _asked(request, request_id)
    person = names(request.practice.pk, [asked.patient_id]).get(asked.patient_id)
    if person is None:
        raise Http404
    request.look_at(asked.patient_id)
    staff = colleague_names(request.practice.pk)
    context: dict[str, Any] = {
        "page": "today",
        "asked": asked,
        "person": person,
        "title": ASKS[asked.kind] % {"name": person.name},
        "rows": [(LABELS[name], _words(name, asked.was, request), _words(name, asked.proposed, request))
                 for name in FIELDS.get(asked.field, ())],
        "since": moment(asked.asked_at, request.practice.zone),
        "urgency": urgency(due=asked.due_at, made=asked.asked_at, now=request.now, zone=request.practice.zone),
        "may_answer": request.membership.role in MAY_ANSWER[asked.kind],
        "answered": moment(asked.answered_at, request.practice.zone) if asked.answered_at else "",
        "by": staff.get(asked.answered_by_id, "") if asked.answered_by_id else "",
    }  # fmt: skip
    return render(request, "desk/rights/right.html", context)


@page("right_answer", methods=["POST"])
def answer(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Take the answer: done, or not, with a word to the person that stands on their page."""
    asked = _asked(request, request_id)
    if request.membership.role not in MAY_ANSWER[asked.kind]:
        messages.error(request, gettext("The owner answers this."))
        return redirect("desk:right", request_id)
    accepts = request.POST.get("answer") == "yes"
    words = request.POST.get("words", "").strip()[:WORDS_MAX]
    if accepts and asked.kind == "erasure":
        return redirect("desk:forget", asked.patient_id)
    if not accepts and not words:
        messages.error(request, gettext("Write why, in a word to them."))
        return redirect("desk:right", request_id)
    try:
        people.answer_right(
            practice_id=request.practice.pk, request_id=request_id, accepts=accepts, words=words, by=request.by,
            now=request.now,
        )  # fmt: skip
    except people.NoSuchRequest:
        messages.success(request, gettext("It was done already."))
    except people.NoSuchPatient:
        raise Http404 from None
    else:
        messages.success(request, _done(asked, accepts=accepts))
    return redirect(reverse("desk:right", args=[request_id]))


def _done(asked: Asked, *, accepts: bool) -> str:
    if not accepts:
        return gettext("Declined. Your words stand on their page.")
    told = {
        "correction": gettext("Put right. Their page says so."),
        "looks": gettext("They see who has looked on their page, for 30 days."),
        "export": gettext("Noted that they have their copy."),
    }
    return told[asked.kind]


def _asked(request: DeskRequest, request_id: UUID) -> Asked:
    found = request_for(request.practice.pk, request_id)
    if found is None:
        raise Http404
    return found


def _words(name: str, values: dict[str, Any], request: DeskRequest) -> str:
    words = str(values.get(name, ""))
    if name == "phone" and words:
        return phone_words(words, request.practice.country)
    if name == "birth_date" and words:
        return date_format(date.fromisoformat(words))
    return words
