"""What stands on Today, gathered in a fixed number of questions and put into rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from glede.desk.today import answers, rows
from glede.desk.today.rows import Drawn, Entry, Facts
from glede.diary import queries as diary
from glede.feedback import queries as feedback
from glede.feedback.queries import Told
from glede.inbox import queries as inbox
from glede.journeys import queries as journeys
from glede.kernel import clock
from glede.people import queries as people
from glede.practices.queries import opening_hours
from glede.promises import queries as promises
from glede.promises.queries import Owed

SHOWN, MOST = 12, 60  # rows on the page at first, and after "more"
SAME_CAUSE = 3  # from here on, promises of one cause on one day are one row with the list behind it
COMING = timedelta(minutes=30)
HORIZON_DAYS = 1
# These wait for no day: whoever settles a visit rings before it is due, and who asks about their data is heard at once.
ALWAYS = ("answer", "recover", "right", "settle")
SOON = 4


@dataclass(frozen=True)
class Soon:
    """One line of what comes later today: an icon, words, and the visit it is about."""

    icon: str
    words: str
    appointment_id: UUID


@dataclass(frozen=True)
class Board:
    """Today as the page shows it. Every count equals the rows below it."""

    entries: Sequence[Entry]
    day: diary.Day
    groups: Sequence[tuple[str, Any, int]]
    visits: int
    done: int
    waiting: Sequence[Entry]
    soon: Sequence[Soon]

    def shown(self, group: str) -> Sequence[Entry]:
        """Return the rows of one group, or all where none of that name is there."""
        return [e for e in self.entries if e.group == group] or self.entries

    def late(self, now: datetime) -> list[Entry]:
        """Return who should have had an answer, the longest first."""
        return sorted((e for e in self.waiting if e.due_at <= now), key=lambda e: e.due_at)

    def ahead(self, now: datetime) -> Entry | None:
        """Return who is to have an answer next."""
        return min((e for e in self.waiting if e.due_at > now), key=lambda e: e.due_at, default=None)

    def told(self, now: datetime) -> list[Entry]:
        """Return whose row the sentence above the list speaks of."""
        return [entry for entry in (*self.late(now)[:1], self.ahead(now)) if entry]


def board(practice: Any, *, now: datetime, mine: UUID | None = None) -> Board:
    """Return what stands on Today for everybody, or for the colleague ``mine`` and for nobody in particular."""
    day = diary.day(practice.pk, clock.day_of(now, practice.zone), now=now)
    owed = [o for o in _due(practice, now) if mine is None or o.owner_id in {mine, None}]
    facts = Facts(practice, now, chairs=_chairs(day))
    entries = [*_of_visits(day, now, facts), *rows.together(owed, practice.zone, SAME_CAUSE)]
    hours = opening_hours(practice)
    entries.sort(key=lambda e: (e.urgency_class, answers.rank(e.owed, hours, now), e.due_at, str(e.id)))
    counts = Counter(entry.group for entry in entries)
    groups = [(key, label, counts[key]) for key, label in rows.GROUPS.items() if counts[key]]
    return Board(
        entries,
        day,
        groups,
        visits=len(day.visits),
        done=sum(v.state in {"done", "missed"} for v in day.visits),
        waiting=[e for e in entries if e.group in {"answer", "recover"}],
        soon=_soon(day, now),
    )


def draw(practice: Any, entries: Iterable[Entry], now: datetime) -> dict[UUID, Drawn]:
    """Return the rows of ``entries`` by their ids. What they need is asked for these alone, not for a whole day."""
    entries = list(entries)
    return drawn_from(facts_of(practice, entries, now), entries)


def facts_of(practice: Any, entries: Iterable[Entry], now: datetime) -> Facts:
    """Return what the rows of ``entries`` need."""
    owed = {one.id: one for entry in entries for one in entry.owed}
    return gather(practice, owed.values(), now)


def drawn_from(facts: Facts, entries: Iterable[Entry]) -> dict[UUID, Drawn]:
    """Return the rows of ``entries`` by their ids, from facts about them."""
    return {entry.id: entry.draw(facts) for entry in entries}


def _due(practice: Any, now: datetime) -> list[Owed]:
    # What is promised for a later day waits there; an answer or a visit to settle is shown as soon as it is owed.
    end = clock.at_wall(
        clock.day_of(now, practice.zone) + timedelta(days=HORIZON_DAYS), datetime.min.time(), practice.zone
    )
    return promises.open_promises(practice.pk, due_before=end, always=ALWAYS, limit=5000)


def gather(practice: Any, owed: Iterable[Owed], now: datetime) -> Facts:
    """Return all that the rows of ``owed`` need, in bulk."""
    owed = list(owed)
    waiting = {u.conversation_id: u for u in inbox.unanswered(practice.pk, [o for o in owed if o.kind == "answer"])}
    visits = {
        v.appointment_id: v
        for v in diary.facts_for(practice.pk, {o.subject.id for o in owed if o.subject.kind == "appointment"})
    }
    told = _told(practice, owed)
    strays = inbox.strays(practice.pk, [o.subject.id for o in owed if o.subject.kind == "stray"])
    desk = answers.desk(practice, [o for o in owed if o.kind == "answer"])
    ids = {o.patient_id for o in owed if o.patient_id} | {v.patient_id for v in visits.values()}
    ids |= {u.patient_id for u in waiting.values()}
    names = people.names(practice.pk, ids)
    wordings = people.wordings(practice.pk, ids, ("need", "anxious", "complex", rows.FORMAT))
    notes = people.spoken(practice.pk, [UUID(str(o.detail["note"])) for o in owed if "note" in o.detail])
    steps = _steps(practice) if any("row" in o.detail for o in owed) else {}
    return Facts(practice, now, names, waiting, visits, told, wordings, steps, strays, desk, notes=notes)


def _steps(practice: Any) -> dict[str, str]:
    """Return what the rows of the journey are called, in the reader's language."""
    language = (get_language() or "en")[:2]
    return {key: str(n.get(language) or n.get("en") or "") for key, n in journeys.row_names(practice.pk).items()}


def _told(practice: Any, owed: list[Owed]) -> dict[UUID, Told]:
    """Return what people said of their visits, by the promise's subject: the response itself, or the visit."""
    found = feedback.responses_by_id(practice.pk, {o.subject.id for o in owed if o.subject.kind == "response"})
    about = {o.subject.id: o.patient_id for o in owed if o.kind == "recover" and o.subject.kind == "appointment"}
    if about:
        said = feedback.responses_of(practice.pk, {p for p in about.values() if p})
        found |= {told.appointment_id: told for told in said if told.appointment_id in about}
    return found


def _soon(day: diary.Day, now: datetime) -> list[Soon]:
    """Return what is worth knowing of the rest of the day: who said they come late, and where no time lies between."""
    found = []
    for visit in day.visits:
        if visit.state not in {"booked", "confirmed"} or not visit.wall_time or visit.starts_at < now:
            continue
        told = {"name": f"{visit.given_name} {visit.family_name}".strip(), "hour": f"{visit.wall_time:%H:%M}"}
        if visit.late_minutes:
            words = gettext("%(name)s, %(hour)s: says %(n)d min late") % {**told, "n": visit.late_minutes}
            found.append(Soon("clock", words, visit.appointment_id))
        elif not visit.is_unhurried:
            words = gettext("%(name)s, %(hour)s: tight, no time between") % told
            found.append(Soon("hourglass", words, visit.appointment_id))
    return found[:SOON]


def _chairs(day: diary.Day) -> dict[UUID, str]:
    """Return what those who see patients are called at the desk."""
    return {c.practitioner_id: c.given_name or c.display_name for c in day.chairs if c.practitioner_id}


def _of_visits(day: diary.Day, now: datetime, facts: Facts) -> list[Entry]:
    found = []
    for visit in day.visits:
        if visit.state == "arrived":
            found.append(rows.here(visit, facts))
        elif visit.state == "with":
            found.append(rows.with_clinician(visit, facts))
        elif visit.state in {"booked", "confirmed"} and visit.wall_time and visit.starts_at - COMING <= now:
            found.append(rows.expected(visit, facts))
    return found
