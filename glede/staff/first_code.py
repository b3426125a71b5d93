"""The one-time code that the terminal shows until a practice has an owner.

Whoever reads the terminal of the machine may make the first owner; nobody else can. Only a hash is
kept, in a 0600 file beside the database, and each code works until an owner exists.
"""

import hashlib
import hmac
import os
from pathlib import Path

from django.conf import settings

from glede.kernel.ids import new_token, read_link_code

CODE_BITS = 65


def _path() -> Path:
    return Path(settings.GLEDE_HOME) / "keys" / "first_code"


def issue() -> str:
    """Return a new code, 13 letters in groups, and keep its hash; an earlier code stops working."""
    code = new_token(CODE_BITS)
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(_hash(code))
    return f"{code[:5]}-{code[5:9]}-{code[9:]}"


def check(text: str) -> bool:
    """Return True where ``text`` is the code last issued (dashes, blanks and small letters forgiven)."""
    code = read_link_code(text)
    path = _path()
    if code is None or not path.exists():
        return False
    return hmac.compare_digest(path.read_text(encoding="ascii").strip(), _hash(code))


def withdraw() -> None:
    """Let no code work any more: an owner exists."""
    _path().unlink(missing_ok=True)


def _hash(code: str) -> str:
    return hashlib.sha256(b"first owner" + code.encode("ascii")).hexdigest()
