"""The days and hours of a rule (RFC 5545, section 3.3.10), in counted steps. Pure.

The libraries for this walk on until the year 9999 where a rule fits no day, or second by second from 1970. Here each
day looked at is a step, the steps are numbered, and who asks for too many is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import product
from typing import Final

STEPS_MOST: Final = 400_000
"""Days and moments looked at for one rule: a thousand years of days. Our own choice."""

_MOMENT: Final = 4
"""Steps for one hour, minute or second: it takes about as long as four days of a year."""

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
UNITS: Final = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
DAYS: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")


class Unclear(ValueError):
    """What stands in the rule is not what a rule may say. The argument is a code."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, read. Empty tuples say nothing; ``by_day`` holds (number or 0, weekday from Monday = 0)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    by_month: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_place: tuple[int, ...] = ()
    week_start: int = 0


class Steps:
    """How many steps are left for one file. Raises ``Unclear("too_long")`` where none is."""

    def __init__(self, most: int = STEPS_MOST) -> None:
        self.left = most

    def take(self, number: int = 1) -> None:
        """Use ``number`` steps."""
        self.left -= number
        if self.left < 0:
            raise Unclear("too_long")


def moments(rule: Rule, start: datetime, *, from_: datetime, until: datetime, steps: Steps) -> Iterator[datetime]:
    """Yield the moments of ``rule`` on the wall, from ``from_`` to before ``until``, in order, none twice.

    All are naive. ``start`` is one of them where the rule says so; where the two disagree the format leaves open what
    is meant, and the rule is believed. Raises ``Unclear`` where it takes too many steps.
    """
    for number, moment in enumerate(_from_start(rule, start, from_, until, steps), start=1):
        if rule.count is not None and number > rule.count:
            return
        if rule.until is not None and moment > rule.until:
            return
        if moment >= until:
            return
        if moment >= from_:
            yield moment


def _from_start(rule: Rule, start: datetime, from_: datetime, until: datetime, steps: Steps) -> Iterator[datetime]:
    last = start - timedelta(seconds=1)
    for period in _periods(rule, start, from_, until, steps):
        for moment in _places(rule, period):
            if moment > last:
                last = moment
                yield moment


def _periods(rule: Rule, start: datetime, from_: datetime, until: datetime, steps: Steps) -> Iterator[list[datetime]]:
    """Yield what lies in each year, month, week, day, hour, minute or second of the rule, in order."""
    # What lies before the window is walked only where it is counted.
    skip = max(0, _apart(rule, start, from_) // rule.interval - 1) if rule.count is None else 0
    number, times = skip, _times(rule, start) if rule.freq in DAYS else []
    daily = replace(rule, freq="DAILY")
    steps.take(len(times))
    while True:
        try:
            if rule.freq in DAYS:
                begins, days = _days_of(rule, start, number)
                steps.take(len(days))
                found = [day for day in days if _fits(rule, start, day)]
                steps.take(len(found) * len(times))
                period = [datetime.combine(day, at) for day in found for at in times]
            else:
                steps.take(_MOMENT)
                begins, period = _within(rule, daily, start, number)
        except OverflowError:
            return
        if begins >= until or begins.year >= MAXYEAR:
            return
        yield sorted(period)
        number += 1


def _apart(rule: Rule, start: datetime, to: datetime) -> int:
    if to <= start:
        return 0
    if rule.freq == "YEARLY":
        return to.year - start.year - 1
    if rule.freq == "MONTHLY":
        return (to.year - start.year) * 12 + to.month - start.month - 1
    seconds = {"WEEKLY": 7 * 86400, "DAILY": 86400} | UNITS
    return int((to - start).total_seconds() // seconds[rule.freq]) - 1


def _days_of(rule: Rule, start: datetime, number: int) -> tuple[datetime, list[date]]:
    """Return when the period ``number`` begins, and its days. Raises ``OverflowError`` past the last year."""
    first, ahead = start.date(), number * rule.interval
    if rule.freq == "YEARLY":
        year = first.year + ahead
        return _begin(year, 1), _span(date(year, 1, 1), _year_length(year))
    if rule.freq == "MONTHLY":
        months = first.year * 12 + first.month - 1 + ahead
        year, month = divmod(months, 12)
        return _begin(year, month + 1), _span(_begin(year, month + 1).date(), _month_length(year, month + 1))
    if rule.freq == "WEEKLY":
        monday = first - timedelta(days=(first.weekday() - rule.week_start) % 7) + timedelta(weeks=ahead)
        return datetime.combine(monday, time()), _span(monday, 7)
    day = first + timedelta(days=ahead)
    return datetime.combine(day, time()), [day]


def _begin(year: int, month: int) -> datetime:
    if year >= MAXYEAR:
        raise OverflowError
    return datetime(year, month, 1)  # noqa: DTZ001 - on the wall; the zone is put to it by who asks


def _span(first: date, days: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(days)]


def _month_length(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days


def _week_one(year: int, week_start: int) -> date:
    """Return the first day of the first week with at least four days in ``year``."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)


def _fits(rule: Rule, start: datetime, day: date) -> bool:
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.freq == "YEARLY" and rule.by_month_day and not (rule.by_month or rule.by_week or rule.by_day):
        # "Yearly on the 29th" is meant of the month it began in (as libical has it).
        return day.month == start.month and _counted(day.day, _month_length(day.year, day.month), rule.by_month_day)
    named = rule.by_week or rule.by_year_day or rule.by_month_day or rule.by_day
    if not named:
        return _fits_start(rule, start.date(), day)
    if rule.by_week and not _fits_week(rule, start, day):
        return False
    if rule.by_year_day and not _counted(day.timetuple().tm_yday, _year_length(day.year), rule.by_year_day):
        return False
    if rule.by_month_day and not _counted(day.day, _month_length(day.year, day.month), rule.by_month_day):
        return False
    return not rule.by_day or any(_fits_weekday(rule, day, number, weekday) for number, weekday in rule.by_day)


def _fits_start(rule: Rule, first: date, day: date) -> bool:
    """Say whether a day is the one of the beginning, where the rule names none."""
    if rule.freq == "YEARLY":
        return day.day == first.day and (bool(rule.by_month) or day.month == first.month)
    if rule.freq == "MONTHLY":
        return day.day == first.day
    return rule.freq != "WEEKLY" or day.weekday() == first.weekday()


def _fits_week(rule: Rule, start: datetime, day: date) -> bool:
    year = day.year + (day >= _week_one(day.year + 1, rule.week_start)) - (day < _week_one(day.year, rule.week_start))
    one, after = _week_one(year, rule.week_start), _week_one(year + 1, rule.week_start)
    fits = _counted((day - one).days // 7 + 1, (after - one).days // 7, rule.by_week)
    says_day = rule.by_day or rule.by_month_day or rule.by_year_day
    return fits and (bool(says_day) or day.weekday() == start.weekday())


def _counted(number: int, of: int, wanted: tuple[int, ...]) -> bool:
    return number in wanted or number - of - 1 in wanted


def _year_length(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _fits_weekday(rule: Rule, day: date, number: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if not number or rule.freq not in {"YEARLY", "MONTHLY"}:
        return True
    in_month = rule.freq == "MONTHLY" or bool(rule.by_month)
    place = day.day if in_month else day.timetuple().tm_yday
    length = _month_length(day.year, day.month) if in_month else _year_length(day.year)
    return number in {(place - 1) // 7 + 1, -((length - place) // 7 + 1)}


def _times(rule: Rule, start: datetime) -> list[time]:
    hours, minutes = rule.by_hour or (start.hour,), rule.by_minute or (start.minute,)
    seconds = rule.by_second or (start.second,)
    return [time(*at) for at in sorted(product(set(hours), set(minutes), {min(s, 59) for s in seconds}))]


def _within(rule: Rule, daily: Rule, start: datetime, number: int) -> tuple[datetime, list[datetime]]:
    """Return when the hour, minute or second ``number`` begins, and what of the rule lies in it."""
    unit = UNITS[rule.freq]
    begins = start.replace(second=0 if unit > 1 else start.second, minute=0 if unit > 60 else start.minute)
    begins += timedelta(seconds=unit * rule.interval * number)
    if not _fits(daily, start, begins.date()):
        return begins, []
    if rule.by_hour and begins.hour not in rule.by_hour:
        return begins, []
    if unit <= 60 and rule.by_minute and begins.minute not in rule.by_minute:
        return begins, []
    if unit == 1 and rule.by_second and begins.second not in rule.by_second:
        return begins, []
    minutes = (rule.by_minute or (start.minute,)) if unit > 60 else (begins.minute,)
    seconds = (rule.by_second or (start.second,)) if unit > 1 else (begins.second,)
    return begins, [begins.replace(minute=m, second=min(s, 59)) for m in set(minutes) for s in set(seconds)]


def _places(rule: Rule, period: list[datetime]) -> list[datetime]:
    if not rule.by_place:
        return period
    return [at for n, at in enumerate(period) if n + 1 in rule.by_place or n - len(period) in rule.by_place]
