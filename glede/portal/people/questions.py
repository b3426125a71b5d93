"""The words of the questions before a visit, and what can be answered without writing."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.ui.presenting import Choice, Words

LONG: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is put: what it asks, what may be said, and needs to choose from, where it has them."""

    title: Words
    hint: Words
    label: Words
    codes: tuple[tuple[str, Words], ...] = ()
    rows: int = 4


FORMATS: Final = (
    ("large_print", _("Large print")),
    ("plain_words", _("Short words and short sentences")),
    ("interpreter", _("An interpreter")),
    ("sign_language", _("Sign language")),
    ("hears_little", _("I do not hear well")),
    ("no_phone", _("I cannot use the phone")),
    ("no_texts", _("I cannot read text messages")),
    ("email_only", _("Only e-mail works for me")),
    ("not_in_writing", _("I cannot read what is written: ring me")),
    ("carer_copy", _("Somebody who helps me gets a copy too")),
    ("companion", _("I bring somebody with me")),
)
"""What people can say of themselves. The others need a word with a colleague."""

ASKED: Final = {
    "concern": Asked(
        _("Is there anything you worry about?"),
        _("About your eyes, the drops, the price, or the visit itself."),
        _("What you worry about"),
    ),
    "want": Asked(
        _("What do you hope for?"),
        _("For example: to read in the evening, or to drive in the dark."),
        _("What you hope for"),
    ),
    "days": Asked(
        _("What do your days look like?"),
        _("Work, driving, screens, sport, hobbies, strong light: whatever your eyes do."),
        _("Your days"),
    ),
    "format": Asked(
        _("Do you need help to read, hear or speak with us?"),
        _("Choose all that fit. We keep to it from now on."),
        _("Anything else, or which language"),
        FORMATS,
        2,
    ),
    "do_not": Asked(
        _("Is there anything we must not do?"),
        _("For example: call before 10, or use drops when you drive."),
        _("What we must not do"),
    ),
    "budget": Asked(
        _("Is there anything we need to know about the price?"),
        _("For example: tell me the price first. There is nothing to buy on the day."),
        _("About the price"),
    ),
    "say_name": Asked(
        _("How do we say your name?"),
        _("Write it as it sounds, and what you like to be called."),
        _("Your name as it sounds"),
        rows=1,
    ),
    "relationship": Asked(
        _("How do you like to be met?"),
        _("For example: short and to the point, or with time to talk."),
        _("How you like to be met"),
    ),
}


class AnswerForm(forms.Form):
    """An answer in own words, with needs to choose from where the question has them."""

    words = forms.CharField(required=False, max_length=LONG)
    codes = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code, asked = code, ASKED[code]
        words = self.fields["words"]
        words.label = str(asked.label)
        one_line = asked.rows == 1
        words.widget = forms.TextInput() if one_line else forms.Textarea(attrs={"rows": asked.rows})
        if not asked.codes:
            del self.fields["codes"]
            return
        self.fields["codes"].label = str(asked.title)
        self.fields["codes"].choices = [(code, Choice(label)) for code, label in asked.codes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Return the answer; an empty one is kept by the other button."""
        cleaned = super().clean() or {}
        if not (cleaned.get("words", "").strip() or cleaned.get("codes")) and not self.errors:
            where = "codes" if "codes" in self.fields else "words"
            self.add_error(where, _("Write or choose something, or press “I do not know”"))
        return cleaned
