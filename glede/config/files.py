"""Files that hold what people told us: for the owner of the data alone."""

import os
from itertools import count
from pathlib import Path


def write_new(folder: Path, name: str, suffix: str, content: bytes) -> Path:
    """Write a new file that only its owner may read, and return its path; one that is there stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in count(1):
        path = folder / (f"{name}{suffix}" if number == 1 else f"{name}-{number}{suffix}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return path
    raise AssertionError("numbers never end")
