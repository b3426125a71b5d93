"""What keeps a journey from working, in words for whoever wrote it. Pure."""

from typing import Any

from glede.journeys.document import DocumentRefused, problems_of, read_yaml
from glede.journeys.lines import lines_of

_WORDS = {
    "row_twice": "row {} stands there twice; each number once",
    "no_wording": "nothing is said when it begins by {}; write its words in both languages",
    "call_needs_who": "a colleague rings, and nobody is named; say in `who` whom",
    "days_need_a_visit": "days before a visit can only be counted where the trigger is `visit`",
    "day_outside_its_span": "the day lies outside the span `between`",
    "only_of_a_visit_to_come": "`only` speaks of a visit to come; the trigger has to be `visit` alone",
    "due_before_it_is_known": "it would fall due before the visit is known: `booked_days_ahead` must exceed the days",
    "unknown_place": "there is no place {{{}}} to fill in",
    "stray_bracket": "a bracket is opened and not closed, or closed and not opened",
    "needs": "every message names {{{}}}",
    "not_before_the_visit": "days are counted before a visit: write them below 0",
    "a_day_of_theirs_alone": "it is about a day of theirs and no visit: write `days` and `at` alone",
    "lasts_a_week_at_most": "it may come late on its `day`, or up to 10080 `minutes`",
    "silence_needs_months": "say in `months` how long the silence is",
    "nothing_before_its_event": "nothing can come before the event that begins it",
    "nothing_to_walk": "every row rests; a journey has at least one that is walked",
    "not_yaml": "this is no YAML",
    "missing": "`{}` is missing",
    "stranger": "there is no `{}` here",
    "mistyped": "there is no `{}` here; perhaps `{}` is meant",
    "kind": "the wrong kind of value: a {} belongs here",
    "not_one_of": "not one of: {}",
    "not_an_hour": "an hour belongs here, like '09:00' in quotes",
    "wrong_form": "`{}` cannot stand here",
    "only_one": "just one of these belongs here: {}",
    "at_least": "too small: at least {}",
    "at_most": "too large: at most {}",
    "too_few": "too few: at least {}",
    "too_many": "too many: at most {}",
    "empty": "nothing is written here",
    "too_long": "too long: at most {} letters",
    "twice_in_list": "something stands there twice",
}
_KINDS = {
    "group": "group of fields",
    "list": "list",
    "text": "text in quotes",
    "number": "whole number",
    "yes_no": "true or false",
}


def words_of(code: str) -> str:
    """Return what is wrong as a sentence."""
    name, _, rest = code.partition(":")
    return _WORDS[name].format(*(rest.split(">") if name == "mistyped" else [_KINDS.get(rest, rest)]))


def checked(text: str) -> tuple[Any, list[dict[str, Any]]]:
    """Return the plain values of a YAML text, and what keeps it from being a journey: line, where, code, words."""
    try:
        raw = read_yaml(text)
        problems = problems_of(raw)
    except DocumentRefused as refused:
        raw, problems = None, refused.problems
    return raw, [
        {"line": line, "where": _where(path), "code": code, "words": words_of(code)}
        for line, (path, code) in sorted(zip(lines_of(text, problems), problems, strict=True))
    ]


def _where(path: str) -> str:
    parts = path.split("/")
    return " ".join(["row", *parts[1:]]) if parts[0] == "rows" and len(parts) > 1 else path or "the file"
