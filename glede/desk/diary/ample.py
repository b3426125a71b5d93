"""Time enough: who needs more of it than others, how much more, and how that is said."""

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from glede.catalogue.rules import ServiceCard
from glede.desk.access import DeskRequest
from glede.diary.names import MORE_TIME, named
from glede.diary.queries.needs import known_more_time
from glede.kernel.clock import day_of


@dataclass(frozen=True)
class Reason:
    """One reason for more time, as it is chosen."""

    code: str
    words: str
    minutes: int
    is_chosen: bool


@dataclass(frozen=True)
class Longer:
    """The length of a visit, and what it is made of."""

    reasons: list[Reason]
    minutes: int

    @property
    def chosen(self) -> frozenset[str]:
        """The codes of what is chosen."""
        return frozenset(one.code for one in self.reasons if one.is_chosen)

    @property
    def words(self) -> str:
        """How long the visit is, and why: "50 minutes, unhurried: first visit"."""
        why = ", ".join(one.words for one in self.reasons if one.is_chosen)
        if not why:
            return gettext("%(n)s minutes") % {"n": self.minutes}
        return gettext("%(n)s minutes, unhurried: %(why)s") % {"n": self.minutes, "why": why}


def of(request: DeskRequest, patient_id: UUID, service: ServiceCard | None) -> Longer:
    """Return how long a person's visit is: as chosen on the page, else as their record says."""
    if service is None or not service.more_minutes:
        return Longer([], service.minutes if service else 0)
    chosen = asked(request.POST) if request.method == "POST" else asked(request.GET)
    if chosen is None:
        chosen = known_more_time(request.practice.pk, patient_id, day_of(request.now, request.practice.zone))
    reasons = [
        Reason(code, named(MORE_TIME, code), service.more_minutes[code], code in chosen)
        for code in MORE_TIME
        if code in service.more_minutes
    ]
    return Longer(reasons, service.minutes + sum(one.minutes for one in reasons if one.is_chosen))


def asked(said: QueryDict) -> frozenset[str] | None:
    """Return what was chosen on the page, None where nothing was to choose."""
    return frozenset(said.getlist("more")) & frozenset(MORE_TIME) if "more_asked" in said else None


def unhurried_words(more_time: tuple[str, ...]) -> str:
    """Return why a booked visit has more time, or an empty string."""
    why = ", ".join(named(MORE_TIME, code) for code in more_time)
    return gettext("unhurried: %(why)s") % {"why": why} if why else ""
