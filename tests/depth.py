"""How deep this run goes: ``DEPTH`` is 1 (make test), 10 (make deep) or 100 (make soak), read once."""

import os

DEPTH = int(os.environ.get("DEPTH") or "1")


def count(deep: int, *, least: int = 1) -> int:
    """Return how often to do what ``make deep`` does ``deep`` times: a tenth of it at depth 1."""
    return max(least, deep * DEPTH // 10)


def seeds(deep: int) -> range:
    """Return fixed seeds, as many as ``count(deep)``."""
    return range(count(deep))
