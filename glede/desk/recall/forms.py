"""What the desk asks at the end of a visit."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.desk.recall.words import WHYS
from glede.recall.rules import MONTHS_MOST, Suggestion, Why
from glede.recall.values import Plan

NONE, OTHER = "none", "other"


class NextVisit(forms.Form):
    """When somebody is due again: one of the intervals that are offered, another number of months, or none."""

    months = forms.RegexField(r"^(\d{1,3}|none|other)$", required=False)
    other_months = forms.IntegerField(
        min_value=1, max_value=MONTHS_MOST, required=False, error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Write 1 to 120 months.")
        ),
    )  # fmt: skip
    why = forms.ChoiceField(choices=[("", ""), *WHYS.items()], required=False)
    words = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the number where another one is meant."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("months") == OTHER and not cleaned.get("other_months") and "other_months" not in self.errors:
            self.add_error("other_months", _("Write 1 to 120 months."))
        return cleaned

    def plan(self, suggestion: Suggestion | None, service_id: UUID | None) -> Plan | None:
        """Return what was chosen; None where nothing was. Whoever takes what was suggested need not say why."""
        chosen, other = self.cleaned_data["months"], self.cleaned_data["other_months"]
        if not chosen and not other:
            return None
        months = None if chosen == NONE else other if chosen in {OTHER, ""} else int(chosen)
        why, words = self.cleaned_data["why"], self.cleaned_data["words"]
        if words and not why:
            why = Why.OTHER
        if not why and suggestion and months == suggestion.months:
            why = suggestion.group.why
        return Plan(months, why, words, service_id)


class Closing(NextVisit):
    """All that is left at the end of a visit."""

    drops = forms.BooleanField(required=False)
    follow_up = forms.CharField(max_length=500, required=False)
    to = forms.CharField(max_length=60, required=False)
    what_matters = forms.CharField(max_length=300, required=False)
