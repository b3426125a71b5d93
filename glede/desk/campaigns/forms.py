"""What somebody writes who tells many: a purpose, words in one language or two, and whom."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from glede.desk.clockfield import ClockField
from glede.desk.settings.policy_words import PURPOSES
from glede.outbox import operations as outbox
from glede.outbox.campaigns import PURPOSES as KINDS
from glede.outbox.operations.advertising import LENGTHS, NAME_MOST
from glede.ui.presenting import Choice
from glede.ui.widgets import ChoiceCards

AGREED, LISTED, NUMBERS = "agreed", "list", "numbers"
WHOM = [
    (AGREED, Choice(_("Everybody who said yes to this"), _("and customers who were offered to say no"))),
    (LISTED, Choice(_("Those of a list you brought"), _("whom it added or changed"))),
    (NUMBERS, Choice(_("People I name by their numbers"), _("those of your old system, one a line"))),
]
TONGUES = {"nb": _("In Norwegian"), "en": _("In English")}
WRONG: dict[str, Any] = {
    "subject": _("Write a subject line of at most 120 letters; the places are {first_name} and {practice}"),
    "text": _("Write at most 2000 letters; the places are {first_name} and {practice}"),
    "hard": _("This is hard to read. Make shorter sentences with shorter words, above all here: “%(what)s”"),
    "place": _("There is no place %(what)s. There are {first_name} and {practice}"),
    "words": _("Write it in Norwegian, in English, or in both"),
    "people": _("Nobody we know is on the list"),
}


class Campaign(forms.Form):
    """A campaign as it is written."""

    name = forms.CharField(
        label=_("What you call it"), max_length=NAME_MOST, help_text=_("For your own list; nobody else sees it.")
    )
    purpose = forms.ChoiceField(
        label=_("What it is for"), choices=[(one, PURPOSES[one]) for one in KINDS], initial=KINDS[0]
    )
    whom = forms.ChoiceField(label=_("To whom"), choices=WHOM, widget=ChoiceCards, initial=AGREED)
    of_list = forms.ChoiceField(label=_("Which list"), required=False)
    numbers = forms.CharField(
        label=_("Their numbers"), required=False, max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, lists: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(one, capfirst(str(PURPOSES[one]))) for one in KINDS]  # type: ignore[attr-defined]
        self.fields["of_list"].choices = [("", _("Choose a list")), *lists]  # type: ignore[attr-defined]
        for tongue in TONGUES:
            self.fields[f"subject_{tongue}"] = forms.CharField(
                label=_("Subject line"), required=False, max_length=LENGTHS["subject"]
            )
            self.fields[f"text_{tongue}"] = forms.CharField(
                label=_("Words"), required=False, max_length=LENGTHS["text"], strip=False,
                widget=forms.Textarea(attrs={"rows": 6}),
            )  # fmt: skip

    def words(self) -> dict[str, dict[str, str]]:
        """Return what is written, by language; a language without a word is left out."""
        said = {
            tongue: {part: self._typed(f"{part}_{tongue}").replace("\r\n", "\n") for part in LENGTHS}
            for tongue in TONGUES
        }
        return {tongue: told for tongue, told in said.items() if any(one.strip() for one in told.values())}

    def _typed(self, name: str) -> str:
        return str((self.data if self.is_bound else self.initial).get(name, ""))

    def faults(self) -> dict[str, str]:
        """Return what is wrong with the words, by field."""
        found: dict[str, str] = {}
        for tongue, told in self.words().items():
            try:
                outbox.check_words(told, tongue)
            except outbox.UnusableCampaign as error:
                field, words = told_of(error)
                found[field] = words
        return found

    def clean(self) -> dict[str, Any]:
        """Return the fields; the words can be sent, and somebody is named."""
        cleaned = super().clean() or {}
        if not self.words():
            self.add_error(f"text_{next(iter(TONGUES))}", WRONG["words"])
        for field, words in self.faults().items():
            self.add_error(field, words)
        if cleaned.get("whom") == LISTED and not cleaned.get("of_list"):
            self.add_error("of_list", _("Choose a list"))
        if cleaned.get("whom") == NUMBERS and not cleaned.get("numbers", "").strip():
            self.add_error("numbers", _("Write their numbers, one a line"))
        return cleaned

    @property
    def spoken(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields of each language with its name."""
        return [(words, [self[f"{part}_{tongue}"] for part in LENGTHS]) for tongue, words in TONGUES.items()]


def told_of(error: outbox.UnusableCampaign) -> tuple[str, str]:
    """Return the field that a refusal is about, and what to write there."""
    part, _colon, tongue = error.code.partition(":")
    kind = "place" if error.what and part != "hard" else part
    place = "text" if part == "hard" else part
    field = f"{place}_{tongue}" if tongue else {"people": "whom"}.get(part, part)
    words = str(WRONG.get(kind, error))
    return field, words % {"what": error.what} if kind in {"hard", "place"} else words


class Hour(forms.Form):
    """When it begins: at once where nothing is written."""

    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hour = ClockField(label=_("Hour"), required=False)

    def clean(self) -> dict[str, Any]:
        """Return both or none."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("day")) != bool(cleaned.get("hour")) and not self.errors:
            self.add_error("hour" if cleaned.get("day") else "day", _("Write a day and an hour, or neither"))
        return cleaned
