"""One row of Today for each thing only a person can do: who, what in plain words, by when, and the verb."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.diary.queries import DayVisit
from glede.feedback.queries import Told
from glede.inbox.queries import Unanswered
from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, time_words
from glede.people.values import PersonName
from glede.promises.queries import Owed
from glede.ui.presenting import QueueRow, Verb
from glede.ui.urgency import urgency

GROUPS = {
    "here": _("Here now"),
    "coming": _("Coming"),
    "answer": _("Answer"),
    "call": _("Call"),
    "recover": _("Recover"),
    "follow": _("Follow up"),
}
GROUP_OF = {"answer": "answer", "call": "call", "move_ok": "call", "undelivered": "call", "opt_out_check": "call"}
GROUP_OF |= {"recover": "recover", "follow_up": "follow", "settle": "follow", "thank": "follow"}
# Who waits for an answer, or is unhappy, always has a row of their own.
JOINED = frozenset({"call", "undelivered", "settle", "move_ok", "thank"})
CAUSES = {
    "undelivered": _("the message did not arrive"),
    "late": _("it became too late for the message"),
    "no_channel": _("has no way to be written to"),
    "unknown": _("may already have had the message"),
    "move_ok": _("has not said yes to the new time"),
    "opt_out_check": _("wrote a word that may mean the visit: ask"),
    "settle": _("two visits at one time in the old list"),
    "person_id_broken_by_a_spreadsheet": _("a visit to come whose person a spreadsheet has made unreadable"),
    "visit_before_its_booking": _("a visit to come that lies before its own booking"),
    "no_person": _("a visit to come that does not say whose it is"),
    "no_day": _("a visit whose day cannot be read"),
    "no_such_time": _("a visit at a time that the clock skips that day"),
    "callback": _("asked to be called"),
}


@dataclass(frozen=True)
class Facts:
    """What rows are made from."""

    practice: Any
    now: datetime
    names: Mapping[UUID, PersonName]
    waiting: Mapping[UUID, Unanswered]
    visits: Mapping[UUID, Any]
    told: Mapping[UUID, Told]
    wordings: Mapping[UUID, tuple[Any, ...]]
    steps: Mapping[str, str]  # the rows of the journey by their names

    def name(self, patient_id: UUID | None) -> str:
        """Return the person's name, or words for one who is not on file."""
        known = self.names.get(patient_id) if patient_id else None
        return known.name if known else gettext("Somebody")

    def quote(self, patient_id: UUID | None) -> str:
        """Return what the person said matters to them, in their own words."""
        words = self.wordings.get(patient_id, ()) if patient_id else ()
        return words[0].words if words else ""


@dataclass(frozen=True)
class Entry:
    """A row with what sorts, counts and groups it."""

    id: UUID
    group: str
    due_at: datetime
    draw: Callable[[], QueueRow]
    patient_id: UUID | None = None
    urgency_class: int = 5
    owed: Owed | None = None

    @cached_property
    def row(self) -> QueueRow:
        """The row as the page shows it; drawn when it is asked for, for most wait behind another."""
        return self.draw()


def _service(visit: Any) -> str:
    names = visit.service_name or {}
    return str(names.get((get_language() or "en")[:2]) or names.get("en") or gettext("visit")).lower()


def _when(visit: Any, facts: Facts) -> str:
    there = wall(visit.starts_at, facts.practice.zone)
    words = short_day_words(there.date(), get_language() or "en")
    return words if visit.is_day_visit else f"{words} {time_words(there.time(), 'en', 'staff')}"


def _visit_entry(
    visit: DayVisit, facts: Facts, verb: Verb, words: str, *, due: datetime, meta: Sequence[str], group: str = "here"
) -> Entry:
    name = f"{visit.given_name} {visit.family_name}".strip()
    level = urgency(
        due=due, made=visit.arrived_at or due - _HALF_HOUR, now=facts.now, zone=facts.practice.zone, at=True
    )
    href = reverse("desk:visit", args=[visit.appointment_id])
    is_missing = group == "coming" and due <= facts.now
    more = [Verb(_("Did not come"), post=_act(visit, "miss"))] if is_missing else []
    row = QueueRow(
        f"visit-{visit.appointment_id}", name, verb, level, href=href, words=words, group=GROUPS[group], meta=meta,
        more=more,
    )  # fmt: skip
    urgency_class = AT_THE_DOOR if due - facts.now <= MOMENTS else NORMAL
    return Entry(visit.appointment_id, group, due, lambda: row, visit.patient_id, urgency_class)


_HALF_HOUR = timedelta(minutes=30)
MOMENTS = timedelta(minutes=10)
# Who stands at the desk comes after words that may be urgent (0 to 2) and before what can wait a minute.
AT_THE_DOOR, NORMAL = 4, 5


def _act(visit: DayVisit, act: str) -> str:
    return reverse(f"desk:visit_{act}", args=[visit.appointment_id])


def here(visit: DayVisit, facts: Facts) -> Entry:
    """Return the row of somebody who waits."""
    waited = int((facts.now - (visit.arrived_at or facts.now)).total_seconds() // 60)
    words = gettext("is here, %(service)s") % {"service": _service(visit)}
    meta = [ngettext("waited %(n)d min", "waited %(n)d min", waited) % {"n": waited}]
    verb = Verb(_("Show in"), "e", post=_act(visit, "start"))
    return _visit_entry(visit, facts, verb, words, due=visit.starts_at, meta=meta)


def expected(visit: DayVisit, facts: Facts) -> Entry:
    """Return the row of somebody whose visit begins now."""
    words = gettext("comes for %(service)s") % {"service": _service(visit)}
    late = [gettext("says %(n)d min late") % {"n": visit.late_minutes}] if visit.late_minutes else []
    verb = Verb(_("Arrived"), "a", post=_act(visit, "arrive"))
    return _visit_entry(visit, facts, verb, words, due=visit.starts_at, meta=late, group="coming")


def with_clinician(visit: DayVisit, facts: Facts) -> Entry:
    """Return the row of somebody whose visit goes on."""
    words = gettext("is with us, %(service)s") % {"service": _service(visit)}
    return _visit_entry(
        visit, facts, Verb(_("Done"), "e", post=_act(visit, "finish")), words, due=visit.ends_at, meta=[]
    )


def promised(owed: Owed, facts: Facts) -> Entry:
    """Return the row of a promise."""
    group, patient_id = GROUP_OF.get(owed.kind, "follow"), _whom(owed, facts)
    draw = partial(_row, owed, group, patient_id, facts)
    return Entry(owed.id, group, owed.due_at, draw, patient_id, owed.urgency, owed)


def _row(owed: Owed, group: str, patient_id: UUID | None, facts: Facts) -> QueueRow:
    quote, words, meta = _told(owed, facts)
    level = urgency(due=owed.due_at, made=owed.made_at, now=facts.now, zone=facts.practice.zone)
    return QueueRow(
        f"promise-{owed.id}", facts.name(patient_id), _verb(owed, group), level,
        href=reverse("desk:person", args=[patient_id]) if patient_id else "",
        quote=quote, words=words, group=GROUPS[group], meta=meta,
    )  # fmt: skip


def _verb(owed: Owed, group: str) -> Verb:
    href = f"{reverse('desk:today')}?open={owed.id}#card"
    if group == "answer":
        return Verb(_("Reply"), "r", href=href)
    if group in {"call", "recover"}:
        return Verb(_("Call"), "c", href=href)
    return Verb(_("See"), "e", href=href)


def _whom(owed: Owed, facts: Facts) -> UUID | None:
    about = facts.waiting if owed.kind == "answer" else facts.told if owed.subject.id in facts.told else facts.visits
    found: Any = about.get(owed.subject.id)
    return owed.patient_id if found is None else found.patient_id


def _told(owed: Owed, facts: Facts) -> tuple[str, str, list[str]]:
    if owed.kind == "answer":
        return _answer(owed, facts)
    visit = facts.visits.get(owed.subject.id)
    response = facts.told.get(owed.subject.id)
    if response is not None:
        words = "" if response.words else response.score_words
        return response.words, words, [gettext("told us after the visit")]
    if visit is not None:
        meta = [_when(visit, facts), *([visit.practitioner_given_name] if visit.practitioner_given_name else [])]
        return facts.quote(visit.patient_id), _cause(owed, facts), meta
    return "", _cause(owed, facts), _place_in_list(owed)


def _place_in_list(owed: Owed) -> list[str]:
    """Return where a row that an import did not take stands; its words are in the file of rejects."""
    if owed.subject.kind != "list_row":
        return []
    return [gettext("row %(row)s of %(file)s") % {"row": owed.detail.get("line"), "file": owed.detail.get("list")}]


def _answer(owed: Owed, facts: Facts) -> tuple[str, str, list[str]]:
    waiting = facts.waiting.get(owed.subject.id)
    if waiting is None:
        return "", "", []
    since = time_words(wall(waiting.since, facts.practice.zone).time(), "en", "staff")
    meta = [f"{channel_word(waiting.channel)} {since}"]
    if owed.urgency < 5:
        meta.insert(0, gettext("words that may be urgent: read it now"))
    return waiting.words, "", meta


def channel_word(channel: str) -> str:
    """Return a channel in plain words."""
    words = {"link": _("from the link"), "email": _("e-mail"), "sms": _("text"), "call": _("call")}
    return str(words.get(channel, channel))


def _cause(owed: Owed, facts: Facts) -> str:
    reasons = owed.detail.get("reasons") or []
    if reasons and owed.kind == "call":
        return ", ".join(str(REASONS.get(reason, reason)) for reason in reasons)
    key = str(owed.detail.get("reason") or owed.cause.partition(":")[0])
    step = facts.steps.get(str(owed.detail.get("row", "")), "").lower()
    return str(CAUSES.get(key) or CAUSES.get(owed.kind) or step or owed.detail.get("words", ""))


REASONS = {
    "new": _("new with us"),
    "anxious": _("a little anxious"),
    "complex": _("needs more than usual"),
    "likes_calls": _("likes calls"),
    "no_channel": _("has no way to be written to"),
}


def owed_of(entry: Entry) -> Owed:
    """Return the promise behind a row. Raises ``ValueError`` for the row of a visit."""
    if entry.owed is None:
        raise ValueError("no promise stands behind this row")
    return entry.owed


def together(entries: list[Entry], facts: Facts, least: int) -> list[Entry]:
    """Return the entries, those of one cause on one day as one row with the list behind it."""
    kin: dict[tuple[str, str, Any], list[Entry]] = defaultdict(list)
    for entry in entries:
        owed = owed_of(entry)
        kin[owed.kind, owed.cause, wall(entry.due_at, facts.practice.zone).date()].append(entry)
    found: list[Entry] = []
    for (kind, cause, _day), same in kin.items():
        is_many = len(same) >= least and kind in JOINED
        found += [_as_one(kind, cause, same, facts)] if is_many else same
    return found


def _as_one(kind: str, cause: str, same: list[Entry], facts: Facts) -> Entry:
    first = min(same, key=lambda e: (e.due_at, str(e.id)))
    n = len(same)
    href = f"{reverse('desk:promises')}?kind={kind}&cause={cause}"
    names = ", ".join(facts.name(e.patient_id) for e in same[:3])
    row = QueueRow(
        f"cause-{first.id}", ngettext("%(n)d person", "%(n)d people", n) % {"n": n},
        Verb(_("See all"), "e", href=href), first.row.urgency, href=href, words=_cause(owed_of(first), facts),
        group=first.row.group, meta=[f"{names} …"], thing="users",
    )  # fmt: skip
    return Entry(first.id, first.group, first.due_at, lambda: row, None, min(e.urgency_class for e in same), first.owed)
