"""The day chair by chair as the narrow strip of Today: a name to a visit, nothing more."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from glede.desk.diary.grid import KINDS, now_step, scale_for
from glede.desk.diary.scale import Scale
from glede.ui.presenting import Day, DayColumn, DaySlot

SHORT = 5  # steps: up to here there is one line


def strip(shown: Any, now: datetime) -> Day:
    """Return what ``ui`` draws of a day of the diary."""
    scale = scale_for([shown])
    columns = [
        DayColumn(
            chair.given_name or chair.display_name,
            sorted([_slot(visit, shown, scale) for visit in chair.visits] + _away(chair, shown, scale), key=_top),
            pace="calm" if chair.is_unhurried else "tight",
        )
        for chair in shown.chairs
    ]
    return Day(columns, scale.words, now_step(shown, scale, now))


def _top(slot: DaySlot) -> int:
    return slot.at


def _away(chair: Any, shown: Any, scale: Scale) -> list[DaySlot]:
    """Return when nobody is at a chair."""
    spans = [(scale.step(one.period.start, shown.day), scale.step(one.period.end, shown.day)) for one in chair.away]
    return [DaySlot(at, to, gettext("away"), kind="away") for at, to in spans if to > at]


def _slot(visit: Any, shown: Any, scale: Scale) -> DaySlot:
    at, to = scale.step(visit.starts_at, shown.day), scale.step(visit.ends_at, shown.day)
    kind = KINDS.get(str(visit.state), "" if visit.is_unhurried else "tight")
    name = f"{visit.given_name} {visit.family_name}".strip()
    title = f"{name} · {gettext('tight')}" if kind == "tight" and to - at > SHORT else name
    href = reverse("desk:visit", args=[visit.appointment_id])
    return DaySlot(at, max(to, at + 2), title, kind=kind, href=href, is_beside=visit.is_beside)
