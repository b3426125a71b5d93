"""How somebody reads, hears and speaks: written down by a colleague, and gone over again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from glede.desk.access import DeskRequest, page
from glede.desk.people import forms
from glede.desk.people.views import context_of
from glede.people import operations as people
from glede.people.operations import NoSuchNeed, NoSuchPatient
from glede.people.values import ConsentForm

GRANT_WORDS = "person/1"  # the version of the words the yes was asked in


@page("note_format", methods=["POST"])
def note_format(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Keep one need; from this moment nothing goes a way they cannot use."""
    form = forms.Format(request.POST)
    if not form.is_valid():
        return render(request, "desk/people/person.html", context_of(request, patient_id, format=form), status=422)
    try:
        people.note_format(
            practice_id=request.practice.pk, patient_id=patient_id, code=form.cleaned_data["code"],
            words=form.cleaned_data["words"], by=request.by, now=request.now,
        )  # fmt: skip
    except NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("Kept. Nothing goes a way they cannot use."))
    return redirect("desk:person", patient_id)


@page("grant", methods=["POST"])
def grant(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Write down that the person was asked whether we may send offers, and said yes."""
    how = "phone" if request.POST.get("how") == "phone" else "in_person"
    consent = ConsentForm(
        "grant", "marketing", collected_via=how, wording_text=gettext("May we send you news and offers?"),
        wording_version=GRANT_WORDS, language=(get_language() or "en")[:2], jurisdiction=request.practice.country,
        form_id="person",
    )  # fmt: skip
    try:
        people.record_consent(
            practice_id=request.practice.pk, patient_id=patient_id, consent=consent, by=request.by, now=request.now
        )
    except NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("Kept, with the words it was asked in."))
    return redirect("desk:person", patient_id)


@page("review_formats", methods=["POST"])
def review_formats(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Say that they were asked again today, and that all of it stands."""
    try:
        people.review_formats(practice_id=request.practice.pk, patient_id=patient_id, by=request.by, now=request.now)
    except (NoSuchPatient, NoSuchNeed):
        raise Http404 from None
    messages.success(request, gettext("Asked again today: all of it stands."))
    return redirect("desk:person", patient_id)
