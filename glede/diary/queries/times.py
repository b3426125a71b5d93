"""Which times are free, and who works when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Func, Q

from glede.diary import availability, errors, rules
from glede.diary.availability import Chair, Choice, Need, Offer, Search, Window
from glede.diary.models import Claim
from glede.diary.models.time import CLAIM_HOURS_MAX
from glede.diary.queries.facilities import Place, by_word
from glede.diary.queries.needs import need_of
from glede.diary.queries.own_time import NOTHING, OwnTime, own_time
from glede.kernel.clock import at_wall, day_of
from glede.kernel.periods import Period, WeeklyHours
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.staff.models import Practitioner

ALTERNATIVE_DAYS = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """What every question about time needs: the practice, when it opens, its chairs, its rooms and devices."""

    practice: Practice
    hours: WeeklyHours
    chairs: tuple[Chair, ...]
    facilities: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)

    def beside(self, need: Need) -> tuple[tuple[Place, ...], ...]:
        """Return for each thing a visit asks for what serves as it; what nothing serves as is not asked for."""
        return tuple(self.facilities[word] for word in need.asks_for if word in self.facilities)

    def able(self, need: Need) -> Need:
        """Return what can be asked of this practice: what follows takes a second clinician, where there is one."""
        return need if len(self.chairs) > 1 else replace(need, then=None)

    def chair_of(self, practitioner_id: UUID | None) -> Chair | None:
        """Return the chair of a practitioner, or the practice's own for None; None where unknown."""
        return next((chair for chair in self.chairs if chair.practitioner_id == practitioner_id), None)


def setting_of(practice_id: UUID) -> Setting:
    """Return the practice's hours and chairs. Without practitioners the practice is one chair itself."""
    practice = practice_by_id(practice_id)
    with scope.transaction(practice_id):
        people = Practitioner.objects.filter(practice_id=practice_id, ended_at=None)
        order = list(people.order_by("sort", "display_name", "id").values_list("id", flat=True))
        own = own_time(practice_id)
        chairs = [_chair(key, own.get(key, NOTHING), own.get(None, NOTHING)) for key in order]
        there = tuple(chairs) or (Chair(practice_id, None, kept=own.get(None, NOTHING).kept),)
        return Setting(practice, opening_hours(practice), there, by_word(practice_id))


def _chair(practitioner_id: UUID, own: OwnTime, everybodys: OwnTime) -> Chair:
    return Chair(practitioner_id, practitioner_id, own.hours, own.away, (*own.kept, *everybodys.kept))


class Seconds(Func):
    """Seconds since 1970, whole, rounded by ``function``: a number is read many times faster than a moment."""

    template = "%(function)s(extract(epoch from %(expressions)s))::bigint"
    output_field = BigIntegerField()


def busy_between(
    practice_id: UUID, start: datetime, end: datetime, *, but: Sequence[UUID] = (), now: datetime | None = None
) -> dict[UUID, list[Period]]:
    """Return what is held on each chair and touches [start, end), lanes counted with their chair, in order of time.

    What the visits or held times ``but`` stand on is left out: they are about to give it back. So is what at ``now``
    is held past its moment.
    """
    rows = Claim.objects.filter(
        practice_id=practice_id,
        is_active=True,
        starts_at__gt=start - timedelta(hours=CLAIM_HOURS_MAX),
        starts_at__lt=end,
        ends_at__gt=start,
    )
    if but:
        rows = rows.filter(Q(appointment=None) | ~Q(appointment_id__in=but), Q(hold=None) | ~Q(hold_id__in=but))
    if now is not None:
        rows = rows.filter(still_held(now))
    # One row a chair, its times in two lists.
    held = rows.order_by().values("chair").annotate(
        begin=ArrayAgg(Seconds("starts_at", function="floor"), order_by=("starts_at", "id")),
        until=ArrayAgg(Seconds("ends_at", function="ceil"), order_by=("starts_at", "id")),
    )  # fmt: skip
    return {
        chair: [Period(_moment(a), _moment(b)) for a, b in zip(begin, until, strict=True)]
        for chair, begin, until in held.values_list("chair", "begin", "until")
    }


def still_held(now: datetime) -> Q:
    """Return the condition on claims that they are not those of a held time past its moment."""
    return Q(held_until=None) | Q(held_until__gt=now)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def busy_lanes(
    practice_id: UUID, chairs: Iterable[UUID], start: datetime, end: datetime
) -> "defaultdict[UUID, list[Period]]":
    """Return what is held on each lane of ``chairs`` and may touch [start, end), in order of time."""
    rows = Claim.objects.filter(
        practice_id=practice_id,
        is_active=True,
        chair__in=list(chairs),
        starts_at__gt=start - timedelta(hours=CLAIM_HOURS_MAX),
        starts_at__lt=end,
    )
    held: defaultdict[UUID, list[Period]] = defaultdict(list)
    for ref, claim_start, claim_end in rows.order_by("starts_at").values_list("ref", "starts_at", "ends_at"):
        held[ref].append(Period(claim_start, claim_end))
    return held


def three_times(practice_id: UUID, service_id: UUID | None, *, now: datetime, days: int = 28) -> Choice:
    """Return what a person is asked to choose from: the soonest, by part of the day, by practitioner.

    Whoever must be given notice passes a later ``now``.
    """
    with scope.transaction(practice_id, read_only=True):
        setting = setting_of(practice_id)
        window = Window(day_of(now, setting.practice.zone), days, now)
        search = search_in(setting, need_of(practice_id, service_id), window)
        own = {
            chair.practitioner_id: list(availability.free_times(replace(search, chairs=(chair,))))
            for chair in setting.chairs
            if chair.practitioner_id
        }
        return availability.choice(list(availability.free_times(search)), own)


def alternatives(
    setting: Setting, need: Need, wanted: datetime, practitioner_id: UUID | None, *, now: datetime
) -> tuple[Offer, ...]:
    """Return the three free times nearest to one that was lost; with the same person where there are three."""
    day = day_of(max(wanted, now), setting.practice.zone)
    search = search_in(setting, need, Window(day, ALTERNATIVE_DAYS, now))
    if practitioner_id:
        with_same = _three(only(search, practitioner_id), wanted, practitioner_id)
        if len(with_same) == 3:
            return with_same
    return _three(search, wanted, practitioner_id)


def lane_alternatives(
    setting: Setting, chair: Chair, need: Need, wanted: datetime, *, now: datetime
) -> tuple[Offer, ...]:
    """Return the three times nearest to one that was lost on which somebody can still be squeezed in."""
    day = day_of(max(wanted, now), setting.practice.zone)
    offers = _on_lane(setting, chair, need, Window(day, 1, now))
    return availability.nearest_three(offers, wanted, chair.practitioner_id)


def squeeze_times(
    practice_id: UUID, practitioner_id: UUID | None, minutes: int, *, day: date, now: datetime
) -> list[Offer]:
    """Return when on ``day`` somebody can be squeezed in with a clinician, whoever else stands there.

    Raises ``UnknownPractitioner``.
    """
    with scope.transaction(practice_id, read_only=True):
        setting = setting_of(practice_id)
        chair = setting.chair_of(practitioner_id)
        if chair is None:
            raise errors.UnknownPractitioner
        return _on_lane(setting, chair, Need(minutes), Window(day, 1, now))


def _on_lane(setting: Setting, chair: Chair, need: Need, window: Window) -> list[Offer]:
    start, end = (
        at_wall(window.from_day + timedelta(days=n), time(0), setting.practice.zone) for n in (0, window.days)
    )
    held = busy_lanes(setting.practice.pk, [chair.id], start, end)[rules.squeeze_lane(chair.id)]
    # A lane takes nothing of what is kept free at the chair.
    beside = replace(need, buffer_minutes=0, is_urgent=True)
    search = Search(setting.hours, (chair,), {chair.id: held}, beside, window)
    return list(availability.free_times(search))


def _three(search: Search, wanted: datetime, practitioner_id: UUID | None) -> tuple[Offer, ...]:
    found: list[Offer] = []
    # Day by day until three are found: the nearest lie on the first days that have any.
    for day in search.window.each_day():
        found += availability.free_times(replace(search, window=replace(search.window, from_day=day, days=1)))
        if len(found) >= 3:
            break
    return availability.nearest_three(found, wanted, practitioner_id)


def search_in(setting: Setting, need: Need, window: Window, *, but: Sequence[UUID] = ()) -> Search:
    """Return a question about free times, with all that is held in its window, save by the visits ``but``, read in one
    statement.
    """
    zone = setting.practice.zone
    start = at_wall(window.from_day, time(0), zone)
    end = at_wall(window.from_day + timedelta(days=window.days), time(0), zone)
    asked_at = window.asked_at or window.earliest
    busy = busy_between(setting.practice.pk, start, end, but=but, now=asked_at)
    need = setting.able(need)
    search = Search(setting.hours, setting.chairs, busy, need, window, _ids(setting.beside(need)))
    if need.then is None:
        return search
    return replace(search, others=setting.chairs, beside_then=_ids(setting.beside(need.then.need)))


def _ids(groups: Iterable[Iterable[Place]]) -> tuple[tuple[UUID, ...], ...]:
    return tuple(tuple(one.id for one in group) for group in groups)


def only(search: Search, practitioner_id: UUID | None) -> Search:
    """Return the question about one person's time alone. Raises ``UnknownPractitioner``."""
    if practitioner_id is None:
        return search
    chairs = tuple(chair for chair in search.chairs if chair.practitioner_id == practitioner_id)
    if not chairs:
        raise errors.UnknownPractitioner
    return replace(search, chairs=chairs)
