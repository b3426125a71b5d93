"""What a person is owed, when and why: a pure function of a journey, the facts, what was told before, and ``now``.

The live engine, the forecast and every simulation call the same ``plan``. ``now`` decides one thing only: what is
over is not planned any more. All else follows from the facts, so that planning twice gives the same touches.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from glede.diary.facts import Telling
from glede.journeys import hours
from glede.journeys.calls import reasons_to_call
from glede.journeys.days import Due, settle
from glede.journeys.document import Document, IfSilent, Only, Row, ShortNotice
from glede.journeys.facts import TRIGGERS, UNDO, Change, Facts, History, House, Person, Visit, news_of
from glede.journeys.their_days import on_their_days
from glede.journeys.touching import FIRST, About, Moment, touch_of
from glede.kernel.ref import Ref
from glede.outbox.touches import ASSUMES, PlannedTouch

AHEAD = frozenset({"booked", "confirmed"})
AGAIN = 2
"""The occurrence after ``FIRST``. Of a call before the visit: the message to whoever is not rung. Of news that asks for
an answer: the colleague's promise when nobody answered."""

ATTENDED, NOT_REACHED = "attended", "not reached"
"""What a touch may assume: that a visit took place, that a call reached nobody."""

SERIES = "series"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """One visit of one person, with what follows from its changes.

    ``known_at`` is when this time became known to us; ``is_announced``: the person hears of it from us then.
    """

    facts: Facts
    visit: Visit
    news: Change | None
    trigger: str
    known_at: datetime
    is_announced: bool
    history: History
    version: int

    @property
    def house(self) -> House:
        """The practice."""
        return self.facts.house

    @property
    def person(self) -> Person:
        """The person."""
        return self.facts.person

    @property
    def is_ahead(self) -> bool:
        """Whether the visit is still to take place."""
        return self.visit.state in AHEAD

    def is_before_live(self, moment: datetime) -> bool:
        """Whether ``moment`` lies before the switch to live: nothing of that time is ever sent."""
        return self.house.live_since is not None and moment < self.house.live_since


def plan(document: Document, facts: Facts, history: History, now: datetime) -> list[PlannedTouch]:
    """Return every touch the person is owed at ``now``, one message a person and day, in order of time.

    A touch whose ``why`` holds ``yields_to`` loses its day to another one of the same plan and is not sent.
    Calls come back as candidates: how many can be rung a day is for ``calls.allot_calls`` to say.
    """
    if facts.person.stopped:
        return []
    found: list[Due] = []
    for visit in facts.visits:
        if visit.is_history:
            continue
        pinned = facts.pinned.get(visit.id, document) if facts.pinned else document
        case = _case(facts, visit, history, pinned)
        for row in pinned.rows:
            if row.is_on:
                found.extend(_row(case, row, now))
    if facts.occasions:
        found.extend(on_their_days(document, facts, history, now))
    return settle(found, history, facts.person, facts.house)


def _case(facts: Facts, visit: Visit, history: History, pinned: Document) -> Case:
    news = news_of(visit.changes)
    known_at = news.at if news else visit.changes[0].at
    trigger = TRIGGERS.get((news.kind, news.by), "") if news else ""
    is_announced = any(row.is_on and trigger in row.triggers for row in pinned.rows)
    live_since = facts.house.live_since
    if live_since is not None and known_at < live_since:
        # What came before the switch was told by the practice in its own way (docs/journeys.md#late-moved-cancelled).
        known_at, trigger, is_announced = live_since, "", False
    return Case(facts, visit, news, trigger, known_at, is_announced, history, pinned.version)


def _row(case: Case, row: Row, now: datetime) -> list[Due]:
    trigger = next((t for t in row.triggers if _pulls(case, t)), None)
    if trigger is None:
        return []
    if trigger == "done":
        return _after_visit(case, row, trigger, now)
    if now >= case.visit.deadline:
        return []
    if trigger == "we_run_late":
        return _of_the_moment(case, row, trigger)
    if row.when.after_minutes is not None:
        return _after_news(case, row, trigger)
    if row.act == "call":
        return _before_visit(case, row)
    return _on_day(case, row)


def _pulls(case: Case, trigger: str) -> bool:
    visit = case.visit
    if trigger == "visit":
        return case.is_ahead
    if trigger == "done":
        return visit.state == "done" and visit.done_at is not None
    if trigger == "we_run_late":
        return case.is_ahead and visit.delayed_at is not None
    if trigger == "cancelled_by_practice":
        return case.trigger == trigger and visit.state == "cancelled"
    return case.trigger == trigger and case.is_ahead


# Rows that follow news of the visit's time: confirmation, and our own changes.


def _after_news(case: Case, row: Row, trigger: str) -> list[Due]:
    visit, news = case.visit, case.news
    telling = visit.telling if trigger == "booked" else Telling.ITSELF
    if news is None or telling == Telling.WAITS:
        return []
    found = []
    waits = max(timedelta(minutes=row.when.after_minutes or 0), UNDO if news.may_be_undone else timedelta())
    due_at = news.at + waits
    if due_at >= visit.deadline:
        return []
    if not _was_told(case, row, FIRST):
        why: dict[str, Any] = {"at": "undo_time" if waits else "at_once"}
        if telling == Telling.ELSEWHERE:
            why["yields_to"] = {"because": SERIES}
        answers = news.at if row.answers_own_act else None
        found.append(_due(case, row, trigger, Moment(due_at, visit.deadline, why, answers_at=answers)))
    if row.if_silent and not _is_answered(case, news) and not _was_told(case, row, AGAIN):
        found.append(_due(case, row, trigger, _ask(case, row.if_silent, due_at)))
    return found


def _ask(case: Case, silent: IfSilent, told_at: datetime) -> Moment:
    """Return when a colleague asks because nobody answered: after so much open time, or two hours before the visit."""
    house, deadline = case.house.hours, case.visit.deadline
    ask_at = max(told_at, min(house.add_open_minutes(told_at, silent.open_minutes), deadline - timedelta(hours=2)))
    by = max(ask_at, min(house.add_open_minutes(ask_at, 60), deadline))
    return Moment(ask_at, by, {"at": "no_answer", "promise": silent.promise}, AGAIN, "call")


def _is_answered(case: Case, news: Change) -> bool:
    """Whether the person said yes to the new time, or after a cancellation has another visit."""
    if case.visit.state == "cancelled":
        return any(v.state in AHEAD and v.changes[0].at > news.at for v in case.facts.visits if v.changes)
    return case.visit.is_confirmed


def _was_told(case: Case, row: Row, occurrence: int) -> bool:
    """Whether the person, or a colleague for them, has this already: ever, or of this same time."""
    told = [
        t
        for t in case.history.told
        if t.subject_id == case.visit.id and t.row == row.row and t.occurrence == occurrence
    ]
    if not told:
        return False
    return row.once == "visit" or told[-1].slot == case.visit.slot


def _of_the_moment(case: Case, row: Row, trigger: str) -> list[Due]:
    """Tell once, as soon as it is known, what is of no use after the visit's time; a call has to come before it too."""
    visit = case.visit
    if visit.delayed_at is None or _was_told(case, row, FIRST) or case.is_before_live(visit.delayed_at):
        return []
    due_at = visit.delayed_at + timedelta(minutes=row.when.after_minutes or 0)
    why = {"at": "this_day", "call_before": visit.deadline.isoformat()}
    return [] if due_at >= visit.deadline else [_due(case, row, trigger, Moment(due_at, visit.deadline, why))]


# Rows on a day before the visit.


def _on_day(case: Case, row: Row) -> list[Due]:
    if _was_told(case, row, FIRST) or (row.only is not None and not _is_of(case, row.only)):
        return []
    visit, person, house = case.visit, case.person, case.house
    day, why = _day_before(case, row)
    due_at = hours.at_hour(day, row.when.at, person, house)
    late_after = min(_late_after(case, row, due_at, day), visit.deadline)
    if row.short_notice and case.is_announced:
        short = _short_notice(case, row.short_notice)
        if short is None:
            return []
        due_at, why = (short, {"at": "short_notice"}) if short > case.known_at else (due_at, why)
    elif case.is_before_live(due_at):
        return []
    elif due_at < case.known_at:
        due_at, why = case.known_at, {"at": "known_late"}
    return [] if due_at > late_after else [_due(case, row, "visit", Moment(due_at, late_after, why))]


def _is_of(case: Case, only: Only) -> bool:
    """Whether a row that speaks of some visits only speaks of this one; a yes before its hour is answer enough."""
    if only.unconfirmed and case.visit.is_confirmed:
        return False
    since = case.news.at if case.news else case.visit.changes[0].at
    return (case.visit.day - hours.day_of(since, case.visit.zone)).days > only.booked_days_ahead


def _day_before(case: Case, row: Row) -> tuple[date, dict[str, Any]]:
    """Return the day and the reason of its hour; a day the person dislikes gives way to one of the two before it."""
    person = case.person
    eve = case.visit.day + timedelta(days=row.when.days)
    start, end = hours.hours_of(person, case.house)
    why = {"at": "usual_hour" if start <= row.when.at < end else "their_hours"}
    if not person.days or eve.weekday() in person.days:
        return eve, why
    earlier = next((eve - n * DAY for n in (1, 2) if (eve - n * DAY).weekday() in person.days), None)
    if earlier is None or earlier <= hours.day_of(case.known_at, person.zone):
        return eve, why
    return earlier, {"at": "their_days"}


def _short_notice(case: Case, notice: ShortNotice) -> datetime | None:
    """Return when a reminder goes that follows a late booking; ``known_at`` itself where the booking was not late.

    None: the confirmation is the reminder (row 2, docs/journeys.md).
    """
    local = hours.wall(case.known_at, case.visit.zone)
    eve = case.visit.day - DAY
    if local.date() == eve and local.time() >= notice.eve_from:
        return case.known_at + timedelta(minutes=notice.minutes)
    if case.visit.starts_at - case.known_at < timedelta(hours=notice.hours):
        return None
    return case.known_at


def _late_after(case: Case, row: Row, due_at: datetime, day: date) -> datetime:
    until = row.late.until
    if until == "visit":
        return case.visit.deadline
    if until == "minutes":
        return due_at + timedelta(minutes=row.late.minutes)
    if until == "eve":
        return hours.end_of_hours(case.visit.day - DAY, case.person, case.house)
    return hours.end_of_hours(day, case.person, case.house)


# The row in which a colleague rings, or a message goes to those who are not rung.


def _before_visit(case: Case, row: Row) -> list[Due]:
    reasons = reasons_to_call(case.person, row.who, is_first=case.visit.is_first) if case.person.has_phone else ()
    ended = case.history.calls.get((row.row, case.visit.id, case.visit.version))
    rung = _was_told(case, row, FIRST)
    if reasons and ended is None:
        return [] if rung or _was_told(case, row, AGAIN) else _call(case, row, reasons)
    if (rung and ended is None) or _was_told(case, row, AGAIN) or (not reasons and row.others == "nothing"):
        return []
    day = _word_day(case, row)
    if day is None:
        return []
    earliest = hours.at_hour(day, row.when.at, case.person, case.house)
    why: dict[str, Any] = {"at": "usual_hour"}
    if ended is not None:
        why |= {"instead_of_call": ended.code, "kinds": list(reasons)}
        earliest = max(earliest, hours.within_hours(ended.at, case.person, case.house))
        day = hours.day_of(earliest, case.person.zone)
    due_at = max(earliest, case.known_at)
    late_after = min(_late_after(case, row, due_at, day), case.visit.deadline)
    moment = Moment(due_at, late_after, why, AGAIN)
    return [] if due_at > late_after else [_due(case, row, "visit", moment)]


def _call(case: Case, row: Row, reasons: tuple[str, ...]) -> list[Due]:
    day = _word_day(case, row)
    periods = case.house.hours.periods_on(day) if day else []
    if day is None or not periods:
        return []
    due_at, ends = max(periods[0].start, case.known_at), periods[-1].end
    if due_at >= ends:
        return []
    why: dict[str, Any] = {"at": "opening", "kinds": list(reasons), "call_day": day.isoformat()}
    return [_due(case, row, "visit", Moment(due_at, ends, why, act="call"))]


def _word_day(case: Case, row: Row) -> date | None:
    """Return the day for a word before the visit: the wished one, one earlier or one later, to be an open day.

    It comes after the day of a booking the person heard of from us. None: the visit is too near.
    """
    wished = -case.house.call_days_before
    span = row.when.between or (row.when.days, row.when.days)
    first, last = span[0] - row.when.days + wished, span[1] - row.when.days + wished
    is_later = case.is_announced or case.known_at == case.house.live_since
    known = hours.day_of(case.known_at, case.person.zone) + (DAY if is_later else timedelta())
    steps = sorted(range(first, last + 1), key=lambda n: (abs(n - wished), n))
    days = [case.visit.day + n * DAY for n in steps]
    due = [day for day in days if day >= known]
    return next((day for day in due if case.house.hours.is_open_day(day)), None)


# Rows after the visit.


def _after_visit(case: Case, row: Row, trigger: str, now: datetime) -> list[Due]:
    done_at = case.visit.done_at
    if done_at is None or _was_told(case, row, FIRST):
        return []
    due_at = done_at + timedelta(minutes=row.when.after_minutes or 0)
    why = {"at": "after_visit"}
    if case.visit.is_assumed:
        why[ASSUMES] = ATTENDED
    if row.when.within_hours:
        held = hours.within_hours(due_at, case.person, case.house)
        if held != due_at:
            due_at, why = held, {**why, "held_by": "hours"}
    late_after = _late_after(case, row, due_at, hours.day_of(due_at, case.person.zone))
    if case.is_before_live(due_at) or now > late_after + DAY:
        return []
    return [_due(case, row, trigger, Moment(due_at, late_after, why))]


def _due(case: Case, row: Row, variant: str, moment: Moment) -> Due:
    visit = case.visit
    about = About(case.person, Ref("appointment", visit.id), visit.version, visit.slot, case.version)
    return Due(touch_of(about, row, variant, moment), row, visit, hours.day_of(moment.due_at, case.person.zone))
