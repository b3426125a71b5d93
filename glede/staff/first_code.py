"""The one-time code that proves, before anybody has an account, that one stands at this machine.

`glede run` prints it while no practice has an owner; the first page asks for it. Only its hash is
kept, in the folder ``home`` (``GLEDE_HOME``), and it is void after twenty wrong tries.
"""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else
_LENGTH = 8
_TRIES = 20


def issue(home: Path) -> str:
    """Make a new code, void the old one, and return it as it is shown: ``K7QM-3XWD``."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    salt = secrets.token_hex(16)
    _write(home, {"salt": salt, "hash": _hash(code, salt), "tries": 0})
    return f"{code[:4]}-{code[4:]}"


def check(home: Path, typed: str) -> bool:
    """Return True where ``typed`` is the code, however it is spaced and cased. The code stays until ``spend``."""
    try:
        kept = json.loads(_path(home).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    if kept["tries"] >= _TRIES:
        return False
    code = "".join(c for c in typed.upper() if c in _ALPHABET)
    if hmac.compare_digest(_hash(code, kept["salt"]), kept["hash"]):
        return True
    _write(home, {**kept, "tries": kept["tries"] + 1})
    return False


def spend(home: Path) -> None:
    """Void the code: an owner exists now."""
    _path(home).unlink(missing_ok=True)


def _path(home: Path) -> Path:
    return home / "first_code.json"


def _hash(code: str, salt: str) -> str:
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), n=2**12, r=8, p=1).hex()


def _write(home: Path, kept: dict[str, object]) -> None:
    path = _path(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(kept, file)
    new.replace(path)
