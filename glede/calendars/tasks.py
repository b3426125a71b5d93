"""Background work of the calendars: addresses are asked again, and files read for days that have come nearer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.calendars.errors import NoSuchCalendar
from glede.calendars.fetching import fetch
from glede.calendars.operations import read_again, take_fetched
from glede.calendars.queries import address_of, due
from glede.calendars.values import Fetched, Told
from glede.kernel.actor import SYSTEM, Actor
from glede.practices.queries import practice_by_id, practice_now, practices_on_real_time


@app.periodic(cron="*/10 * * * *")
@app.task(name="calendars.look", queue="channels")
def look(timestamp: int) -> None:
    """Wake a look in every practice on real time where a calendar is due."""
    close_old_connections()
    for practice in practices_on_real_time():
        if due(practice.pk, now=practice_now(practice)):
            look_at.defer(practice_id=str(practice.pk))


@app.task(name="calendars.look_at", queue="channels")
def look_at(practice_id: str) -> None:
    """Ask each address of a practice that is due, and read its files again; one stopped meanwhile is left alone."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    for one in due(practice.pk, now=practice_now(practice)):
        try:
            listen(practice.pk, one.id, SYSTEM, practice_now(practice))
        except NoSuchCalendar:
            continue


def listen(practice_id: UUID, calendar_id: UUID, by: Actor, now: datetime) -> Told:
    """Ask an address and take what it says, or read the last file again. Raises ``NoSuchCalendar``.

    A practice on a virtual clock asks nobody.
    """
    one = address_of(practice_id, calendar_id)
    given: dict[str, Any] = {"practice_id": practice_id, "calendar_id": calendar_id, "by": by, "now": now}
    if not one.address:
        return read_again(**given)
    if practice_by_id(practice_id).is_virtual:
        return take_fetched(fetched=Fetched(failure="made_up"), **given)
    return take_fetched(fetched=fetch(one.address, etag=one.etag, modified=one.modified), **given)
