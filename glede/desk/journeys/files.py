"""The journey out as a file and in again; one that cannot work stays on the page with what is wrong, line by line."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.journeys.changes import made
from glede.desk.journeys.faults import Fault, faults_of
from glede.desk.journeys.forms import UNDER_WAY, under_way_words
from glede.journeys.document import DocumentRefused, problems_of, read_yaml, write_yaml
from glede.journeys.operations import ChangedMeanwhile
from glede.journeys.queries import journey_raw, under_way
from glede.journeys.versions import KEY
from glede.ui.widgets import ChoiceCards

FAULTS_SHOWN = 20
LARGEST = 2_000_000
CHOOSE = {"required": _("Choose a file")}
REPLACES = _(
    "Somebody else changed the journey meanwhile. What you brought stands below; kept now, it takes the place of their "
    "change."
)


@page("journey_file", roles=OWNERS)
def file(request: DeskRequest) -> HttpResponse:
    """Give the journey in force out as YAML."""
    raw, version = journey_raw(request.practice.pk)
    response = HttpResponse(write_yaml(raw), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journey-{version}.yaml"'
    return response


class FileForm(forms.Form):
    """A journey as a file or as its text, and what becomes of those under way."""

    file = forms.FileField(label=_("A file (.yaml)"), required=False, allow_empty_file=True, error_messages=CHOOSE)
    text = forms.CharField(
        label=_("What stands in it"), strip=False, max_length=LARGEST,
        help_text=_("Mend it here, or choose another file above."),
        widget=forms.Textarea(attrs={"wrap": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )  # fmt: skip
    under_way = forms.ChoiceField(choices=UNDER_WAY, initial="move", widget=ChoiceCards(tight=True))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, walking: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["under_way"].label = under_way_words(walking)
        if not walking:
            del self.fields["under_way"]
        # Before anything was brought there is nothing to mend.
        if not self.data.get("text"):
            del self.fields["text"]
            self.fields["file"].required = True
            self.fields["file"].help_text = _("Save the journey as a file, change the file, and bring it in again.")

    def clean_file(self) -> str:
        """Return what stands in the file, "" where none was chosen."""
        given = self.cleaned_data["file"]
        if not given:
            return ""
        if given.size > LARGEST:
            raise forms.ValidationError(_("This file is too large to be a journey. The most are 2 megabytes."))
        try:
            text: str = given.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _("This file holds no text in UTF-8. Save it as such, and bring it again.")
            ) from error
        if not text.strip():
            raise forms.ValidationError(_("There is nothing in this file."))
        return text

    def brought(self) -> str:
        """Return the text that is to become the journey: the file's where one was chosen."""
        text = str(self.cleaned_data["file"] or self.cleaned_data.get("text", ""))
        return text.replace("\r\n", "\n")


@page("journey_bring", roles=OWNERS, methods=["GET", "POST"])
def bring(request: DeskRequest) -> HttpResponse:
    """Take a journey in from a file; one that cannot work stays on the page to be mended, and says why."""
    version, walking = journey_raw(request.practice.pk)[1], under_way(request.practice.pk)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*given, initial={"seen": version}, walking=walking)
    faults: list[Fault] = []
    if form.is_bound and form.is_valid():
        text = form.brought()
        raw, faults = _read(text)
        form_again = FileForm(request.POST.dict() | {"text": text, "seen": version}, walking=walking)
        if not faults:
            try:
                return made(request, raw, form.cleaned_data.get("under_way", "keep"), form.cleaned_data["seen"])
            except ChangedMeanwhile:
                form_again.add_error(None, REPLACES)
        form = form_again
    context = {
        "page": "settings",
        "form": form,
        "faults": faults[:FAULTS_SHOWN],
        "more": max(0, len(faults) - FAULTS_SHOWN),
    }
    return render(request, "desk/journeys/bring.html", context, status=422 if form.is_bound else 200)


def _read(text: str) -> tuple[Any, list[Fault]]:
    """Return what stands in a text, and everything that keeps it from being the practice's journey."""
    raw: Any = None
    try:
        raw = read_yaml(text)
        problems = problems_of(raw)
    except DocumentRefused as refused:
        problems = refused.problems
    if not problems and raw["journey"] != KEY:
        problems = [("journey", "not_visit")]
    return raw, faults_of(text, raw, problems)
