"""The tree over a practice's leaves: RFC 6962, section 2.1. Pure.

A checkpoint is the root over the first n leaves. The frontier (the roots of the whole subtrees that n falls into)
goes on from n without the leaves before it; proofs need the leaves.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

EMPTY = hashlib.sha256(b"").digest()
HASH_BYTES = 32


def node(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The roots of the whole subtrees of the first ``size`` leaves, the largest first: log n hashes at most."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add the next leaf: two hashes on average over many leaves."""
        carried, size = leaf, self.size
        while size & 1:
            carried = node(self.peaks.pop(), carried)
            size >>= 1
        self.peaks.append(carried)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves in their order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """Return the root over all leaves so far; that of no leaf is SHA-256 of nothing."""
        if not self.peaks:
            return EMPTY
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node(peak, found)
        return found

    def kept(self) -> bytes:
        """Return the peaks as they are kept beside a checkpoint."""
        return b"".join(self.peaks)


def frontier_of(size: int, kept: bytes) -> Frontier:
    """Return a frontier from what was kept. Raises ``ValueError`` where that cannot be one of ``size`` leaves."""
    if len(kept) != size.bit_count() * HASH_BYTES:
        raise ValueError(f"{len(kept)} bytes are no frontier of {size} leaves")
    return Frontier(size, [kept[i : i + HASH_BYTES] for i in range(0, len(kept), HASH_BYTES)])


class Tree:
    """A tree whose leaves are all at hand: whole subtrees are hashed once, proofs look them up."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(level := self._levels[-1]) > 1:
            pairs = range(0, len(level) - 1, 2)
            self._levels.append([node(level[i], level[i + 1]) for i in pairs])

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` leaves."""
        return self._over(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the audit path of leaf ``index`` (from 0) in the tree of the first ``size`` leaves."""
        if not 0 <= index < size <= self.size:
            raise ValueError(f"leaf {index} of {size}")
        path, low, high = [], 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Return the proof that the tree of ``first`` leaves is the beginning of that of ``second``."""
        if not 0 < first <= second <= self.size:
            raise ValueError(f"{first} of {second}")
        path, low, high, is_whole = [], 0, second, True
        while first < high:
            middle = low + _split(high - low)
            if first <= middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low, is_whole = middle, False
        if not is_whole:
            path.append(self._over(low, high))
        return path[::-1]

    def _over(self, low: int, high: int) -> bytes:
        width = high - low
        level = width.bit_length() - 1
        if width == 1 << level and low % width == 0:
            return self._levels[level][low >> level]
        middle = low + _split(width)
        return node(self._over(low, middle), self._over(middle, high))


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether ``path`` leads from leaf ``index`` to ``root`` over ``size`` leaves (RFC 9162, 2.1.3.2)."""
    turns = _turns(index, size - 1, path) if 0 <= index < size else None
    if turns is None:
        return False
    found = leaf
    for step, is_left in turns:
        found = node(step, found) if is_left else node(found, step)
    return found == root


def is_consistent(first: int, second: int, path: Sequence[bytes], before: bytes, after: bytes) -> bool:
    """Return whether the root ``before`` over ``first`` leaves is the beginning of ``after`` (RFC 9162, 2.1.4.2)."""
    if not 0 < first < second:
        return first == second > 0 and not path and before == after
    steps = list(path) if first & (first - 1) else [before, *path]
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    turns = _turns(place, last, steps[1:])
    if turns is None or not steps:
        return False
    old = new = steps[0]
    for step, is_left in turns:
        old, new = (node(step, old), node(step, new)) if is_left else (old, node(new, step))
    return (old, new) == (before, after)


def _turns(place: int, last: int, path: Sequence[bytes]) -> list[tuple[bytes, bool]] | None:
    """Return each step with whether it stands at the left; None where the path is too short or too long."""
    turns = []
    for step in path:
        if last == 0:
            return None
        is_left = bool(place & 1) or place == last
        while is_left and not place & 1 and place:
            place, last = place >> 1, last >> 1
        turns.append((step, is_left))
        place, last = place >> 1, last >> 1
    return turns if last == 0 else None


def _split(width: int) -> int:
    """Return the largest power of two below ``width``."""
    return 1 << ((width - 1).bit_length() - 1)
