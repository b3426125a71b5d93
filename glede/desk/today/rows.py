"""One row of Today for each thing only a person can do: who, what in plain words, by when, and the verb."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.desk import matters
from glede.desk.today import answers
from glede.diary.queries import DayVisit
from glede.feedback.queries import Told
from glede.inbox.queries import Stray, Unanswered
from glede.kernel.clock import wall
from glede.kernel.contact import phone_words
from glede.kernel.words import short_day_words, time_words
from glede.people.values import PersonName
from glede.promises.queries import Owed
from glede.ui.presenting import QueueRow, Verb
from glede.ui.urgency import Urgency, urgency

FORMAT = "format"  # the kind of a communication need
GROUPS = {
    "here": _("Here now"),
    "coming": _("Coming"),
    "answer": _("Answer"),
    "call": _("Call"),
    "recover": _("Recover"),
    "follow": _("Follow up"),
}
GROUP_OF = {"answer": "answer", "call": "call", "move_ok": "call", "undelivered": "call", "opt_out_check": "call"}
GROUP_OF |= {"recover": "recover", "follow_up": "follow", "hand_over": "follow", "settle": "follow", "thank": "follow"}
# Who waits for an answer, or is unhappy, always has a row of their own.
NAMED = 3
# What a row is about where it is about nobody on file.
THINGS = {"stray": "phone", "practice": "send", "raw_mail": "mail", "calendar": "calendar-days"}
JOINED = frozenset({"call", "undelivered", "settle", "move_ok", "thank"})
AWAY = ("settle", "leave")  # of a visit that stands in a leave: it is moved
CAUSES = {
    "undelivered": _("the message did not arrive"),
    "late": _("it became too late for the message"),
    "no_channel": _("has no way to be written to"),
    "unknown": _("may already have had the message"),
    "hand_over": _("comes from their visit: take over"),
    "move_ok": _("has not said yes to the new time"),
    "opt_out_check": _("wrote a word that may mean the visit: ask"),
    "settle": _("two visits at one time in the old list"),
    "person_id_broken_by_a_spreadsheet": _("a visit to come whose person a spreadsheet has made unreadable"),
    "visit_before_its_booking": _("a visit to come that lies before its own booking"),
    "no_person": _("a visit to come that does not say whose it is"),
    "changed_here": _("the old list has another time than the one arranged here: ask"),
    "another_person": _("the old list gives this visit to somebody else: ask whose it is"),
    "not_in_the_list": _("the old list no longer has this visit: ask whether it stands"),
    "busy": _("booked while their own calendar says busy: settle which holds"),
    "calendar_gone": _("times stand there no longer: say whether they are free"),
    "calendar_old": _("it has not answered for a day: look whether the address still holds"),
    "closed": _("booked on a day with other hours now: find another time"),
    "leave": _("booked while the clinician is away: find another time"),
    "no_day": _("a visit whose day cannot be read"),
    "no_such_time": _("a visit at a time that the clock skips that day"),
    "no_visit": _("came to a visit we had not written down: find out how it happened"),
    "callback": _("asked to be called"),
    "number": _("the number is wrong: ask for another"),
    "wrong_number": _("was told: that number is not theirs. Ask for the right one"),
    "format": _("cannot use what we write: tell them another way"),
    "texts_blocked": _("the phone companies block our texts: look at the settings"),
    "address": _("the e-mail address is none: ask for another"),
    "mail_held": _("a mail that somebody has to look at"),
    "told_gone": _("was told of a visit that is not in the diary: ring and find out"),
    "told_nowhere": _("the code they were given leads nowhere: ring and give the right one"),
    "told_other": _("the visit has another code than the one they were given: ring and give the right one"),
    "told_words": _("a message gave the code of another visit: ring and give the right one"),
    "told_elsewhere": _("knows another time than the one in the diary: ring and say which holds"),
    "told_cancelled": _("does not know that the visit is off: ring and say so"),
    "told_stands": _("thinks that the visit is off, and it stands: ring and say so"),
    "mail_unread": _("the mailbox cannot be read: look at the settings"),
    "mail_missing": _("a mail lies in the mailbox and cannot be fetched: read it there"),
    "right_correction": _("asks to have something put right"),
    "right_looks": _("asks who has looked at their data"),
    "right_export": _("asks for a copy of all we hold"),
    "right_erasure": _("asks to be forgotten"),
    "mail_blocked": _("their mail system does not want mail from us: ask whoever runs ours"),
}


@dataclass(frozen=True)
class Facts:
    """What rows are made from."""

    practice: Any
    now: datetime
    names: Mapping[UUID, PersonName] = field(default_factory=dict)
    waiting: Mapping[UUID, Unanswered] = field(default_factory=dict)
    visits: Mapping[UUID, Any] = field(default_factory=dict)
    told: Mapping[UUID, Told] = field(default_factory=dict)
    wordings: Mapping[UUID, tuple[Any, ...]] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)  # the rows of the journey by their names
    strays: Mapping[UUID, Stray] = field(default_factory=dict)
    desk: answers.Desk = field(default_factory=answers.Desk)
    chairs: Mapping[UUID, str] = field(default_factory=dict)
    notes: Mapping[UUID, str] = field(default_factory=dict)  # what colleagues wrote down, by the note's id

    def name(self, patient_id: UUID | None) -> str:
        """Return the person's name, or words for one who is not on file."""
        known = self.names.get(patient_id) if patient_id else None
        return known.name if known else gettext("Somebody")

    def whose(self, owed: Owed, patient_id: UUID | None) -> str:
        """Return whom a promise is about: a person, the number a stranger wrote from, or the practice itself."""
        stray = self.strays.get(owed.subject.id)
        if stray is not None:
            return phone_words(stray.address, self.practice.country)
        if owed.subject.kind in {"raw_mail", "calendar"}:
            return gettext("E-mail") if owed.subject.kind == "raw_mail" else gettext("A calendar")
        return self.practice.name if owed.subject.kind == "practice" else self.name(patient_id)

    def quote(self, patient_id: UUID | None) -> str:
        """Return what the person said matters to them, in their own words."""
        words = self.wordings.get(patient_id, ()) if patient_id else ()
        return next((line.words for line in words if line.kind != FORMAT), "")

    def flags(self, patient_id: UUID | None) -> list[str]:
        """Return what it takes to reach and meet the person, as it stands first on their card."""
        words = self.wordings.get(patient_id, ()) if patient_id else ()
        return [matters.flag(line) for line in words if line.kind == FORMAT and line.code]


@dataclass(frozen=True)
class Drawn:
    """A row as the page shows it, and whom it names."""

    row: QueueRow
    people: frozenset[UUID]


@dataclass(frozen=True)
class Entry:
    """What sorts, counts and groups a row. It is drawn when it is shown, from facts about ``owed``."""

    id: UUID
    group: str
    due_at: datetime
    draw: Callable[[Facts], Drawn]
    urgency_class: int = 5
    owed: Sequence[Owed] = ()


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
    more = [Verb(_("Did not come"), "x", post=_act(visit, "miss"))] if is_missing else []
    row = QueueRow(
        f"visit-{visit.appointment_id}", name, verb, level, href=href, words=words, group=GROUPS[group],
        meta=[*facts.flags(visit.patient_id), *meta],
        more=more,
    )  # fmt: skip
    urgency_class = AT_THE_DOOR if due - facts.now <= MOMENTS else NORMAL
    drawn = Drawn(row, frozenset({visit.patient_id}))
    return Entry(visit.appointment_id, group, due, lambda _: drawn, urgency_class)


_HALF_HOUR = timedelta(minutes=30)
WALK_IN_WAITS = timedelta(minutes=20)  # our own choice: so long somebody without an appointment waits unremarked
MOMENTS = timedelta(minutes=10)
# Who stands at the desk comes after words that may be urgent (0 to 2) and before what can wait a minute.
AT_THE_DOOR, NORMAL = 4, 5


def _act(visit: DayVisit, act: str) -> str:
    return reverse(f"desk:visit_{act}", args=[visit.appointment_id])


def here(visit: DayVisit, facts: Facts) -> Entry:
    """Return the row of somebody who waits."""
    since = visit.arrived_at or facts.now
    waited = int((facts.now - since).total_seconds() // 60)
    words = gettext("is here, %(service)s") % {"service": _service(visit)}
    meta = [ngettext("waited %(n)d min", "waited %(n)d min", waited) % {"n": waited}]
    verb = Verb(_("Show in"), "e", post=_act(visit, "start"))
    if visit.source != "walk_in":
        return _visit_entry(visit, facts, verb, words, due=visit.starts_at, meta=meta)
    words = gettext("came without an appointment")
    who = facts.chairs.get(visit.practitioner_id) if visit.practitioner_id else None
    meta.append(gettext("waits for %(who)s") % {"who": who} if who else gettext("waits for whoever is free"))
    return _visit_entry(visit, facts, verb, words, due=since + WALK_IN_WAITS, meta=meta)


def expected(visit: DayVisit, facts: Facts) -> Entry:
    """Return the row of somebody whose visit begins now."""
    words = gettext("comes: %(service)s") % {"service": _service(visit)}
    late = [gettext("says %(n)d min late") % {"n": visit.late_minutes}] if visit.late_minutes else []
    verb = Verb(_("Arrived"), "a", post=_act(visit, "arrive"))
    return _visit_entry(visit, facts, verb, words, due=visit.starts_at, meta=late, group="coming")


def with_clinician(visit: DayVisit, facts: Facts) -> Entry:
    """Return the row of somebody whose visit goes on."""
    words = gettext("is with us, %(service)s") % {"service": _service(visit)}
    return _visit_entry(
        visit, facts, Verb(_("Done"), "e", post=_act(visit, "finish")), words, due=visit.ends_at, meta=[]
    )


def promised(owed: Owed) -> Entry:
    """Return the row of a promise."""
    group = GROUP_OF.get(owed.kind, "follow")
    return Entry(owed.id, group, owed.due_at, partial(_one, owed, group), owed.urgency, (owed,))


def _one(owed: Owed, group: str, facts: Facts) -> Drawn:
    patient_id = whom(owed, facts)
    quote, words, meta = _told(owed, facts)
    flags = facts.flags(whom(owed, facts))
    meta = [*meta, *flags] if owed.urgency < 5 else [*flags, *meta]  # words that cannot wait come first
    row = QueueRow(
        f"promise-{owed.id}", facts.whose(owed, patient_id), _verb(owed, group), _level(owed, facts),
        href=reverse("desk:person", args=[patient_id]) if patient_id else "",
        quote=quote, words=words, group=GROUPS[group], meta=meta, thing=_thing(owed, facts),
        more=answers.more(owed) if group == "answer" else _more(owed),
    )  # fmt: skip
    return Drawn(row, frozenset({patient_id} if patient_id else ()))


def _more(owed: Owed) -> list[Verb]:
    """Return the way to the card, where the row's own verb leads elsewhere."""
    if (owed.kind, owed.cause) != AWAY:
        return []
    return [Verb(_("See"), "e", href=f"{reverse('desk:today')}?open={owed.id}#card")]


def _thing(owed: Owed, facts: Facts) -> str:
    stray = facts.strays.get(owed.subject.id)
    return "mail" if stray is not None and stray.channel == "email" else THINGS.get(owed.subject.kind, "")


def _level(owed: Owed, facts: Facts) -> Urgency:
    gone = facts.desk.gone(owed, facts.now) if owed.kind == "answer" else None
    return urgency(due=owed.due_at, made=owed.made_at, now=facts.now, zone=facts.practice.zone, gone=gone)


def _verb(owed: Owed, group: str) -> Verb:
    href = f"{reverse('desk:today')}?open={owed.id}#card"
    if owed.subject.kind == "stray":
        return Verb(_("See who"), "e", href=href)
    if owed.subject.kind == "raw_mail":
        return Verb(_("See"), "e", href=reverse("desk:mail", args=[owed.subject.id]))
    if owed.kind == "right":
        return Verb(_("See"), "e", href=reverse("desk:right", args=[owed.subject.id]))
    if owed.subject.kind == "calendar":
        return Verb(_("See"), "e", href=reverse("desk:settings_calendar", args=[owed.subject.id]))
    if (owed.kind, owed.cause) == AWAY:
        return Verb(_("Move"), "m", href=reverse("desk:move", args=[owed.subject.id]))
    if group == "answer":
        return Verb(_("Reply"), "r", href=href)
    if group in {"call", "recover"}:
        return Verb(_("Call"), "c", href=href)
    return Verb(_("See"), "e", href=href)


def whom(owed: Owed, facts: Facts) -> UUID | None:
    """Return the person a promise is about, or None where nobody is on file."""
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
    meta = [gettext("handed over after the visit")] if owed.kind == "hand_over" else _place_in_list(owed)
    return "", _cause(owed, facts), meta


def _place_in_list(owed: Owed) -> list[str]:
    """Return where a row that an import did not take stands; its words are in the file of rejects."""
    if owed.subject.kind != "list_row":
        return []
    return [gettext("row %(row)s of %(file)s") % {"row": owed.detail.get("line"), "file": owed.detail.get("list")}]


def _answer(owed: Owed, facts: Facts) -> tuple[str, str, list[str]]:
    stray = facts.strays.get(owed.subject.id)
    waiting = facts.waiting.get(owed.subject.id)
    if stray is not None:
        who = _unknown(stray)
        at = time_words(wall(stray.received_at, facts.practice.zone).time(), "en", "staff")
        return stray.words, "", [*facts.desk.told(owed), str(who), f"{channel_word(stray.channel)} {at}"]
    if waiting is None:
        return "", "", []
    since = time_words(wall(waiting.since, facts.practice.zone).time(), "en", "staff")
    meta = [f"{channel_word(waiting.channel)} {since}"]
    if owed.urgency < 5:
        meta.insert(0, gettext("may be urgent: read it now"))
    return waiting.words, "", [*facts.desk.told(owed), *meta]


def _unknown(stray: Stray) -> Any:
    if stray.channel == "email":
        return _("several people have this address") if stray.known_by else _("nobody on file has this address")
    return _("several people have this number") if stray.known_by else _("nobody on file has this number")


def channel_word(channel: str) -> str:
    """Return a channel in plain words."""
    words = {"link": _("from the link"), "email": _("e-mail"), "sms": _("text"), "call": _("call")}
    return str(words.get(channel, channel))


def _cause(owed: Owed, facts: Facts) -> str:
    noted = _noted(owed, facts)
    if noted:
        return noted
    reasons = owed.detail.get("reasons") or []
    if reasons and owed.kind == "call":
        return ", ".join(str(REASONS.get(reason, reason)) for reason in reasons)
    key = str(owed.detail.get("reason") or owed.cause.partition(":")[0])
    step = facts.steps.get(str(owed.detail.get("row", "")), "").lower()
    return str(CAUSES.get(key) or CAUSES.get(owed.kind) or step or owed.detail.get("words", ""))


def _noted(owed: Owed, facts: Facts) -> str:
    """Return the line a colleague wrote down, where the promise rests on one."""
    if "note" not in owed.detail:
        return ""
    line = facts.notes.get(UUID(str(owed.detail["note"])), "")
    return gettext("rang: %(line)s") % {"line": line} if line and owed.kind == "call" else line


REASONS = {
    "new": _("new with us"),
    "anxious": _("a little anxious"),
    "complex": _("needs more than usual"),
    "likes_calls": _("likes calls"),
    "no_channel": _("has no way to be written to"),
}


def together(owed: Iterable[Owed], zone: str, least: int) -> list[Entry]:
    """Return a row for each promise, but one for ``least`` or more of one cause on one day, with the list behind it."""
    kin: dict[tuple[str, str, Any], list[Owed]] = defaultdict(list)
    for one in owed:
        kin[one.kind, one.cause, wall(one.due_at, zone).date()].append(one)
    found: list[Entry] = []
    for same in kin.values():
        is_many = len(same) >= least and same[0].kind in JOINED
        found += [_joined(same)] if is_many else map(promised, same)
    return found


def _joined(same: Sequence[Owed]) -> Entry:
    first, *others = sorted(same, key=lambda owed: (owed.due_at, str(owed.id)))
    group, named = GROUP_OF.get(first.kind, "follow"), (first, *others[: NAMED - 1])
    draw = partial(_many, named, len(same), group)
    return Entry(first.id, group, first.due_at, draw, min(owed.urgency for owed in same), named)


def _many(named: Sequence[Owed], n: int, group: str, facts: Facts) -> Drawn:
    first = named[0]
    href = f"{reverse('desk:promises')}?kind={first.kind}&cause={first.cause}"
    people = [whom(owed, facts) for owed in named]
    row = QueueRow(
        f"cause-{first.id}", ngettext("%(n)d person", "%(n)d people", n) % {"n": n},
        Verb(_("See all"), "e", href=href), _level(first, facts), href=href, words=_cause(first, facts),
        group=GROUPS[group], meta=[f"{', '.join(map(facts.name, people))} …"], thing="users",
    )  # fmt: skip
    return Drawn(row, frozenset(filter(None, people)))
