"""What rooms above register here, so that acts across rooms need no import upward."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Handler = Callable[..., Any]

ACTS = frozenset({"timeline", "told", "erase", "export", "merge", "undo_visit", "verify"})

_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
_followers: list[str] = []


def register(act: str, room: str, handler: Handler) -> None:
    """Let ``room`` take part in ``act``; called in ``AppConfig.ready``. Each room once for each act."""
    if act not in ACTS:
        raise ValueError(f"{act} is not an act across rooms")
    _handlers[act][room] = handler


def handlers(act: str) -> dict[str, Handler]:
    """Return the handlers of ``act``, by room."""
    return dict(_handlers[act])


def register_followers(task_name: str) -> None:
    """Let every act wake the background task ``task_name`` (argument ``practice_id``), in its own transaction."""
    if task_name not in _followers:
        _followers.append(task_name)


def followers() -> tuple[str, ...]:
    """Return the tasks an act wakes."""
    return tuple(_followers)
