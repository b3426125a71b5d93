"""The one stream of a person: said, did, sent, promised; newest first, a page at a time.

What is owed stands first, soonest on top; the past follows. Each source is asked only for what comes after the last
entry shown, so a page costs the same however long somebody is known.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest
from glede.desk.people.happening import told_kinds, words_of_all
from glede.desk.people.moments import when
from glede.desk.people.promised import promise_words
from glede.desk.today.rows import channel_word
from glede.feedback import queries as feedback
from glede.inbox import queries as inbox
from glede.kernel.ref import Ref
from glede.ledger import queries as ledger
from glede.outbox import queries as outbox
from glede.outbox.words import STATES
from glede.people.queries import records_of
from glede.practices.paging import Place
from glede.practices.queries import opening_hours
from glede.promises import queries as promises
from glede.promises.rules import share_gone
from glede.staff.queries import colleague_names
from glede.ui.urgency import urgency

PAGE = 30
KINDS = {"all": _("All"), "said": _("Said"), "did": _("Did"), "sent": _("Sent"), "promised": _("Promised")}
SCORES = {5: _("very good"), 4: _("good"), 3: _("neither good nor poor"), 2: _("poor"), 1: _("very poor")}
OWED, OWED_RANK = "promised", -1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnreadablePlace(ValueError):
    """The address of an older page was cut or made up."""


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
    is_next: bool = False


@dataclass(frozen=True)
class Stream:
    """What is shown, and the place from which older entries go on, "" after the last."""

    entries: list[Entry]
    older: str
    is_later: bool


@dataclass(frozen=True)
class Known:
    """Whose stream it is, and what the page has asked for already."""

    request: DeskRequest
    patient_id: UUID
    name: str
    visit_ids: tuple[UUID, ...]

    @property
    def practice_id(self) -> UUID:
        """The practice in which they are known."""
        return UUID(str(self.request.practice.pk))

    @property
    def records(self) -> list[UUID]:
        """Their record, and those merged into it."""
        return records_of(self.practice_id, [self.patient_id])

    @property
    def subjects(self) -> list[Ref]:
        """What a promise to them may be about."""
        talks = inbox.conversations_of(self.practice_id, self.patient_id)
        return [
            *(Ref("patient", record) for record in self.records),
            *(Ref("appointment", visit) for visit in self.visit_ids),
            *(Ref("conversation", talk) for talk in talks),
        ]

    def entry(self, kind: str, at: datetime, words: str, who: str = "", **more: Any) -> Entry:
        """Return an entry of theirs, with its moment in words."""
        return Entry(kind, at, when(at, self.request.now, self.request.practice.zone), words, who, **more)


class Row(NamedTuple):
    """A row of a source, in the order in which all of them stand: its moment, its source, its own key."""

    at: datetime
    rank: int
    key: UUID | int
    row: Any


@dataclass(frozen=True)
class Source:
    """Where entries of a kind come from: rows after a place, and the entries they make."""

    kind: str
    ask: Callable[[Known, Place | None, int], list[Any]]
    at: str
    key: str
    tell: Callable[[Known, list[Any]], list[Entry]]


def stream(known: Known, shown: str, after: str = "") -> Stream:
    """Return a page of the entries of the kind ``shown`` ("all" for every kind), from the place ``after``.

    Raises ``UnreadablePlace``.
    """
    place = _read(after) if after else None
    owed = _owed(known, place) if shown in {"all", OWED} and (place is None or place.rank == OWED_RANK) else []
    past = _past(known, shown, place) if shown != OWED and len(owed) <= PAGE else []
    rows = [*owed, *past][: PAGE + 1]
    page = rows[:PAGE]
    return Stream(
        entries=_told(known, page),
        older=_written(page[-1]) if len(rows) > PAGE else "",
        is_later=place is not None,
    )


def counts(known: Known) -> dict[str, int]:
    """Return how many entries of each kind there are."""
    pieces = inbox.count_pieces(known.practice_id, known.patient_id)
    records = known.records
    return {
        "said": pieces["said"] + feedback.count_responses(known.practice_id, records),
        "did": pieces["closed"] + pieces["seen"] + ledger.count_told(known.practice_id, records, told_kinds()),
        "sent": pieces["answered"] + outbox.count_sent(known.practice_id, records),
        OWED: promises.count_open_about(known.practice_id, known.subjects),
    }


def _owed(known: Known, place: Row | None) -> list[Row]:
    after = Place(place.at, place.key) if place else None
    rows = promises.open_about(known.practice_id, *known.subjects, after=after, limit=PAGE + 1)
    return [Row(owed.due_at, OWED_RANK, owed.id, owed) for owed in rows]


def _past(known: Known, shown: str, place: Row | None) -> list[Row]:
    """Return the newest rows of every source of the kind that come after a place, one more than a page holds."""
    found: list[Row] = []
    for rank, source in enumerate(SOURCES):
        if shown in {"all", source.kind}:
            rows = source.ask(known, _before(place, rank), PAGE + 1)
            found += [Row(getattr(row, source.at), rank, getattr(row, source.key), row) for row in rows]
    return sorted(found, key=lambda row: row[:3], reverse=True)[: PAGE + 1]


def _before(place: Row | None, rank: int) -> Place | None:
    """Return from where a source goes on: of one moment, the sources stand in their order, the last of them first."""
    if place is None or place.rank == OWED_RANK:
        return None
    if place.rank == rank:
        return Place(place.at, place.key)
    return Place(place.at + timedelta(microseconds=rank < place.rank))


def _told(known: Known, rows: list[Row]) -> list[Entry]:
    """Return the entries of rows, in their order; each source tells its own in one go. Rows without words are none."""
    told: dict[tuple[int, UUID | int], Entry] = {}
    for rank in {row.rank for row in rows}:
        own = [row for row in rows if row.rank == rank]
        tell = _promised if rank == OWED_RANK else SOURCES[rank].tell
        told |= {(rank, row.key): entry for row, entry in zip(own, tell(known, [r.row for r in own]), strict=True)}
    return [entry for row in rows if (entry := told[row.rank, row.key]).words]


def _written(row: Row) -> str:
    micros = (row.at - EPOCH) // timedelta(microseconds=1)
    key = row.key.hex if isinstance(row.key, UUID) else str(row.key)
    return urlsafe_b64encode(f"{row.rank} {micros} {key}".encode()).decode().rstrip("=")


def _read(place: str) -> Row:
    try:
        rank, micros, key = urlsafe_b64decode(place + "=" * (-len(place) % 4)).decode().split(" ")
        at = EPOCH + timedelta(microseconds=int(micros))
        is_event = int(rank) != OWED_RANK and SOURCES[int(rank)].key == "seq"
        return Row(at, int(rank), int(key) if is_event else UUID(key), None)
    except (ValueError, IndexError, OverflowError) as error:
        raise UnreadablePlace from error


def _pieces(known: Known, pieces: list[Any]) -> list[Entry]:
    found = []
    for piece in pieces:
        kind = {"said": "said", "answered": "sent"}.get(piece.kind, "did")
        who = known.name if piece.kind == "said" else piece.who
        words = piece.words or _closed(piece.reason)
        found.append(known.entry(kind, piece.at, words, who, how=channel_word(piece.channel)))
    return found


def _closed(reason: str) -> str:
    if reason == "understood":
        return gettext("Their answer to the reminder was plain, and was done at once.")
    return gettext("No reply was needed.")


def _responses(known: Known, rows: list[Any]) -> list[Entry]:
    found = []
    for told in rows:
        words = told.words or str(SCORES.get(told.score or 0, "")) or gettext("about the visit")
        how = gettext("about the visit") + (f", {SCORES[told.score]}" if told.words and told.score in SCORES else "")
        found.append(known.entry("said", told.given_at, words, known.name, how=how))
    return found


def _seen(known: Known, rows: list[Any]) -> list[Entry]:
    """Return who looked at words that were raised, and found them not urgent."""
    said = gettext("%(who)s found it not urgent: “%(reason)s”")
    return [known.entry("did", s.at, said % {"who": s.who, "reason": s.reason}, s.who) for s in rows]


def _sent(known: Known, lines: list[Any]) -> list[Entry]:
    found = []
    for line in lines:
        who, how = _how_it_went(line)
        words = line.body or line.subject_line or gettext("Its words are no longer kept.")
        why = reverse("desk:message", args=[line.message_id])
        found.append(known.entry("sent", line.sent_at, words, who, how=how, why=why))
    return found


def _how_it_went(line: Any) -> tuple[str, str]:
    """Return "Sent" or "Rehearsed", by which way, and how it arrived where that is known."""
    way = channel_word(line.channel)
    if line.state == "rehearsed":
        return gettext("Rehearsed"), way
    if line.state in {"accepted", "sent"}:
        return gettext("Sent"), way
    return gettext("Sent"), f"{way}, {STATES.get(line.state, line.state)}"


def _did(known: Known, events: list[Any]) -> list[Entry]:
    told = words_of_all(known.practice_id, events, known.name)
    return [known.entry("did", event.at, *said) for event, said in zip(events, told, strict=True)]


def _promised(known: Known, rows: list[Any]) -> list[Entry]:
    request = known.request
    names, hours = colleague_names(known.practice_id), opening_hours(request.practice)
    found = []
    for owed in rows:
        gone = share_gone(owed.made_at, owed.due_at, request.now, hours) if owed.kind == "answer" else None
        level = urgency(due=owed.due_at, made=owed.made_at, now=request.now, zone=request.practice.zone, gone=gone)
        who = names.get(owed.owner_id, "") if owed.owner_id else gettext("The desk")
        words = promise_words(owed, names, known.name)
        found.append(Entry(OWED, owed.due_at, level.words, words, who, urgency=level))
    return found


def _of_person(question: Callable[..., list[Any]], known: Known, before: Place | None, limit: int) -> list[Any]:
    return question(known.practice_id, known.patient_id, before=before, limit=limit)


def _of_records(question: Callable[..., list[Any]], known: Known, before: Place | None, limit: int) -> list[Any]:
    return question(known.practice_id, known.records, before=before, limit=limit)


def _of_events(known: Known, before: Place | None, limit: int) -> list[Any]:
    return ledger.events_told(known.practice_id, known.records, told_kinds(), before=before, limit=limit)


def _of_messages(known: Known, before: Place | None, limit: int) -> list[Any]:
    return outbox.sent_to(known.practice_id, known.records, now=known.request.now, before=before, limit=limit)


# Of one moment the last of these stands first, and what it led to below it. Their numbers stand in addresses.
SOURCES = (
    Source("did", _of_events, "at", "seq", _did),
    Source("sent", _of_messages, "sent_at", "message_id", _sent),
    Source("did", partial(_of_person, inbox.assessments_of), "at", "id", _seen),
    Source("said", partial(_of_records, feedback.responses_of), "given_at", "id", _responses),
    Source("did", partial(_of_person, inbox.closings_of), "at", "id", _pieces),
    Source("sent", partial(_of_person, inbox.replies_of), "at", "id", _pieces),
    Source("said", partial(_of_person, inbox.messages_of), "at", "id", _pieces),
)
