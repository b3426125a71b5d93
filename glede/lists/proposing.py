"""Services, clinicians and hours that a list of visits knows and the practice does not: proposed, never made alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Final
from uuid import UUID

from glede.catalogue.queries import services
from glede.diary.lists.visits import VisitRow, VisitsRead
from glede.kernel.periods import Span
from glede.lists.looking import Looked, Place, read_list
from glede.lists.values import Proposal
from glede.people.lists.columns import plain
from glede.practices.queries import opening_hours
from glede.staff.queries import practitioners

if TYPE_CHECKING:
    from glede.practices.models import Practice

_MOST: Final = 40
_USUAL: Final = 0.02
"""A weekday counts as open where it holds at least this share of the visits: one Saturday is no opening hour."""
_HALF_HOUR: Final = 30
_DEFAULT_MINUTES: Final = 30


def proposals(practice: "Practice", looked: Looked, told: Mapping[str, str], now: datetime) -> tuple[Proposal, ...]:
    """Return what a list of visits knows and the practice does not, the most used first."""
    if looked.needed or not ({"start", "date"} & set(looked.columns.places)):
        return ()
    read = read_list(looked, "appointments", told, Place(practice.country, practice.zone, now.date()))
    if not isinstance(read, VisitsRead):
        return ()
    visits = [visit for visit in read.visits if not visit.refusal]
    found = [*_services(practice.pk, visits), *_clinicians(practice.pk, visits), *_hours(practice, visits)]
    return tuple(found[:_MOST])


def _services(practice_id: UUID, visits: Sequence[VisitRow]) -> Iterator[Proposal]:
    known = {
        plain(word) for card in services(practice_id) for word in (card.external_id, card.code, *card.name.values())
    }
    minutes: dict[str, Counter[int]] = defaultdict(Counter)
    for visit in visits:
        if visit.minutes:
            minutes[plain(visit.service)][visit.minutes] += 1
    for key, words, count in _strange((visit.service for visit in visits), known):
        usual = minutes[key].most_common(1)
        yield Proposal(f"service:{key}", "service", words, count, usual[0][0] if usual else None)


def _clinicians(practice_id: UUID, visits: Sequence[VisitRow]) -> Iterator[Proposal]:
    known = {plain(word) for chair in practitioners(practice_id) for word in (chair.external_id, chair.display_name)}
    for key, words, count in _strange((visit.clinician for visit in visits), known):
        yield Proposal(f"clinician:{key}", "clinician", words, count)


def _strange(words: Iterable[str], known: set[str]) -> Iterator[tuple[str, str, int]]:
    """Yield (key, how it is mostly written, how often) of words nobody here answers to, the most used first."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        key = plain(word)
        if key and key not in known:
            written[key][word.strip()] += 1
    for key, spelt in sorted(written.items(), key=lambda item: -item[1].total()):
        yield key, spelt.most_common(1)[0][0], spelt.total()


def _hours(practice: "Practice", visits: Sequence[VisitRow]) -> Iterator[Proposal]:
    """Propose the week in which the visits lie, to half hours, where it is not the one that is known."""
    timed = [(v.day.weekday(), v.at, v.minutes or _DEFAULT_MINUTES) for v in visits if v.day and v.at]
    days = Counter(weekday for weekday, _, _ in timed)
    spans = tuple(
        Span(weekday, *_reach([(at, minutes) for day, at, minutes in timed if day == weekday]))
        for weekday in sorted(days)
        if days[weekday] >= max(2, _USUAL * len(timed))
    )
    if spans and set(spans) != set(opening_hours(practice).spans):
        yield Proposal("hours:week", "hours", "", len(timed), spans=spans)


def _reach(visits: list[tuple[time, int]]) -> tuple[time, time]:
    """Return the half hours between which all of a weekday's visits lie."""
    first = min(at.hour * 60 + at.minute for at, _ in visits)
    last = max(at.hour * 60 + at.minute + minutes for at, minutes in visits)
    opens = first - first % _HALF_HOUR
    closes = min(-(-last // _HALF_HOUR) * _HALF_HOUR, 24 * 60 - 1)
    return time(*divmod(opens, 60)), time(*divmod(closes, 60))
