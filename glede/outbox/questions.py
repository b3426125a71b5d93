"""From what people and practices say of themselves to the words of the policy. Used at planning and at the claim."""

from __future__ import annotations

from datetime import date

from glede.kernel.failpoints import guard
from glede.kernel.periods import WeeklyHours
from glede.outbox.policy.narrowing import read_narrowing
from glede.outbox.policy.question import Consent, ConsentKind, Origin, Person, Place
from glede.people.values import ConsentState, Reach
from glede.practices.models import Practice

_KINDS = {
    "pewc": ConsentKind.WRITTEN,
    "written": ConsentKind.WRITTEN,
    "pec": ConsentKind.NUMBER_GIVEN,
    "number_given": ConsentKind.NUMBER_GIVEN,
    "soft": ConsentKind.SOFT,
    "soft_opt_in": ConsentKind.SOFT,
    "health_data": ConsentKind.HEALTH_DATA,
}
_SCOPES = frozenset({"marketing", "all", ""})


def person_of(reach: Reach) -> Person:
    """What the policy needs to know of a person. A number they gave us for their care counts as given (US)."""
    return Person(
        zone=reach.zone,
        days=reach.days,
        hours_from=reach.hours_from,
        hours_to=reach.hours_to,
        pause_until=reach.pause_until,
        held_until=reach.held_until,
        is_quiet=reach.quiet_all,
        opted_out=frozenset(reach.opted_out),
        consents=(*(_consent(state) for state in reach.consents if state.is_given), *_given_numbers(reach)),
        is_deceased=reach.deceased,
        is_under_safeguarding=reach.is_under_safeguarding,
        allows_preparation=reach.preparation_by_text,
    )


def _given_numbers(reach: Reach) -> tuple[Consent, ...]:
    """A patient's own number on file was given for their care; marketing needs more than that (47 CFR 64.1200)."""
    if not any(contact.kind == "phone" and contact.takes_texts for contact in reach.contacts):
        return ()
    return (Consent(ConsentKind.NUMBER_GIVEN, "sms"),)


def _consent(state: ConsentState) -> Consent:
    kind = _KINDS.get(state.legal_basis)
    if kind is None:
        kind = ConsentKind.SOFT if state.action == "soft_optin_recorded" else ConsentKind.OPT_IN
    purposes = frozenset() if state.purpose in _SCOPES else frozenset({state.purpose})
    origin = Origin.SALE if kind is ConsentKind.SOFT else Origin.OTHER
    return Consent(
        kind=kind,
        channel=state.channel,
        purposes=purposes,
        given_at=state.at,
        valid_until=state.valid_until,
        origin=origin,
        was_choice_offered=kind is ConsentKind.SOFT,
    )


def place_of(practice: Practice, opening: WeeklyHours | None = None, closed_on: frozenset[date] = frozenset()) -> Place:
    """What the practice brings to a question: where it is and when it sends."""
    return Place(
        country=practice.country,
        region=practice.region,
        hours_from=practice.hours_from,
        hours_to=practice.hours_to,
        opening=opening,
        closed_on=closed_on or (opening.closed_on if opening else frozenset()),
        narrowed=read_narrowing(practice.narrowed if guard("narrowed") else {}),
    )
