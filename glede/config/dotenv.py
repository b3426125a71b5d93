"""Reads ``.env``: lines NAME=value. What the environment says already stands above it."""

import os
from pathlib import Path


def read(path: Path = Path(".env")) -> None:
    """Put the settings of ``path`` into the environment where they are not set."""
    if not path.is_file() or "GLEDE_TEST_RUN" in os.environ:
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))
