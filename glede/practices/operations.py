"""Start a practice, change what it says about itself, its hours and its mode."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from babel.numbers import get_territory_currencies
from django.utils.text import slugify

from glede.kernel.actor import Actor
from glede.kernel.failpoints import guard
from glede.kernel.ids import new_id
from glede.kernel.periods import Span
from glede.kernel.ref import Ref
from glede.practices import scope
from glede.practices.models import (
    BackupProof,
    ClosedDay,
    ModeChange,
    OpeningHours,
    Organisation,
    Practice,
    Restoration,
    Tick,
)
from glede.practices.recording import Act, act

USUAL_WEEK = tuple(Span(weekday, time(9), time(17)) for weekday in range(5))
LANGUAGES = frozenset({"en", "nb"})


class UnknownPlace(ValueError):
    """A country, zone or language Glede does not know; the message says what to write."""


class NotAllowedLive(Exception):
    """This practice may not go live; the message says why."""


class AwaitsOwner(Exception):
    """This practice returned to a backup: nothing leaves until its owner has seen what differs."""


@dataclass(frozen=True)
class NewPractice:
    """What is asked of a practice that starts."""

    name: str
    country: str
    language: str
    zone: str
    virtual_now: datetime | None = None
    is_demo: bool = False
    details: dict[str, Any] = field(default_factory=dict)


def start_practice(new: NewPractice, *, by: Actor, now: datetime) -> Practice:
    """Start a practice in rehearsal, with a usual week of hours. Raises ``UnknownPlace``.

    ``virtual_now`` gives it a clock that only ticks by hand; it never goes live.
    """
    currency = check_place(new)
    at = new.virtual_now or now
    practice_id = new_id()
    with scope.transaction(practice_id):
        organisation = Organisation.objects.create(name=new.name, created_at=at)
        practice = Practice.objects.create(
            id=practice_id,
            organisation=organisation,
            slug=free_slug(new.name),
            name=new.name,
            country=new.country,
            language=new.language,
            zone=new.zone,
            currency=currency,
            clock=Practice.Clock.VIRTUAL if new.virtual_now else Practice.Clock.REAL,
            virtual_now=new.virtual_now,
            is_demo=new.is_demo,
            created_at=at,
            **new.details,
        )
        with act(practice_id, by=by, now=at) as started:
            _write_spans(practice_id, USUAL_WEEK)
            started.record("practices.practice.started", subject=Ref("practice", practice_id))
    return practice


def check_place(new: NewPractice) -> str:
    """Return the currency of the country. Raises ``UnknownPlace`` with what to write instead."""
    if new.zone not in available_timezones():
        raise UnknownPlace(f"There is no time zone {new.zone!r}. Write one like Europe/Oslo.")
    if new.language not in LANGUAGES:
        raise UnknownPlace(f"Glede does not speak {new.language!r} yet. Write en or nb.")
    currencies = get_territory_currencies(new.country) if len(new.country) == 2 and new.country.isupper() else []
    if not currencies:
        raise UnknownPlace(f"There is no country {new.country!r}. Write two letters like NO or GB.")
    return str(currencies[0])


def free_slug(name: str) -> str:
    """Return a short name for addresses and commands that no practice has yet."""
    base = slugify(name)[:40] or "practice"
    taken = set(Practice.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(c for c in candidates if c not in taken)


CHANGEABLE = frozenset({
    "name", "phone", "email", "address", "public_url", "review_link", "red_flag_line", "cancellation_note",
    "answer_minutes", "call_days_before", "calls_per_day", "hours_from", "hours_to", "language", "region",
})  # fmt: skip


def change_settings(*, practice_id: UUID, changes: dict[str, Any], by: Actor, now: datetime) -> Practice:
    """Change what a practice says about itself. Raises ``ValueError`` for a field that is not a setting."""
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise ValueError(f"Not settings: {', '.join(sorted(unknown))}")
    with act(practice_id, by=by, now=now) as changing:
        subject = Ref("practice", practice_id)
        changing.lock(subject)
        practice = Practice.objects.select_for_update().get(pk=practice_id)
        changed = sorted(name for name, value in changes.items() if getattr(practice, name) != value)
        for name in changed:
            setattr(practice, name, changes[name])
        if changed:
            practice.save(update_fields=changed)
            changing.record("practices.settings.changed", subject=subject, data={"fields": changed})
    return practice


def set_opening_hours(*, practice_id: UUID, spans: Iterable[Span], by: Actor, now: datetime) -> None:
    """Replace the week's opening hours; the old ones are ended, never deleted."""
    wanted = set(spans)
    with act(practice_id, by=by, now=now) as changing:
        subject = Ref("practice", practice_id)
        changing.lock(subject)
        standing = {Span(h.weekday, h.opens, h.closes): h for h in OpeningHours.objects.filter(ended_at=None)}
        if wanted == set(standing):
            return
        gone = [row.pk for span, row in standing.items() if span not in wanted]
        OpeningHours.objects.filter(pk__in=gone).update(ended_at=now)
        _write_spans(practice_id, sorted(wanted - set(standing)))
        changing.record("practices.hours.changed", subject=subject, data={"spans": len(wanted)})


def _write_spans(practice_id: UUID, spans: Iterable[Span]) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(practice_id=practice_id, weekday=s.weekday, opens=s.opens, closes=s.closes) for s in spans
    )


def close_day(*, practice_id: UUID, day: date, reason: str = "", by: Actor, now: datetime) -> None:
    """Close the practice for a whole day. Closing it twice changes nothing."""
    with act(practice_id, by=by, now=now) as changing:
        subject = Ref("practice", practice_id)
        changing.lock(subject)
        if ClosedDay.objects.filter(day=day, ended_at=None).exists():
            return
        ClosedDay.objects.create(practice_id=practice_id, day=day, reason=reason)
        changing.record("practices.day.closed", subject=subject, data={"day": day.isoformat()})


def reopen_day(*, practice_id: UUID, day: date, by: Actor, now: datetime) -> None:
    """Open a closed day again."""
    with act(practice_id, by=by, now=now) as changing:
        subject = Ref("practice", practice_id)
        changing.lock(subject)
        if ClosedDay.objects.filter(day=day, ended_at=None).update(ended_at=now):
            changing.record("practices.day.reopened", subject=subject, data={"day": day.isoformat()})


def go_live(*, practice_id: UUID, by: Actor, now: datetime) -> Practice:
    """Let messages leave the house. Raises ``NotAllowedLive``.

    Whether the law of the country is known is asked by the page (outbox.policy) before this.
    """
    with act(practice_id, by=by, now=now) as changing:
        practice = _locked(practice_id, changing)
        if practice.is_virtual or practice.ticked_at:
            raise NotAllowedLive("A practice whose clock was moved by hand has told its future. Start a fresh one.")
        if not practice.is_live:
            Practice.objects.filter(pk=practice_id).update(mode=Practice.Mode.LIVE, live_since=now)
            _note_mode(practice_id, ModeChange.Kind.LIVE, changing, by=by, now=now)
    practice.refresh_from_db()
    return practice


def go_back_to_rehearsal(*, practice_id: UUID, by: Actor, now: datetime) -> Practice:
    """Send nothing any more; what is planned is rehearsed from now on."""
    with act(practice_id, by=by, now=now) as changing:
        practice = _locked(practice_id, changing)
        if practice.is_live:
            Practice.objects.filter(pk=practice_id).update(mode=Practice.Mode.REHEARSAL, live_since=None)
            _note_mode(practice_id, ModeChange.Kind.REHEARSAL, changing, by=by, now=now)
    practice.refresh_from_db()
    return practice


def make_tick(*, practice_id: UUID, code: str, basis: str = "", by: Actor, now: datetime) -> None:
    """Tick a line of the list before going live, for what stands there now. Ticking it twice changes nothing."""
    with act(practice_id, by=by, now=now) as changing:
        practice = _locked(practice_id, changing)
        standing = Tick.objects.filter(code=code, withdrawn_at=None)
        if standing.filter(basis=basis).exists():
            return
        standing.update(withdrawn_at=now)
        Tick.objects.create(
            practice_id=practice.pk, code=code, basis=basis, made_at=now, actor_role=by.role, actor_id=by.id
        )
        changing.record("practices.tick.made", subject=Ref("practice", practice_id), data={"code": code})


def withdraw_tick(*, practice_id: UUID, code: str, by: Actor, now: datetime) -> None:
    """Take a tick back."""
    with act(practice_id, by=by, now=now) as changing:
        _locked(practice_id, changing)
        if Tick.objects.filter(code=code, withdrawn_at=None).update(withdrawn_at=now):
            changing.record("practices.tick.withdrawn", subject=Ref("practice", practice_id), data={"code": code})


def note_address(*, practice_id: UUID, url: str, leads_here: bool, by: Actor, now: datetime) -> None:
    """Keep whether the public address was fetched back and led here. Links are sent for a proved one alone."""
    with act(practice_id, by=by, now=now) as changing:
        practice = _locked(practice_id, changing)
        proved = url if leads_here else ""
        if practice.proved_url != proved:
            Practice.objects.filter(pk=practice_id).update(proved_url=proved)
            changing.record(
                "practices.address.checked", subject=Ref("practice", practice_id), data={"leads_here": leads_here}
            )


def pause_rows(*, practice_id: UUID, rows: Collection[str], by: Actor, now: datetime) -> None:
    """Let nothing leave from these rows of the journey, and from no others. In rehearsal all rows are played."""
    with act(practice_id, by=by, now=now) as changing:
        practice, wanted = _locked(practice_id, changing), sorted(set(rows))
        if practice.paused_rows != wanted:
            Practice.objects.filter(pk=practice_id).update(paused_rows=wanted)
            changing.record("practices.rows.paused", subject=Ref("practice", practice_id), data={"rows": wanted})


def stop_all(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Stop everything that has not left yet, until ``resume``."""
    with act(practice_id, by=by, now=now) as changing:
        practice = _locked(practice_id, changing)
        if practice.stopped_at is None:
            Practice.objects.filter(pk=practice_id).update(stopped_at=now)
            _note_mode(practice_id, ModeChange.Kind.STOPPED, changing, by=by, now=now)


def resume(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Let messages go again after ``stop_all``. Raises ``AwaitsOwner`` where a backup was restored."""
    with act(practice_id, by=by, now=now) as changing:
        practice = _locked(practice_id, changing)
        if practice.restored_at is not None:
            raise AwaitsOwner("A backup was restored. The owner looks at what differs and lets messages go again.")
        if practice.stopped_at is not None:
            Practice.objects.filter(pk=practice_id).update(stopped_at=None)
            _note_mode(practice_id, ModeChange.Kind.RESUMED, changing, by=by, now=now)


def note_backup(proof: BackupProof) -> BackupProof:
    """Keep what became of a backup, proved or not. About the whole database, so no practice's record tells it."""
    with scope.outside():
        proof.save(force_insert=True)
    return proof


@dataclass(frozen=True)
class Returned:
    """What a practice is told of its return to a backup: ids, codes, numbers and times only."""

    backup_at: datetime
    file_name: str
    newer: str
    kept_as: str
    counts: dict[str, int]
    lines: list[dict[str, Any]]


def begin_restored(*, practice_id: UUID, returned: Returned, by: Actor, now: datetime) -> Restoration:
    """Note that a practice stands where its backup stood, and send nothing until its owner has looked.

    Called on the restored database before anybody else can reach it.
    """
    with act(practice_id, by=by, now=now) as changing:
        practice = _locked(practice_id, changing)
        if guard("restored_stops"):
            Practice.objects.filter(pk=practice_id).update(restored_at=now, stopped_at=practice.stopped_at or now)
            _note_mode(practice_id, ModeChange.Kind.STOPPED, changing, by=by, now=now)
        restoration = Restoration.objects.create(
            practice_id=practice_id,
            backup_at=returned.backup_at,
            restored_at=now,
            file_name=returned.file_name,
            newer=returned.newer,
            kept_as=returned.kept_as,
            counts=returned.counts,
            lines=returned.lines,
        )
        changing.record(
            "practices.practice.restored",
            subject=Ref("practice", practice_id),
            data={"backup_at": returned.backup_at, "newer": returned.newer, "restoration": restoration.pk},
        )
    return restoration


def accept_restored(*, practice_id: UUID, by: Actor, now: datetime) -> bool:
    """Let messages go again after a restoration; False where none waits. Who may (the owner) is asked before."""
    with act(practice_id, by=by, now=now) as changing:
        practice = _locked(practice_id, changing)
        if practice.restored_at is None:
            return False
        Practice.objects.filter(pk=practice_id).update(restored_at=None, stopped_at=None)
        Restoration.objects.filter(practice_id=practice_id, accepted_at=None).update(
            accepted_at=now, accepted_role=by.role, accepted_id=by.id, lines=[]
        )
        _note_mode(practice_id, ModeChange.Kind.RESUMED, changing, by=by, now=now)
    return True


def _locked(practice_id: UUID, changing: Act) -> Practice:
    changing.lock(Ref("practice", practice_id))
    return Practice.objects.select_for_update().get(pk=practice_id)


def _note_mode(practice_id: UUID, kind: ModeChange.Kind, changing: Act, *, by: Actor, now: datetime) -> None:
    ModeChange.objects.create(practice_id=practice_id, kind=kind, at=now, actor_role=by.role, actor_id=by.id)
    changing.record("practices.mode.changed", subject=Ref("practice", practice_id), data={"to": kind.value})


def begin_clock(*, practice_id: UUID, at: datetime) -> None:
    """Let a virtual clock that was never moved begin at ``at``, earlier or later than it shows.

    Called by ``journeys.operations.come_to`` alone, which knows that nothing has happened yet.
    """
    waiting = Practice.objects.filter(pk=practice_id, ticked_at=None).exclude(clock=Practice.Clock.REAL)
    if not waiting.update(virtual_now=at):
        raise ValueError("Only a virtual clock that was never moved can begin elsewhere.")


def move_clock(*, practice_id: UUID, to: datetime) -> None:
    """Set a virtual clock forward. Called by ``journeys.operations.advance`` alone; never backwards."""
    moved = Practice.objects.filter(pk=practice_id, virtual_now__lte=to).exclude(clock=Practice.Clock.REAL)
    if not moved.update(virtual_now=to, ticked_at=to):
        raise ValueError("Only a virtual clock can be moved, and only forward.")


def retire_practice(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Take a practice out of use: nothing is deleted, nobody is shown it any more."""
    with act(practice_id, by=by, now=now) as changing:
        _locked(practice_id, changing)
        Practice.objects.filter(pk=practice_id, retired_at=None).update(retired_at=now)
        changing.record("practices.practice.retired", subject=Ref("practice", practice_id))
