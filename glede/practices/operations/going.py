"""Rehearsal and live, stop-all and its end, the ticks before going live, and the return to a backup."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.failpoints import guard
from glede.kernel.ref import Ref
from glede.practices import scope
from glede.practices.models import BackupProof, ModeChange, Practice, Restoration, Tick
from glede.practices.operations.locking import locked
from glede.practices.recording import Act, act


class NotAllowedLive(Exception):
    """This practice may not go live; the message says why."""


class AwaitsOwner(Exception):
    """This practice returned to a backup: nothing leaves until its owner has seen what differs."""


def go_live(*, practice_id: UUID, by: Actor, now: datetime) -> Practice:
    """Let messages leave the house. Raises ``NotAllowedLive``.

    Whether the law of the country is known is asked by the page (outbox.policy) before this.
    """
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        if practice.is_virtual or practice.ticked_at:
            raise NotAllowedLive("A practice whose clock was moved by hand has told its future. Start a fresh one.")
        if not practice.is_live:
            Practice.objects.filter(pk=practice_id).update(mode=Practice.Mode.LIVE, live_since=now)
            _note_mode(practice_id, ModeChange.Kind.LIVE, changing, by=by, now=now)
    practice.refresh_from_db()
    return practice


def go_back_to_rehearsal(*, practice_id: UUID, by: Actor, now: datetime) -> Practice:
    """Send nothing any more; what is planned is rehearsed from now on."""
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        if practice.is_live:
            Practice.objects.filter(pk=practice_id).update(mode=Practice.Mode.REHEARSAL, live_since=None)
            _note_mode(practice_id, ModeChange.Kind.REHEARSAL, changing, by=by, now=now)
    practice.refresh_from_db()
    return practice


def make_tick(*, practice_id: UUID, code: str, basis: str = "", by: Actor, now: datetime) -> None:
    """Tick a line of the list before going live, for what stands there now. Ticking it twice changes nothing."""
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        standing = Tick.objects.filter(code=code, withdrawn_at=None)
        if standing.filter(basis=basis).exists():
            return
        standing.update(withdrawn_at=now)
        Tick.objects.create(
            practice_id=practice.pk, code=code, basis=basis, made_at=now, actor_role=by.role, actor_id=by.id
        )
        changing.record("practices.tick.made", subject=Ref("practice", practice_id), data={"code": code})


def withdraw_tick(*, practice_id: UUID, code: str, by: Actor, now: datetime) -> None:
    """Take a tick back."""
    with act(practice_id, by=by, now=now) as changing:
        locked(practice_id, changing)
        if Tick.objects.filter(code=code, withdrawn_at=None).update(withdrawn_at=now):
            changing.record("practices.tick.withdrawn", subject=Ref("practice", practice_id), data={"code": code})


def pause_rows(*, practice_id: UUID, rows: Collection[str], by: Actor, now: datetime) -> None:
    """Let nothing leave from these rows of the journey, and from no others. In rehearsal all rows are played."""
    with act(practice_id, by=by, now=now) as changing:
        practice, wanted = locked(practice_id, changing), sorted(set(rows))
        if practice.paused_rows != wanted:
            Practice.objects.filter(pk=practice_id).update(paused_rows=wanted)
            changing.record("practices.rows.paused", subject=Ref("practice", practice_id), data={"rows": wanted})


def stop_all(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Stop everything that has not left yet, until ``resume``."""
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        if practice.stopped_at is None:
            Practice.objects.filter(pk=practice_id).update(stopped_at=now)
            _note_mode(practice_id, ModeChange.Kind.STOPPED, changing, by=by, now=now)


def resume(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Let messages go again after ``stop_all``. Raises ``AwaitsOwner`` where a backup was restored."""
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        if practice.restored_at is not None:
            raise AwaitsOwner("A backup was restored. The owner looks at what differs and lets messages go again.")
        if practice.stopped_at is not None:
            Practice.objects.filter(pk=practice_id).update(stopped_at=None)
            _note_mode(practice_id, ModeChange.Kind.RESUMED, changing, by=by, now=now)


def note_backup(proof: BackupProof) -> BackupProof:
    """Keep what became of a backup, proved or not. About the whole database, so no practice's record tells it."""
    with scope.outside():
        proof.save(force_insert=True)
    return proof


@dataclass(frozen=True)
class Returned:
    """What a practice is told of its return to a backup: ids, codes, numbers and times only."""

    backup_at: datetime
    file_name: str
    newer: str
    kept_as: str
    counts: dict[str, int]
    lines: list[dict[str, Any]]


def begin_restored(*, practice_id: UUID, returned: Returned, by: Actor, now: datetime) -> Restoration:
    """Note that a practice stands where its backup stood, and send nothing until its owner has looked.

    Called on the restored database before anybody else can reach it.
    """
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        if guard("restored_stops"):
            Practice.objects.filter(pk=practice_id).update(restored_at=now, stopped_at=practice.stopped_at or now)
            _note_mode(practice_id, ModeChange.Kind.STOPPED, changing, by=by, now=now)
        restoration = Restoration.objects.create(
            practice_id=practice_id,
            backup_at=returned.backup_at,
            restored_at=now,
            file_name=returned.file_name,
            newer=returned.newer,
            kept_as=returned.kept_as,
            counts=returned.counts,
            lines=returned.lines,
        )
        changing.record(
            "practices.practice.restored",
            subject=Ref("practice", practice_id),
            data={"backup_at": returned.backup_at, "newer": returned.newer, "restoration": restoration.pk},
        )
    return restoration


def accept_restored(*, practice_id: UUID, by: Actor, now: datetime) -> bool:
    """Let messages go again after a restoration; False where none waits. Who may (the owner) is asked before."""
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        if practice.restored_at is None:
            return False
        Practice.objects.filter(pk=practice_id).update(restored_at=None, stopped_at=None)
        Restoration.objects.filter(practice_id=practice_id, accepted_at=None).update(
            accepted_at=now, accepted_role=by.role, accepted_id=by.id, lines=[]
        )
        _note_mode(practice_id, ModeChange.Kind.RESUMED, changing, by=by, now=now)
    return True


def _note_mode(practice_id: UUID, kind: ModeChange.Kind, changing: Act, *, by: Actor, now: datetime) -> None:
    ModeChange.objects.create(practice_id=practice_id, kind=kind, at=now, actor_role=by.role, actor_id=by.id)
    changing.record("practices.mode.changed", subject=Ref("practice", practice_id), data={"to": kind.value})
