"""A journey as a document: checked against its schema, and read into frozen rows. Pure: no Django, no clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from glede.journeys.shape import shape_faults
from glede.journeys.wording import Words, faults, missing
from glede.kernel import plain

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

HERE = Path(__file__).parent
DEFAULTS = HERE / "defaults"
OCCASIONS = frozenset({"birthday", "recall_due", "silent"})
"""The triggers that are a day of a person and no visit."""
LASTS_MINUTES = 7 * 1440
"""So long at most a row of a person's own day may come after its hour."""


class DocumentRefused(ValueError):
    """A journey that cannot work; ``problems`` say where and why, as (path, code)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {code}" for path, code in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class When:
    """When a row falls due: so many minutes after its trigger, or so many calendar days before the visit.

    For a person's own days it is so many ``months`` and ``days`` after them (before them where negative).
    ``between`` (first, last) is the span of days in which an open day is sought; ``at`` is the hour on the
    wall where the person has no other wish.
    """

    after_minutes: int | None = None
    within_hours: bool = False
    days: int = 0
    between: tuple[int, int] | None = None
    at: time = time(15)
    months: int = 0


@dataclass(frozen=True, slots=True)
class ShortNotice:
    """What becomes of a reminder when the visit was booked late.

    Booked less than ``hours`` ahead, the confirmation is the reminder; booked after ``eve_from`` on the eve, a
    second text follows after ``minutes`` (row 2, docs/journeys.md).
    """

    hours: int
    eve_from: time
    minutes: int


@dataclass(frozen=True, slots=True)
class IfSilent:
    """What follows when nobody answers: a colleague's promise after so many minutes of open time."""

    open_minutes: int
    promise: str


@dataclass(frozen=True, slots=True)
class Late:
    """Until when a row may still leave: the visit, the person's hours on the eve or on its own day, or minutes.

    ``otherwise``: after that it becomes a colleague's "call", or a "skip" with that reason.
    """

    until: str
    otherwise: str
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Only:
    """Of which visits a row speaks: known for more than so many days before they take place (0: all), unconfirmed."""

    booked_days_ahead: int = 0
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a journey."""

    row: str
    step: int
    name: Mapping[str, str]
    is_on: bool
    triggers: tuple[str, ...]
    when: When
    act: str
    who: tuple[str, ...]
    others: str
    only: Only | None
    purpose: str
    lane: str
    once: str
    late: Late
    answers_own_act: bool
    alone_on_its_day: bool
    may_wait_days: int
    short_notice: ShortNotice | None
    if_silent: IfSilent | None
    wording: Mapping[tuple[str, str, str], Words]

    def words(self, variant: str, language: str, channel: str) -> Words | None:
        """Return the wording by variant, language and channel; the row's first variant where it has no such one."""
        found = self.wording.get((variant, language, channel))
        return found or next(
            (w for (_, lang, chan), w in self.wording.items() if (lang, chan) == (language, channel)), None
        )


@dataclass(frozen=True, slots=True)
class Resting:
    """A row of the way that this engine does not walk, and why: so that nobody takes it for forgotten.

    One of three is said: ``waits_for`` an event of a room that does not exist yet, ``kept_by`` another room that
    does it already, or ``not_yet``, the reason by language. ``says`` is the row as a sentence, by language.
    """

    row: str
    step: int
    name: Mapping[str, str]
    says: Mapping[str, str]
    subject: str
    waits_for: str = ""
    kept_by: str = ""
    not_yet: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """One wording of a journey: of which row, on which trigger, in which language, for which channel."""

    row: str
    variant: str
    language: str
    channel: str


@dataclass(frozen=True, slots=True)
class Document:
    """A journey: its key, what kind of subject it is about, its rows in order, and those it does not walk."""

    key: str
    subject: str
    name: Mapping[str, str]
    rows: tuple[Row, ...]
    version: int = 0
    resting: tuple[Resting, ...] = ()

    def with_words(self, own: Mapping[Spot, Words]) -> "Document":
        """Return the document with a practice's own words in place of its own where there are any."""
        if not own:
            return self
        return replace(self, rows=tuple(_with_words(row, own) for row in self.rows))

    def row(self, code: str) -> Row | None:
        """Return the row with that number, or None."""
        return next((row for row in self.rows if row.row == code), None)


def _with_words(row: Row, own: Mapping[Spot, Words]) -> Row:
    return replace(row, wording={key: own.get(Spot(row.row, *key), words) for key, words in row.wording.items()})


@cache
def validator() -> "Draft202012Validator":
    """Return the validator of the schema."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((HERE / "schema.json").read_text("utf-8")))


def problems_of(raw: Any) -> list[tuple[str, str]]:
    """Return everything that keeps a document from working, as (path, code); empty where it is sound."""
    broken = [(_path(raw, steps), code) for steps, code in shape_faults(validator().iter_errors(raw))]
    if broken:
        return sorted(set(broken))
    codes = [row["row"] for row in raw["rows"]]
    found = [("rows", f"row_twice:{code}") for code in sorted(set(codes)) if codes.count(code) > 1]
    for row in raw["rows"]:
        found.extend(_resting_problems(row) if is_resting(row) else _row_problems(row))
    return found if any(not is_resting(row) for row in raw["rows"]) else [*found, ("rows", "nothing_to_walk")]


def _path(raw: Any, steps: list[Any]) -> str:
    """Return where a fault of the schema lies; a row goes by its own number where it has one."""
    if steps[:1] == ["rows"] and len(steps) > 1:
        row = raw["rows"][steps[1]]
        steps = ["rows", row.get("row", steps[1]) if isinstance(row, dict) else steps[1], *steps[2:]]
    return "/".join(map(str, steps))


def is_resting(row: Mapping[str, Any]) -> bool:
    """Whether a row is only named: it has no words, and says whom or what it waits for."""
    return "wording" not in row and bool({"waits_for", "kept_by", "not_yet"} & row.keys())


def _resting_problems(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    place = f"rows/{row['row']}"
    found = []
    if row["trigger"].get("date") == "silent" and "months" not in row["trigger"]:
        found.append((place, "silence_needs_months"))
    if "event" in row["trigger"] and any(n < 0 for one in row["offsets"] for n in one.values() if isinstance(n, int)):
        found.append((place, "nothing_before_its_event"))
    return found


def _row_problems(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    place = f"rows/{row['row']}"
    found = [(place, f"no_wording:{trigger}") for trigger in row["triggers"] if not _has_words(row, trigger)]
    if OCCASIONS & set(row["triggers"]):
        found.extend((place, code) for code in _occasion_problems(row))
    else:
        found.extend((place, code) for code in _visit_problems(row))
    if "between" in row["when"] and not row["when"]["between"][0] <= row["when"]["days"] <= row["when"]["between"][1]:
        found.append((place, "day_outside_its_span"))
    found.extend((place, code) for code in _only_problems(row))
    for variant, languages in row["wording"].items():
        for language, channels in languages.items():
            for channel, texts in channels.items():
                spot = f"{place}/{variant}/{language}/{channel}"
                found.extend((f"{spot}/{style}", code) for style, text in texts.items() for code in faults(text))
                found.extend(_missing(spot, texts, row["purpose"]))
    return found


def _visit_problems(row: Mapping[str, Any]) -> list[str]:
    found = ["call_needs_who"] if row["act"] == "call" and "who" not in row else []
    if "days" in row["when"] and row["triggers"] != ["visit"]:
        found.append("days_need_a_visit")
    if row["when"].get("days", -1) >= 0 or "months" in row["when"]:
        found.append("not_before_the_visit")
    return found


def _occasion_problems(row: Mapping[str, Any]) -> list[str]:
    """Return what keeps a row about a person's own day from working: it is about that alone, and no visit."""
    late = row["late"]
    found = [] if len(row["triggers"]) == 1 and "days" in row["when"] else ["a_day_of_theirs_alone"]
    if row["triggers"] == ["silent"] and not row["when"].get("months"):
        found.append("silence_needs_months")
    if {"between"} & row["when"].keys() or {
        "who",
        "others",
        "short_notice",
        "if_silent",
        "answers_own_act",
    } & row.keys():
        found.append("a_day_of_theirs_alone")
    if late["until"] not in {"day", "minutes"} or late.get("minutes", 0) > LASTS_MINUTES:
        found.append("lasts_a_week_at_most")
    return list(dict.fromkeys(found))


def _only_problems(row: Mapping[str, Any]) -> list[str]:
    found = ["only_of_a_visit_to_come"] if "only" in row and row["triggers"] != ["visit"] else []
    known_days = row.get("only", {}).get("booked_days_ahead")
    if known_days is not None and known_days <= -row["when"].get("days", 0):
        found.append("due_before_it_is_known")
    return found


def _has_words(row: Mapping[str, Any], trigger: str) -> bool:
    if row["act"] == "call" and trigger in OCCASIONS:
        return True  # a colleague rings everybody: nothing is written
    return trigger in row["wording"] or (len(row["triggers"]) == 1 and bool(row["wording"]))


def _missing(spot: str, texts: Mapping[str, str], purpose: str) -> list[tuple[str, str]]:
    styles = ("short", "friendly")
    return [(f"{spot}/{style}", f"needs:{place}") for style in styles for place in missing(texts[style], purpose)]


def parse(raw: Any, *, version: int = 0) -> Document:
    """Return the frozen form of a document. Raises ``DocumentRefused``."""
    problems = problems_of(raw)
    if problems:
        raise DocumentRefused(problems)
    rows = tuple(_row(row) for row in raw["rows"] if not is_resting(row))
    resting = tuple(_resting(row) for row in raw["rows"] if is_resting(row))
    return Document(raw["journey"], raw["subject"], raw["name"], rows, version, resting)


def _resting(raw: Mapping[str, Any]) -> Resting:
    why = {key: raw[key] for key in ("waits_for", "kept_by", "not_yet") if key in raw}
    return Resting(raw["row"], raw["step"], raw["name"], raw["says"], raw["subject"], **why)


def _row(raw: Mapping[str, Any]) -> Row:
    late, short, silent = raw["late"], raw.get("short_notice"), raw.get("if_silent")
    return Row(
        row=raw["row"],
        step=raw["step"],
        name=raw["name"],
        is_on=raw.get("is_on", True) and "waits_for" not in raw,
        triggers=tuple(raw["triggers"]),
        when=_when(raw["when"]),
        act=raw["act"],
        who=tuple(raw.get("who", ())),
        others=raw.get("others", "message"),
        only=Only(**raw["only"]) if "only" in raw else None,
        purpose=raw["purpose"],
        lane=raw["lane"],
        once=raw.get("once", "time"),
        late=Late(late["until"], late["otherwise"], late.get("minutes", 0)),
        answers_own_act=raw.get("answers_own_act", False),
        alone_on_its_day=raw.get("alone_on_its_day", True),
        may_wait_days=raw.get("may_wait_days", 0),
        short_notice=ShortNotice(short["hours"], _clock(short["eve_from"]), short["minutes"]) if short else None,
        if_silent=IfSilent(silent["open_minutes"], silent["promise"]) if silent else None,
        wording=_wording(raw["wording"]),
    )


def _when(raw: Mapping[str, Any]) -> When:
    if "after_minutes" in raw:
        return When(after_minutes=raw["after_minutes"], within_hours=raw.get("within_hours", False))
    span = raw.get("between")
    return When(
        days=raw["days"],
        between=(span[0], span[1]) if span else None,
        at=_clock(raw["at"]),
        months=raw.get("months", 0),
    )


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def _wording(raw: Mapping[str, Any]) -> dict[tuple[str, str, str], Words]:
    return {
        (variant, language, channel): Words(texts["short"], texts["friendly"], texts.get("subject", ""))
        for variant, languages in raw.items()
        for language, channels in languages.items()
        for channel, texts in channels.items()
    }


def read_yaml(text: str) -> Any:
    """Return the plain values of a YAML text. Raises ``DocumentRefused`` where it is none."""
    try:
        return plain.read_yaml(text)
    except plain.NotYaml as error:
        raise DocumentRefused([("", "not_yaml")]) from error


def write_yaml(raw: Any) -> str:
    """Return a document as YAML, in the order it was written."""
    return str(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=120))


@cache
def default_raw(key: str = "visit") -> Any:
    """Return the document that is shipped, as plain values."""
    return read_yaml((DEFAULTS / f"{key}.yaml").read_text("utf-8"))


@cache
def default(key: str = "visit") -> Document:
    """Return the document that is shipped, read."""
    return parse(default_raw(key))
