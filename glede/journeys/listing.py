"""The forecast, and what came of each row, as ``glede`` prints them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from glede.diary.models import Appointment
from glede.journeys.forecast import Forecast, Foretold
from glede.journeys.hours import day_of
from glede.journeys.measured import CALL, Measured, Share
from glede.journeys.queries import row_measures, row_names
from glede.journeys.words import why_words
from glede.kernel.clock import at_wall
from glede.outbox.words import reason_words
from glede.people.exporting.tables import table
from glede.people.models import Patient
from glede.practices import scope
from glede.practices.models import Practice


def forecast_listed(practice: Practice, found: Forecast) -> dict[str, Any]:
    """Return a forecast as plain data: every touch in order of time, how many by day and channel, what is left out.

    Person and subject go by the number another system gave them, where there is one, else by ours.
    """
    with scope.transaction(practice.pk, read_only=True):
        people = _outer_ids(Patient.objects, {one.person_id for one in found.touches})
        visits = _outer_ids(Appointment.objects, {one.subject.id for one in found.touches})
    return {
        "touches": [
            {
                "at": one.at.isoformat(),
                "person": people.get(one.person_id) or str(one.person_id),
                "subject": visits.get(one.subject.id) or str(one.subject.id),
                "row": one.row,
                "channel": one.channel,
                "act": one.act,
                "why": why_told(one),
                "assumes": one.assumes or None,
            }
            for one in found.touches
        ],
        "by_day": dict(Counter(day_of(one.at, practice.zone).isoformat() for one in found.touches)),
        "by_channel": dict(Counter(one.channel for one in found.touches)),
        "skipped": dict(Counter(one.reason for one in found.left_out)),
    }


def why_told(one: Foretold) -> str:
    """Return in sentences why a touch comes, and why a colleague rings where a message was meant."""
    reason = f"{reason_words(one.reason).capitalize()}." if one.reason and "call_day" not in one.why else ""
    return " ".join(filter(None, [*why_words({**one.why, "assumes": one.assumes}), reason]))


def _outer_ids(rows: Any, wanted: Iterable[UUID]) -> dict[UUID, str]:
    known: QuerySet[Any] = rows.filter(pk__in=list(wanted)).exclude(external_id="")
    return dict(known.values_list("id", "external_id"))


def measures_listed(practice: Practice, *, days: int, now: datetime) -> dict[str, Any]:
    """Return what came of each row in the last ``days`` as plain data; shares of too few have no percent."""
    since = span_begins(practice, days=days, now=now)
    found = row_measures(practice.pk, since=since, until=now, now=now)
    names = row_names(practice.pk)
    return {
        "since": since.isoformat(),
        "until": now.isoformat(),
        "rows": [{"row": code, "name": names[code]["en"], **_measured(one)} for code, one in found.items()],
    }


def span_begins(practice: Practice, *, days: int, now: datetime) -> datetime:
    """Return the midnight, by the practice's wall, with which the last ``days`` whole days begin."""
    return at_wall(day_of(now, practice.zone) - timedelta(days=days), time(0), practice.zone)


def _measured(one: Measured) -> dict[str, Any]:
    counts = {"delivered": one.delivered, "acted_on": one.acted, **one.followed}
    told = {name: one.of_sent(counts[name]) for name in ("delivered", "answered", "acted_on", "stopped", "complained")}
    if not one.acts:
        del told["acted_on"]
    told["calls_reached"] = Share(one.reached, one.fates[CALL])
    return {
        "planned": one.planned,
        "fates": one.fates,
        "why": one.why,
        "acted_on_means": sorted(one.acts),
        "shares": {name: _share(share) for name, share in told.items()},
        "texts": one.texts,
        "parts": one.parts,
        "priced": one.priced,
        "prices": {currency: str(cost) for currency, cost in sorted(one.prices.items())},
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.between or (None, None)
    return {"n": share.n, "of": share.of, "percent": share.percent, "low": low, "high": high}


def measures_table(listed: Mapping[str, Any]) -> str:
    """Return the same as CSV: a line a row, a column a count; percentages with their interval beside the counts."""
    return table({
        "row": row["row"], "name": row["name"], "planned": row["planned"], **row["fates"], "why": row["why"],
        **{f"{name}{part}": share[key] for name, share in row["shares"].items() for part, key in _COLUMNS},
        "texts": row["texts"], "parts": row["parts"], "priced": row["priced"], "prices": row["prices"],
    } for row in listed["rows"])  # fmt: skip


_COLUMNS = (("", "n"), ("_of", "of"), ("_percent", "percent"), ("_low", "low"), ("_high", "high"))
