"""The receipt of a subject: its events, and for each the path to the root that was signed last.

A path needs the leaves of one tile, those after the last whole tile, and the roots of the tiles: however long the
record is, about two thousand events are read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.kernel.ref import Ref
from glede.ledger import chain, checkpoints, merkle, notes
from glede.ledger.checkpoints import RecordDiffers
from glede.ledger.models import Event, Tile
from glede.ledger.notes import Signed
from glede.ledger.queries import Happening, happenings
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: its bytes, its leaf, and its path; no path where it is younger than the checkpoint."""

    happening: Happening
    body: bytes
    leaf: bytes
    path: list[bytes] | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Every event of a subject, oldest first, the last checkpoint, and whether all of it is as it was signed."""

    entries: list[Entry]
    signed: Signed | None
    size: int
    is_whole: bool

    @property
    def signed_at(self) -> datetime | None:
        """When the last checkpoint was signed."""
        return notes.read(self.signed.text).at if self.signed and self.is_whole else None


def receipt_of(practice_id: UUID, subject: Ref) -> Receipt:
    """Return the receipt of a subject. Where the record is not as it was signed, it says so and holds no path."""
    with scope.transaction(practice_id, read_only=True):
        rows = Event.objects.filter(practice_id=practice_id, subject_kind=subject.kind, subject_id=subject.id)
        rows = rows.order_by("seq")
        found = list(zip(happenings(rows), (bytes(b) for b in rows.values_list("body", flat=True)), strict=True))
        leaves = [chain.leaf(practice_id, event.seq, body) for event, body in found]
        last = checkpoints.last_checkpoint(practice_id)
        if last is None:
            entries = [Entry(*one, leaf, None) for one, leaf in zip(found, leaves, strict=True)]
            return Receipt(entries, None, 0, is_whole=True)
        signed = checkpoints.signed_of(last)
        paths, is_whole = _proved(
            practice_id, signed, {e.seq: leaf for (e, _), leaf in zip(found, leaves, strict=True)}
        )
    entries = [Entry(*one, leaf, paths.get(one[0].seq)) for one, leaf in zip(found, leaves, strict=True)]
    return Receipt(entries, signed, last.size, is_whole)


def _proved(practice_id: UUID, signed: Signed, leaves: dict[int, bytes]) -> tuple[dict[int, list[bytes]], bool]:
    """Return the paths of the leaves by seq, and whether each leads to the signed root."""
    try:
        note = notes.read(signed.text)
        paths = _paths(practice_id, [seq for seq in leaves if seq <= note.size], note.size)
    except (RecordDiffers, ValueError):
        return {}, False
    lead = (merkle.is_included(leaves[seq], seq - 1, note.size, path, note.root) for seq, path in paths.items())
    return (paths, True) if notes.is_ours(signed) and all(lead) else ({}, False)


def _paths(practice_id: UUID, seqs: Iterable[int], size: int) -> dict[int, list[bytes]]:
    whole, width = size // checkpoints.TILE, checkpoints.TILE
    rows = Tile.objects.filter(practice_id=practice_id, number__lt=whole).order_by("number")
    tiles = [bytes(root) for root in rows.values_list("root", flat=True)]
    if len(tiles) != whole:
        raise RecordDiffers("a tile is missing")
    chunks = {whole: merkle.Tree(checkpoints.leaves(practice_id, after=whole * width, upto=size))}
    rest = chunks[whole]
    top = merkle.Tree([*tiles, rest.root(rest.size)] if rest.size else tiles)
    paths = {}
    for seq in seqs:
        number, place = divmod(seq - 1, width)
        if number not in chunks:
            upto = (number + 1) * width
            chunks[number] = merkle.Tree(checkpoints.leaves(practice_id, after=number * width, upto=upto))
        chunk = chunks[number]
        paths[seq] = chunk.inclusion(place, chunk.size) + top.inclusion(number, top.size)
    return paths
