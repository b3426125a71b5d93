"""The ways to reach one person in one practice, best first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from glede.outbox.rules import choices
from glede.outbox.transports import usable_channels
from glede.people.rules.reaching import group_of
from glede.people.values import Contact, Reach
from glede.practices.models import Practice


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and the contact point on it; a call has none."""

    channel: str
    contact: Contact | None = None


def ways_to(
    reach: Reach | None,
    practice: Practice,
    *,
    purpose: str = "",
    first: str = "",
    tried: Collection[str] = (),
    usable: Collection[str] | None = None,
) -> list[Way]:
    """The person's own order, without what was tried, what they cannot use and what this practice cannot send on.

    Where they ranked channels for messages of that `purpose`, it is that order. `first` goes before it (an answer
    leaves by the channel the question came on), unless they ranked channels for such messages themselves.
    """
    if reach is None:
        return []
    open_to = usable_channels(practice.pk, live=practice.is_live) if usable is None else usable
    own = reach.channels_for.get(group_of(purpose), ())
    order = list(own or reach.channels)
    ahead = bool(first) and first not in reach.closed and not own
    ranked = [first, *(c for c in order if c != first)] if ahead else order
    kinds = [c.kind if c.kind != "phone" or c.takes_texts else "landline" for c in reach.contacts]
    found = choices(ranked, kinds, open_to, tried)
    return [Way(c.channel, reach.contacts[c.contact_index] if c.contact_index >= 0 else None) for c in found]
