"""Read the record: in order, by subject, by patient; and prove that nobody touched it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger import registry
from glede.ledger.checkpoints import NOTHING_KEPT, Kept
from glede.ledger.models import Access, Command, Cursor, Event, Head, Subject
from glede.ledger.sealing import problems_of_seals
from glede.ledger.walking import Walk
from glede.practices import scope
from glede.practices.paging import Place, older

PAGE = 5000


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as followers and pages read it."""

    seq: int
    at: datetime
    kind: str
    by: Actor
    subject: Ref
    patient_id: UUID | None
    version: int
    data: dict[str, Any]


def happenings(rows: QuerySet[Event]) -> Iterator[Happening]:
    """Yield events from rows of the ledger, in the order given."""
    fields = ("seq", "at", "kind", "actor_role", "actor_id", "subject_kind", "subject_id", "patient_id", "body")
    for seq, at, kind, role, actor_id, subject_kind, subject_id, patient_id, body in rows.values_list(*fields):
        facts = json.loads(bytes(body))
        by = Actor(role, actor_id)
        yield Happening(seq, at, kind, by, Ref(subject_kind, subject_id), patient_id, facts["version"], facts["data"])


def events(practice_id: UUID, *, after_seq: int = 0, limit: int = PAGE) -> list[Happening]:
    """Return up to ``limit`` events after ``after_seq``, in the order of the chain."""
    with scope.transaction(practice_id):
        return list(
            happenings(Event.objects.filter(practice_id=practice_id, seq__gt=after_seq).order_by("seq")[:limit])
        )


def events_of(practice_id: UUID, subject: Ref) -> list[Happening]:
    """Return the history of one subject, oldest first."""
    with scope.transaction(practice_id):
        rows = Event.objects.filter(practice_id=practice_id, subject_kind=subject.kind, subject_id=subject.id)
        return list(happenings(rows.order_by("seq")))


def events_of_kinds(
    practice_id: UUID, kinds: list[str], *, before_seq: int | None = None, limit: int = 50
) -> list[Happening]:
    """Return the events of some kinds, newest first, a page at a time."""
    with scope.transaction(practice_id):
        rows = Event.objects.filter(practice_id=practice_id, kind__in=kinds)
        if before_seq is not None:
            rows = rows.filter(seq__lt=before_seq)
        return list(happenings(rows.order_by("-seq")[:limit]))


def last_of_kind(practice_id: UUID, kind: str) -> Happening | None:
    """Return the last event of a kind, or None where there is none."""
    return next(iter(events_of_kinds(practice_id, [kind], limit=1)), None)


def events_of_patient(practice_id: UUID, patient_id: UUID, *, limit: int = 50) -> list[Happening]:
    """Return the last events about a patient, newest first."""
    with scope.transaction(practice_id):
        return list(happenings(older(_about(practice_id, [patient_id]), "at", "seq", before=None, limit=limit)))


def events_told(
    practice_id: UUID,
    patient_ids: Iterable[UUID],
    event_kinds: Iterable[str],
    *,
    before: Place | None = None,
    limit: int = 50,
) -> list[Happening]:
    """Return the events of some kinds about people, newest first, a page at a time; their place is (when, ``seq``)."""
    with scope.transaction(practice_id):
        rows = _about(practice_id, patient_ids).filter(kind__in=list(event_kinds))
        return list(happenings(older(rows, "at", "seq", before=before, limit=limit)))


def count_told(practice_id: UUID, patient_ids: Iterable[UUID], event_kinds: Iterable[str]) -> int:
    """Return how many events of some kinds there are about people."""
    with scope.transaction(practice_id):
        return _about(practice_id, patient_ids).filter(kind__in=list(event_kinds)).count()


def _about(practice_id: UUID, patient_ids: Iterable[UUID]) -> QuerySet[Event]:
    return Event.objects.filter(practice_id=practice_id, patient_id__in=list(patient_ids))


def version_of(practice_id: UUID, subject: Ref) -> int:
    """Return the subject's version; 1 for one never seen."""
    with scope.transaction(practice_id):
        row = Subject.objects.filter(practice_id=practice_id, kind=subject.kind, subject_id=subject.id).first()
        return row.version if row else 1


def last_seq(practice_id: UUID) -> int:
    """Return the seq of the practice's last event; 0 before the first."""
    with scope.transaction(practice_id):
        head = Head.objects.filter(practice_id=practice_id).first()
        return head.seq if head else 0


def commands_done(practice_id: UUID, command_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these pressed forms were taken in."""
    with scope.transaction(practice_id):
        return set(Command.objects.filter(pk__in=list(command_ids)).values_list("pk", flat=True))


def head_of(practice_id: UUID) -> dict[str, Any]:
    """Return where the chain ends: ``seq``, and the ``digest`` of the last event; 0 and nothing before the first."""
    with scope.transaction(practice_id):
        head = Head.objects.filter(practice_id=practice_id).first()
        return {"seq": head.seq if head else 0, "digest": bytes(head.hash) if head else b""}


def cursor_at(practice_id: UUID, name: str) -> int:
    """Return how far the follower ``name`` has read."""
    with scope.transaction(practice_id):
        row = Cursor.objects.filter(practice_id=practice_id, name=name).first()
        return row.seq if row else 0


def progress(practice_id: UUID, *names: str) -> tuple[int, ...]:
    """Return the seq of the last event, then how far each of the followers ``names`` has read, in one statement."""
    with scope.transaction(practice_id), connection.cursor() as cursor:
        cursor.execute(_PROGRESS, [practice_id, practice_id, list(names)])
        found = dict(cursor.fetchall())
    return tuple(found.get(name, 0) for name in ("", *names))


_PROGRESS = """
select '', seq from ledger_head where practice_id = %s
union all select name, seq from ledger_cursor where practice_id = %s and name = any (%s)
"""


def who_looked(
    practice_id: UUID, patient_id: UUID, *, limit: int = 100
) -> list[tuple[datetime, str, UUID | None, str]]:
    """Return (when, role, who, page) of the last looks at a patient, newest first."""
    with scope.transaction(practice_id):
        rows = Access.objects.filter(practice_id=practice_id, patient_id=patient_id).order_by("-id")
        return list(rows.values_list("at", "actor_role", "actor_id", "page")[:limit])


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person: by whom, on which page, when."""

    id: UUID
    at: datetime
    role: str
    who: UUID | None
    patient_id: UUID
    page: str


def looks_at(
    practice_id: UUID,
    patient_id: UUID | None = None,
    *,
    who: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Look]:
    """Return looks at one person or at anybody, newest first: by one colleague, of a time, before another look."""
    with scope.transaction(practice_id):
        rows = Access.objects.filter(practice_id=practice_id)
        given = {"patient_id": patient_id, "actor_id": who, "at__gte": since, "at__lt": until, "id__lt": before}
        rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
        columns = ("id", "at", "actor_role", "actor_id", "patient_id", "page")
        return [Look(*row) for row in rows.order_by("-id").values_list(*columns)[:limit]]


@dataclass
class Report:
    """What ``verify`` found. ``ok`` means: no problem at all."""

    events: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True where nothing was found."""
        return not self.problems


def verify(practice_id: UUID, kept: Kept = NOTHING_KEPT) -> Report:
    """Recompute the whole chain and tree of a practice, then let each room check its rows against them.

    With what is ``kept`` outside the database the tree is compared too (``outside.kept``).
    """
    report = Report()
    with scope.transaction(practice_id, read_only=True):
        walk = Walk(practice_id, kept)
        walk.go()
        report.events, report.counts["checkpoints"] = walk.events, walk.tree.checkpoints
        report.problems += walk.problems
        report.problems += problems_of_seals(practice_id)
        for room, handler in sorted(registry.handlers("verify").items()):
            _verify_room(room, handler, practice_id, report)
    return report


def _verify_room(room: str, handler: registry.Handler, practice_id: UUID, report: Report) -> None:
    """Let a room check its rows. Over a record found changed it may stumble; what was found is told all the same."""
    try:
        with transaction.atomic():
            handler(practice_id, report)
    except Exception as error:
        if report.ok:
            raise
        report.problems.append(f"{room} cannot be checked against this record: {type(error).__name__}")
