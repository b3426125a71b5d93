"""What a file or an address tells: kept as it came, read, and held where the clinician is free."""

import zlib
from dataclasses import asdict
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from glede.calendars import events
from glede.calendars.models import BusyTime, Calendar, CalendarFile
from glede.calendars.operations.holding import OLD, VANISHED, hold, locked, withdraw_questions
from glede.calendars.reading.events import read_calendar
from glede.calendars.reading.values import Busy, Read, Unreadable, Window
from glede.calendars.values import DAYS_AHEAD, Fetched, Told
from glede.diary.rules import settle_by
from glede.kernel.actor import Actor
from glede.kernel.clock import at_wall, day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.practices.sealing import seal, unseal
from glede.promises.operations import NewPromise, make_promise

OLD_AFTER = timedelta(hours=24)
"""After this long without an answer a colleague is asked to look. Our own choice."""


def take_file(*, practice_id: UUID, calendar_id: UUID, name: str, content: bytes, by: Actor, now: datetime) -> Told:
    """Keep a file of a calendar and hold the busy times in it; a refused one is kept with its reason.

    What stood in the calendar before and is not in this file is asked about, and stays held. The same file again is
    read anew. Raises ``NoSuchCalendar``.
    """
    practice = practice_by_id(practice_id)
    read, reason = _read(content, _window(practice, now))
    with act(practice_id, by=by, now=now) as telling:
        row = locked(telling, calendar_id)
        is_known = _keep(row, name, content, (read, reason), now)
        told = Told(calendar_id, reason, read.counts(), [asdict(one) for one in read.findings], is_known=is_known)
        if reason:
            _refused(telling, row, reason, practice, now)
            return told
        return _take(telling, row, read.busy, told, practice)


def take_fetched(*, practice_id: UUID, calendar_id: UUID, fetched: Fetched, by: Actor, now: datetime) -> Told:
    """Take what an address answered. A failure changes no time; after a day a colleague is asked to look."""
    if fetched.failure:
        return _missed(practice_id, calendar_id, fetched.failure, by, now)
    given: dict[str, Any] = {"practice_id": practice_id, "calendar_id": calendar_id, "by": by, "now": now}
    told = read_again(**given) if fetched.is_same else take_file(name="", content=fetched.content, **given)
    if not told.reason:
        with act(practice_id, by=by, now=now) as noting:
            row = locked(noting, calendar_id)
            row.etag, row.modified = fetched.etag[:200], fetched.modified[:100]
            row.save(update_fields=["etag", "modified"])
    return told


def read_again(*, practice_id: UUID, calendar_id: UUID, by: Actor, now: datetime) -> Told:
    """Read the last good file anew, for days that have come nearer since. Raises ``NoSuchCalendar``."""
    with act(practice_id, by=by, now=now) as reading:
        row = locked(reading, calendar_id)
        files = CalendarFile.objects.filter(practice_id=practice_id, calendar=row, reason="")
        last = files.order_by("-came_at", "-id").first()
        if last is None:
            return Told(calendar_id, "no_file")
        practice = practice_by_id(practice_id)
        read, reason = _read(zlib.decompress(unseal(last.content)), _window(practice, now))
        told = Told(calendar_id, reason, read.counts(), is_known=True)
        return told if reason else _take(reading, row, read.busy, told, practice)


def _window(practice: Practice, now: datetime) -> Window:
    today = day_of(now, practice.zone)
    ends = at_wall(today + timedelta(days=DAYS_AHEAD), time(), practice.zone)
    return Window(at_wall(today, time(), practice.zone), ends, practice.zone)


def _read(content: bytes, window: Window) -> tuple[Read, str]:
    try:
        return read_calendar(content, window), ""
    except Unreadable as refusal:
        return Read(), str(refusal)


def _keep(row: Calendar, name: str, content: bytes, found: tuple[Read, str], now: datetime) -> bool:
    """Keep the file as it came, once; return True where it was kept before."""
    (read, reason), digest = found, sha256(content).digest()
    files = CalendarFile.objects.filter(practice_id=row.practice_id, calendar=row, digest=digest)
    if files.exists():
        return True
    CalendarFile.objects.create(
        practice_id=row.practice_id, calendar=row, name=name.strip()[:200], digest=digest,
        content=seal(zlib.compress(content)), size=len(content), came_at=now, reason=reason, counts=read.counts(),
        findings=[asdict(one) for one in read.findings],
    )  # fmt: skip
    return False


def _refused(telling: Act, row: Calendar, reason: str, practice: Practice, now: datetime) -> None:
    _note_failure(row, reason, now)
    telling.record(events.REFUSED, subject=Ref("calendar", row.pk), data={"reason": reason})
    _ask_when_old(row, practice, telling.by, now)


def _missed(practice_id: UUID, calendar_id: UUID, failure: str, by: Actor, now: datetime) -> Told:
    with act(practice_id, by=by, now=now) as missing:
        row = locked(missing, calendar_id)
        is_new = row.failure != failure
        _note_failure(row, failure, now)
        if is_new:
            missing.record(events.MISSED, subject=Ref("calendar", calendar_id), data={"reason": failure})
        _ask_when_old(row, practice_by_id(practice_id), by, now)
    return Told(calendar_id, failure)


def _note_failure(row: Calendar, failure: str, now: datetime) -> None:
    row.failure, row.tried_at, row.failed_since = failure, now, row.failed_since or now
    row.save(update_fields=["failure", "tried_at", "failed_since"])


def _ask_when_old(row: Calendar, practice: Practice, by: Actor, now: datetime) -> None:
    if row.address is not None and row.failed_since and now - row.failed_since >= OLD_AFTER:
        _ask(row, OLD, practice, by, now)


def _ask(row: Calendar, cause: str, practice: Practice, by: Actor, now: datetime) -> None:
    due = settle_by(now + timedelta(days=7), now, opening_hours(practice))
    new = NewPromise("follow_up", Ref("calendar", row.pk), due, cause, detail={"reason": cause})
    make_promise(practice_id=practice.pk, new=new, by=by, now=now)


def _take(telling: Act, row: Calendar, busy: list[Busy], told: Told, practice: Practice) -> Told:
    """Write what the calendar says now beside what it said before, hold it, and ask about what vanished."""
    by, now = telling.by, telling.now
    vanished = _compare(row, busy, now)
    row.failure, row.failed_since, row.tried_at, row.read_at = "", None, now, now
    row.save(update_fields=["failure", "failed_since", "tried_at", "read_at"])
    withdraw_questions(row, by=by, now=now, causes=(OLD,) if vanished else (OLD, VANISHED))
    held = hold(row, by=by, now=now)
    if vanished:
        _ask(row, VANISHED, practice, by, now)
    data = {"times": len(busy), "held": len(held.times), "clashes": held.clashes, "vanished": vanished}
    telling.record(events.READ, subject=Ref("calendar", row.pk), data=data)
    return Told(
        told.calendar_id, "", told.counts, told.findings, len(held.times), held.clashes, vanished, told.is_known
    )


def _compare(row: Calendar, busy: list[Busy], now: datetime) -> int:
    """Bring the standing times up to what is said; return how many stand there no longer and nobody answered for."""
    mine = BusyTime.objects.filter(practice_id=row.practice_id, calendar=row, ended_at=None)
    mine.filter(ends_at__lte=now).update(ended_at=now)
    standing = {one.key: one for one in mine}
    said = {one.key: one for one in busy if one.ends_at > now}
    BusyTime.objects.bulk_create(
        BusyTime(practice_id=row.practice_id, calendar=row, key=key, starts_at=one.starts_at, ends_at=one.ends_at)
        for key, one in said.items()
        if key not in standing
    )
    for key, one in standing.items():
        new = said.get(key)
        if new and (one.starts_at, one.ends_at, one.vanished_at) != (new.starts_at, new.ends_at, None):
            one.starts_at, one.ends_at, one.vanished_at, one.kept_at = new.starts_at, new.ends_at, None, None
            one.save(update_fields=["starts_at", "ends_at", "vanished_at", "kept_at"])
    gone = [one.pk for key, one in standing.items() if key not in said]
    mine.filter(pk__in=gone, vanished_at=None).update(vanished_at=now)
    return mine.filter(vanished_at__isnull=False, kept_at=None).count()
