"""The notes outside the database: one file a practice, one line a note, only ever added to; and the leaves beside it.

Who can write the database but not this folder cannot undo what was signed: ``differences`` compares the two.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from glede.kernel.failpoints import fp, guard
from glede.ledger import notes
from glede.ledger.checkpoints import LEAF_BYTES, Kept, RecordDiffers, leaves, signed_of
from glede.ledger.models import Checkpoint
from glede.ledger.notes import Note, Signed
from glede.practices import scope


def folder() -> Path:
    """Return where the notes are kept: GLEDE_HOME/checkpoints."""
    return Path(settings.GLEDE_HOME) / "checkpoints"


def path_of(practice_id: UUID) -> Path:
    """Return the file of a practice's notes."""
    return folder() / f"{practice_id}.jsonl"


def carry_out(practice_id: UUID) -> int:
    """Write the checkpoints that the file has not yet, and return how many. Raises ``RecordDiffers``.

    A line that was cut off by a crash is written again; a database that lacks what the file ends with gets no line.
    The file is read from its end, so that one of years costs one signature; ``differences`` checks each line.
    """
    with _locked(practice_id) as file:
        last = _end_of(practice_id)
        with scope.transaction(practice_id, read_only=True):
            rows = list(Checkpoint.objects.filter(practice_id=practice_id, number__gte=last[0]).order_by("number"))
        if last[0] and (not rows or rows[0].number != last[0] or signed_of(rows[0]).digest != last[1]):
            raise RecordDiffers(f"checkpoint {last[0]} of the file is not in the database")
        new = [signed_of(row) for row in rows if row.number > last[0]]
        _add(file, new)
        if rows:
            _add_leaves(practice_id, rows[-1].size)
        return len(new)


def note_return(practice_id: UUID, at: datetime) -> None:
    """Note that the database went back to an older state of itself: checkpoints after its last one no longer count."""
    with _locked(practice_id) as file:
        tale = _Tale.of(practice_id)
        with scope.transaction(practice_id, read_only=True):
            row = Checkpoint.objects.filter(practice_id=practice_id).order_by("-number").first()
        number, size, digest = (row.number, row.size, signed_of(row).digest) if row else (0, 0, notes.NOTHING)
        if tale.last != (number, digest) and tale.last[0]:
            note = Note(notes.RETURN, practice_id, number, size, digest, at, tale.end)
            _add(file, [notes.sign(note)])
        _cut_leaves(practice_id, size)


def leaves_path_of(practice_id: UUID) -> Path:
    """Return the file beside it: the first eight bytes of each signed event's leaf. It names what differs, no more."""
    return folder() / f"{practice_id}.leaves"


def kept(practice_id: UUID) -> Kept:
    """Return what stands outside: the checkpoints signed by this house and not undone by a return, and the leaves."""
    path = leaves_path_of(practice_id)
    live = tuple(note for note, _ in _Tale.of(practice_id).live.values())
    size = max((note.size for note in live), default=0)
    return Kept(live, path.read_bytes()[: size * LEAF_BYTES] if path.exists() else b"")


def brought(practice_id: UUID, found: Iterable[Signed]) -> tuple[tuple[Note, ...], list[str], list[str]]:
    """Return (notes, problems, remarks) of checkpoints that somebody kept elsewhere, such as in a mail.

    The notes of this practice that this house signed are to be compared with the tree as those of the file are.
    """
    tale, counting, problems, remarks = _Tale.of(practice_id), [], [], []
    for signed in found:
        note = notes.read(signed.text)
        words = f"checkpoint {note.number} over {note.size} events, signed {note.at.isoformat()}"
        if note.practice != practice_id or note.kind != notes.CHECKPOINT:
            continue
        if not notes.is_ours(signed):
            problems.append(f"{words}, was brought and bears no signature of this house")
        elif signed.digest in tale.known and tale.live.get(note.number, (None, None))[1] != signed:
            remarks.append(f"{words}, was brought; it no longer counts since the return to a backup")
        else:
            counting.append(note)
            remarks.append(f"{words}, was brought and is compared")
    return tuple(counting), problems, remarks


def differences(practice_id: UUID) -> tuple[list[str], list[str]]:
    """Return (problems, remarks): how file and database differ, and which returns to a backup the file tells of."""
    tale = _Tale.of(practice_id)
    with scope.transaction(practice_id, read_only=True):
        rows = {row.number: row for row in Checkpoint.objects.filter(practice_id=practice_id).order_by("number")}
    problems = [*tale.problems]
    problems += [f"checkpoint {n} bears no signature of this house" for n, r in rows.items() if _is_forged(r)]
    for number, (note, signed) in sorted(tale.live.items()):
        if number not in rows:
            problems.append(
                f"checkpoint {number} over {note.size} events, signed {note.at.isoformat()}, "
                "is in the file but not in the database"
            )
        elif rows[number].note != signed.text:
            problems.append(f"checkpoint {number} in the database is not the one in the file")
    problems += [f"checkpoint {n} is in the database but not in the file" for n in rows if n not in tale.live]
    return (problems if guard("record_file") else []), tale.remarks


def _is_forged(row: Checkpoint) -> bool:
    return guard("record_signature") and not notes.is_ours(signed_of(row))


@dataclass
class _Tale:
    """What the lines of a file amount to: the checkpoints that count, and whether each line follows on."""

    known: dict[bytes, tuple[Note, Signed]] = field(default_factory=dict)
    live: dict[int, tuple[Note, Signed]] = field(default_factory=dict)
    end: bytes = notes.NOTHING
    last: tuple[int, bytes] = (0, notes.NOTHING)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, practice_id: UUID) -> "_Tale":
        tale = cls()
        for place, line in enumerate(_lines(path_of(practice_id)), start=1):
            try:
                signed = _signed(line)
                note = notes.read(signed.text)
            except ValueError:
                tale.problems.append(f"line {place} of the file of checkpoints cannot be read")
                continue
            if note.practice != practice_id or not notes.is_ours(signed):
                tale.problems.append(f"line {place} of the file of checkpoints bears no signature of this house")
                continue
            tale._take(place, note, signed)
        return tale

    def _take(self, place: int, note: Note, signed: Signed) -> None:
        is_return = note.kind == notes.RETURN
        follows = note.before == (self.end if is_return else self.last[1])
        if not follows or (not is_return and note.number != self.last[0] + 1):
            self.problems.append(f"a line is missing before line {place} of the file of checkpoints")
        if is_return:
            was, self.live, self.last = self.live, self._before(note.root), (note.number, note.root)
            self.remarks.append(
                f"on {note.at.date().isoformat()} the database was returned to a backup: "
                f"{len(was.items() - self.live.items())} checkpoints after event {note.size} no longer count"
            )
        else:
            self.live[note.number] = self.known[signed.digest] = (note, signed)
            self.last = (note.number, signed.digest)
        self.end = signed.digest

    def _before(self, digest: bytes) -> dict[int, tuple[Note, Signed]]:
        """Return the checkpoints that lead up to the one of ``digest``."""
        found = {}
        while digest in self.known:
            note, _ = found[self.known[digest][0].number] = self.known[digest]
            digest = note.before
        return found


def _end_of(practice_id: UUID) -> tuple[int, bytes]:
    """Return (number, digest) of the checkpoint that the file ends with; lines that this house did not sign are none.

    Each line was checked when it was written, and is checked again by ``differences``.
    """
    for line in _lines_from_end(path_of(practice_id)):
        with suppress(ValueError):
            signed = _signed(line)
            note = notes.read(signed.text)
            if note.practice == practice_id and notes.is_ours(signed):
                return note.number, (note.root if note.kind == notes.RETURN else signed.digest)
    return 0, notes.NOTHING


def _lines_from_end(path: Path) -> Iterator[bytes]:
    """Yield the whole lines of a file, the last one first; what a crash left of one is none."""
    with path.open("rb") as file:
        left, rest, is_whole = file.seek(0, os.SEEK_END), b"", False
        while left:
            step = min(left, _STEP)
            left -= step
            file.seek(left)
            rest, *lines = (file.read(step) + rest).split(b"\n")
            for line in reversed(lines):
                if is_whole:
                    yield line
                is_whole = True
        if is_whole:
            yield rest


_STEP = 4096  # bytes: some lines


def _lines(path: Path) -> list[bytes]:
    """Return the whole lines; what a crash left of one is none."""
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def _signed(line: bytes) -> Signed:
    try:
        facts = json.loads(line)
        key, signature = (base64.b64decode(facts[name], validate=True) for name in ("key", "signature"))
        return Signed(str(facts["note"]), key, signature)
    except (KeyError, TypeError) as error:
        raise ValueError("no line of notes") from error


@contextmanager
def _locked(practice_id: UUID) -> Iterator[int]:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path_of(practice_id), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _add(file: int, new: list[Signed]) -> None:
    if not new:
        return
    os.ftruncate(file, _whole(file))
    for one in new:
        facts = {
            "note": one.text,
            "key": base64.b64encode(one.public_key).decode(),
            "signature": base64.b64encode(one.signature).decode(),
        }
        os.write(file, json.dumps(facts).encode() + b"\n")
        fp("record.line")
    os.fsync(file)


def _whole(file: int) -> int:
    """Return how many bytes of a file are whole lines."""
    left = os.fstat(file).st_size
    while left:
        begin = max(left - _STEP, 0)
        end = os.pread(file, left - begin, begin).rfind(b"\n") + 1
        if end:
            return begin + end
        left = begin
    return 0


def _add_leaves(practice_id: UUID, size: int) -> None:
    """Add the leaves that came since. Those that stand there stay: they are what was signed then."""
    with leaves_path_of(practice_id).open("ab") as file:
        known = file.tell() // LEAF_BYTES
        if known >= size:
            return
        file.truncate(known * LEAF_BYTES)
        with scope.transaction(practice_id, read_only=True):
            for leaf in leaves(practice_id, after=known, upto=size):
                file.write(leaf[:LEAF_BYTES])
        file.flush()
        os.fsync(file.fileno())


def _cut_leaves(practice_id: UUID, size: int) -> None:
    path = leaves_path_of(practice_id)
    if path.exists() and path.stat().st_size > size * LEAF_BYTES:
        os.truncate(path, size * LEAF_BYTES)
