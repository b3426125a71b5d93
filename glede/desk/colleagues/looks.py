"""Who looked at a person: the log, in words."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.ledger.queries import who_looked
from glede.people.queries import names
from glede.staff.queries import colleague_names

SHOWN = 200
PAGES = {
    "all_looks": _("who looked"),
    "as_patient": _("what they see"),
    "book": _("booking"),
    "book_whom": _("booking"),
    "call": _("a call"),
    "campaign": _("news to many"),
    "campaign_new": _("news to many"),
    "campaigns": _("news to many"),
    "close_desk": _("closing the desk"),
    "close_visit": _("the end of a visit"),
    "colleague_leaving": _("a colleague who leaves"),
    "copy": _("a copy of all we hold"),
    "counter": _("“I have an appointment”"),
    "counter_case": _("“I have an appointment”"),
    "delay": _("we run late"),
    "diary": _("diary"),
    "diary_day": _("diary"),
    "export": _("a copy of all we hold"),
    "find": _("search"),
    "forecast": _("what will go"),
    "forget": _("forgetting them"),
    "forgotten": _("forgetting them"),
    "list": _("a list brought in"),
    "list_rejects": _("a list brought in"),
    "lists": _("a list brought in"),
    "journey_bring": _("the journey"),
    "journey_file": _("the journey"),
    "journey_history": _("the journey"),
    "journey_measured": _("what came of a step of the journey"),
    "journey_measures": _("what came of the steps of the journey"),
    "journey_row": _("the journey, whom a step reaches"),
    "journeys": _("the journey"),
    "live": _("going live"),
    "looks": _("who looked"),
    "mail": _("a mail that came"),
    "mails": _("mail that came"),
    "message": _("one message"),
    "move": _("moving a visit"),
    "next_visit": _("the next visit"),
    "offer": _("free times"),
    "outbox": _("outbox"),
    "outbox_day": _("outbox"),
    "outbox_faring": _("outbox"),
    "people": _("people"),
    "person": _("their page"),
    "promises": _("today, the list behind a row"),
    "right": _("what they asked about their data"),
    "series": _("visits in a row"),
    "series_book": _("visits in a row"),
    "series_new": _("visits in a row"),
    "settings": _("settings"),
    "sheet": _("the day on paper"),
    "sheet_kept": _("the day on paper"),
    "shoes": _("in their shoes"),
    "shoes_phone": _("in their shoes"),
    "squeeze": _("squeezing in"),
    "stranger": _("booking"),
    "thanks": _("thanks"),
    "today": _("today"),
    "twice": _("who may stand twice"),
    "visit": _("a visit"),
    "walk_in": _("walk-in"),
}
LINKS = {
    "visit": _("their visit"),
    "visit.before": _("the questions before the visit"),
    "visit.before_thanks": _("the questions before the visit"),
    "visit.bring": _("what to bring"),
    "visit.cancel": _("cancelling"),
    "visit.correction": _("putting something right"),
    "visit.feedback": _("how it went"),
    "visit.held": _("what we hold"),
    "visit.history": _("what happened to the visit"),
    "visit.late": _("running late"),
    "visit.messages": _("writing to us"),
    "visit.move": _("moving the visit"),
    "visit.place": _("how to find us"),
    "visit.preferences": _("how we reach them"),
    "visit.prices": _("prices"),
    "visit.question": _("the questions before the visit"),
    "visit.receipt": _("the receipt"),
    "visit.wrong_number": _("how we reach them"),
    "visit.rights": _("their data with us"),
}


@page("looks", roles=MANAGERS)
def looks(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Show who looked at a person, on which page and when, the last first. This look is noted too."""
    person = names(request.practice.pk, [patient_id]).get(patient_id)
    if person is None:
        raise Http404
    request.look_at(patient_id)
    staff = colleague_names(request.practice.pk)
    seen = who_looked(request.practice.pk, patient_id, limit=SHOWN)
    lines = [
        (moment(at, request.practice.zone), who_words(role, who, staff), where_words(role, where))
        for at, role, who, where in seen
    ]
    context = {"page": "people", "person": person, "lines": lines, "is_cut": len(seen) == SHOWN, "shown": SHOWN}
    return render(request, "desk/colleagues/looks.html", context)


def where_words(role: str, page: str) -> str:
    """Return the words of a page; what was pressed there has none of its own, and so have settings and links."""
    if role != "staff" and page.startswith("visit"):
        return str(LINKS.get(page, LINKS["visit"]))
    if page.startswith(("settings", "service", "hours", "facilit")) or page in {
        "email",
        "mailbox",
        "texts",
        "restored",
    }:
        return str(PAGES["settings"])
    return str(PAGES.get(page) or gettext("something done"))


def who_words(role: str, who: UUID | None, staff: dict[UUID, str]) -> str:
    """Return who looked: a colleague's name, or what it was."""
    if role == "staff" and who in staff:
        return staff[who]
    return {"patient": gettext("The person"), "system": "Glede"}.get(role, role)
