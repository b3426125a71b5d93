"""The whole practice, from an empty migrated database to the present morning."""

from dataclasses import dataclass
from uuid import UUID

from glede.config.benches import Size
from glede.config.benches.copies import copy_all
from glede.config.benches.present import meet_the_present
from glede.config.benches.scratch import gather_statistics
from glede.config.benches.seeds import House, live, open_house


@dataclass(frozen=True)
class World:
    """A practice at scale, and the person in it with much history."""

    house: House
    size: Size
    long_known: UUID


def build(size: Size) -> World:
    """Make the practice in the database the connection leads to. What the present adds is for the caller to gather."""
    house = open_house(size)
    live(house, size)
    copy_all(house.practice_id, house.people, size)
    gather_statistics()  # without them the present takes eight times as long
    return World(house, size, meet_the_present(house, size))
