"""What keeps a journey from working, and where it stands in a file, in words."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.journeys.telling import name_of
from glede.desk.settings.wording import CHANNELS, LANGUAGES, STYLES
from glede.journeys.lines import lines_of

FAULTS = {
    "row_twice": _("Step %(what)s stands there twice. Give each a number of its own."),
    "no_wording": _("Nothing is said in one of its cases (%(what)s). Write its words in both languages."),
    "call_needs_who": _("Say whom a colleague rings."),
    "days_need_a_visit": _("Days before a visit can be counted for a visit to come alone."),
    "day_outside_its_span": _(
        "This day lies outside the earliest and the latest day it may fall on. Change one of them."
    ),
    "only_of_a_visit_to_come": _("This can be said of a visit to come alone."),
    "due_before_it_is_known": _("It would come before the visit is booked. Ask for more days between."),
    "unknown_place": _("There is no place {%(what)s} to fill in."),
    "stray_bracket": _("A bracket does not close."),
    "needs": _("Every message says {%(what)s}."),
    "not_before_the_visit": _("Say how many days before the visit."),
    "a_day_of_theirs_alone": _("A step about a day of theirs has nothing to do with a visit: days and an hour alone."),
    "lasts_a_week_at_most": _("A step about a day of theirs lasts that day, or up to a week."),
    "silence_needs_months": _("Say how many months the silence lasts."),
    "nothing_before_its_event": _("Nothing can come before what begins it."),
    "nothing_to_walk": _("Every step rests. A journey needs one that is walked."),
    "not_yaml": _("This cannot be read as YAML. Look at this line and the one above it."),
    "not_visit": _("Only the journey called “visit” can be brought in here."),
    "missing": _("“%(what)s” is missing."),
    "stranger": _("There is no “%(what)s” here. Take it out."),
    "mistyped": _("There is no “%(what)s” here. Perhaps “%(meant)s” is meant."),
    "kind": _("Something else belongs here: %(what)s."),
    "not_one_of": _("Choose one of these: %(what)s."),
    "not_an_hour": _("Write an hour in quotes, like '09:00'."),
    "wrong_form": _("“%(what)s” cannot stand here."),
    "only_one": _("Just one of these belongs here: %(what)s."),
    "at_least": _("This is too small. The smallest is %(what)s."),
    "at_most": _("This is too large. The largest is %(what)s."),
    "too_few": _("Too few stand here. The fewest are %(what)s."),
    "too_many": _("Too many stand here. The most are %(what)s."),
    "empty": _("Nothing is written here."),
    "too_long": _("This is too long. The most are %(what)s letters."),
    "twice_in_list": _("Something stands there twice."),
}
KINDS = {
    "group": _("more lines below it, each with a name and a value"),
    "list": _("a list, each line with a dash before it"),
    "text": _("words, or a number in quotes"),
    "number": _("a whole number"),
    "yes_no": _("true or false"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that keeps a file from being a journey: its line, where that is, what is wrong, what stands there."""

    line: int
    place: str
    words: str
    stands: str


def fault_words(code: str) -> str:
    """Return what keeps a journey from working, in words."""
    kind, _colon, what = code.partition(":")
    if kind == "kind":
        what = str(KINDS[what])
    what, _mark, meant = what.partition(">") if kind == "mistyped" else (what, "", "")
    return str(FAULTS[kind]) % {"what": what, "meant": meant}


def faults_of(text: str, raw: Any, problems: list[tuple[str, str]]) -> list[Fault]:
    """Return the faults of a file in the order of its lines."""
    lines = text.split("\n")
    found = [
        Fault(
            line, place_words(path, raw), fault_words(code), lines[line - 1].strip() if 0 < line <= len(lines) else ""
        )
        for (path, code), line in zip(problems, lines_of(text, problems), strict=True)
    ]
    return sorted(found, key=lambda fault: fault.line)


def place_words(path: str, raw: Any) -> str:
    """Return where in a journey a fault lies: the step by number and name, and the fields that lead there."""
    parts = path.split("/") if path else []
    if parts[:1] != ["rows"] or len(parts) < 2:
        return " › ".join(parts)
    step = gettext("Step %(row)s") % {"row": parts[1]}
    rows = [row for row in raw["rows"] if isinstance(row, dict) and str(row.get("row")) == parts[1]]
    # Its name may be what is wrong.
    with suppress(LookupError, TypeError):
        step = f"{step}, {name_of(rows[0])}"
    return " › ".join([step, *(_called(one) for one in parts[2:])])


def _called(part: str) -> str:
    return str(CHANNELS.get(part) or LANGUAGES.get(part) or STYLES.get(part) or part)
