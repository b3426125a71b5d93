"""How far a practice's record had come, kept outside the database: whoever puts the database back is noticed.

One small file a practice in GLEDE_HOME/checkpoints, written anew each time messages have left. It holds the number and
the digest of the last event; a database that lacks that event has gone back to an older state of itself.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from glede.kernel.failpoints import guard
from glede.ledger.models import Event
from glede.ledger.outside import folder
from glede.ledger.queries import head_of
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class Mark:
    """The last event that was known of at a moment: its number and digest."""

    seq: int
    digest: bytes
    at: datetime


def mark_path_of(practice_id: UUID) -> Path:
    """Return the file of a practice's mark."""
    return folder() / f"{practice_id}.mark"


def read_mark(practice_id: UUID) -> Mark | None:
    """Return the mark, or None where there is none yet or it cannot be read."""
    try:
        told = json.loads(mark_path_of(practice_id).read_bytes())
        return Mark(int(told["seq"]), bytes.fromhex(told["digest"]), datetime.fromisoformat(told["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def set_mark(practice_id: UUID, at: datetime) -> Mark:
    """Write down how far the record has come, on disk before this returns. Several writers leave one whole file."""
    head = head_of(practice_id)
    mark = Mark(head["seq"], head["digest"], at)
    told = {"seq": mark.seq, "digest": mark.digest.hex(), "at": at.isoformat()}
    path = mark_path_of(practice_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return mark


def put_back_from(practice_id: UUID) -> Mark | None:
    """Return the mark where the database lacks its event, so that it has gone back since; None where all is well."""
    mark = read_mark(practice_id)
    if mark is None or mark.seq == 0 or not guard("mark"):
        return None
    with scope.transaction(practice_id, read_only=True):
        row = Event.objects.filter(practice_id=practice_id, seq=mark.seq).values_list("hash", flat=True).first()
    return None if row is not None and bytes(row) == mark.digest else mark
