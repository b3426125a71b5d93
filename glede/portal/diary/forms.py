"""What patients choose about a visit: a time, or how late they will be."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.diary.availability import Offer
from glede.diary.requests import Slot
from glede.ui.presenting import Choice
from glede.ui.widgets import ChoiceCards

LATE = (5, 10, 15, 20, 30)


def slot_value(offer: Offer) -> str:
    """Return an offered time as the value of its radio button."""
    at = datetime.combine(offer.day, offer.wall_time).strftime("%Y-%m-%dT%H:%M")
    return f"{at}/{offer.practitioner_id or ''}"


class TimeForm(forms.Form):
    """The time a patient takes."""

    slot = forms.CharField(error_messages={"required": _("Choose one of the times")})

    def clean_slot(self) -> Slot:
        """Return the chosen time."""
        at, _sep, who = str(self.cleaned_data["slot"]).partition("/")
        try:
            moment = datetime.strptime(at, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - wall time; the zone is the practice's
            practitioner = UUID(who) if who else None
        except ValueError as error:
            raise forms.ValidationError(_("Choose one of the times")) from error
        return Slot(day=moment.date(), wall_time=moment.time(), practitioner_id=practitioner)


class LateForm(forms.Form):
    """How late a patient will be."""

    minutes = forms.TypedChoiceField(
        label=_("About how late?"),
        coerce=int,
        widget=ChoiceCards(tight=True),
        error_messages={"required": _("Choose how many minutes"), "invalid_choice": _("Choose how many minutes")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (minutes, Choice(_("%(minutes)d minutes") % {"minutes": minutes})) for minutes in LATE
        ]
