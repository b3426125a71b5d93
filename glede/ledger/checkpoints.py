"""Checkpoints as they stand in the database: the next one, and whether all agree with the tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.kernel.failpoints import guard
from glede.ledger import chain, merkle, notes
from glede.ledger.models import Checkpoint, Event

TILE = 1024
LEAF_BYTES = 8
PAGE = 5000


class RecordDiffers(Exception):
    """What stands in the database is not what was signed before, so nothing more is signed. ``glede verify`` tells."""


@dataclass(frozen=True, slots=True)
class Next:
    """The checkpoint to be written, and the tiles that are whole now."""

    note: notes.Note
    frontier: bytes
    tiles: list[tuple[int, bytes]]


def last_checkpoint(practice_id: UUID) -> Checkpoint | None:
    """Return the last checkpoint. Needs a scope."""
    return Checkpoint.objects.filter(practice_id=practice_id).order_by("-number").first()


def signed_of(row: Checkpoint) -> notes.Signed:
    """Return a checkpoint's note with its signature."""
    return notes.Signed(row.note, bytes(row.public_key), bytes(row.signature))


def leaves(practice_id: UUID, *, after: int, upto: int | None = None) -> Iterator[bytes]:
    """Yield the leaves of the events ``after`` < seq ≤ ``upto``. Raises ``RecordDiffers`` at a gap. Needs a scope."""
    rows = Event.objects.filter(practice_id=practice_id, seq__gt=after).order_by("seq")
    rows = rows if upto is None else rows.filter(seq__lte=upto)
    for place, (seq, body) in enumerate(rows.values_list("seq", "body").iterator(chunk_size=PAGE), start=after + 1):
        if seq != place:
            raise RecordDiffers(f"event {place} is missing")
        yield chain.leaf(practice_id, seq, bytes(body))


def next_checkpoint(practice_id: UUID, at: datetime) -> Next | None:
    """Return the checkpoint that the events since the last one ask for, None where there are none. Needs a scope.

    Costs what is new and the height of the tree. Raises ``RecordDiffers`` where the last one is not as it was signed.
    """
    last = last_checkpoint(practice_id)
    frontier = _frontier(last)
    before, tile, tiles = frontier.size, _tile_begun(frontier), []
    for leaf in leaves(practice_id, after=before):
        frontier.append(leaf)
        tile.append(leaf)
        if tile.size == TILE:
            tiles.append((frontier.size // TILE - 1, tile.root()))
            tile = merkle.Frontier()
    if frontier.size == before:
        return None
    number, digest = (last.number + 1, signed_of(last).digest) if last else (1, notes.NOTHING)
    note = notes.Note(notes.CHECKPOINT, practice_id, number, frontier.size, frontier.root(), at, digest)
    return Next(note, frontier.kept(), tiles)


def _frontier(last: Checkpoint | None) -> merkle.Frontier:
    if last is None:
        return merkle.Frontier()
    frontier = merkle.frontier_of(last.size, bytes(last.frontier))
    if not notes.is_ours(signed_of(last)) or frontier.root() != notes.read(last.note).root:
        raise RecordDiffers(f"checkpoint {last.number} is not as it was signed")
    return frontier


def _tile_begun(frontier: merkle.Frontier) -> merkle.Frontier:
    """Return the tile that is not whole yet: the last and smallest of the peaks."""
    size = frontier.size % TILE
    return merkle.Frontier(size, frontier.peaks[len(frontier.peaks) - size.bit_count() :])


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands outside the database: checkpoints, and the beginning of each event's leaf in order."""

    checkpoints: tuple[notes.Note, ...]
    leaves: bytes


NOTHING_KEPT = Kept((), b"")


class Comparison:
    """Walks the record once and compares the tree with each checkpoint where it falls. Needs a scope.

    What is ``kept`` outside counts even where the database's own checkpoints were forged or taken away.
    """

    def __init__(self, practice_id: UUID, kept: Kept) -> None:
        if not guard("record_file"):
            kept = NOTHING_KEPT
        self._frontier = merkle.Frontier()
        self._waiting = list(Checkpoint.objects.filter(practice_id=practice_id).order_by("-size", "-number"))
        self._kept = sorted(kept.checkpoints, key=lambda note: (-note.size, -note.number))
        self._leaves, self._first = kept.leaves if guard("checkpoint_root") else b"", 0
        self._digest, self._number, self._earlier, self._whole = notes.NOTHING, 0, 0, 0
        self._differing: list[tuple[int, int, int]] = []
        self.checkpoints = len(self._waiting)
        self.problems: list[str] = []

    def add(self, seq: int, leaf: bytes) -> None:
        """Take the next event's leaf in."""
        self._frontier.append(leaf)
        if not self._first and not leaf.startswith(self._leaves[(seq - 1) * LEAF_BYTES : seq * LEAF_BYTES]):
            self._first = seq
        while self._waiting and self._waiting[-1].size == self._frontier.size:
            self._compare(self._waiting.pop())
        while self._kept and self._kept[-1].size == self._frontier.size:
            self._compare_root(self._kept[-1].number, self._kept.pop().root)

    def finish(self) -> list[str]:
        """Return what was found, once every event was seen."""
        if self._differing:
            whole, size, number = self._differing[0]
            self.problems.insert(0, f"events {whole + 1} to {size} are not those that checkpoint {number} was made of")
            if self._first:
                self.problems.insert(0, f"event {self._first} is not the one that was signed")
        elif self._first:
            self.problems.append(f"the list of leaves outside the database differs at event {self._first}")
        if later := {number for _, _, number in self._differing[1:]} - {n for _, _, n in self._differing[:1]}:
            self.problems.append(f"{len(later)} later checkpoints differ too")
        beyond = {(row.number, row.size) for row in self._waiting} | {(note.number, note.size) for note in self._kept}
        for number, size in sorted(beyond):
            self.problems.append(
                f"checkpoint {number} covers {size} events, but the record ends at event {self._frontier.size}: "
                f"event {self._frontier.size + 1} is missing"
            )
        return self.problems

    def _compare(self, row: Checkpoint) -> None:
        if row.number != self._number + 1:
            self.problems.append(f"checkpoint {self._number + 1} is missing in the database")
        elif not _agrees(row, self._digest):
            self.problems.append(f"checkpoint {row.number} was changed after it was written")
        self._compare_root(row.number, bytes(row.root))
        self._digest, self._number = signed_of(row).digest, row.number

    def _compare_root(self, number: int, root: bytes) -> None:
        size = self._frontier.size
        if guard("checkpoint_root") and self._frontier.root() != root:
            self._differing.append((self._earlier if self._whole == size else self._whole, size, number))
        elif not self._differing and self._whole < size:
            self._earlier, self._whole = self._whole, size


def _agrees(row: Checkpoint, before: bytes) -> bool:
    try:
        note = notes.read(row.note)
    except ValueError:
        return False
    columns = (notes.CHECKPOINT, row.practice_id, row.number, row.size, bytes(row.root), row.at, before)
    return (note.kind, note.practice, note.number, note.size, note.root, note.at, note.before) == columns
