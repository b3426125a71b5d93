"""Find the first free times by service, clinician, length and a person's own hours, however many days are looked at."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from uuid import UUID

from glede.diary import availability
from glede.diary.availability import Offer, Part, Window
from glede.diary.queries.needs import need_of
from glede.diary.queries.times import only, search_in, setting_of
from glede.diary.requests import TimesWanted
from glede.practices import scope


def slots(practice_id: UUID, wanted: TimesWanted, *, now: datetime) -> list[Offer]:
    """Return the free times wanted, in order, none before ``now``: as many statements for a day as for sixty.

    Each time comes once, with whoever has least to do that day. Raises ``UnknownService``, ``UnknownPractitioner``.
    """
    with scope.transaction(practice_id, read_only=True):
        window = Window(wanted.from_day, wanted.days, now + wanted.notice, wanted.parts, wanted.between, asked_at=now)
        need = need_of(
            practice_id, wanted.service_id, wanted.minutes, patient_id=wanted.patient_id, day=wanted.from_day,
            more_time=wanted.more_time,
        )  # fmt: skip
        search = search_in(setting_of(practice_id), replace(need, is_urgent=wanted.is_urgent), window)
        return list(islice(availability.free_times(only(search, wanted.practitioner_id)), wanted.limit))


def free_times(
    practice_id: UUID,
    service_id: UUID | None,
    *,
    from_: date,
    days: int,
    now: datetime,
    practitioner_id: UUID | None = None,
    limit: int = 500,
    parts: Iterable[Part] = tuple(Part),
) -> list[Offer]:
    """Return up to ``limit`` free times for a service, from ``from_`` on, for ``days`` days; as ``slots`` does."""
    wanted = TimesWanted(
        from_day=from_, days=days, service_id=service_id, practitioner_id=practitioner_id, parts=frozenset(parts),
        limit=limit,
    )  # fmt: skip
    return slots(practice_id, wanted, now=now)


def first_free(
    practice_id: UUID, service_id: UUID | None, *, from_: date, days: int, now: datetime
) -> dict[date, time]:
    """Return the first free time of each day, on the wall, with whomever; days without one are left out."""
    found: dict[date, time] = {}
    if days:
        for offer in free_times(practice_id, service_id, from_=from_, days=days, now=now, limit=sys.maxsize):
            found.setdefault(offer.day, offer.wall_time)
    return found
