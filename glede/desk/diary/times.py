"""Free times as the desk offers them, when booking and when moving."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from glede.desk.access import DeskRequest
from glede.diary import queries as diary
from glede.diary.availability import Offer
from glede.diary.errors import NotFree, Refused, UnknownPractitioner
from glede.diary.facts import VisitFacts
from glede.diary.requests import TimesWanted
from glede.kernel.clock import at_wall, day_of
from glede.kernel.words import short_day_words, time_words
from glede.staff.queries import practitioners

DAYS, SHOWN, FIRST = 14, 24, 3
APART = timedelta(hours=1)

Pressed = tuple[date, time, UUID | None]


@dataclass(frozen=True)
class Offered:
    """One time to press."""

    value: str
    day: str
    time: str
    who: str
    key: str
    on: date
    starts_at: datetime
    practitioner_id: UUID | None


@dataclass(frozen=True)
class Search:
    """What was asked of the diary, and what it offers."""

    first: list[Offered]
    more: list[Offered]
    chairs: list[Any]
    practitioner_id: UUID | None
    from_: date
    earliest: date
    is_urgent: bool = False
    misfit: str = ""


def search(
    request: DeskRequest, service_id: UUID | None, *, practitioner_id: UUID | None = None, **asked: Any
) -> Search:
    """Return free times by what the address asks: ``with`` (a practitioner), ``from`` (a day), ``at`` (a pressed time).

    ``asked`` are other fields of ``TimesWanted``: whom they are for, how long. A pressed time goes first where it
    suits; else ``misfit`` is its hour.
    """
    chairs = practitioners(request.practice.pk)
    chosen = read_uuid(request.GET.get("with")) or practitioner_id
    chosen = chosen if chosen in {c.id for c in chairs} else None
    today = day_of(request.now, request.practice.zone)
    pressed = read_slot(request.GET.get("at", ""))
    from_ = max(today, read_day(request.GET.get("from")) or (pressed[0] if pressed else today))
    wanted = TimesWanted(
        from_day=from_, days=DAYS, service_id=service_id, practitioner_id=chosen, limit=SHOWN * 4,
        is_urgent=is_urgent(request), **asked,
    )  # fmt: skip
    offers = diary.slots(request.practice.pk, wanted, now=request.now)
    names = {c.id: c.given_name for c in chairs}
    at = _at(request, wanted, pressed) if pressed else []
    offers = at + [offer for offer in offers if offer not in at]
    shown = [offered(offer, names, n) for n, offer in enumerate(_spread(offers))]
    misfit = f"{pressed[1]:%H:%M}" if pressed and not at else ""
    return Search(shown[:FIRST], shown[FIRST:SHOWN], chairs, chosen, from_, today, wanted.is_urgent, misfit)


def after(request: DeskRequest, lost: Pressed, refusal: Refused) -> Search | None:
    """Return what stands in the place of a lost time, as the refusal names it: nothing is looked for again.

    None where the refusal names nothing.
    """
    if not isinstance(refusal, NotFree) or not refusal.alternatives:
        return None
    chairs = practitioners(request.practice.pk)
    names = {c.id: c.given_name for c in chairs}
    first = [offered(offer, names, n) for n, offer in enumerate(sorted(refusal.alternatives, key=starts))]
    today = day_of(request.now, request.practice.zone)
    return Search(first, [], chairs, None, max(today, lost[0]), today, is_urgent(request))


def starts(offer: Offer) -> datetime:
    """Return when an offered time begins: the order in which times are shown."""
    return offer.starts_at


def _at(request: DeskRequest, wanted: TimesWanted, pressed: Pressed) -> list[Offer]:
    """Return the time that was pressed, where what is wanted fits in there."""
    day, hour, who = pressed
    there = replace(wanted, from_day=day, days=1, practitioner_id=who)
    try:
        found = diary.slots(request.practice.pk, there, now=request.now)
    except UnknownPractitioner:
        return []
    return [offer for offer in found if offer.wall_time == hour]


def is_urgent(request: DeskRequest) -> bool:
    """Return True where the tick says that it cannot wait: a time kept for that will do."""
    return "urgent" in request.GET or "urgent" in request.POST


def near(request: DeskRequest, visit: VisitFacts, lost: Pressed | None, from_: date) -> list[Offered]:
    """Return three times for a visit, two of them with its own clinician where there are: near a lost one, else soon.

    They lie apart, so that each is a choice of its own.
    """
    earliest = max(lost[0], day_of(request.now, request.practice.zone)) if lost else from_
    wanted = TimesWanted(
        from_day=earliest, days=DAYS, service_id=visit.service_id, minutes=visit.minutes, limit=SHOWN * 10
    )
    anybodys = diary.slots(request.practice.pk, wanted, now=request.now)
    chairs = practitioners(request.practice.pk)
    own = replace(wanted, practitioner_id=visit.practitioner_id)
    has_own = visit.practitioner_id in {one.id for one in chairs}
    theirs = diary.slots(request.practice.pk, own, now=request.now) if has_own else []
    about = at_wall(lost[0], lost[1], request.practice.zone) if lost else request.now

    def distance(offer: Offer) -> tuple[timedelta, datetime]:
        return abs(offer.starts_at - about), offer.starts_at

    chosen = apart(sorted(theirs, key=distance), [], FIRST - 1)
    chosen = apart(sorted(anybodys, key=distance), chosen, FIRST)
    chosen = apart(sorted(theirs, key=distance), chosen, FIRST)
    names = {c.id: c.given_name for c in chairs}
    return [offered(offer, names, n) for n, offer in enumerate(sorted(chosen, key=starts))]


def apart(offers: list[Offer], chosen: list[Offer], most: int) -> list[Offer]:
    """Return ``chosen`` and the first of the offers that lie an hour from each of them, ``most`` in all."""
    found = list(chosen)
    for offer in offers:
        if len(found) < most and all(abs(offer.starts_at - one.starts_at) >= APART for one in found):
            found.append(offer)
    return found


def _spread(offers: list[Any]) -> list[Any]:
    """Return the offers, the three first on different hours, so that they are a real choice."""
    first = apart(offers, [], FIRST)
    return first + [o for o in offers if o not in first]


def _then(offer: Any, names: dict[UUID, str]) -> str:
    """Return what would follow: ", 10:40 Marius"."""
    if offer.then is None:
        return ""
    return f", {time_words(offer.then.wall_time, 'en', 'staff')} {names.get(offer.then.practitioner_id, '')}".rstrip()


def offered(offer: Any, names: dict[UUID, str], n: int, *, keys: int = FIRST) -> Offered:
    """Return a time as it is offered as the ``n``-th; the first ``keys`` have a digit."""
    who = f"{names.get(offer.practitioner_id, '')}{_then(offer, names)}"
    value = f"{offer.day.isoformat()}T{offer.wall_time:%H:%M}|{offer.practitioner_id or ''}"
    hour = time_words(offer.wall_time, "en", "staff")
    key = str(n + 1) if n < keys else ""
    day = short_day_words(offer.day, get_language() or "en")
    return Offered(value, day, hour, who, key, offer.day, offer.starts_at, offer.practitioner_id)


def read_slot(text: str) -> Pressed | None:
    """Return the day, the time and the practitioner that a pressed time stands for, or None."""
    moment, _, who = text.partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return at.date(), at.time(), read_uuid(who)


def read_uuid(text: str | None) -> UUID | None:
    """Return the id written in ``text``, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def read_day(text: str | None) -> date | None:
    """Return the day written in ``text``, or None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
