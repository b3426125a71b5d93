"""Let strangers book: whether the page is open, under which address, and what it offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.practices.operations.addresses import free_address, kebab
from glede.practices.operations.locking import locked
from glede.practices.operations.settings import change_settings
from glede.practices.recording import act

SERVICES_AT_MOST = 6
NOTICE_AT_MOST = 7 * 24 * 60
DAYS_AT_MOST = 365


class CannotBookOnline(ValueError):
    """The page cannot be so; the message names the field: services, name, notice or days."""


@dataclass(frozen=True, slots=True)
class OfferedOnline:
    """A service a stranger may book, and the plain reason they choose it by, in each language ("Eye test")."""

    service_id: UUID
    reason: dict[str, str]


@dataclass(frozen=True, slots=True)
class OnlineBooking:
    """How strangers book. ``name`` ends the address; blank: the one there is, else made from the practice's name.

    Nothing sooner than ``notice_minutes`` from now, and nothing later than ``days_ahead`` days.
    """

    is_open: bool
    services: Sequence[OfferedOnline]
    name: str = ""
    notice_minutes: int = 60
    days_ahead: int = 60


def change_online_booking(*, practice_id: UUID, online: OnlineBooking, by: Actor, now: datetime) -> UUID | None:
    """Keep how strangers book and return the change, None where nothing differs. ``undo_settings`` takes it back.

    Old addresses keep leading here. Raises ``CannotBookOnline`` and ``AddressTaken``.
    """
    _check(online)
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        name = online.name or practice.booking_name
        if not name and online.is_open:
            name = free_address(practice_id, practice.name)
        changes: dict[str, Any] = {
            "books_online": online.is_open,
            "booking_name": name,
            "online_services": [
                {"service": str(one.service_id), "reason": dict(one.reason)} for one in online.services
            ],
            "online_notice_minutes": online.notice_minutes,
            "online_days_ahead": online.days_ahead,
        }
        return change_settings(practice_id=practice_id, changes=changes, by=by, now=now)


def _check(online: OnlineBooking) -> None:
    ids = [one.service_id for one in online.services]
    has_reasons = all(any(words.strip() for words in one.reason.values()) for one in online.services)
    if len(ids) > SERVICES_AT_MOST or len(set(ids)) < len(ids) or not has_reasons or (online.is_open and not ids):
        raise CannotBookOnline("services")
    if online.name and kebab(online.name) != online.name:
        raise CannotBookOnline("name")
    if not 0 <= online.notice_minutes <= NOTICE_AT_MOST:
        raise CannotBookOnline("notice")
    if not 0 < online.days_ahead <= DAYS_AT_MOST:
        raise CannotBookOnline("days")
