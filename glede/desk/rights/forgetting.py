"""Give somebody a copy of all that is held about them, or forget them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import MANAGERS, OWNERS, DeskRequest, page
from glede.people import operations as people
from glede.people.exporting.gathering import gather
from glede.people.exporting.writing import packed
from glede.people.queries import names

REASONS = {
    "asked": _("They asked for it"),
    "mistake": _("They should never have stood here"),
    "unlawful": _("We may not hold this"),
}
UNREADABLE = 422


class Forgetting(forms.Form):
    """The person's name, typed, and why."""

    reason = forms.ChoiceField(label=_("Why"), choices=list(REASONS.items()))
    name = forms.CharField(
        label=_("Write their name to say that you mean it"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the name as it stands above")},
    )

    def __init__(self, data: Any, named: str) -> None:
        super().__init__(data)
        self.named = named

    def clean_name(self) -> str:
        """Return the name. Raises where it is another."""
        typed = str(self.cleaned_data["name"])
        if _plain(typed) != _plain(self.named):
            raise forms.ValidationError(_("This is another name. Write it as it stands above"))
        return typed


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


@page("copy", roles=MANAGERS)
def copy(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Give everything that is held about a person as one file; noted like a look."""
    export = gather(request.practice, patient_id, now=request.now)
    if export is None:
        raise Http404
    request.look_at(export.patient_id)
    response = HttpResponse(packed(export), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="glede-{export.patient_id}.zip"'
    return response


@page("forget", roles=OWNERS)
def forget(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Say what forgetting somebody does, and ask for their name."""
    return _asked(request, patient_id, None)


@page("forgotten", roles=OWNERS, methods=["POST"])
def forgotten(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Forget a person, at once and for good."""
    form = Forgetting(request.POST, _name(request, patient_id))
    if not form.is_valid():
        return _asked(request, patient_id, form)
    try:
        people.erase_patient(
            practice_id=request.practice.pk, patient_id=patient_id, reason=form.cleaned_data["reason"],
            by=request.by, now=request.now,
        )  # fmt: skip
    except people.NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("Forgotten. Backups forget within 35 days."))
    return redirect("desk:people")


def _asked(request: DeskRequest, patient_id: UUID, form: Forgetting | None) -> HttpResponse:
    name = _name(request, patient_id)
    request.look_at(patient_id)
    context = {"page": "people", "name": name, "patient_id": patient_id, "form": form or Forgetting(None, name)}
    return render(request, "desk/rights/forget.html", context, status=UNREADABLE if form else 200)


def _name(request: DeskRequest, patient_id: UUID) -> str:
    found = names(request.practice.pk, [patient_id]).get(patient_id)
    if found is None or not found.name:
        raise Http404
    return found.name
