"""Look for the visit somebody speaks of: every state and day, who lives with them, sister practices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from glede.desk.access import DeskRequest
from glede.desk.counter.endings import Case, case_of
from glede.diary.facts import VisitFacts
from glede.diary.queries import appointment_by_link, history_of, visits_of
from glede.kernel.actor import colleague
from glede.kernel.clock import day_of, wall
from glede.kernel.ids import link_hash, read_link_code
from glede.ledger.operations import log_access
from glede.people import queries as people
from glede.practices.queries import practice_by_id, practice_now
from glede.staff.queries import memberships_of, user_of

FOUND, NEAREST = 8, 12


@dataclass(frozen=True)
class Met:
    """Somebody who stands here, and how it ends."""

    person: Any
    case: Case
    whose: Any  # the person whose visit it is: they themselves, or somebody of their household
    practice: Any  # whose diary it stands in: ours, or a sister practice's


def by_code(practice_id: UUID, words: str) -> VisitFacts | None:
    """Return the visit whose code somebody holds in their hand, or None where the words are no code of ours."""
    code = read_link_code(words)
    return appointment_by_link(practice_id, link_hash(code)) if code else None


def meet(request: DeskRequest, patient_id: UUID) -> Met | None:
    """Return how it ends for a person of this practice; None where there is no such person."""
    practice = request.practice
    card = people.patient_card(practice.pk, patient_id)
    if card is None:
        return None
    own = visits_of(practice.pk, card.person.patient_id)
    home = {p.patient_id: p for p in (*card.household, *card.wards, *filter(None, [card.guardian]))}
    request.look_at(card.person.patient_id)
    case = case_of(
        own,
        [visit for one in home for visit in visits_of(practice.pk, one)],
        _sisters(request, card),
        today=day_of(request.now, practice.zone),
        days_before_moves=_days_before_moves(practice, own),
    )
    whose = card.person
    if case.visit is not None and case.visit.patient_id in home:
        whose = home[case.visit.patient_id]
        request.look_at(whose.patient_id)
    return Met(card.person, case, whose, practice_by_id(case.practice_id) if case.practice_id else practice)


def _days_before_moves(practice: Any, visits: Sequence[VisitFacts]) -> dict[UUID, set[Any]]:
    moved = [visit for visit in visits if visit.moved_at][:NEAREST]
    return {
        visit.appointment_id: {
            wall(line.from_start, practice.zone).date()
            for line in history_of(practice.pk, visit.appointment_id)
            if line.from_start
        }
        for visit in moved
    }


def _sisters(request: DeskRequest, card: Any) -> Mapping[UUID, Sequence[VisitFacts]]:
    """Return their visits in the other practices this colleague belongs to; each look is noted there too."""
    found: dict[UUID, list[VisitFacts]] = {}
    for membership in memberships_of(user_of(request.practice.pk, request.membership.pk)):
        if membership.practice_id == request.practice.pk:
            continue
        there = membership.practice_id
        for patient_id in _same_person(there, card):
            now = practice_now(membership.practice)
            log_access(there, by=colleague(membership.pk), patient_id=patient_id, page="counter", now=now)
            found.setdefault(there, []).extend(visits_of(there, patient_id))
    return found


def _same_person(practice_id: UUID, card: Any) -> list[UUID]:
    """Return who in another practice has the same name and a same number, address or birth date."""
    person, found = card.person, []
    addresses = {contact.address for contact in card.reach.contacts}
    for one in people.search(practice_id, person.name, limit=FOUND):
        is_born_then = one.birth_date is not None and one.birth_date == person.birth_date
        has_same = is_born_then or bool({one.phone, one.email} & addresses)
        if one.name.casefold() == person.name.casefold() and has_same:
            found.append(one.patient_id)
    return found
