"""Mails that came: those held for a colleague, and what became of every one. A mail is opened as words alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.channels import events
from glede.channels.mailbox import kept
from glede.channels.mailbox.kept import KeptMail
from glede.channels.operations import mails as channels
from glede.desk.access import DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.diary.times import read_uuid
from glede.desk.today.placing import close_words, placed
from glede.people import queries as people
from glede.staff.queries import colleague_names

MAYBE = 5
REASONS: dict[str, Any] = {
    "unreadable": _("it cannot be read here"),
    "no_sender": _("it does not say from whom it is, or names several"),
    "too_many": _("more came from there within an hour than anybody writes"),
    "urgent_words": _("a machine sent it, and its words cannot wait"),
    "list_of_a_patient": _("it went to many, and comes from the address of a patient"),
    "own": _("our own mail came back to us"),
    "twice": _("the very same mail came before"),
    "list": _("it went to many"),
    "automatic": _("a machine answered, for nobody we know"),
    "not_ours": _("it tells of a mail that we did not send"),
    "not_a_mail": _("a provider told of something else"),
}
READ: dict[str, Any] = {
    "words": _("with who wrote it, or on Today"),
    "automatic": _("an automatic answer, with the person"),
    "list": _("to many, with the person"),
    "bounce": _("a mail of ours came back"),
    "complaint": _("our mail was called unwanted"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A mail as a row of the list shows it."""

    mail: KeptMail
    at: str
    fate: str
    level: str
    icon: str


@page("mails")
def board(request: DeskRequest) -> HttpResponse:
    """Show the mails that are held, or all of them, a page at a time."""
    shows_all = request.GET.get("show") == "all"
    before = read_uuid(request.GET.get("before", ""))
    found, following = kept.mails_page(request.practice.pk, only_held=not shows_all, before=before)
    request.look_at(*(mail.patient_id for mail in found if mail.patient_id))
    held = kept.held(request.practice.pk)
    context = {
        "page": "outbox", "shows_all": shows_all, "held": held, "sentence": _sentence(held),
        "lines": [_line(request, mail) for mail in found], "following": following,
    }  # fmt: skip
    return render(request, "desk/channels/mails.html", context)


def _sentence(held: int) -> str:
    if not held:
        return gettext("No mail waits for you to look at it.")
    words = ngettext("%(n)s mail waits for you to look at it.", "%(n)s mails wait for you to look at them.", held)
    return words % {"n": held}


def _line(request: DeskRequest, mail: KeptMail) -> Line:
    level, icon = ("late" if mail.urgency < 5 else "soon", "eye") if mail.is_held else ("", "check")
    return Line(mail, moment(mail.came_at, request.practice.zone), fate_words(mail), level, icon)


def fate_words(mail: KeptMail) -> str:
    """Return what became of a mail, in a few words."""
    if mail.is_held:
        return gettext("held: %(why)s") % {"why": REASONS.get(mail.reason, mail.reason)}
    if mail.settled_at is not None:
        return gettext("seen to") if mail.note else gettext("with who wrote it")
    return str(REASONS[mail.reason] if mail.reason in REASONS else READ.get(mail.sort, READ["words"]))


@page("mail")
def mail(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Show one mail: its header, why it is held, and its words to who has opened it."""
    found = _found(request, mail_id)
    is_open = request.membership.pk in kept.opened_by(request.practice.pk, mail_id, [events.MAIL_OPENED])
    searched = request.GET.get("who", "").strip()
    maybe: Sequence[Any] = people.search(request.practice.pk, searched, limit=MAYBE) if searched else ()
    person = people.names(request.practice.pk, [found.patient_id]).get(found.patient_id) if found.patient_id else None
    request.look_at(*(one.patient_id for one in maybe), *([found.patient_id] if found.patient_id else []))
    context = {
        "page": "outbox", "mail": found, "at": moment(found.came_at, request.practice.zone), "fate": fate_words(found),
        "words": kept.words_for(request.practice.pk, mail_id) if is_open else "", "is_open": is_open,
        "searched": searched, "maybe": maybe, "person": person,
        "settled_at": moment(found.settled_at, request.practice.zone),
        "settled_by": colleague_names(request.practice.pk).get(found.settled_by, "") if found.settled_by else "",
    }  # fmt: skip
    return render(request, "desk/channels/mail.html", context)


def _found(request: DeskRequest, mail_id: UUID) -> KeptMail:
    found = kept.mail_by_id(request.practice.pk, mail_id)
    if found is None:
        raise Http404
    return found


@page("mail_open", methods=["POST"])
def open_mail(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Note who opens it, and show its words."""
    try:
        channels.open_mail(practice_id=request.practice.pk, mail_id=mail_id, by=request.by, now=request.now)
    except channels.NoSuchMail:
        raise Http404 from None
    return redirect("desk:mail", mail_id)


@page("mail_place", methods=["POST"])
def place(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Put its words into the conversation of who wrote them, and open that person."""
    return placed(request, channels.place_mail, mail_id=mail_id)


@page("mail_close", methods=["POST"])
def close(request: DeskRequest, mail_id: UUID) -> HttpResponse:
    """Say that nobody waits for an answer, and why."""
    try:
        close_words(request, channels.close_mail, mail_id=mail_id)
    except channels.NoReason:
        messages.error(request, gettext("Write in a few words why nobody waits for an answer."))
        return redirect("desk:mail", mail_id)
    messages.success(request, gettext("Seen to."))
    return redirect("desk:mails")
