"""The choices inside the sentence of a row: what its document has, and no more."""

from copy import deepcopy
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.desk.clockfield import ClockField
from glede.desk.journeys.telling import fault_words
from glede.journeys.document import problems_of
from glede.journeys.words import KINDS

ACTS = [("message", _("they get a message")), ("call", _("a colleague rings"))]
OTHERS = [("message", _("all others get a message")), ("nothing", _("nobody else hears"))]
OTHERWISE = [("skip", _("it does not come")), ("call", _("a colleague rings"))]
UNDER_WAY = [
    ("move", _("Move them to the new way")),
    ("keep", _("Let them keep the old way")),
    ("stop", _("Send them nothing more of it")),
]
PLACES = {
    "call_needs_who": ("who",),
    "day_outside_its_span": ("days",),
    "due_before_it_is_known": ("booked_days_ahead", "days"),
}
"""Beside which field a fault is told."""


class RowForm(forms.Form):
    """One row: each field is a choice that its document allows."""

    is_on = forms.BooleanField(label=_("This step is on"), required=False)
    days = forms.IntegerField(label=_("Days before the visit"), min_value=1, max_value=180)
    at = ClockField(label=_("At"))
    first = forms.IntegerField(label=_("On an open day, at the earliest so many days before"), max_value=200)
    last = forms.IntegerField(label=_("and at the latest"), min_value=1)
    after_minutes = forms.IntegerField(label=_("Minutes after what begins it"), min_value=0, max_value=43200)
    act = forms.ChoiceField(label=_("What happens"), choices=ACTS)
    who = forms.MultipleChoiceField(
        label=_("Whom a colleague rings: whoever"), choices=list(KINDS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    others = forms.ChoiceField(label=_("Where a colleague rings"), choices=OTHERS)
    booked_days_ahead = forms.IntegerField(label=_("Only who booked more days ahead than"), min_value=1, max_value=400)
    open_hours = forms.IntegerField(
        label=_("No answer in so many open hours: a colleague asks"), min_value=1, max_value=160
    )
    may_wait_days = forms.IntegerField(label=_("Days it may wait for a free day"), min_value=0, max_value=14)
    otherwise = forms.ChoiceField(label=_("When it is too late for it"), choices=OTHERWISE)
    under_way = forms.ChoiceField(
        label=_("Those under way"), choices=UNDER_WAY, initial="move", widget=forms.RadioSelect
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, raw: Any, row: str, version: int, under_way: int) -> None:
        self.raw, self.code = raw, row
        standing = row_in(raw, row)
        super().__init__(data, initial={**_initial(standing), "seen": version})
        for name in set(self.fields) - _allowed(standing, under_way):
            del self.fields[name]

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


def row_in(raw: Any, code: str) -> dict[str, Any]:
    """Return the row of that number as it is written. Raises ``LookupError``."""
    for row in raw["rows"]:
        if row["row"] == code:
            return cast("dict[str, Any]", row)
    raise LookupError(code)


def _initial(row: dict[str, Any]) -> dict[str, Any]:
    when, found = row["when"], {"is_on": row.get("is_on", True), "act": row["act"], "who": row.get("who", [])}
    if "days" in when:
        found |= {"days": -when["days"], "at": when["at"]}
    if "between" in when:
        found |= {"first": -when["between"][0], "last": -when["between"][1]}
    return found | {
        "after_minutes": when.get("after_minutes"),
        "others": row.get("others", "message"),
        "booked_days_ahead": row.get("only", {}).get("booked_days_ahead"),
        "open_hours": row["if_silent"]["open_minutes"] // 60 if "if_silent" in row else None,
        "may_wait_days": row.get("may_wait_days", 0),
        "otherwise": row["late"]["otherwise"],
    }


def _allowed(row: dict[str, Any], under_way: int) -> set[str]:
    """Return which choices a row has."""
    found = {"is_on", "otherwise", "seen"}
    before = "days" in row["when"]
    found |= {"days", "at", "act", "who", "others"} if before else {"after_minutes"}
    found |= {"first", "last"} if "between" in row["when"] else set()
    found |= {"booked_days_ahead"} if "booked_days_ahead" in row.get("only", {}) else set()
    found |= {"open_hours"} if "if_silent" in row else set()
    found |= {"may_wait_days"} if "may_wait_days" in row else set()
    return found | ({"under_way"} if under_way else set())


def _write(row: dict[str, Any], chosen: dict[str, Any]) -> None:
    """Write what was chosen into a row."""
    if chosen["is_on"] != row.get("is_on", True):
        row["is_on"] = chosen["is_on"]
    row["late"]["otherwise"] = chosen["otherwise"]
    if "days" in chosen:
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
    if "open_hours" in chosen:
        row["if_silent"]["open_minutes"] = chosen["open_hours"] * 60
    if "may_wait_days" in chosen:
        row["may_wait_days"] = chosen["may_wait_days"]
