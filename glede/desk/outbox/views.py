"""The board of messages and the page that says why."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.channels.sms.accounts import part_price
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.channels.costs import size_words
from glede.desk.diary.history import moment
from glede.desk.diary.times import read_day
from glede.desk.outbox.foretelling import denied, held_till
from glede.desk.outbox.letters import letter, showing_letters
from glede.desk.seeing import see_url
from glede.journeys import queries as journeys
from glede.journeys.words import why_lines
from glede.kernel.clock import at_wall, day_of, wall
from glede.kernel.gsm import for_sms
from glede.kernel.words import day_words, time_words
from glede.outbox import composing, queries
from glede.outbox import operations as outbox
from glede.outbox.words import CHANNELS, HELD_BY, STATES, reason_words
from glede.people import queries as people
from glede.ui import undo
from glede.ui.presenting import Reason

FATES = {
    "will_go": (_("Will go"), "clock"),
    "held": (_("Held"), "pause"),
    "will_not_go": (_("Will not go"), "ban"),
    "sent": (_("Sent"), "check"),
    "arrived": (_("Arrived"), "check"),
    "answered": (_("Answered"), "quote"),
    "rehearsed": (_("Rehearsed"), "play"),
    "doubtful": (_("In doubt"), "circle-question-mark"),
    "stopped": (_("Stopped"), "ban"),
    "not_needed": (_("No longer needed"), "check"),
    "failed": (_("Did not arrive"), "circle-alert"),
    "became_a_call": (_("Became a call"), "phone"),
}


DROPS = "drops"  # a code of HELD_BY, and of the reasons foreseen
WAITING = frozenset({"will_go", "held", "will_not_go"})
OTHER_ROWS = {"campaign": _("News to many"), "reply": _("An answer"), "31/1": _("We have your message")}
SHOWN_OF_TEXT = 90
NOBODY = UUID(int=0)
MEANT_AS_A_CALL = frozenset({"call", "prefers_call"})


@page("outbox")
def board(request: DeskRequest, shown: str = "") -> HttpResponse:
    """Show the messages of a day by fate; today where none is named."""
    zone, today = request.practice.zone, day_of(request.now, request.practice.zone)
    wanted = read_day(shown) or today
    start, end = (at_wall(wanted + timedelta(days=n), time(0), zone) for n in (0, 1))
    fate = request.GET.get("fate", "")
    found = queries.board(
        request.practice.pk, since=start, until=end, now=request.now, fate=fate if fate in FATES else ""
    )
    called = row_words(request.practice.pk)
    names = people.names(request.practice.pk, {line.patient_id for line in found.lines})
    request.look_at(*names)
    address = reverse("desk:message", args=[NOBODY])  # found once: a day has hundreds of lines
    context = {
        "page": "outbox",
        "day": wanted,
        "words": day_words(wanted, get_language() or "en"),
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1),
        "is_today": wanted == today,
        "board": found,
        "sentence": sentence(found, wanted, today),
        "lines": [
            row(line, names, request, called) | {"href": address.replace(str(NOBODY), str(line.message_id))}
            for line in found.lines
        ],
        "counts": [(key, fate_words(key, found.is_live), found.counts[key]) for key in FATES if found.counts.get(key)],
        "total": sum(found.counts.values()),
        "fate": fate,
        "may_stop": request.membership.role in MANAGERS,
    }
    return render(request, "desk/outbox/board.html", context)


def sentence(found: queries.Board, wanted: date, today: date) -> str:
    """Return the sentence that opens the page; its counts equal those below."""
    go, held = found.counts.get("will_go", 0), found.counts.get("held", 0)
    will_not, calls = found.counts.get("will_not_go", 0), found.counts.get("became_a_call", 0)
    if not sum(found.counts.values()):
        return gettext("Nothing goes out this day.")
    first = going_words(go, found.is_live) if go else gettext("Nothing more goes out.")
    rest = []
    if held:
        rest.append(ngettext("%(n)d is held", "%(n)d are held", held) % {"n": held})
    if will_not:
        rest.append(ngettext("%(n)d will not go", "%(n)d will not go", will_not) % {"n": will_not})
    if calls:
        rest.append(ngettext("%(n)d became a call", "%(n)d became calls", calls) % {"n": calls})
    return f"{first} {', '.join(rest)}." if rest else first


def going_words(n: int, is_live: bool) -> str:
    """Return how many messages leave, or in rehearsal would."""
    if is_live:
        return ngettext("%(n)d message will go.", "%(n)d messages will go.", n) % {"n": n}
    return ngettext("%(n)d message would go.", "%(n)d messages would go.", n) % {"n": n}


def fate_words(fate: str, is_live: bool) -> str:
    """Return a fate in a word or two; in rehearsal nothing will go, it would."""
    if fate == "will_go" and not is_live:
        return gettext("Would go")
    return str(FATES[fate][0] if fate in FATES else fate)


def row(line: Any, names: Any, request: DeskRequest, called: Mapping[str, str]) -> dict[str, Any]:
    """Return one line of the board; ``called`` are the names of the journey's rows."""
    icon = FATES[line.fate][1] if line.fate in FATES else "circle-dashed"
    words = label = fate_words(line.fate, request.practice.is_live)
    if line.fate == "held" and line.held_until:
        words = held_till(line.held_until, line.due_at, request.practice.zone)
        if DROPS in {line.held_by, *line.foreseen.reasons}:
            words = f"{words}: {HELD_BY[DROPS]}"
    elif line.fate == "will_not_go":
        words = denied(line.foreseen)
    elif line.reason and line.fate in {"not_needed", "became_a_call", "failed", "stopped", "doubtful"}:
        words = f"{label}: {reason_words(line.reason)}"
    known = names.get(line.patient_id)
    level = {"failed": "late", "became_a_call": "late", "doubtful": "soon"}.get(line.fate, "")
    if line.reason in MEANT_AS_A_CALL:
        level = ""
    return {
        "hour": _hour(line.at, request.practice.zone),
        "name": known.name if known else gettext("Somebody"),
        "person": line.patient_id,
        "channel": CHANNELS.get(line.channel, line.channel),
        "text": _short(line.subject_line or line.body or called.get(line.row, line.row)),
        "fate": words,
        "icon": icon,
        "level": level,
        "id": line.message_id,
        "is_open": line.fate in WAITING,
    }


def _hour(at: datetime, zone: str) -> str:
    return time_words(wall(at, zone).time(), "en", "staff")


def _short(words: str) -> str:
    return words if len(words) <= SHOWN_OF_TEXT else f"{words[: SHOWN_OF_TEXT - 1].rstrip()}…"


def row_words(practice_id: UUID) -> dict[str, str]:
    """Return what each row of the journey is called in the reader's language, by its number."""
    language = (get_language() or "en")[:2]
    named = {key: str(n.get(language) or n.get("en") or key) for key, n in journeys.row_names(practice_id).items()}
    return named | {key: str(words) for key, words in OTHER_ROWS.items()}


@page("message")
def message(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """Show one message: its words, its fate, why it came and what was tried."""
    try:
        story = queries.message_for(request.practice.pk, message_id, now=request.now)
    except queries.NoSuchTouch:
        raise Http404 from None
    line = story.line
    request.look_at(line.patient_id)
    names = people.names(request.practice.pk, [line.patient_id])
    called = row_words(request.practice.pk)
    subject, text = _words(request, line)
    size, is_mail = _size(request, line, text), bool(subject) or line.channel == "email"
    known = names.get(line.patient_id)
    context = {
        "page": "outbox",
        "line": line,
        "see_url": see_url(request, line.patient_id),
        "see_name": (known.given_name or known.name) if known else "",
        "row": row(line, names, request, called),
        "title": line.subject_line or called.get(line.row, "") or line.body,
        "when": moment(line.at, request.practice.zone),
        "subject": subject,
        "text": text,
        "letter": letter(request.practice, subject, text, _language(request, line)) if is_mail and text else None,
        "size": size,
        "reasons": reasons(line, called),
        "tries": [(moment(t.at, request.practice.zone), try_words(t)) for t in story.tries if t.kind != "begun"],
        "visit": line.subject_id if line.subject_kind == "appointment" else None,
    }
    return showing_letters(render(request, "desk/outbox/message.html", context))


def _words(request: DeskRequest, line: Any) -> tuple[str, str]:
    """Return what left, or for what has not left yet what would leave now."""
    if line.body:
        return line.subject_line, line.body
    reach = people.reach(request.practice.pk, [line.patient_id]).get(line.patient_id)
    if reach is None or line.fate not in WAITING:
        return "", ""
    from glede.kernel.ref import Ref

    draft = composing.Draft(
        touch_id=line.touch_id,
        row=line.row,
        journey_version=line.journey_version,
        subject=Ref(line.subject_kind, line.subject_id),
        patient_id=line.patient_id,
        purpose=line.purpose,
        channel=line.channel or (reach.channels[0] if reach.channels else "email"),
        language=reach.language,
        why=line.why,
    )
    content = composing.compose(request.practice.pk, [draft], request.now).get(line.touch_id)
    if content is None:
        return "", ""
    return (content.subject, content.text) if draft.channel != "sms" else ("", for_sms(content.text))


def _language(request: DeskRequest, line: Any) -> str:
    """Return in which language somebody is written to."""
    reached = people.reach(request.practice.pk, [line.patient_id]).get(line.patient_id)
    return (reached.language if reached else "") or str(request.practice.language)


def _size(request: DeskRequest, line: Any, text: str) -> str:
    """Return what a text takes and costs; "" for what is none."""
    return size_words(text, part_price(request.practice.pk)) if line.channel == "sms" and text else ""


def try_words(one: queries.Try) -> str:
    """Return in a sentence what was tried, and what the other side answered where it said something."""
    outcome = STATES.get(one.outcome, one.outcome)
    words = str(outcome).capitalize() if one.outcome else gettext("Handed over to be sent")
    reason = reason_words(one.reason) if one.reason else ""
    return ": ".join(part for part in (words, reason, one.words) if part)


def reasons(line: Any, called: Mapping[str, str], *, size: str = "") -> list[Reason]:
    """Return why a message came, and why it goes, waits or ended; ``size`` is what a text takes and costs."""
    found = [Reason(gettext("Step"), called.get(line.row, line.row))]
    found += [Reason(label, words) for label, words in why_lines(line.why)]
    found += [Reason(gettext("May it go"), reason_words(code)) for code in line.foreseen.reasons]
    if line.held_by:
        found.append(Reason(gettext("Held by"), str(HELD_BY.get(line.held_by, line.held_by))))
    if line.reason:
        found.append(Reason(gettext("So"), reason_words(line.reason)))
    if size:
        found.append(Reason(gettext("Size"), size))
    return found


def _act(operation: Any, done: Any, taken_back_at: str = "") -> Any:
    @page(operation.__name__, methods=["POST"])
    def view(request: DeskRequest, message_id: UUID) -> HttpResponse:
        with _told(request):
            operation(practice_id=request.practice.pk, message_id=message_id, by=request.by, now=request.now)
            if taken_back_at:
                undo.offer(request, str(done), reverse(taken_back_at, args=[message_id]))
            else:
                messages.success(request, str(done))
        return redirect("desk:message", message_id)

    return view


@contextmanager
def _told(request: DeskRequest) -> Iterator[None]:
    """Answer what cannot be done any more in a sentence, and what is not ours with 404."""
    try:
        yield
    except outbox.NoSuchMessage:
        raise Http404 from None
    except outbox.AlreadyLeft:
        messages.error(request, gettext("It is on its way or has ended: it can no longer be changed."))


hold = _act(outbox.hold_message, _("Held."), "desk:release_message")
release = _act(outbox.release_message, _("It goes at its hour again."))
stop = _act(outbox.stop_message, _("Stopped for good."))
send = _act(outbox.send_now, _("It goes now, if it may."))


@page("ring_message", methods=["POST"])
def ring(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """Take a message oneself: it is not sent, and a call stands on Today in one's own name."""
    with _told(request):
        outbox.hand_message(
            practice_id=request.practice.pk, message_id=message_id, owner_id=request.membership.pk, by=request.by,
            now=request.now,
        )  # fmt: skip
        messages.success(request, gettext("Yours: it is not sent, and the call stands on Today."))
    return redirect("desk:message", message_id)


@page("stop_all", roles=MANAGERS, methods=["POST"])
def stop_all(request: DeskRequest) -> HttpResponse:
    """Stop everything that has not left; pressed again, let it go on."""
    act = outbox.resume if request.practice.stopped_at else outbox.stop_all
    try:
        act(practice_id=request.practice.pk, by=request.by, now=request.now)
    except outbox.AwaitsOwner:
        words = gettext("A backup was restored. The owner lets messages go again, on the settings page.")
        messages.error(request, words)
    return redirect(reverse("desk:outbox"))
