"""A visit as its page shows it at one moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from glede.diary.facts import VisitFacts
from glede.diary.rules import LinkState, PatientAct, State
from glede.kernel.words import day_words, time_words
from glede.portal import wording

TEMPLATES = {
    LinkState.BEFORE: "visit.html",
    LinkState.TODAY: "visit.html",
    LinkState.HERE: "visit_here.html",
    LinkState.AFTER: "visit_after.html",
    LinkState.MISSED: "visit_missed.html",
    LinkState.CANCELLED: "visit_cancelled.html",
}
# Steps of the ten (docs/journeys.md): 4 prepare, 5 remind, 6 visit, 9 aftercare. Confirming draws one further.
STEPS = {LinkState.TODAY: 5, LinkState.HERE: 6, LinkState.AFTER: 9, LinkState.MISSED: 5, LinkState.CANCELLED: 3}
SPACED = (4, 8)
# Nobody is here much earlier; until then the page asks whether they come.
HERE_FROM = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class VisitPage:
    """Words and buttons of the visit page."""

    stage: LinkState
    step: int
    what: str
    title: str
    day: str
    hour: str
    when: str
    minutes: int
    with_name: str
    with_initials: str
    price: str
    is_ahead: bool
    has_begun: bool
    is_confirmed: bool
    is_day_visit: bool
    late_minutes: int | None
    delay_minutes: int | None
    begins: str
    receipt: str
    may_confirm: bool
    may_move: bool
    may_cancel: bool
    may_be_late: bool
    may_arrive: bool
    by_practice: bool
    told: str
    has_asked_for_call: bool
    then: str = ""
    other_days: tuple[str, ...] = ()


def visit_page(visit: VisitFacts, currency: str, now: datetime, *, done: str = "") -> VisitPage:
    """Return what the page of ``visit`` says at ``now``; ``done`` names the button that was just pressed."""
    stage, acts = visit.link_state(now), visit.patient_acts(now)
    is_waited_for = stage in {LinkState.BEFORE, LinkState.TODAY, LinkState.HERE} and visit.state != State.WITH
    delay = visit.delay_minutes if is_waited_for else None
    is_confirmed = visit.confirmed_at is not None and visit.is_ahead and PatientAct.CONFIRM not in acts
    return VisitPage(
        stage=stage,
        step=STEPS.get(stage, 5 if is_confirmed else 4),
        what=wording.visit_word(visit),
        title=wording.visit_title(visit),
        day=wording.day_of(visit),
        hour=wording.hour_of(visit),
        when=wording.when(visit),
        minutes=visit.minutes,
        with_name=visit.practitioner_name,
        with_initials=wording.initials(visit.practitioner_name),
        price=wording.price_words(visit.price_minor_units, visit.price_to_minor_units, currency),
        is_ahead=stage in {LinkState.BEFORE, LinkState.TODAY},
        has_begun=visit.state == State.WITH,
        is_confirmed=is_confirmed,
        is_day_visit=visit.is_day_visit,
        late_minutes=visit.late_minutes,
        delay_minutes=delay,
        begins=_begins(visit, delay) if delay else "",
        receipt=receipt(visit.link_code),
        may_confirm=PatientAct.CONFIRM in acts and visit.late_minutes is None,
        may_move=PatientAct.MOVE in acts,
        may_cancel=PatientAct.CANCEL in acts,
        may_be_late=PatientAct.LATE in acts,
        may_arrive=PatientAct.HERE in acts and now >= visit.starts_at - HERE_FROM,
        by_practice=visit.cancelled_by not in {"", "patient"},
        told=told(done) if visit.late_minutes is None or done != "late" else "",
        has_asked_for_call=done == "call",
        then=_then(visit),
        other_days=tuple(day_words(day, wording.tongue()) for day in visit.series_days),
    )


AGAIN = frozenset({LinkState.BEFORE, LinkState.TODAY, LinkState.HERE, LinkState.AFTER, LinkState.MISSED})


def may_book_again(visit: VisitFacts, now: datetime) -> bool:
    """True where another visit like this one can be booked by the link."""
    return visit.service_id is not None and visit.link_state(now) in AGAIN


def _then(visit: VisitFacts) -> str:
    """Return what follows with somebody else: "Then Marius, 10:40: Collect and fit."."""
    if visit.then is None:
        return ""
    tongue = wording.tongue()
    said = {
        "name": visit.then.practitioner_given_name,
        "hour": wording.kept(time_words(visit.then.wall_time, tongue)),
        "what": wording.in_language(visit.then.service_name),
    }
    if said["name"]:
        return _("Then %(name)s at %(hour)s: %(what)s.") % said
    return _("Then at %(hour)s: %(what)s.") % said


def _begins(visit: VisitFacts, delay: int) -> str:
    return wording.kept(wording.clock_words(visit.starts_at + timedelta(minutes=delay), visit.zone))


def receipt(code: str) -> str:
    """Return the receipt code as it is read aloud: "K7M4 Q9XW 2P3TB"."""
    first, second = SPACED
    return f"{code[:first]} {code[first:second]} {code[second:]}"


def told(done: str) -> str:
    """Return the one line that says what the pressed button did; empty for anything else."""
    words = {
        "confirmed": _("Thank you. We look forward to seeing you."),
        "booked": _("It is booked. Keep this page: here you see, move or cancel it."),
        "moved": _("This is your new time. Your old time is free again."),
        "kept": _("Nothing was changed."),
        "late": _("Thank you for telling us."),
        "here": _("Thank you. We know that you are here."),
        "cancelled": _("Thank you for telling us."),
        "call": _("Thank you. We will ring you."),
    }
    return words.get(done, "")
