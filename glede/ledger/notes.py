"""What is signed of the record: short plain notes, each naming the one before it. Pure but for the key.

The key is GLEDE_CHECKPOINT_KEY, which never stands in the database. Several with commas between them: the first
signs, all are believed.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

CHECKPOINT, RETURN = "checkpoint", "return"
NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint (``size`` events have the tree's root ``root``), or the return to checkpoint ``number``.

    ``before`` is the digest of the note before; for a return that is the last one that no longer counts, and ``root``
    is the digest of the note returned to.
    """

    kind: str
    practice: UUID
    number: int
    size: int
    root: bytes
    at: datetime
    before: bytes

    def text(self) -> str:
        """Return what is signed."""
        return (
            f"glede record {self.kind} 1\npractice {self.practice}\nnumber {self.number}\nsize {self.size}\n"
            f"root {self.root.hex()}\nat {self.at.astimezone(UTC).isoformat()}\nbefore {self.before.hex()}\n"
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """A note's text with who signed it."""

    text: str
    public_key: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of the text: what the next note names."""
        return hashlib.sha256(self.text.encode()).digest()


def read(text: str) -> Note:
    """Return the note of a text. Raises ``ValueError`` for any other."""
    try:
        first, *lines = text.splitlines()
        word, record, kind, version = first.split(" ")
        facts = dict(line.split(" ", 1) for line in lines)
        note = Note(
            kind,
            UUID(facts["practice"]),
            int(facts["number"]),
            int(facts["size"]),
            bytes.fromhex(facts["root"]),
            datetime.fromisoformat(facts["at"]),
            bytes.fromhex(facts["before"]),
        )
    except (KeyError, IndexError) as error:
        raise ValueError("no note of a record") from error
    if (word, record, version) != ("glede", "record", "1") or kind not in {CHECKPOINT, RETURN} or note.text() != text:
        raise ValueError("no note of a record")
    return note


def letter(signed: Signed) -> str:
    """Return a note as it stands in a mail: its lines, the key and the signature."""
    return f"{signed.text}key {signed.public_key.hex()}\nsignature {signed.signature.hex()}\n"


def letters(text: str) -> list[Signed]:
    """Return every note that stands in a text as ``letter`` writes it; marks of quoting before a line are forgiven."""
    lines = [line.strip().lstrip("> ") for line in text.splitlines()]
    found = []
    for place, line in enumerate(lines):
        if line.startswith(f"glede record {CHECKPOINT} "):
            with suppress(ValueError):
                *said, key, signature = lines[place : place + _LETTER_LINES]
                note = read("\n".join(said) + "\n")
                parts = [bytes.fromhex(part.partition(" ")[2]) for part in (key, signature)]
                found.append(Signed(note.text(), parts[0], parts[1]))
    return found


_LETTER_LINES = 9


def sign(note: Note) -> Signed:
    """Sign a note with the key in use."""
    key, text = _keys()[0], note.text()
    return Signed(text, _public(key), key.sign(text.encode()))


def is_ours(signed: Signed) -> bool:
    """Return whether one of this house's keys signed it."""
    if signed.public_key not in {_public(key) for key in _keys()}:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(signed.public_key).verify(signed.signature, signed.text.encode())
    except InvalidSignature:
        return False
    return True


def fingerprint(public_key: bytes) -> str:
    """Return how a key is called aloud: the first 16 signs of its digest, in fours."""
    digest = hashlib.sha256(public_key).hexdigest()[:16]
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def _keys() -> list[Ed25519PrivateKey]:
    seeds = [hashlib.sha256(b"glede checkpoint" + word.encode()) for word in settings.GLEDE_CHECKPOINT_KEY.split(",")]
    return [Ed25519PrivateKey.from_private_bytes(seed.digest()) for seed in seeds]


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()
