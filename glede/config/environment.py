"""Typed readers of the environment; an unknown or unreadable value stops the start with a clear word."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """Return the setting ``name`` as text; ``NAME_FILE`` names a file that holds it instead."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def words(name: str, default: str = "") -> list[str]:
    """Return the setting ``name`` as a list: what stands between its commas."""
    return [word for part in text(name, default).split(",") if (word := part.strip())]


def flag(name: str, *, default: bool = False) -> bool:
    """Return the setting ``name`` as yes or no. Raises ``ImproperlyConfigured`` for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Write yes or no.")


def number(name: str, default: int) -> int:
    """Return the setting ``name`` as a whole number. Raises ``ImproperlyConfigured``."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write a whole number.") from error


def home() -> Path:
    """Return the folder that holds all of Glede's data: ``GLEDE_HOME``, by default ``var`` here."""
    return Path(text("GLEDE_HOME", "var")).absolute()
