"""Secrets that live beside the database, never in it: made at the first start, kept in 0600 files."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from glede.config import environment


def secret(name: str, make: str = "token") -> str:
    """Return the secret ``GLEDE_<NAME>`` from the environment, else from its file, made when missing.

    ``make`` is what kind it is: a ``token``, or ``fernet`` for one or several Fernet keys with commas between them.
    Raises ``ImproperlyConfigured`` for one of another kind.
    """
    value = environment.text(f"GLEDE_{name.upper()}") or _kept(name, make)
    if make == "fernet" and not all(map(_is_fernet, value.split(","))):
        raise ImproperlyConfigured(f"GLEDE_{name.upper()} is no Fernet key: 44 signs of base64, as in keys/{name}.")
    return value


def _is_fernet(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _kept(name: str, make: str) -> str:
    path = environment.home() / "keys" / name
    if not path.exists():
        _write_once(path, Fernet.generate_key().decode() if make == "fernet" else secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, value: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value)
