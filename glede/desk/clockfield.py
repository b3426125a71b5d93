"""An hour as staff write it: 24 hours in every browser, "9", "09:00", "9.30" and "0930" alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ClockField(forms.TimeField):
    """A field for an hour. A browser's own time field would show am and pm to some."""

    widget = forms.TimeInput(
        format="%H:%M", attrs={"inputmode": "numeric", "size": "5", "maxlength": "5", "autocomplete": "off"}
    )
    # "%H" before "%H%M", which reads "12" as two minutes past one.
    input_formats = ("%H:%M", "%H.%M", "%H", "%H%M")
    default_error_messages = {"invalid": _("Write an hour like 09:00"), "required": _("Write an hour like 09:00")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=self.input_formats, **kwargs)
