"""Before your visit: at most six questions, one a page, each saved as it is answered, left and taken up at will."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from glede.people.operations import Answer, answer_question
from glede.people.queries import before_visit
from glede.people.queries.asking import BeforeVisit
from glede.people.rules.asking import Question, after, before
from glede.portal.gate import SEE_OTHER, Guest, command_of, go, patient_page, show
from glede.portal.people.questions import ASKED, AnswerForm
from glede.ui.nonce import StaleNonce

UNREADABLE = 422


@patient_page("visit.before")
def before_your_visit(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Say how many questions there are and why; who was here before goes on where they left."""
    told = _told(guest)
    following = told.next
    context = {
        "count": len(told.questions),
        "begun": bool(told.asked),
        "start": _address(guest, following) if following else "",
        "again": _address(guest, told.questions[0]) if told.questions else "",
        "who": guest.visit.practitioner_given_name,
    }
    return show(request, guest, "before.html", context)


@patient_page("visit.question", writes=True)
def question(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Ask one question; a press keeps the answer, or that there is none, and goes to the next."""
    told = _told(guest)
    sent = request.POST if request.method == "POST" else request.GET
    following = told.next or next(iter(told.questions), None)
    asked = next((one for one in told.questions if one.code == sent.get("ask", following and following.code)), None)
    if asked is None or not guest.visit.is_ahead:
        return go(guest, "before")
    if request.method != "POST":
        return _page(request, guest, told, _form(None, told, asked))
    form = _form(request, told, asked)
    try:
        command_of(request, guest, "question")
    except StaleNonce:
        return _page(request, guest, told, form)
    answer = Answer(asked.code)
    if "skip" not in request.POST:
        if not form.is_valid():
            return _page(request, guest, told, form, UNREADABLE)
        answer = Answer(asked.code, form.cleaned_data["words"], tuple(form.cleaned_data.get("codes", ())))
    answer_question(
        practice_id=guest.practice.pk, patient_id=guest.reach.patient_id, visit_id=guest.visit.appointment_id,
        answer=answer, by=guest.by, now=guest.now,
    )  # fmt: skip
    ahead = after(told.questions, asked.code)
    return _go(_address(guest, ahead)) if ahead else go(guest, "before_thanks")


@patient_page("visit.before_thanks")
def thanks(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Thank whoever answered; nothing is asked of them any more."""
    told = _told(guest)
    waits = told.next if guest.visit.is_ahead else None
    context = {
        "who": guest.visit.practitioner_given_name or guest.practice.name,
        "rest": _address(guest, waits) if waits else "",
        "again": _address(guest, told.questions[0]) if told.questions and guest.visit.is_ahead else "",
    }
    return show(request, guest, "before_thanks.html", context)


def _told(guest: Guest) -> BeforeVisit:
    return before_visit(guest.practice.pk, guest.reach.patient_id, guest.visit.appointment_id)


def _form(request: HttpRequest | None, told: BeforeVisit, asked: Question) -> AnswerForm:
    known = {"words": told.words.get(asked.code, ""), "codes": sorted(told.formats)}
    return AnswerForm(request.POST if request else None, code=asked.code, initial=known)


def _page(request: HttpRequest, guest: Guest, told: BeforeVisit, form: AnswerForm, status: int = 200) -> HttpResponse:
    place = [one.code for one in told.questions].index(form.code) + 1
    earlier = before(told.questions, form.code)
    context = {
        "form": form,
        "asked": ASKED[form.code],
        "code": form.code,
        "nonce": guest.press("question"),
        "place": _("Question %(n)s of %(count)s") % {"n": place, "count": len(told.questions)},
        "earlier": _address(guest, earlier) if earlier else guest.url("before"),
    }
    return show(request, guest, "before_question.html", context, status)


def _address(guest: Guest, asked: Question) -> str:
    return f"{guest.url('before_question')}?ask={asked.code}"


def _go(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = SEE_OTHER
    return response
