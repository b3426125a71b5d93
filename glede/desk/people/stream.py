"""The one stream of a person: said, did, sent, promised; newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest
from glede.desk.diary.times import read_uuid
from glede.desk.people.moments import when
from glede.desk.people.promised import promise_words
from glede.desk.today.rows import channel_word
from glede.feedback import queries as feedback
from glede.inbox import queries as inbox
from glede.kernel.ref import Ref
from glede.ledger import queries as ledger
from glede.ledger import registry
from glede.outbox import queries as outbox
from glede.outbox.words import STATES
from glede.people import queries as people
from glede.practices.queries import opening_hours
from glede.promises import queries as promises
from glede.promises.rules import share_gone
from glede.staff.queries import colleague_names
from glede.ui.urgency import urgency

EVENTS = 60
KINDS = {"all": _("All"), "said": _("Said"), "did": _("Did"), "sent": _("Sent"), "promised": _("Promised")}
WORDED = ("note", "need")
TOLD_ELSEWHERE = (
    "outbox.message.", "inbox.message.", "inbox.reply.", "promises.promise.made", "feedback.",
    "people.question.",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry of the stream."""

    kind: str
    at: datetime
    when: str
    words: str
    who: str = ""
    how: str = ""
    why: str = ""
    urgency: Any = None


@dataclass(frozen=True)
class Stream:
    """What is shown, and how many there are of each kind."""

    entries: list[Entry]
    counts: dict[str, int]


@dataclass(frozen=True)
class Known:
    """What the page has asked for already: the person's visits, and everything said with them."""

    visits: list[Any]
    talk: Any


def stream(request: DeskRequest, card: Any, known: Known, shown: str) -> Stream:
    """Return the entries of the kind ``shown`` ("all" for every kind) about a person."""
    patient_id = card.person.patient_id
    entries = [
        *_promised(request, patient_id, known, card.person.given_name or card.person.name),
        *_said(request, known.talk.pieces, card.person.given_name or card.person.name),
        *_told(request, patient_id, card.person.given_name),
        *_seen(request, patient_id),
        *_sent(request, patient_id),
        *_did(request, patient_id, card.person.given_name or card.person.name),
    ]
    counts = {kind: sum(e.kind == kind for e in entries) for kind in KINDS if kind != "all"}
    entries = [e for e in entries if shown in {"all", e.kind}]
    owed = sorted((e for e in entries if e.kind == "promised"), key=lambda e: e.at)
    past = sorted((e for e in entries if e.kind != "promised"), key=lambda e: e.at, reverse=True)
    return Stream([*owed, *past], counts)


def _said(request: DeskRequest, pieces: Iterable[Any], name: str) -> list[Entry]:
    found = []
    for piece in pieces:
        kind = {"said": "said", "answered": "sent"}.get(piece.kind, "did")
        who = name if piece.kind == "said" else piece.who
        words = piece.words or _closed(piece.reason)
        found.append(
            Entry(
                kind,
                piece.at,
                when(piece.at, request.now, request.practice.zone),
                words,
                who,
                channel_word(piece.channel),
            )
        )
    return found


def _closed(reason: str) -> str:
    if reason == "understood":
        return gettext("Their answer to the reminder was plain, and was done at once.")
    return gettext("No reply was needed.")


def _told(request: DeskRequest, patient_id: UUID, name: str) -> list[Entry]:
    scores = {5: _("very good"), 4: _("good"), 3: _("neither good nor poor"), 2: _("poor"), 1: _("very poor")}
    found = []
    for told in feedback.responses_of(request.practice.pk, [patient_id]):
        words = told.words or str(scores.get(told.score or 0, ""))
        at = told.given_at
        how = gettext("about the visit") + (f", {scores[told.score]}" if told.words and told.score in scores else "")
        found.append(Entry("said", at, when(at, request.now, request.practice.zone), words, name, how))
    return found


def _seen(request: DeskRequest, patient_id: UUID) -> list[Entry]:
    """Return who looked at words that were raised, and found them not urgent."""
    said = _("%(who)s found it not urgent: “%(reason)s”")
    return [
        Entry(
            "did", seen.at, when(seen.at, request.now, request.practice.zone),
            str(said) % {"who": seen.who, "reason": seen.reason}, seen.who,
        )
        for seen in inbox.assessments_of(request.practice.pk, patient_id)
    ]  # fmt: skip


def _sent(request: DeskRequest, patient_id: UUID) -> list[Entry]:
    found = []
    for line in outbox.of_patient(request.practice.pk, [patient_id], now=request.now, limit=EVENTS):
        if line.sent_at is None or line.purpose == "reply":
            continue
        who, how = _how_it_went(line)
        words = line.body or line.subject_line or gettext("Its words are no longer kept.")
        why = reverse("desk:message", args=[line.message_id])
        found.append(
            Entry("sent", line.sent_at, when(line.sent_at, request.now, request.practice.zone), words, who, how, why)
        )
    return found


def _how_it_went(line: Any) -> tuple[str, str]:
    """Return "Sent" or "Rehearsed", by which way, and how it arrived where that is known."""
    way = channel_word(line.channel)
    if line.state == "rehearsed":
        return gettext("Rehearsed"), way
    if line.state in {"accepted", "sent"}:
        return gettext("Sent"), way
    return gettext("Sent"), f"{way}, {STATES.get(line.state, line.state)}"


def _did(request: DeskRequest, patient_id: UUID, name: str) -> list[Entry]:
    names = colleague_names(request.practice.pk)
    events = [e for e in ledger.events_of_patient(request.practice.pk, patient_id, limit=EVENTS) if _is_told(e.kind)]
    spoken = people.spoken(request.practice.pk, filter(None, (_words_id(e.data) for e in events)))
    found = []
    for event in events:
        words = words_of(event.kind, event.data)
        if words:
            wrote = spoken.get(_words_id(event.data) or patient_id, "")
            words = f"{words} {gettext('“%(words)s”') % {'words': wrote}}" if wrote else words
            machines = {"import": gettext("The list"), "system": "Glede", "provider": "Glede"}
            who = {"patient": name, **machines}.get(event.by.role)
            who = who or (event.by.id and names.get(event.by.id)) or gettext("A colleague")
            found.append(Entry("did", event.at, when(event.at, request.now, request.practice.zone), words, str(who)))
    return found


def _is_told(kind: str) -> bool:
    return not kind.startswith(TOLD_ELSEWHERE)


def _words_id(data: dict[str, Any]) -> UUID | None:
    """Return the id of the words behind an event: a note, or a line of what matters."""
    return next((read_uuid(str(data[key])) for key in WORDED if data.get(key)), None)


def words_of(kind: str, data: dict[str, Any]) -> str:
    """Return an event in the reader's words, told by the room it belongs to; "" where nobody tells it."""
    teller = registry.handlers("timeline").get(kind.partition(".")[0])
    if teller is None:
        return ""
    return str(teller(kind, data, (get_language() or "en")[:2]) or "")


def _promised(request: DeskRequest, patient_id: UUID, known: Known, name: str) -> list[Entry]:
    subjects = [Ref("patient", patient_id), *(Ref("appointment", v.appointment_id) for v in known.visits)]
    if known.talk.conversation_id:
        subjects.append(Ref("conversation", known.talk.conversation_id))
    names, hours = colleague_names(request.practice.pk), opening_hours(request.practice)
    found = []
    for owed in promises.open_about(request.practice.pk, *subjects):
        gone = share_gone(owed.made_at, owed.due_at, request.now, hours) if owed.kind == "answer" else None
        level = urgency(due=owed.due_at, made=owed.made_at, now=request.now, zone=request.practice.zone, gone=gone)
        who = names.get(owed.owner_id, "") if owed.owner_id else gettext("The desk")
        found.append(Entry("promised", owed.due_at, level.words, promise_words(owed, names, name), who, urgency=level))
    return found
