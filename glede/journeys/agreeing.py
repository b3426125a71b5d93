"""Does the book say what patients were told? Read from the record, the messages that left, and the diary."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.diary import events as diary
from glede.diary.folding import fold
from glede.diary.models import Appointment, Series
from glede.diary.operations.links import hash_for
from glede.diary.receipts import Receipts
from glede.diary.rules import State
from glede.diary.verifying import by_visit
from glede.journeys.gathering import SUBJECT, whose_wish
from glede.journeys.operations.promising import BEFORE_THE_VISIT
from glede.journeys.rules import Change, Differs, Place, Tale, Telling, difference
from glede.kernel.clock import day_of
from glede.kernel.ids import link_hash, read_link_code
from glede.kernel.ref import Ref
from glede.ledger.queries import Happening
from glede.outbox.models import Message, Touch
from glede.outbox.rules import WENT, Fate
from glede.outbox.rules import State as MessageState
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id
from glede.promises.queries import kept_about, open_about

OVER = frozenset({State.CANCELLED, State.ENTERED_IN_ERROR})
CAUSE = "told:"
# A reminder to come tells the present time too, but weeks hence: only these bring news.
NEWS = frozenset({"booked", "moved_by_patient", "moved_by_practice", "cancelled_by_practice"})
LINK = re.compile(r"/t/([^/\s]+)/")


@dataclass(frozen=True, slots=True)
class Difference:
    """A visit of which a patient was told what the book does not say. ``version`` is the visit's, as recorded."""

    appointment_id: UUID
    patient_id: UUID | None
    how: Differs
    version: int

    @property
    def subject(self) -> Ref:
        """What the promise is about: the visit, or the person where it is gone."""
        is_gone = self.how == Differs.GONE and self.patient_id is not None
        return Ref("patient", self.patient_id) if is_gone and self.patient_id else Ref(SUBJECT, self.appointment_id)

    @property
    def cause(self) -> str:
        """What makes it the same difference on another night."""
        return f"{CAUSE}{self.how}:{self.version}:{self.appointment_id}"


@dataclass
class _Visit:
    """A visit to come, as the record tells it, and what went out about it."""

    patient_id: UUID | None
    changes: list[Change]
    codes: set[bytes]
    tellings: list[Telling]
    firsts: list[tuple[datetime, UUID | None]]
    is_misnamed: bool = False

    def follows(self, first: UUID, at: datetime) -> bool:
        """Return whether at that moment it was what follows ``first``, and so told with it."""
        return next((key for since, key in reversed(self.firsts) if since <= at), None) == first

    def stood(self, at: datetime) -> bool:
        """Return whether it stood in the book at that moment."""
        return next((change.place.stands for change in reversed(self.changes) if change.at <= at), False)


def differences(practice_id: UUID, *, now: datetime) -> list[Difference]:
    """Return every difference between what patients were told and the book, in all that is still to come.

    Whether a booking is found by each code it was given is asked of every booking there ever was.
    """
    practice = practice_by_id(practice_id)
    with scope.transaction(practice_id, read_only=True):
        lost = {one.appointment_id: Differs(one.how) for one in Receipts(practice_id).lost()}
        books = {row.pk: row for row in Appointment.objects.filter(practice_id=practice_id, is_history=False)}
        visits = dict(_visits(practice, books, lost, now))
        parts = _parts(visits)
        _hear_messages(practice, visits, parts, _told_by(practice_id, books, visits))
        _hear_calls(practice_id, visits, parts)
        on_the_way = _on_the_way(practice_id, visits, parts, now)
        found = []
        for key, visit in sorted(visits.items()):
            book = _place(books[key]) if key in books else None
            tale = Tale(visit.changes, visit.tellings, book, key in on_the_way)
            words = Differs.WORDS if visit.is_misnamed else None
            if how := lost.get(key) or words or difference(tale, now):
                found.append(Difference(key, visit.patient_id, how, visit.changes[-1].version))
    return found


def _visits(
    practice: Practice, books: dict[UUID, Appointment], lost: dict[UUID, Differs], now: datetime
) -> Iterator[tuple[UUID, _Visit]]:
    today = day_of(now, practice.zone).isoformat()
    for key, happened in by_visit(practice.pk):
        row = books.get(key)
        events = list(happened)
        if key in lost or events[-1].data["day"] >= today or (row is not None and row.ends_at > now):
            codes = {hash_for(key, counter) for counter in range((row.link_counter if row else 0) + 1)}
            firsts = [(one.at, UUID(of) if (of := one.data.get("part_of")) else None) for one in events]
            yield key, _Visit(events[-1].patient_id, list(_changes(practice, events)), codes, [], firsts)


def _parts(visits: dict[UUID, _Visit]) -> dict[UUID, list[UUID]]:
    """Return which visits ever followed another one, by that one; their patients hear of both in one message."""
    found: dict[UUID, list[UUID]] = {}
    for key, visit in visits.items():
        for first in {first for _at, first in visit.firsts if first}:
            found.setdefault(first, []).append(key)
    return found


def _told_by(practice_id: UUID, books: dict[UUID, Appointment], visits: dict[UUID, _Visit]) -> dict[UUID, list[UUID]]:
    """Return the visits of a series that the message about one of them tells of, by that one."""
    wanted = {series for key in visits if key in books and (series := books[key].series_id)}
    rows = Series.objects.filter(practice_id=practice_id, pk__in=wanted, booked_at__isnull=False)
    tellers = {pk: (number, at) for pk, number, at in rows.values_list("pk", "told_by", "booked_at")}
    mates: dict[UUID | None, list[UUID]] = {}
    for key in visits:
        if key in books:
            mates.setdefault(books[key].series_id, []).append(key)
    told = {}
    for key, row in books.items():
        number, at = tellers.get(row.series_id, (None, None)) if row.series_id else (None, None)
        if at is not None and number == row.series_number:
            told[key] = [one for one in mates[row.series_id] if one != key and books[one].booked_at <= at]
    return told


def _changes(practice: Practice, happened: Iterable[Happening]) -> Iterator[Change]:
    """Yield what the record amounted to, event by event.

    Of what a list brought, and of all before the switch to live, the practice tells in its own way.
    """
    words = []
    for one in happened:
        words.append((one.kind.removeprefix(diary.PREFIX), one.data))
        place = Place(fold(words) not in OVER, one.data["day"], one.data["at"])
        is_older = practice.live_since is not None and one.at < practice.live_since
        wish = whose_wish(one.by.role, one.data.get("reason", ""))
        yield Change(one.at, one.version, place, is_known=is_older or wish != "practice")


def _place(row: Appointment) -> Place:
    hour = row.wall_time.isoformat("minutes") if row.wall_time else None
    return Place(row.state not in OVER, row.day.isoformat(), hour)


def _hear_messages(
    practice: Practice, visits: dict[UUID, _Visit], parts: dict[UUID, list[UUID]], told_by: dict[UUID, list[UUID]]
) -> None:
    left = Message.objects.filter(
        practice_id=practice.pk, live=practice.is_live, state__in=[*WENT, MessageState.REHEARSED],
        touch__subject_kind=SUBJECT, touch__subject_id__in=[*visits, *told_by], touch__purpose__in=BEFORE_THE_VISIT,
    )  # fmt: skip
    fields = ("touch__subject_id", "touch__subject_version", "touch__why", "sent_at", "body")
    for key, version, why, sent_at, body in left.values_list(*fields):
        if key in visits:
            visits[key].tellings.append(Telling(sent_at, version))
            visits[key].is_misnamed |= not _names(body, visits[key].codes)
        mates = told_by.get(key, ()) if why.get("variant") == "booked" else ()
        also = [one for one in map(UUID, why.get("also") or ()) if one in visits]
        for other in [*also, *_following(visits, parts, key, sent_at), *(m for m in mates if visits[m].stood(sent_at))]:
            visits[other].tellings.append(Telling(sent_at))


def _following(visits: dict[UUID, _Visit], parts: dict[UUID, list[UUID]], first: UUID, at: datetime) -> list[UUID]:
    """Return what followed a visit at that moment."""
    return [key for key in parts.get(first, ()) if visits[key].follows(first, at)]


def _names(body: str, codes: set[bytes]) -> bool:
    """Return whether every link in a message's words leads to its visit; words that were blanked hold none."""
    read = (read_link_code(code) for code in LINK.findall(body))
    return all(code is not None and link_hash(code) in codes for code in read)


def _hear_calls(practice_id: UUID, visits: dict[UUID, _Visit], parts: dict[UUID, list[UUID]]) -> None:
    for subject, at in kept_about(practice_id, [Ref(SUBJECT, key) for key in visits]):
        for key in (subject.id, *_following(visits, parts, subject.id, at)):
            visits[key].tellings.append(Telling(at))


def _on_the_way(
    practice_id: UUID, visits: dict[UUID, _Visit], parts: dict[UUID, list[UUID]], now: datetime
) -> set[UUID]:
    """Return the visits of which news is still to go, by a message or by a colleague."""
    ours = Touch.objects.filter(practice_id=practice_id, subject_kind=SUBJECT, subject_id__in=list(visits))
    waiting = ours.filter(fate=Fate.OPEN, purpose__in=BEFORE_THE_VISIT).values_list("subject_id", "why")
    promises = open_about(practice_id, *(Ref(SUBJECT, key) for key in visits))
    owed = {promise.subject.id for promise in promises if not promise.cause.startswith(CAUSE)}
    owed |= {key for key, why in waiting if why.get("variant") in NEWS}
    return owed | {part for first in owed for part in _following(visits, parts, first, now)}
