"""The forecast a colleague is reading, kept while they turn its pages; a change in the practice makes a new one."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from glede.journeys.forecast import Forecast, forecast
from glede.ledger.queries import last_seq

KEPT = 4
FRESH = timedelta(minutes=5)
"""So long nothing but the passing of time changes a forecast enough to read it anew."""

Key = tuple[Any, ...]
_kept: OrderedDict[Key, Forecast] = OrderedDict()
_lock = Lock()


def forecast_for(practice: Any, *, until: datetime, now: datetime) -> Forecast:
    """Return what goes from ``now`` up to ``until``, which is left out. Nothing is written, here or in the database."""
    key = (practice.pk, last_seq(practice.pk), practice.mode, until, _bucket(practice, now))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = forecast(practice, since=now, until=until, now=now)
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _bucket(practice: Any, now: datetime) -> datetime:
    if practice.is_virtual:
        return now
    return now - timedelta(seconds=now.timestamp() % FRESH.total_seconds())
