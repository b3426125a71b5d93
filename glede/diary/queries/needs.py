"""How long a visit takes: the service's minutes, and more for whoever needs more."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from glede.catalogue.models import Service
from glede.catalogue.rules import MoreTime
from glede.diary import errors, rules
from glede.diary.availability import Need, Then
from glede.diary.models import Appointment
from glede.people.models import Need as Line
from glede.people.models import Patient
from glede.practices import scope

# What was so at the last visit is most likely so again.
STAYS = (MoreTime.INTERPRETER, MoreTime.WHEELCHAIR)


def need_of(
    practice_id: UUID,
    service_id: UUID | None,
    minutes: int | None = None,
    *,
    patient_id: UUID | None = None,
    day: date | None = None,
    more_time: Collection[str] | None = None,
) -> Need:
    """Return how long a visit takes; ``minutes`` overrides the service's own and whatever is added to it.

    ``more_time`` names what needs more; None asks what is known of ``patient_id`` on ``day``. What the service adds
    nothing for is left out. What follows the service comes with it. Raises ``UnknownService``.
    """
    if service_id is None:
        return Need(minutes or rules.DEFAULT_MINUTES)
    with scope.transaction(practice_id):
        offered = Service.objects.filter(practice_id=practice_id, ended_at=None)
        own = offered.filter(pk=service_id).first()
        if own is None:
            raise errors.UnknownService
        second = offered.filter(code=own.followed_by).first() if own.followed_by else None
    asks = (own.more_minutes and not minutes) or (second is not None and second.more_minutes)
    if asks and more_time is None:
        more_time = known_more_time(practice_id, patient_id, day) if patient_id and day else ()
    need = _length(own, minutes, more_time or ())
    if second is None:
        return need
    return replace(need, then=Then(second.pk, _length(second, None, more_time or ()), own.follow_within))


def _length(service: Service, minutes: int | None, more_time: Collection[str]) -> Need:
    asks_for = tuple(service.asks_for)
    if minutes:
        return Need(minutes, service.buffer_minutes, asks_for=asks_for)
    why = tuple(word for word in MoreTime if word in more_time and word in service.more_minutes)
    longer = min(service.minutes + sum(service.more_minutes[word] for word in why), rules.MINUTES_MAX)
    return Need(longer, service.buffer_minutes, more_time=why, asks_for=asks_for)


def need_again(visit: Appointment, part: Appointment | None = None) -> Need:
    """Return how long a visit is that stands, and what it asks for beside the clinician. Needs a scope.

    ``part`` follows it, no later after it than the service says, or than it did.
    """
    wanted = [one.service_id for one in (visit, part) if one is not None and one.service_id]
    services = {row.pk: row for row in Service.objects.filter(practice_id=visit.practice_id, pk__in=wanted)}
    service = services.get(visit.service_id) if visit.service_id else None
    if part is None:
        return _again(visit, service)
    waits = int((part.starts_at - visit.ends_at) / timedelta(minutes=1))
    within = max(service.follow_within if service else 0, waits)
    second = services.get(part.service_id) if part.service_id else None
    return replace(_again(visit, service), then=Then(part.service_id, _again(part, second), within))


def _again(visit: Appointment, service: Service | None) -> Need:
    asks_for = tuple(service.asks_for) if service else ()
    return Need(visit.minutes, visit.buffer_minutes, more_time=tuple(visit.more_time), asks_for=asks_for)


def known_more_time(practice_id: UUID, patient_id: UUID, day: date) -> frozenset[str]:
    """Return why somebody needs more time on ``day``, as far as their record says.

    First: no visit of theirs stands. A child: under 16 (our choice). Anxious: somebody noted so. An interpreter and a
    wheelchair: as at their last visit. Drops are known by nobody beforehand.
    """
    with scope.transaction(practice_id):
        person = (
            Patient.objects.filter(practice_id=practice_id, pk=patient_id).only("birth_date", "known_since").first()
        )
        if person is None:
            return frozenset()
        rows = Appointment.objects.filter(practice_id=practice_id, patient_id=patient_id)
        last = (
            rows.filter(state__in=rules.HOLDING)
            .order_by("-starts_at", "-id")
            .values_list("more_time", flat=True)
            .first()
        )
        notes = Line.objects.filter(practice_id=practice_id, patient_id=patient_id, kind="anxious", ended_at=None)
        found = {word for word in STAYS if word in (last or ())}
        if last is None and person.known_since is None:
            found.add(MoreTime.FIRST)
        if rules.is_child(person.birth_date, day):
            found.add(MoreTime.CHILD)
        return frozenset(found | ({MoreTime.ANXIOUS} if notes.exists() else set()))
