"""Whom this process speaks to: every address that a socket is connected to, or a name that is looked up, while watched.

Python tells each use of a socket to its audit hooks, whatever library asks for it. The database driver connects in C
and is not heard.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SPEAKING = frozenset({
    "socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
})  # fmt: skip
_watching: list[list[str]] = []


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if _watching and event in SPEAKING:
        told = [str(one) for one in given if not hasattr(one, "fileno")]
        for heard in _watching:
            heard.append(f"{event} {' '.join(told)}")


sys.addaudithook(_hear)  # a hook stays as long as the process; it hears nothing while nobody watches


@contextmanager
def heard() -> Iterator[list[str]]:
    """Give the list that fills with whatever a socket is asked to do inside."""
    told: list[str] = []
    _watching.append(told)
    try:
        yield told
    finally:
        _watching.remove(told)
