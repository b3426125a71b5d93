"""Who may stand twice among some records: compared where they share a key, and weighed."""

from collections.abc import Iterable
from datetime import date

from glede.people.matching.blocking import candidates
from glede.people.matching.values import Pair, Record
from glede.people.matching.weighing import Population, weigh


def pairs(records: Iterable[Record], today: date) -> list[Pair]:
    """Return the pairs that may be one person, the likeliest first. ``today`` tells who is grown up.

    Two of whom one is known to be somebody else than the other are no pair.
    """
    people = list(records)
    among = Population.of(people, today)
    found = (weigh(one, other, among) for one, other in candidates(people) if other.id not in one.known_apart)
    return sorted((pair for pair in found if pair is not None), key=lambda pair: (-pair.score, pair.a, pair.b))
