"""The card beside the queue: what a colleague needs to keep one promise, and the ways to keep it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.desk import matters
from glede.desk.access import DeskRequest
from glede.desk.people.promised import last_promise
from glede.desk.seeing import answers_by, cannot_use, see_url
from glede.desk.today import answers, rows
from glede.inbox import queries as inbox
from glede.inbox.safety import safety_line
from glede.kernel.clock import day_of, wall
from glede.kernel.contact import phone_words
from glede.kernel.ids import new_id
from glede.kernel.words import day_words, time_words
from glede.people import queries as people
from glede.promises import queries as promises
from glede.promises.queries import Owed
from glede.staff.queries import colleague_names, colleagues, sees_patients
from glede.ui.presenting import Bubble, Matters

LAST_WORDS = 4
MAYBE = 8
CALM = 5  # the urgency of what nothing raised
NO_REPLY_REASONS = {
    "thanks_only": _("It was only a thank-you"),
    "rang": _("We spoke by phone"),
    "in_person": _("We spoke in person"),
    "not_for_us": _("It was not meant for us"),
}


@dataclass(frozen=True)
class Keeper:
    """A colleague to whom something can be handed over."""

    membership_id: UUID
    name: str
    given_name: str
    is_away: bool


@dataclass(frozen=True)
class Card:
    """One promise, opened."""

    owed: Any
    kind: str
    name: str
    given_name: str
    person_url: str
    how_to_say: str
    urgency: Any
    why: str
    quote: str
    phone: str
    dial: str
    matters: Matters | None
    visit: str
    bubbles: Sequence[Bubble]
    conversation_id: UUID | None
    last_n: int
    draft: str
    channel: str
    is_urgent: bool
    safety: str
    see_url: str
    colleagues: Sequence[Any]
    command: UUID
    begun_by: str = ""
    does: str = ""
    is_mine: bool = False
    calm_url: str = ""
    last_promise: str = ""
    patient_id: UUID | None = None
    format_warning: str = ""
    is_stopped: bool = False
    stray: Any = None
    maybe: Sequence[Any] = ()
    searched: str = ""
    calendar_url: str = ""
    is_asked_there: bool = False  # its question is answered on the calendar's page alone


def card(request: DeskRequest, owed: Owed, facts: rows.Facts) -> Card:
    """Return the card of an open promise of this practice. ``facts`` are about it, and about others maybe."""
    if owed.kind != "recover" and owed.subject.kind != "response":
        facts = replace(facts, told={})  # what was said of the visit belongs to another promise about it
    entry, patient_id = rows.promised(owed), rows.whom(owed, facts)
    row = entry.draw(facts).row
    person = people.patient_card(request.practice.pk, patient_id) if patient_id else None
    if person:
        request.look_at(person.person.patient_id)
    talk = _talk(request, owed, person, patient_id, facts.desk)
    number = _number(person)
    warning, is_stopped = cannot_use(person.reach, row.name) if person and owed.kind == "answer" else ("", False)
    return Card(
        owed=owed,
        kind=entry.group,
        name=row.name,
        given_name=(person.person.given_name if person else "") or row.name,
        person_url=str(row.href),
        how_to_say=person.person.how_to_say if person else "",
        urgency=row.urgency,
        why=str(row.words),
        quote=row.quote if entry.group != "answer" else "",
        phone=phone_words(number, request.practice.country) if number else "",
        dial=number,
        matters=matters.of(person, request.practice, day_of(request.now, request.practice.zone)) if person else None,
        visit=_visit_words(facts.visits.get(owed.subject.id)),
        see_url=see_url(request, patient_id),
        colleagues=keepers(request),
        does=request.GET.get("do", ""),
        is_mine=owed.owner_id == request.membership.pk,
        calm_url=_calm_url(request, owed),
        last_promise=_last_promise(request, owed, entry.group, person),
        is_urgent=owed.urgency < 5,
        safety=_safety(request.practice) if owed.urgency < 5 else "",
        command=new_id(),
        patient_id=patient_id,
        format_warning=warning,
        is_stopped=is_stopped,
        calendar_url=_calendar_url(owed),
        is_asked_there=owed.cause == "calendar_gone",
        **talk,
        **_stray(request, facts.strays.get(owed.subject.id)),
    )


def _last_promise(request: DeskRequest, owed: Any, group: str, person: Any) -> str:
    if person is None or group not in {"call", "recover"}:
        return ""
    name = person.person.given_name or person.person.name
    return last_promise(request, person.person.patient_id, name, but=owed.id)


def _calm_url(request: DeskRequest, owed: Any) -> str:
    """Return where this reader may say that the words are not urgent, empty where they may not."""
    address = {"conversation": "desk:lower_urgency", "stray": "desk:lower_stray"}.get(owed.subject.kind)
    if not address or owed.kind != "answer" or owed.urgency >= CALM:
        return ""
    return reverse(address, args=[owed.subject.id]) if sees_patients(request.practice.pk, request.membership.pk) else ""


def _calendar_url(owed: Owed) -> str:
    is_calendar = owed.subject.kind == "calendar"
    return reverse("desk:settings_calendar", args=[owed.subject.id]) if is_calendar else ""


def _stray(request: DeskRequest, stray: Any) -> dict[str, Any]:
    """Return words of somebody unknown with the people they may be: who has that number, or who is looked for."""
    if stray is None:
        return {}
    searched = request.GET.get("who", "").strip()
    known = people.names(request.practice.pk, stray.known_by).values()
    maybe: Sequence[Any] = people.search(request.practice.pk, searched, limit=MAYBE) if searched else list(known)
    request.look_at(*(person.patient_id for person in maybe))
    return {"stray": stray, "maybe": maybe, "searched": searched}


def keepers(request: DeskRequest) -> list[Keeper]:
    """Return to whom something can be handed over: colleagues but the reader, those who are here first."""
    practice_id = request.practice.pk
    desk = answers.Desk(names=colleague_names(practice_id), away=promises.away(practice_id))
    found = [
        Keeper(c.membership_id, c.display_name, desk.given_name(c.membership_id), c.membership_id in desk.away)
        for c in colleagues(practice_id)
        if c.membership_id != request.membership.pk
    ]
    return sorted(found, key=lambda keeper: keeper.is_away)


def _talk(request: DeskRequest, owed: Any, person: Any, patient_id: UUID | None, desk: answers.Desk) -> dict[str, Any]:
    if owed.kind != "answer" or patient_id is None:
        return {"bubbles": (), "conversation_id": None, "last_n": 0, "draft": "", "channel": ""}
    talk = inbox.conversation_of(request.practice.pk, patient_id)
    draft, begun_by = _begun(request, owed, desk)
    return {
        "begun_by": begun_by,
        "bubbles": bubbles(talk.pieces[-LAST_WORDS:], request.practice.zone),
        "conversation_id": talk.conversation_id,
        "last_n": talk.last_n,
        "draft": draft,
        "channel": answers_by(request.practice, person.reach if person else None, talk.channel),
    }


def _begun(request: DeskRequest, owed: Any, desk: answers.Desk) -> tuple[str, str]:
    """Return the answer to go on with, and whose beginning it is where it is another's who is not at it."""
    begun = desk.begun.get(owed.subject.id, ())
    mine = next((b for b in begun if b.membership_id == request.membership.pk), None)
    if mine or not begun:
        return mine.words if mine else "", ""
    theirs = begun[0]
    if owed.owner_id == theirs.membership_id and theirs.membership_id not in desk.away:
        return "", ""
    at = time_words(wall(theirs.saved_at, request.practice.zone).time(), "en", "staff")
    told = {"who": desk.given_name(theirs.membership_id), "at": at}
    return theirs.words, gettext("%(who)s began this at %(at)s. Go on with it, or write your own.") % told


def bubbles(pieces: Sequence[Any], zone: str) -> list[Bubble]:
    """Return the pieces of a conversation as bubbles; the person's own words are warm."""
    return [
        Bubble(
            piece.words,
            time_words(wall(piece.at, zone).time(), "en", "staff"),
            is_theirs=piece.kind == "said",
            by=piece.who,
        )
        for piece in pieces
        if piece.words
    ]


def _number(person: Any) -> str:
    contacts = person.reach.contacts if person else ()
    return next((c.address for c in contacts if c.kind == "phone"), "")


def _visit_words(visit: Any) -> str:
    if visit is None:
        return ""
    language = get_language() or "en"
    day = day_words(visit.day, language)
    hour = f", {time_words(visit.wall_time, language, 'staff')}" if visit.wall_time else ""
    who = gettext(" with %(name)s") % {"name": visit.practitioner_given_name} if visit.practitioner_given_name else ""
    return f"{day}{hour}{who}"


def _safety(practice: Any) -> str:
    phone = phone_words(practice.phone, practice.country) if practice.phone else ""
    return safety_line(practice.country, (get_language() or "en")[:2], phone, practice.red_flag_line or None)


def no_reply_reasons() -> list[tuple[str, Any]]:
    """Return the reasons for which nobody needs a written answer."""
    return list(NO_REPLY_REASONS.items())
