"""Visits that come again: the series is kept first, then each visit is booked like any other, one act each.

Whoever is interrupted goes on from what is kept; a visit is never booked twice, for its command is made of the series
and its number.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid5

from glede.diary import errors, events, rules, series
from glede.diary.availability import Offer
from glede.diary.models import Appointment, Series
from glede.diary.operations.booking import book_appointment, survivor
from glede.diary.operations.states import cancel_appointment
from glede.diary.queries.needs import need_of
from glede.diary.queries.times import setting_of
from glede.diary.requests import Booking
from glede.diary.series import Chosen, Rule
from glede.kernel.actor import Actor
from glede.kernel.failpoints import fp
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import act, answer, once
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class NewSeries:
    """A series wished for: by which rule, at which time on the wall, and the times ``chosen`` of it."""

    patient_id: UUID
    service_id: UUID | None
    practitioner_id: UUID | None
    rule: Rule
    wall_time: time
    chosen: tuple[Chosen, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of one visit of a series: it stands, or its time was refused, with others near it."""

    number: int
    appointment_id: UUID | None
    refusal: str = ""
    alternatives: tuple[Offer, ...] = ()


def begin_series(
    *, practice_id: UUID, new: NewSeries, by: Actor, now: datetime, command_id: UUID | None = None
) -> UUID:
    """Keep which visits are to be booked, and return the series; ``book_series`` books them.

    Raises ``BadSeries``, ``NotByPatients``, ``UnknownPatient``, ``UnknownService``, ``UnknownPractitioner``.
    """
    if by.role == "patient":
        raise errors.NotByPatients
    _check(new)
    with act(practice_id, by=by, now=now) as beginning:
        pressed = once(beginning, command_id)
        if pressed.answer is not None:
            return pressed.answer
        patient_id, series_id = survivor(practice_id, new.patient_id), new_id()
        need_of(practice_id, new.service_id)
        if new.practitioner_id and setting_of(practice_id).chair_of(new.practitioner_id) is None:
            raise errors.UnknownPractitioner
        beginning.lock(Ref("patient", patient_id), Ref("series", series_id))
        Series.objects.create(
            pk=series_id, practice_id=practice_id, patient_id=patient_id, service_id=new.service_id,
            practitioner_id=new.practitioner_id, every=new.rule.every, unit=new.rule.unit, count=new.rule.count,
            first_on=new.rule.first_on, wall_time=new.wall_time, begun_at=now,
            chosen=[one.written() for one in new.chosen],
        )  # fmt: skip
        answer(beginning, command_id, series_id)
        said = {"every": new.rule.every, "unit": str(new.rule.unit), "count": new.rule.count}
        beginning.record(events.SERIES_BEGUN, subject=Ref("series", series_id), patient=patient_id, data=said)
        return series_id


def _check(new: NewSeries) -> None:
    series.days(new.rule)
    numbers = [one.number for one in new.chosen]
    if not numbers or len(set(numbers)) < len(numbers) or not set(numbers) <= set(range(1, new.rule.count + 1)):
        raise errors.BadSeries


def book_series(*, practice_id: UUID, series_id: UUID, by: Actor, now: datetime) -> list[Booked]:
    """Book every visit of a series that is not booked yet, one act each, and return what became of each.

    What was taken meanwhile is told, with others near it; the rest stand. Pressed twice it books once; what a kill cut
    short goes on. When all were tried the patient is told once, of all. Raises ``NoSuchSeries``.
    """
    row = _series(practice_id, series_id)
    done = _visits(practice_id, series_id)
    results = []
    for one in map(series.chosen_of, row.chosen):
        if one.number in done:
            results.append(Booked(one.number, done[one.number]))
        elif row.ended_at is None:
            results.append(_book(row, one, by=by, now=now))
            fp("diary.series.between")
    _tell_of(practice_id, series_id, by=by, now=now)
    return results


def _book(row: Series, one: Chosen, *, by: Actor, now: datetime) -> Booked:
    request = Booking(
        patient_id=row.patient_id, service_id=row.service_id, practitioner_id=one.practitioner_id, day=one.day,
        wall_time=one.wall_time, series_id=row.pk, series_number=one.number, source=rules.Source.SERIES,
    )  # fmt: skip
    command = series.command_of(row.pk, "book", one.number)
    try:
        visit = book_appointment(practice_id=row.practice_id, request=request, by=by, now=now, command_id=command)
    except errors.Refused as refusal:
        return Booked(one.number, None, refusal.code, tuple(getattr(refusal, "alternatives", ())))
    return Booked(one.number, visit.pk)


def _tell_of(practice_id: UUID, series_id: UUID, *, by: Actor, now: datetime) -> None:
    """Say once that the series is booked, and which visit's message tells of it."""
    with act(practice_id, by=by, now=now) as telling:
        patient_id = _series(practice_id, series_id).patient_id
        telling.lock(Ref("patient", patient_id), Ref("series", series_id))
        row = _series(practice_id, series_id)
        booked = _visits(practice_id, series_id)
        if row.booked_at is not None or not booked:
            return
        Series.objects.filter(pk=series_id).update(booked_at=now, told_by=min(booked))
        said = {"visits": len(booked)}
        telling.record(events.SERIES_BOOKED, subject=Ref("series", series_id), patient=patient_id, data=said)


def choose_in_series(*, practice_id: UUID, series_id: UUID, chosen: Chosen, by: Actor, now: datetime) -> list[Booked]:
    """Choose another time for a visit of a series that is not booked, and book it.

    Raises ``NoSuchSeries``, and ``BadSeries`` where that visit is booked already or the series has ended.
    """
    with act(practice_id, by=by, now=now) as choosing:
        choosing.lock(Ref("series", series_id))
        row = _series(practice_id, series_id)
        if row.ended_at or chosen.number in _visits(practice_id, series_id) or not 1 <= chosen.number <= row.count:
            raise errors.BadSeries
        kept = [one for one in row.chosen if one["n"] != chosen.number] + [chosen.written()]
        Series.objects.filter(pk=series_id).update(chosen=sorted(kept, key=lambda one: int(one["n"])))
        said = {"number": chosen.number}
        choosing.record(events.SERIES_CHANGED, subject=Ref("series", series_id), patient=row.patient_id, data=said)
    return book_series(practice_id=practice_id, series_id=series_id, by=by, now=now)


def end_series(
    *, practice_id: UUID, series_id: UUID, reason: str, by: Actor, now: datetime, command_id: UUID | None = None
) -> list[UUID]:
    """Cancel the rest of a series, each visit by an act of its own, and return which; what took place stands.

    ``reason`` is a code of ``rules.Reason``. Raises ``NoSuchSeries``, ``UnknownReason``, ``NotByPatients``.
    """
    if by.role == "patient":
        raise errors.NotByPatients
    if reason not in rules.REASONS:
        raise errors.UnknownReason
    _series(practice_id, series_id)
    _end(practice_id, series_id, by=by, now=now)
    cancelled = []
    for appointment_id in _coming(practice_id, series_id, now):
        own = uuid5(command_id, str(appointment_id)) if command_id else None
        with suppress(errors.Refused):
            cancel_appointment(
                practice_id=practice_id, appointment_id=appointment_id, reason=reason, by=by, now=now, command_id=own
            )
            cancelled.append(appointment_id)
        fp("diary.series.between")
    return cancelled


def _end(practice_id: UUID, series_id: UUID, *, by: Actor, now: datetime) -> None:
    with act(practice_id, by=by, now=now) as ending:
        ending.lock(Ref("series", series_id))
        row = _series(practice_id, series_id)
        if row.ended_at is None:
            Series.objects.filter(pk=series_id).update(ended_at=now)
            ending.record(events.SERIES_ENDED, subject=Ref("series", series_id), patient=row.patient_id)


def _series(practice_id: UUID, series_id: UUID) -> Series:
    with scope.transaction(practice_id):
        row = Series.objects.filter(practice_id=practice_id, pk=series_id).first()
    if row is None:
        raise errors.NoSuchSeries
    return row


def _visits(practice_id: UUID, series_id: UUID) -> dict[int, UUID]:
    with scope.transaction(practice_id):
        rows = Appointment.objects.filter(practice_id=practice_id, series_id=series_id)
        return {number: key for number, key in rows.values_list("series_number", "id") if number}


def _coming(practice_id: UUID, series_id: UUID, now: datetime) -> Sequence[UUID]:
    with scope.transaction(practice_id):
        rows = Appointment.objects.filter(
            practice_id=practice_id, series_id=series_id, state__in=rules.AHEAD, starts_at__gt=now
        )
        return list(rows.order_by("starts_at").values_list("id", flat=True))
