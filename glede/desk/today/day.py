"""The day chair by chair, in steps of five minutes; drawn on Today (as a strip) and in the diary."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext

from glede.kernel.clock import wall
from glede.ui.presenting import Day, DayColumn, DaySlot

STEP = timedelta(minutes=5)
STEPS = 144  # twelve hours; the style sheet knows as many places
SHORT, ROOMY = 5, 6  # steps: below the one there is one line, from the other on two
KINDS = {"arrived": "in", "with": "in", "done": "gone", "missed": "gone"}


def strip(shown: Any, now: datetime, *, said: Mapping[UUID, str] | None = None) -> Day:
    """Return what ``ui`` draws of a day of the diary; ``said``: what matters to each person, where there is room."""
    start = _top(shown, now)
    columns = [
        DayColumn(
            chair.given_name or chair.display_name,
            sorted(
                [_slot(visit, start, shown.zone, said) for visit in chair.visits] + _busy(chair, start, shown),
                key=lambda slot: slot.at,
            ),
            small=_pace(chair),
            pace="calm" if chair.is_unhurried else "tight",
        )
        for chair in shown.chairs
    ]
    today = wall(now, shown.zone).date() == shown.day
    hours = [(h * 12, f"{(start + timedelta(hours=h)):%H}") for h in range(_hours(shown, start) + 1)]
    return Day(columns, hours, _step(now, start, shown.zone) if today else None)


def _pace(chair: Any) -> str:
    return gettext("unhurried") if chair.is_unhurried else gettext("tight")


def _top(shown: Any, now: datetime) -> datetime:
    """Return the wall time at the top: the hour of the first thing that happens, nine where nothing does."""
    moments = [p.start for p in shown.opening] + [v.starts_at for c in shown.chairs for v in c.visits]
    first = wall(min(moments), shown.zone) if moments else wall(now, shown.zone).replace(hour=9)
    return first.replace(minute=0, second=0, microsecond=0, tzinfo=None)


def _hours(shown: Any, start: datetime) -> int:
    moments = [p.end for p in shown.opening] + [v.ends_at for c in shown.chairs for v in c.visits]
    last = max((wall(m, shown.zone).replace(tzinfo=None) for m in moments), default=start + timedelta(hours=8))
    return min(STEPS // 12 - 1, max(1, -int((start - last) // timedelta(hours=1))))


def _step(moment: datetime, start: datetime, zone: str) -> int:
    return min(STEPS, max(0, int((wall(moment, zone).replace(tzinfo=None) - start) / STEP)))


def _busy(chair: Any, start: datetime, shown: Any) -> list[DaySlot]:
    """Return the times the clinician is busy elsewhere, as far as the day is drawn."""
    last = _hours(shown, start) * 12
    spans = [(_step(one.start, start, shown.zone), min(last, _step(one.end, start, shown.zone))) for one in chair.busy]
    return [DaySlot(at, to, gettext("busy"), kind="buffer") for at, to in spans if to > at]


def _slot(visit: Any, start: datetime, zone: str, said: Mapping[UUID, str] | None) -> DaySlot:
    at, to = _step(visit.starts_at, start, zone), _step(visit.ends_at, start, zone)
    kind = KINDS.get(str(visit.state), "" if visit.is_unhurried else "tight")
    name = f"{visit.given_name} {visit.family_name}".strip()
    href = reverse("desk:visit", args=[visit.appointment_id])
    drawn = {"kind": kind, "href": href, "is_beside": visit.is_beside}
    if said is None:
        title = f"{name} · {gettext('tight')}" if kind == "tight" and to - at > SHORT else name
        return DaySlot(at, max(to, at + 2), title, **drawn)
    quote = said.get(visit.patient_id, "") if to - at >= ROOMY else ""
    return DaySlot(at, max(to, at + 2), name, small=_small(visit), quote=quote, **drawn)


def _small(visit: Any) -> str:
    names, language = visit.service_name or {}, (get_language() or "en")[:2]
    service = str(names.get(language) or names.get("en") or "").lower()
    first = [gettext("squeezed in")] if visit.source == "squeeze_in" else []
    told = [gettext("%(n)d min late") % {"n": visit.late_minutes}] if visit.late_minutes else []
    told += [gettext("begins %(n)d min later") % {"n": visit.delay_minutes}] if visit.delay_minutes else []
    told += [gettext("said yes")] if visit.is_confirmed and str(visit.state) == "confirmed" else []
    return ", ".join([*first, *([service] if service else []), gettext("%(n)d min") % {"n": visit.minutes}, *told])
