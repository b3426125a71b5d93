"""Places where a test may make the product die, fail or drop a guard. Silent in the field.

``GLEDE_FAILPOINTS="send.after_accept:kill@3,claim.before_commit:raise"`` arms points;
``GLEDE_GUARDS_OFF="lease,fence"`` removes guards in control runs. Both are read once, and only
where ``GLEDE_TESTING=1`` stands in the environment too.
"""

import os
import signal
import threading
from collections import Counter


class FailpointReached(Exception):
    """Raised by a failpoint that a test armed with ``raise``."""


def _read(name: str) -> str:
    return os.environ.get(name, "") if os.environ.get("GLEDE_TESTING") == "1" else ""


def _parse(text: str) -> dict[str, tuple[str, int]]:
    armed = {}
    for item in filter(None, text.split(",")):
        name, _, act = item.partition(":")
        verb, _, count = act.partition("@")
        armed[name] = (verb or "kill", int(count or 1))
    return armed


_armed = _parse(_read("GLEDE_FAILPOINTS"))
_guards_off = frozenset(filter(None, _read("GLEDE_GUARDS_OFF").split(",")))
_reached: Counter[str] = Counter()


def arm(text: str) -> None:
    """Arm points in this process (tests only); an empty text disarms all."""
    _armed.clear()
    _armed.update(_parse(text))
    _reached.clear()


def remove_guards(*names: str) -> None:
    """Remove the named guards in this process (control runs only); no name puts all back."""
    global _guards_off  # noqa: PLW0603 - one switchboard for a process
    _guards_off = frozenset(names)


def fp(name: str) -> None:
    """Mark a place where a crash matters. Does nothing unless a test armed ``name``."""
    if not _armed or name not in _armed:
        return
    verb, at = _armed[name]
    _reached[name] += 1
    if _reached[name] != at:
        return
    if verb == "raise":
        raise FailpointReached(name)
    # To this thread, so that it stops here and not a few lines on.
    signal.pthread_kill(threading.get_ident(), signal.SIGKILL if verb == "kill" else signal.SIGSTOP)


def guard(name: str) -> bool:
    """Return True where the guard ``name`` is in force: always, but in a control run."""
    return name not in _guards_off
