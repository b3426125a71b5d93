"""The sealed file of a backup: what is in it is read with the master key alone, and a changed bit is noticed.

``glede backup 1``, the mark of the key (8 bytes) and a salt (16), then parts of 1 MiB, each sealed with AES-256-GCM
under a key of its own file (HKDF-SHA-256 of the master key and the salt). The nonce is the part's number and whether
it is the last, so that parts can be neither moved, left out nor cut off (the STREAM construction).
"""

import base64
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from glede.config.terminal import Refused

MAGIC = b"glede backup 1\n"
PART = 1 << 20
_TAG, _MARK, _SALT = 16, 8, 16
_HEADER = len(MAGIC) + _MARK + _SALT


def _derive(key: str, info: bytes, salt: bytes, length: int) -> bytes:
    raw = base64.urlsafe_b64decode(key.strip())
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(raw)


def mark_of(key: str) -> bytes:
    """Return by what a file says which master key opens it, and tells nothing else of it."""
    return _derive(key, b"glede backup mark", b"", _MARK)


class Sealer:
    """Writes a sealed file part by part; ``finish`` makes it whole."""

    def __init__(self, file: IO[bytes], master: str) -> None:
        """Begin with the first of the master keys."""
        key, salt = master.split(",", maxsplit=1)[0], secrets.token_bytes(_SALT)
        self._file, self._held, self._number = file, bytearray(), 0
        self._header = MAGIC + mark_of(key) + salt
        self._cipher = AESGCM(_derive(key, b"glede backup", salt, 32))
        file.write(self._header)

    def write(self, content: bytes) -> None:
        """Take more; whole parts are sealed as they fill."""
        self._held += content
        # One byte more than a part must be there: the last part is sealed as the last.
        while len(self._held) > PART:
            self._seal(bytes(self._held[:PART]), is_last=False)
            del self._held[:PART]

    def finish(self) -> None:
        """Seal what is left as the last part and bring it to the disk."""
        self._seal(bytes(self._held), is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _seal(self, content: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), content, self._header))
        self._number += 1


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealed:
    """A sealed file that is read. Raises ``Refused`` with what is wrong with it, in plain words."""

    def __init__(self, path: Path, master: str) -> None:
        """Find the key that opens ``path``."""
        self.path = path
        try:
            with path.open("rb") as file:
                self._header = file.read(_HEADER)
        except OSError as error:
            raise Refused(f"{path} cannot be read: {error.strerror}. Name a backup file.") from error
        if not self._header.startswith(MAGIC):
            raise Refused(f"{path} is not a backup of Glede. Name a file that glede backup made.")
        if len(self._header) < _HEADER:
            raise Refused(f"{path.name} is cut short. Take another backup. Nothing was changed.")
        mark, salt = self._header[len(MAGIC) : -_SALT], self._header[-_SALT:]
        keys = [key for key in master.split(",") if mark_of(key) == mark]
        if not keys:
            raise Refused(
                f"{path.name} was sealed with another key. Put the master key of that time into "
                "GLEDE_HOME/keys/master_key or GLEDE_MASTER_KEY, then restore again. Nothing was changed."
            )
        self._cipher = AESGCM(_derive(keys[0], b"glede backup", salt, 32))

    def parts(self) -> Iterator[bytes]:
        """Yield what was sealed, part by part, each checked."""
        with self.path.open("rb") as file:
            file.seek(_HEADER)
            number, ahead = 0, file.read(PART + _TAG)
            while True:
                sealed, ahead = ahead, file.read(PART + _TAG)
                yield self._open(sealed, number, is_last=not ahead)
                number += 1
                if not ahead:
                    return

    def check(self) -> None:
        """Read it all once. Raises ``Refused`` before anything else is touched."""
        for _ in self.parts():
            pass

    def _open(self, sealed: bytes, number: int, *, is_last: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(number, is_last=is_last), sealed, self._header)
        except InvalidTag as error:
            raise Refused(
                f"{self.path.name} is damaged (part {number + 1}): it was cut short or changed since it was made. "
                "Take another backup. Nothing was changed."
            ) from error
