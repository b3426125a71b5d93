"""The day drawn chair by chair: visits by shape and word, what is free to press, promised times beside actual ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.diary.scale import Scale, next_step, pieces, scale_of
from glede.desk.diary.times import Offered
from glede.diary.availability import GRID_MINUTES
from glede.kernel.clock import wall
from glede.kernel.periods import Period
from glede.ui.presenting import Day, DayColumn, DaySlot

ROOMY = 6  # steps: from here on there is room for two lines
SHORT = timedelta(minutes=15)  # what is shorter is nobody's
FRESH = timedelta(minutes=15)
OFF_BY = 2  # minutes of a beginning that are worth a word
KINDS = {"arrived": "in", "with": "in", "done": "gone", "missed": "gone"}
MARKS = {"confirmed": "check", "arrived": "footprints", "with": "hand-heart", "done": "circle-check", "missed": "ban"}
STANDING = {
    "confirmed": _("said yes"), "arrived": _("here since %(at)s"), "with": _("with us since %(at)s"),
    "done": _("done %(at)s"), "missed": _("did not come"),
}  # fmt: skip
MOVABLE = frozenset({"booked", "confirmed", "missed"})
STRETCHES = {
    "busy": ("away", _("busy")), "away": ("away", _("away")), "held": ("held", _("held for somebody")),
    "urgent": ("urgent", _("urgent")),
}  # fmt: skip


@dataclass(frozen=True)
class Moving:
    """A visit for which a new place is looked for: which, what it is to be offered, and as whose it is written."""

    appointment_id: UUID
    words: str
    offers: Sequence[Offered] = ()
    minutes: int = 0


@dataclass(frozen=True)
class Look:
    """What a drawing shows beside the visits: the moment, what matters to people, who moves, who changes places."""

    now: datetime
    said: Mapping[UUID, str] = field(default_factory=dict)
    moving: Moving | None = None
    swapping: UUID | None = None


def drawn(shown: Any, look: Look) -> Day:
    """Return a day as the diary draws it, chair by chair."""
    scale = scale_for([shown])
    columns = [_column(chair, shown, scale, look) for chair in shown.chairs]
    return Day(columns, scale.words, now_step(shown, scale, look.now), f"{scale.top:%H:%M}")


def scale_for(days: Sequence[Any]) -> Scale:
    """Return the scale on which all of some days can be seen."""
    spans = [(p.start, p.end) for day in days for p in day.opening]
    spans += [(v.starts_at, v.ends_at) for day in days for chair in day.chairs for v in chair.visits]
    return scale_of(spans, days[0].zone)


def now_step(shown: Any, scale: Scale, now: datetime) -> int | None:
    """Return where the line of the present moment stands; None on another day, or beside the hours that are drawn."""
    step = scale.step(now, shown.day)
    return step if wall(now, shown.zone).date() == shown.day and 0 < step < scale.last else None


def _column(chair: Any, shown: Any, scale: Scale, look: Look) -> DayColumn:
    title = chair.given_name or chair.display_name or gettext("The practice")
    small, pace = pace_words(chair, shown.zone)
    return DayColumn(
        title, slots_of(chair, shown, scale, look), small, pace, chair=str(chair.practitioner_id or ""),
        day=shown.day.isoformat(),
    )  # fmt: skip


def pace_words(chair: Any, zone: str) -> tuple[str, str]:
    """Return how unhurried a chair is, in words and as the name of its shape."""
    if not chair.visits and not chair.working:
        return gettext("away") if chair.away else gettext("not here"), ""
    if not chair.visits:
        return "", ""
    if chair.is_unhurried:
        return gettext("unhurried"), "calm"
    tight = [visit for visit in chair.visits if not visit.is_unhurried]
    start, end = wall(tight[0].starts_at, zone), wall(tight[-1].ends_at, zone)
    return gettext("tight %(from)s to %(to)s") % {"from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}, "tight"


def slots_of(chair: Any, shown: Any, scale: Scale, look: Look) -> list[DaySlot]:
    """Return everything that stands in the column of one chair on one day, from the top."""
    slots = [visit_slot(visit, shown, scale, look) for visit in chair.visits]
    slots += _stretches(chair, shown, scale, look)
    slots += _offers(chair, shown, scale, look)
    if look.swapping is None:
        slots += _open(chair, shown, scale, look)
    return sorted(slots, key=lambda slot: (slot.at, not slot.kind.startswith("open")))


def _stretches(chair: Any, shown: Any, scale: Scale, look: Look) -> Iterator[DaySlot]:
    for one in chair.stretches:
        kind, words = STRETCHES[one.kind]
        at, to = scale.step(one.period.start, shown.day), scale.step(one.period.end, shown.day)
        if to > at:
            slot = DaySlot(at, to, one.words or words, _kept_words(one, shown.zone), kind)
            is_open = one.kind == "urgent" and not look.moving and one.period.end > look.now
            yield _urgently(slot, one.period, chair, shown) if is_open else slot


def _kept_words(one: Any, zone: str) -> str:
    """Return what a stretch is kept for, or until when it is held; else an empty string."""
    if one.until is not None:
        return gettext("until %(at)s") % {"at": f"{wall(one.until, zone):%H:%M}"}
    return gettext("kept free") if one.kind == "urgent" else ""


def _urgently(slot: DaySlot, period: Period, chair: Any, shown: Any) -> DaySlot:
    """Return a stretch that is kept for what is urgent, to be pressed when something is."""
    where = f"{shown.day.isoformat()}T{wall(period.start, shown.zone):%H:%M}|{chair.practitioner_id or ''}"
    href = f"{reverse('desk:book')}?{urlencode({'at': where, 'urgent': 1})}"
    return replace(slot, href=href, keys=[("b", gettext("Book"), href)])


def _open(chair: Any, shown: Any, scale: Scale, look: Look) -> Iterator[DaySlot]:
    """Yield what is free: pressed it is booked, or taken by the visit that looks for a place."""
    for free in chair.free:
        start = next_step(max(free.start, look.now), GRID_MINUTES)
        if free.end - start < SHORT:
            continue
        for piece in pieces(Period(start, free.end), shown.zone):
            hour = f"{wall(piece.start, shown.zone):%H:%M}"
            length = gettext("%(length)s free") % {"length": length_words(Period(piece.start, free.end))}
            place = DaySlot(
                scale.step(piece.start, shown.day), scale.step(piece.end, shown.day), hour, length,
                "open" if piece.start == start else "open quiet",
            )  # fmt: skip
            yield _pressed(place, f"{shown.day.isoformat()}T{hour}|{chair.practitioner_id or ''}", look)


def _pressed(place: DaySlot, where: str, look: Look) -> DaySlot:
    if look.moving:
        return replace(place, value=where)
    href = f"{reverse('desk:book')}?{urlencode({'at': where})}"
    return replace(place, href=href, keys=[("b", gettext("Book"), href)])


def length_words(period: Period) -> str:
    """Return a length: "35 min", "2 h", "2 h 10 min"."""
    return minutes_words(round(period.minutes))


def minutes_words(minutes: int) -> str:
    """Return minutes: "35 min", "2 h", "2 h 10 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(n)d min") % {"n": rest}
    if not rest:
        return gettext("%(h)d h") % {"h": hours}
    return gettext("%(h)d h %(n)d min") % {"h": hours, "n": rest}


def _offers(chair: Any, shown: Any, scale: Scale, look: Look) -> Iterator[DaySlot]:
    for one in look.moving.offers if look.moving else ():
        if (one.on, one.practitioner_id) == (shown.day, chair.practitioner_id):
            at = scale.step(one.starts_at, shown.day)
            to = at + max(2, round((look.moving.minutes if look.moving else 0) / 5))
            yield DaySlot(at, min(scale.last, to), one.time, kind="offer", key=one.key, value=one.value)


def visit_slot(visit: Any, shown: Any, scale: Scale, look: Look, *, title: str = "") -> DaySlot:
    """Return a visit as it stands in a column."""
    at, to = scale.step(visit.starts_at, shown.day), scale.step(visit.ends_at, shown.day)
    name = title or f"{visit.given_name} {visit.family_name}".strip()
    state, href = str(visit.state), reverse("desk:visit", args=[visit.appointment_id])
    if look.moving and look.moving.appointment_id == visit.appointment_id:
        return DaySlot(at, max(to, at + 2), name, look.moving.words, "old", href=href, is_beside=visit.is_beside)
    if look.swapping == visit.appointment_id:
        return DaySlot(at, max(to, at + 2), name, gettext("changes places"), "held", href=href)
    quote = look.said.get(visit.patient_id, "") if to - at >= ROOMY else ""
    move = reverse("desk:move", args=[visit.appointment_id]) if state in MOVABLE else ""
    small, kind = small_words(visit, shown.zone, look.now), kind_of(visit, look.now)
    if look.swapping:
        value = str(visit.appointment_id) if move else ""
        return DaySlot(at, max(to, at + 2), name, small, kind, quote, value=value, press="x", is_beside=visit.is_beside)
    return DaySlot(
        at, max(to, at + 2), name, small, kind, quote, href,
        is_beside=visit.is_beside, mark=MARKS.get(state, ""), move=move, keys=_keys(visit, shown, bool(move)),
    )  # fmt: skip


def _keys(visit: Any, shown: Any, may_move: bool) -> list[tuple[str, str, str]]:
    if not may_move:
        return []
    here = reverse("desk:diary_day", args=[shown.day.isoformat()])
    return [
        ("m", gettext("Move"), f"{here}?move={visit.appointment_id}"),
        ("x", gettext("Change places"), f"{here}?swap={visit.appointment_id}"),
    ]


def kind_of(visit: Any, now: datetime) -> str:
    """Return by which shape a visit is drawn."""
    if str(visit.state) in KINDS:
        return KINDS[str(visit.state)]
    if _is_fresh(visit, now):
        return "fresh"
    return "" if visit.is_unhurried else "tight"


def _is_fresh(visit: Any, now: datetime) -> bool:
    return visit.booked_by == "patient" and visit.booked_at is not None and timedelta() <= now - visit.booked_at < FRESH


def small_words(visit: Any, zone: str, now: datetime) -> str:
    """Return what stands beside a name: what they come for, for how long, and how it stands with them."""
    names, language = visit.service_name or {}, (get_language() or "en")[:2]
    service = str(names.get(language) or names.get("en") or "").lower()
    squeezed = [gettext("squeezed in")] if visit.source == "squeeze_in" else []
    length = [gettext("%(n)d min") % {"n": visit.minutes}] if str(visit.state) not in KINDS else []
    fresh = [gettext("booked online just now")] if _is_fresh(visit, now) and str(visit.state) not in KINDS else []
    return ", ".join([*fresh, *squeezed, *([service] if service else []), *length, *_standing(visit, zone)])


def _standing(visit: Any, zone: str) -> Iterator[str]:
    state = str(visit.state)
    if visit.late_minutes and state in MOVABLE:
        yield gettext("%(n)d min late") % {"n": visit.late_minutes}
    if visit.delay_minutes and state in MOVABLE | {"arrived"}:
        yield gettext("begins %(n)d min later") % {"n": visit.delay_minutes}
    if state in STANDING:
        since = {"arrived": visit.arrived_at, "with": visit.started_at, "done": visit.done_at}.get(state)
        yield str(STANDING[state]) % {"at": _clock(since, zone)}
    yield from _beginning(visit)


def _beginning(visit: Any) -> Iterator[str]:
    """Yield by how much a visit began beside its promised time, where that is worth a word."""
    if str(visit.state) not in {"with", "done"} or visit.started_at is None:
        return
    off = round((visit.started_at - visit.starts_at).total_seconds() / 60)
    if off >= OFF_BY:
        yield gettext("began %(n)d min late") % {"n": off}
    elif off <= -OFF_BY:
        yield gettext("began %(n)d min early") % {"n": -off}


def _clock(moment: datetime | None, zone: str) -> str:
    return f"{wall(moment, zone):%H:%M}" if moment else ""
