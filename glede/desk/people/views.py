"""The list of people, the palette, and the page of one person."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.desk import matters
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.diary.history import STATES, moment
from glede.desk.outbox.foretelling import foretold
from glede.desk.people import forms
from glede.desk.people.ledger import came_words
from glede.desk.people.ledger import lines_of as ledger_lines
from glede.desk.people.stream import KINDS, Known, Stream, UnreadablePlace, counts, stream
from glede.desk.recall.planning import of_person
from glede.desk.seeing import answers_by, cannot_use, nearest
from glede.diary import queries as diary
from glede.diary.facts import VisitFacts
from glede.diary.queries import VisitTimes
from glede.inbox import queries as inbox
from glede.journeys import queries as journeys
from glede.journeys.words import STEPS, why_words
from glede.kernel.clock import day_of
from glede.kernel.contact import phone_words
from glede.kernel.ids import new_id
from glede.outbox.foresight import foreseen_in
from glede.people import queries as people
from glede.people.queries.finding import UnreadableCursor
from glede.ui.presenting import PaletteItem

VISITS = 8
AHEAD = {"booked", "confirmed", "arrived", "with"}


@page("people")
def everyone(request: DeskRequest) -> HttpResponse:
    """Show the people of the practice, a page at a time, or those found by ``q``."""
    words = request.GET.get("q", "").strip()
    if words:
        rows, following = people.search(request.practice.pk, words, limit=50), None
    else:
        try:
            found = people.patients_page(request.practice.pk, after=request.GET.get("after"))
        except UnreadableCursor:
            raise Http404 from None
        rows, following = list(found.rows), found.next
    request.look_at(*(row.patient_id for row in rows))
    visits = diary.next_visits(request.practice.pk, [row.patient_id for row in rows], now=request.now)
    when = {v.patient_id: v for v in diary.facts_for(request.practice.pk, visits.values())}
    context = {
        "page": "people",
        "words": words,
        "rows": [(row, _reach(row, request.practice), _next(when.get(row.patient_id), request)) for row in rows],
        "following": following,
        "count": people.count_patients(request.practice.pk),
        "may_bring": request.membership.role in MANAGERS,
        "alike": people.count_alike(request.practice.pk, now=request.now).waiting,
    }
    return render(request, "desk/people/everyone.html", context)


def _visits(request: DeskRequest, times: list[VisitTimes]) -> list[VisitFacts]:
    """Return the visits that count for a person's page, latest first."""
    found = diary.facts_for(request.practice.pk, that_count(times, request.now))
    return sorted(found, key=lambda visit: (visit.starts_at, visit.appointment_id), reverse=True)


def that_count(times: list[VisitTimes], now: datetime) -> list[UUID]:
    """Return the visits of which a person's page needs all that is known, however many there were.

    They are the last ones, those ahead or under way, the last that took place, and the first of all: which of them
    stands nearest, and at which step the person is, no other can change.
    """
    done = [visit for visit in times if str(visit.state) == "done"]
    ahead = [visit for visit in times if visit.ends_at > now - timedelta(days=1) or str(visit.state) in AHEAD]
    return [visit.appointment_id for visit in {*times[:VISITS], *times[-1:], *done[:VISITS], *ahead}]


def _born(person: Any) -> str:
    """Return the birth date in the reader's words, "" where none is known."""
    return date_format(person.birth_date) if person.birth_date else ""


def _reach(row: Any, practice: Any) -> str:
    return phone_words(row.phone, practice.country) if row.phone else row.email


def _next(visit: Any, request: DeskRequest) -> str:
    return moment(visit.starts_at, request.practice.zone) if visit else ""


@page("find")
def find(request: DeskRequest) -> HttpResponse:
    """Answer the palette: people first, then verbs and pages; the whole page where it is opened by itself."""
    words = request.GET.get("q", "").strip()
    found = people.search(request.practice.pk, words, limit=8) if words else []
    request.look_at(*(person.patient_id for person in found))
    items = [
        PaletteItem(
            person.name,
            reverse("desk:person", args=[person.patient_id]),
            " · ".join(part for part in (_born(person), _reach(person, request.practice)) if part),
            name=person.name,
        )
        for person in found
    ]
    items += _verbs(words)
    template = "desk/people/palette.html" if request.headers.get("HX-Request") or "palette" in request.GET else None
    return render(request, template or "desk/people/find.html", {"page": "people", "items": items, "words": words})


def _verbs(words: str) -> list[PaletteItem]:
    book = reverse("desk:book")
    items = [
        PaletteItem(gettext("Book a visit"), book, icon="calendar-plus", key="b"),
        PaletteItem(gettext("“I have an appointment”"), reverse("desk:counter"), icon="footprints", key="i"),
        PaletteItem(gettext("Walk-in"), reverse("desk:walk_in"), icon="plus", key="d"),
        PaletteItem(gettext("A call"), reverse("desk:call"), icon="phone"),
        PaletteItem(gettext("Squeeze in"), reverse("desk:squeeze"), icon="hourglass"),
        PaletteItem(gettext("We run late"), reverse("desk:delay"), icon="clock"),
        PaletteItem(gettext("Today"), reverse("desk:today"), icon="sunrise", key="g t"),
        PaletteItem(gettext("Diary"), reverse("desk:diary"), icon="calendar-days", key="g d"),
        PaletteItem(gettext("People"), reverse("desk:people"), icon="users", key="g p"),
        PaletteItem(gettext("Outbox"), reverse("desk:outbox"), icon="send", key="g u"),
        PaletteItem(gettext("The journey"), reverse("desk:journeys"), icon="route"),
    ]
    if not words:
        return items
    fitting = [i for i in items if words.casefold() in str(i.label).casefold()]
    asked = f"?{urlencode({'q': words})}"
    rings = PaletteItem(gettext("A call: %(words)s") % {"words": words}, reverse("desk:call") + asked, icon="phone")
    new = PaletteItem(gettext("Make a new person: %(words)s") % {"words": words}, book + asked, icon="user-plus")
    return [*fitting, rings, new]


@page("person")
def person(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Show one person: what matters to them, what they get next, and the one stream, from ``from`` on where asked."""
    if request.htmx and request.GET.get("from"):
        return render(request, "desk/people/_stream.html", older_of(request, patient_id))
    return render(request, "desk/people/person.html", context_of(request, patient_id))


def older_of(request: DeskRequest, patient_id: UUID) -> dict[str, Any]:
    """Return what the next page of a person's stream shows, and nothing else of theirs. Raises ``Http404``."""
    head = people.head_of(request.practice.pk, patient_id)
    named = people.names(request.practice.pk, [head]) if head else {}
    if head not in named:
        raise Http404
    request.look_at(head)
    visits = tuple(visit.appointment_id for visit in diary.times_of(request.practice.pk, head))
    found = _stream(request, Known(request, head, named[head].given_name or named[head].name, visits))
    entries = [replace(entry, is_next=number == 0) for number, entry in enumerate(found.entries)]
    return {"stream": replace(found, entries=entries), "shown": _shown(request), "patient_id": head}


def _stream(request: DeskRequest, known: Known) -> Stream:
    try:
        return stream(known, _shown(request), request.GET.get("from", ""))
    except UnreadablePlace:
        raise Http404 from None


def _shown(request: DeskRequest) -> str:
    shown = request.GET.get("show", "all")
    return shown if shown in KINDS else "all"


def context_of(request: DeskRequest, patient_id: UUID, **open_forms: Any) -> dict[str, Any]:
    """Return what the page of a person shows. Raises ``Http404`` for another practice's."""
    card = people.patient_card(request.practice.pk, patient_id)
    if card is None:
        raise Http404
    head = card.person.patient_id
    request.look_at(head)
    times = diary.times_of(request.practice.pk, head)
    visits = _visits(request, times)
    talk = inbox.standing_of(request.practice.pk, head)
    step = journeys.step_among(visits, now=request.now)
    near = nearest(visits, request.now)
    coming = near if near and str(near.state) in AHEAD and near.ends_at > request.now else None
    warning, is_stopped = cannot_use(card.reach, card.person.given_name or card.person.name)
    known = Known(request, head, card.person.given_name or card.person.name, tuple(v.appointment_id for v in times))
    given, counted = _stream(request, known), counts(known)
    return {
        "page": "people",
        "card": card,
        "person": card.person,
        "matters": matters.of(card, request.practice, day_of(request.now, request.practice.zone)),
        "age": card.age_on(day_of(request.now, request.practice.zone)),
        "step": step,
        "step_name": STEPS.get(step, ""),
        "next_visit": _visit_line(coming, request) if coming else "",
        "see_url": reverse("desk:as_patient", args=[near.appointment_id]) if near else "",
        "see_name": card.person.given_name or card.person.name,
        "visits": [
            (v, STATES.get(str(v.state), v.state), moment(v.starts_at, request.practice.zone)) for v in visits[:VISITS]
        ],
        "talk": talk,
        "draft": inbox.draft_of(request.practice.pk, talk.conversation_id, request.membership.pk)
        if talk.conversation_id
        else "",
        "coming": _coming(request, head),
        "next_due": of_person(request, head, card.reach.held_until),
        "stream": given,
        "patient_id": head,
        "kinds": [(kind, label, counted.get(kind)) for kind, label in KINDS.items()],
        "shown": _shown(request),
        "contacts": [_contact(c, request) for c in card.reach.contacts],
        "refused": refused_words(card.reach),
        "allowed": ledger_lines(request, head),
        "came": came_words(card),
        "command": new_id(),
        "may_see_looks": request.membership.role in MANAGERS,
        "ways": forms.CHANNELS,
        "address": ", ".join(filter(None, (card.street, f"{card.postcode} {card.city}".strip()))),
        "composer": {
            "to": card.person.given_name or card.person.name,
            "language": _language(card.language),
            "by": answers_by(request.practice, card.reach, talk.channel),
        },
        "format_warning": warning,
        "is_stopped": is_stopped,
        "formats": [(line, matters.flag(line)) for line in card.words.get("format", ()) if line.code],
        **_forms(request, card, open_forms),
    }


def _forms(request: DeskRequest, card: Any, open_forms: dict[str, Any]) -> dict[str, Any]:
    """Return the forms of the page; one that was refused stands as it was sent."""
    today = day_of(request.now, request.practice.zone)
    return {
        "heard": open_forms.get("heard"),
        "no_day": "none",
        "note_form": open_forms.get("note") or forms.Note(),
        "need_form": open_forms.get("need") or forms.Need(),
        "contact_form": open_forms.get("contact") or forms.Contact(country=request.practice.country),
        "details_form": open_forms.get("details") or forms.Details.of(card, today),
        "wishes_form": open_forms.get("wishes") or forms.Wishes.of(card),
        "format_form": open_forms.get("format") or forms.Format(),
    }


def refused_words(reach: Any) -> list[str]:
    """Return in sentences what a person has said stop to."""
    told = {"*": _("Every way"), **matters.CHANNELS}
    words = {"marketing": _("%(way)s: no offers"), "all": _("%(way)s: nothing at all")}
    return [str(words[scope]) % {"way": told.get(way, way)} for way, scope in sorted(reach.opted_out)]


def _visit_line(visit: Any, request: DeskRequest) -> str:
    who = f", {visit.practitioner_given_name}" if visit.practitioner_given_name else ""
    return gettext("visit %(moment)s%(who)s") % {"moment": moment(visit.starts_at, request.practice.zone), "who": who}


def _language(code: str) -> str:
    return {"nb": gettext("Norwegian"), "en": gettext("English")}.get(code[:2], code)


def _contact(contact: Any, request: DeskRequest) -> tuple[Any, str]:
    if contact.kind == "phone":
        return contact, phone_words(contact.address, request.practice.country)
    return contact, contact.address


def _coming(request: DeskRequest, patient_id: UUID) -> list[tuple[str, str, str, list[str]]]:
    language = (get_language() or "en")[:2]
    found = []
    for item in journeys.person_next(request.practice.pk, patient_id, now=request.now, limit=5):
        name = item.name.get(language) or item.name.get("en") or item.row
        channel = matters.CHANNELS.get(item.channel, item.channel)
        how = (
            gettext("%(name)s, by %(channel)s") % {"name": name, "channel": matters.inside(str(channel))}
            if item.channel
            else name
        )
        zone = request.practice.zone
        how = " · ".join(filter(None, (how, foretold(foreseen_in(item.why), item.due_at, zone))))
        found.append((moment(item.due_at, zone), how, item.text, why_words(item.why)))
    return found
