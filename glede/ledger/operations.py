"""Open an act, record what happened, note who looked.

Every act is one transaction: rows, events and the jobs that wake the followers are committed
together or not at all. The order of locks is one for everybody: message rows, then subjects sorted,
then claims on time sorted, then the ledger's head, which is taken last, when the act ends.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from glede.kernel.actor import Actor
from glede.kernel.ids import first_id_at, new_id, new_ids
from glede.kernel.ref import Ref
from glede.ledger import chain, checkpoints, notes, registry, sealing
from glede.ledger.models import Access, AccessSeal, Checkpoint, Command, Subject, Tile
from glede.practices import scope
from glede.practices.arrays import insert_columns

EVENTS_A_TRANSACTION = 1000
# These rows are their own lock and are never planned for, so they need no row of freshness.
UNVERSIONED = frozenset({"message", "held_time"})
# What the outbox reports of its own work wakes nobody; where something must follow it says so.
QUIET = "outbox.message."


class OutOfOrder(AssertionError):
    """Locks were asked for in an order that can deadlock. Lock all subjects at once, before claims."""


class NotLocked(AssertionError):
    """An event was recorded on a subject that the act had not locked. Call ``act.lock`` first."""


@dataclass(frozen=True, slots=True)
class SubjectState:
    """How fresh a subject was when it was locked."""

    seq: int
    version: int
    last_kind: str


@dataclass
class Act:
    """One act under way. Made by ``act`` only."""

    practice_id: UUID
    by: Actor
    now: datetime
    states: dict[Ref, SubjectState] = field(default_factory=dict)
    drafts: list[chain.Draft] = field(default_factory=list)
    moot: set[Ref] = field(default_factory=set)
    wakes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    claims_taken: bool = False

    def lock(self, *refs: Ref) -> None:
        """Lock subjects for change, sorted; those never seen before begin at version 1.

        Raises ``OutOfOrder`` where a lock taken before stands later in the order.
        """
        wanted = sorted({ref for ref in refs if ref not in self.states})
        if not wanted:
            return
        if self.claims_taken or (self.states and wanted[0] < max(self.states)):
            raise OutOfOrder(f"{wanted[0]} after {'claims' if self.claims_taken else max(self.states)}")
        self.states.update(_lock_subjects(self.practice_id, wanted, make=True))

    def take_claims(self) -> None:
        """Say that claims on time are taken from here on: no subject may be locked any more."""
        self.claims_taken = True

    def version_of(self, ref: Ref) -> int:
        """Return the version of a subject, counting what this act has done to it."""
        state = self.states.get(ref)
        return (state.version if state else 1) + (ref in self.moot)

    def record(
        self,
        kind: str,
        *,
        subject: Ref,
        patient: UUID | None = None,
        data: dict[str, Any] | None = None,
        moot: bool = False,
    ) -> None:
        """Record that ``kind`` happened to ``subject``: ids, codes, numbers and ISO times only.

        ``moot`` raises the subject's version, so that what was planned for it is no longer the same.
        """
        if moot:
            self.moot.add(subject)
        self.drafts.append(
            chain.Draft(new_id(), self.now, kind, self.by, subject, patient, self.version_of(subject), data or {})
        )

    def wake(self, task_name: str, **arguments: Any) -> None:
        """Enqueue a background task in the act's own transaction (real clocks only)."""
        if (task_name, arguments) not in self.wakes:
            self.wakes.append((task_name, arguments))


_open: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def act(practice_id: UUID, *, by: Actor, now: datetime) -> Iterator[Act]:
    """Open an act of a practice: one transaction, its events appended last, all or nothing.

    An act opened inside another of the same practice joins it: it sees the same locks, and its
    events are committed with the outer one's. Should it fail, its own rows and events are undone
    even where the outer act goes on.
    """
    outer = _open.get()
    if outer is not None and outer.practice_id == practice_id:
        with _joined(outer, by, now):
            yield outer
        return
    is_inside = scope.current() == (practice_id,)
    with transaction.atomic() if is_inside else scope.transaction(practice_id):
        this = Act(practice_id, by, now)
        token = _open.set(this)
        try:
            yield this
            append(this)
        finally:
            _open.reset(token)


@contextmanager
def _joined(outer: Act, by: Actor, now: datetime) -> Iterator[None]:
    before, drafts, moot = (outer.by, outer.now), len(outer.drafts), set(outer.moot)
    outer.by, outer.now = by, now
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del outer.drafts[drafts:]
        outer.moot = moot
        raise
    finally:
        outer.by, outer.now = before


def append(this: Act) -> None:
    """Write the act's events at the end of the chain and wake who follows. The last thing an act does."""
    if this.drafts:
        clock_kind, first_seq = _write_events(this)
        _write_subjects(this, first_seq)
    else:
        clock_kind = _clock_of(this.practice_id) if this.wakes else "virtual"
    if clock_kind == "real":
        _wake(this)


def _write_events(this: Act) -> tuple[str, int]:
    bodies = [chain.body_of(this.practice_id, draft) for draft in this.drafts]
    with connection.cursor() as cursor:
        cursor.execute("select seq, hash, clock from ledger_take_head(%s, %s)", [this.practice_id, new_id()])
        seq, prev, clock_kind = cursor.fetchone()
    links = list(chain.link_up(this.practice_id, seq, bytes(prev), bodies))
    rows = (_columns(this.practice_id, draft, link) for draft, link in zip(this.drafts, links, strict=True))
    columns = zip(*rows, strict=True)
    insert_columns("ledger_event", [(*named, list(c)) for named, c in zip(_COLUMNS, columns, strict=True)])
    return clock_kind, links[0].seq


_COLUMNS = (
    ("id", "uuid"), ("practice_id", "uuid"), ("seq", "bigint"), ("at", "timestamptz"), ("kind", "text"),
    ("actor_role", "text"), ("actor_id", "uuid"), ("subject_kind", "text"), ("subject_id", "uuid"),
    ("patient_id", "uuid"), ("body", "bytea"), ("prev", "bytea"), ("hash", "bytea"),
)  # fmt: skip


def _columns(practice_id: UUID, draft: chain.Draft, link: chain.Link) -> tuple[Any, ...]:
    return (
        draft.id, practice_id, link.seq, draft.at, draft.kind, draft.by.role, draft.by.id, draft.subject.kind,
        draft.subject.id, draft.patient, link.body, link.prev, link.hash,
    )  # fmt: skip


def _write_subjects(this: Act, first_seq: int) -> None:
    """Note each subject's last event. One never seen before begins here: its id is known to this act alone, so that
    writing it after the head was taken waits for nobody.
    """
    last = {
        draft.subject: (seq, draft.kind)
        for seq, draft in enumerate(this.drafts, start=first_seq)
        if draft.subject.kind not in UNVERSIONED
    }
    new = [Begun(ref, *last[ref], version=1 + (ref in this.moot)) for ref in last if ref not in this.states]
    if new and _insert_subjects(this.practice_id, new) != len(new):
        raise NotLocked(f"One of {new[0].ref} and {len(new) - 1} more was there already")
    for ref in this.moot & this.states.keys():
        Subject.objects.filter(kind=ref.kind, subject_id=ref.id).update(version=this.states[ref].version + 1)
    if known := [ref for ref in last if ref in this.states]:
        _note_last(this.practice_id, known, last)


@dataclass(frozen=True, slots=True)
class Begun:
    """A subject that nobody has seen before."""

    ref: Ref
    seq: int = 0
    last_kind: str = ""
    version: int = 1


def _insert_subjects(practice_id: UUID, begun: list[Begun]) -> int:
    """Begin subjects where there are none yet, and return how many."""
    columns: list[tuple[str, str, list[Any]]] = [
        ("id", "uuid", new_ids(len(begun))),
        ("practice_id", "uuid", [practice_id] * len(begun)),
        ("kind", "text", [one.ref.kind for one in begun]),
        ("subject_id", "uuid", [one.ref.id for one in begun]),
        ("seq", "bigint", [one.seq for one in begun]),
        ("last_kind", "text", [one.last_kind for one in begun]),
        ("version", "integer", [one.version for one in begun]),
    ]
    return insert_columns("ledger_subject", columns, where_missing=True)


def _note_last(practice_id: UUID, refs: list[Ref], last: dict[Ref, tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_subject s set seq = n.seq, last_kind = n.kind"
            " from unnest(%s::text[], %s::uuid[], %s::bigint[], %s::text[]) as n (subject_kind, subject_id, seq, kind)"
            " where s.practice_id = %s and s.kind = n.subject_kind and s.subject_id = n.subject_id",
            [
                [ref.kind for ref in refs],
                [ref.id for ref in refs],
                [last[ref][0] for ref in refs],
                [last[ref][1] for ref in refs],
                practice_id,
            ],
        )


def _clock_of(practice_id: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select clock from outside_practice where id = %s", [practice_id])
        return str(cursor.fetchone()[0])


def _wake(this: Act) -> None:
    from procrastinate.contrib.django import app

    tasks = list(this.wakes)
    if any(not draft.kind.startswith(QUIET) for draft in this.drafts):
        tasks += [(name, {}) for name in registry.followers()]
    for name, arguments in tasks:
        app.configure_task(name, queue=name.partition(".")[0]).defer(practice_id=str(this.practice_id), **arguments)


def share(practice_id: UUID, refs: Iterable[Ref]) -> dict[Ref, SubjectState]:
    """Share-lock subjects, sorted, and return how fresh they are. Those without a row are left out.

    Whoever changes a subject waits until the sharing transaction ends, and the other way round.
    """
    return _lock_subjects(practice_id, sorted(set(refs)), make=False)


_LOCK = (
    "select s.kind, s.subject_id, s.seq, s.version, s.last_kind from ledger_subject s"
    " join unnest(%s::text[], %s::uuid[]) as w (kind, subject_id) on s.kind = w.kind and s.subject_id = w.subject_id"
    " where s.practice_id = %s order by s.kind, s.subject_id"
)
_LOCK_FOR_CHANGE = _LOCK + " for update of s"
_LOCK_TO_SHARE = _LOCK + " for share of s"


def _lock_subjects(practice_id: UUID, refs: list[Ref], *, make: bool) -> dict[Ref, SubjectState]:
    kinds, ids = [r.kind for r in refs], [r.id for r in refs]
    if make:
        _insert_subjects(practice_id, [Begun(ref) for ref in refs])
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK_FOR_CHANGE if make else _LOCK_TO_SHARE,
            [kinds, ids, practice_id],
        )
        return {Ref(k, i): SubjectState(seq, version, last) for k, i, seq, version, last in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Once:
    """Whether a form is pressed for the first time, and what the first press answered."""

    is_first: bool
    answer: UUID | None


def once(this: Act, command_id: UUID | None) -> Once:
    """Say whether ``command_id`` is new; a second press waits for the first and gets its answer."""
    if command_id is None:
        return Once(is_first=True, answer=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ledger_command (id, practice_id, at) values (%s, %s, %s) on conflict do nothing",
            [command_id, this.practice_id, this.now],
        )
        if cursor.rowcount:
            return Once(is_first=True, answer=None)
    return Once(is_first=False, answer=Command.objects.get(pk=command_id).answer)


def answer(this: Act, command_id: UUID | None, result: UUID) -> None:
    """Keep the id that pressing the same form again will be answered with."""
    if command_id is not None:
        Command.objects.filter(pk=command_id, practice_id=this.practice_id).update(answer=result)


def log_access(practice_id: UUID, *, by: Actor, patient_id: UUID, page: str, now: datetime) -> None:
    """Note that ``by`` looked at a patient on ``page``; committed before the page is shown."""
    log_accesses(practice_id, by=by, patient_ids=[patient_id], page=page, now=now)


def log_accesses(
    practice_id: UUID,
    *,
    by: Actor,
    patient_ids: Iterable[UUID],
    page: str,
    now: datetime,
    noted_since: datetime | None = None,
) -> None:
    """Note that ``by`` looked at several patients on one ``page``.

    A page that asks for itself again gives ``noted_since``, by the machine's clock: whom ``by`` was noted on it
    since then is not noted again.
    """
    looked = set(patient_ids)
    with scope.transaction(practice_id):
        if noted_since is not None:
            mine = Access.objects.filter(practice_id=practice_id, id__gte=first_id_at(noted_since), actor_id=by.id)
            looked -= set(mine.filter(page=page).values_list("patient_id", flat=True))
        Access.objects.bulk_create(
            Access(practice_id=practice_id, at=now, actor_role=by.role, actor_id=by.id, patient_id=p, page=page)
            for p in sorted(looked)
        )


SETTLED_AFTER = timedelta(minutes=1)


def seal_accesses(practice_id: UUID, *, moment: datetime) -> int:
    """Seal the looks that are a minute old by the machine's clock ``moment``; return how many.

    Two workers at once: the second finds its number taken, and its transaction is undone.
    """
    with scope.transaction(practice_id):
        last = AccessSeal.objects.filter(practice_id=practice_id).order_by("-number").first()
        after = last.last_id if last else sealing.NOBODY
        rows = list(sealing.rows_between(practice_id, after, first_id_at(moment - SETTLED_AFTER)))
        if not rows:
            return 0
        prev = bytes(last.hash) if last else chain.GENESIS
        AccessSeal.objects.create(
            practice_id=practice_id,
            number=(last.number if last else 0) + 1,
            last_id=rows[-1][0],
            rows=len(rows),
            prev=prev,
            hash=sealing.seal_hash(prev, rows),
        )
    return len(rows)


def make_checkpoint(practice_id: UUID, *, at: datetime) -> bool:
    """Sign the tree over all events so far, where there are new ones; ``at`` by the practice's clock.

    Two workers at once: the second finds its number taken (``IntegrityError``). Raises ``checkpoints.RecordDiffers``
    where the database is not what was signed before: then nothing more is signed.
    """
    with scope.transaction(practice_id):
        new = checkpoints.next_checkpoint(practice_id, at)
        if new is None:
            return False
        note, signed = new.note, notes.sign(new.note)
        Checkpoint.objects.create(
            practice_id=practice_id, number=note.number, size=note.size, root=note.root, frontier=new.frontier, at=at,
            note=signed.text, public_key=signed.public_key, signature=signed.signature,
        )  # fmt: skip
        Tile.objects.bulk_create(Tile(practice_id=practice_id, number=n, root=root) for n, root in new.tiles)
    return True
