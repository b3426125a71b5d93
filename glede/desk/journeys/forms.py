"""The choices inside the sentence of a row: what its document has, and no more."""

from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from glede.desk.clockfield import ClockField
from glede.desk.journeys.choices import (
    AFTER,
    AHEAD,
    DAYS,
    FROM,
    MONTHS,
    OPEN,
    WAITS,
    LengthField,
    after_words,
    days_words,
    from_words,
    months_words,
    open_words,
    waits_words,
)
from glede.desk.journeys.faults import fault_words
from glede.desk.journeys.telling import row_in
from glede.journeys.document import OCCASIONS, problems_of
from glede.journeys.words import KINDS
from glede.ui.presenting import Choice
from glede.ui.widgets import ChoiceCards

IS_ON = [("True", _("on")), ("False", _("off: nobody gets it"))]
ACTS = [("message", _("they get a message")), ("call", _("a colleague rings"))]
OTHERS = [("message", _("all others get a message")), ("nothing", _("nobody else hears"))]
OTHERWISE = [("skip", _("it does not come")), ("call", _("a colleague rings"))]
UNDER_WAY = [
    ("move", _("Move them too")),
    ("keep", _("Let them keep the old way")),
    ("stop", Choice(_("Send them nothing more"), _("Of any step. This cannot be taken back."))),
]
PLACES = {
    "call_needs_who": ("who",),
    "day_outside_its_span": ("days",),
    "due_before_it_is_known": ("booked_days_ahead", "days"),
}
"""Beside which field a fault is told."""
INSIDE = {
    "is_on", "days", "at", "act", "others", "first", "last", "after_minutes", "booked_days_ahead", "open_minutes",
    "may_wait_days", "otherwise", "from_day", "months",
}  # fmt: skip
"""The fields that stand inside a sentence: their names are said, not shown."""


class RowForm(forms.Form):
    """One row: each field is a choice that its document allows, and stands inside the row's sentence."""

    is_on = forms.BooleanField(label=_("This step is"), required=False, widget=forms.Select(choices=IS_ON))
    days = LengthField(DAYS, days_words, label=_("Days before the visit"))
    months = LengthField(MONTHS, months_words, label=_("Months after their last visit"))
    from_day = LengthField(FROM, from_words, label=_("Days before or after"))
    at = ClockField(label=_("At"))
    act = forms.ChoiceField(label=_("What happens"), choices=ACTS)
    who = forms.MultipleChoiceField(
        label=_("A colleague rings whoever"), choices=list(KINDS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    others = forms.ChoiceField(label=_("Where a colleague rings"), choices=OTHERS)
    first = LengthField(DAYS, days_words, label=_("The earliest open day before the visit"))
    last = LengthField(DAYS, days_words, label=_("The latest open day before the visit"))
    after_minutes = LengthField(AFTER, after_words, label=_("How soon"))
    booked_days_ahead = LengthField(AHEAD, days_words, label=_("Only who booked more days ahead than"))
    open_minutes = LengthField(OPEN, open_words, label=_("How long we wait for an answer"))
    may_wait_days = LengthField(WAITS, waits_words, label=_("Days it may wait for a free day"))
    otherwise = forms.ChoiceField(label=_("When it is too late for it"), choices=OTHERWISE)
    under_way = forms.ChoiceField(choices=UNDER_WAY, initial="move", widget=ChoiceCards(tight=True))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, raw: Any, row: str, version: int, under_way: int) -> None:
        self.raw, self.code = raw, row
        standing = row_in(raw, row)
        initial = _initial(standing)
        super().__init__(data, initial={**initial, "seen": version})
        for name in set(self.fields) - _allowed(standing, under_way):
            del self.fields[name]
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": field.label} if name in INSIDE else {}
            if isinstance(field, LengthField):
                field.stands_at(initial[name])
        if "under_way" in self.fields:
            self.fields["under_way"].label = under_way_words(under_way)

    def clean(self) -> dict[str, Any]:
        """Return what was chosen with the ``document`` it makes; one that cannot work says why beside its field."""
        cleaned = super().clean() or {}
        if not self.errors:
            changed = deepcopy(self.raw)
            _write(row_in(changed, self.code), cleaned)
            for _path, code in problems_of(changed):
                places = [name for name in PLACES.get(code, ()) if name in self.fields]
                self.add_error(places[0] if places else None, fault_words(code))
            cleaned["document"] = changed
        return cleaned


def under_way_words(walking: int) -> str:
    """Return how many visits are under way."""
    return ngettext("%(n)d visit is under way", "%(n)d visits are under way", walking) % {"n": walking}


def _initial(row: dict[str, Any]) -> dict[str, Any]:
    when, found = row["when"], {"is_on": row.get("is_on", True), "act": row["act"], "who": row.get("who", [])}
    if "days" in when:
        found |= {"days": -when["days"], "at": when["at"], "from_day": when["days"], "months": when.get("months")}
    if "between" in when:
        found |= {"first": -when["between"][0], "last": -when["between"][1]}
    return found | {
        "after_minutes": when.get("after_minutes"),
        "others": row.get("others", "message"),
        "booked_days_ahead": row.get("only", {}).get("booked_days_ahead"),
        "open_minutes": row.get("if_silent", {}).get("open_minutes"),
        "may_wait_days": row.get("may_wait_days", 0),
        "otherwise": row["late"]["otherwise"],
    }


def _allowed(row: dict[str, Any], under_way: int) -> set[str]:
    """Return which choices a row has."""
    found = {"is_on", "otherwise", "seen"}
    if OCCASIONS & set(row["triggers"]):
        found |= {"at", "months" if "months" in row["when"] else "from_day"}
        found |= {"may_wait_days"} if "may_wait_days" in row else set()
        return found
    before = "days" in row["when"]
    found |= {"days", "at", "act", "who", "others"} if before else {"after_minutes"}
    found |= {"first", "last"} if "between" in row["when"] else set()
    found |= {"booked_days_ahead"} if "booked_days_ahead" in row.get("only", {}) else set()
    found |= {"open_minutes"} if "if_silent" in row else set()
    found |= {"may_wait_days"} if "may_wait_days" in row else set()
    return found | ({"under_way"} if under_way else set())


def _write(row: dict[str, Any], chosen: dict[str, Any]) -> None:
    """Write what was chosen into a row."""
    if chosen["is_on"] != row.get("is_on", True):
        row["is_on"] = chosen["is_on"]
    row["late"]["otherwise"] = chosen["otherwise"]
    if OCCASIONS & set(row["triggers"]):
        named = {"months": "months", "from_day": "days"}
        row["when"] |= {key: chosen[name] for name, key in named.items() if name in chosen}
        row["when"]["at"] = f"{chosen['at']:%H:%M}"
    elif "days" in chosen:
        row["when"] |= {"days": -chosen["days"], "at": f"{chosen['at']:%H:%M}"}
        row["act"] = chosen["act"]
        if chosen["others"] != row.get("others", "message"):
            row["others"] = chosen["others"]
        row.pop("who", None)
        if chosen["who"]:
            row["who"] = chosen["who"]
    else:
        row["when"]["after_minutes"] = chosen["after_minutes"]
    _write_more(row, chosen)


def _write_more(row: dict[str, Any], chosen: dict[str, Any]) -> None:
    """Write what only some rows have."""
    if "first" in chosen:
        row["when"]["between"] = [-chosen["first"], -chosen["last"]]
    if "booked_days_ahead" in chosen:
        row["only"]["booked_days_ahead"] = chosen["booked_days_ahead"]
    if "open_minutes" in chosen:
        row["if_silent"]["open_minutes"] = chosen["open_minutes"]
    if "may_wait_days" in chosen:
        row["may_wait_days"] = chosen["may_wait_days"]
