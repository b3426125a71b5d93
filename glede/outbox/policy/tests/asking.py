"""Questions for the tests of the policy: a plain one, changed where the test says so."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from glede.outbox.policy import Channel, Consent, ConsentKind, Origin, Person, Place, Purpose, Question

OSLO, LONDON, BERLIN = "Europe/Oslo", "Europe/London", "Europe/Berlin"
NEW_YORK, CHICAGO, LOS_ANGELES = "America/New_York", "America/Chicago", "America/Los_Angeles"
HOME = {"NO": OSLO, "GB": LONDON, "DE": BERLIN, "US": LOS_ANGELES, "BR": "America/Sao_Paulo"}

# Tuesday, and open by every rule in every zone above at 18:00 UTC
TUESDAY = datetime(2026, 11, 24, 18, tzinfo=UTC)


def at(text: str) -> datetime:
    """Return an ISO time as a moment; without an offset it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def question(purpose: str, channel: str, country: str = "NO", **changes: Any) -> Question:
    """Return a question about somebody at home in ``country``; ``person_…`` and ``place_…`` change those two.

    Every channel is there: the rules of those that are not built yet stand ready.
    """
    person: dict[str, Any] = {"zone": HOME[country]}
    place: dict[str, Any] = {"country": country, "channels": frozenset(Channel)}
    rest: dict[str, Any] = {}
    for name, value in changes.items():
        if name.startswith("person_"):
            person[name.removeprefix("person_")] = value
        elif name.startswith("place_"):
            place[name.removeprefix("place_")] = value
        else:
            rest[name] = value
    return Question(Purpose(purpose), Channel(channel), Person(**person), Place(**place), **rest)


def soft(channel: str = "*", origin: Origin = Origin.SALE, *, offered: bool = True) -> Consent:
    """Return the record of an existing customer."""
    return Consent(ConsentKind.SOFT, channel, origin=origin, was_choice_offered=offered)


def yes(kind: str, channel: str, **more: Any) -> Consent:
    """Return a yes of a kind."""
    return Consent(ConsentKind(kind), channel, **more)


def with_person(asked: Question, **changes: Any) -> Question:
    """Return the question about somebody a little different."""
    return replace(asked, person=replace(asked.person, **changes))
