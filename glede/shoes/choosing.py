"""What somebody asks for and when: from what the copy offers, its hours, and dice."""

from datetime import date, datetime, time
from uuid import UUID

from glede.catalogue.queries import services
from glede.catalogue.rules import ServiceCard
from glede.diary.availability import Offer
from glede.diary.queries import free_times
from glede.kernel.clock import at_wall, day_of
from glede.practices.models import Practice
from glede.practices.queries import opening_hours
from glede.shoes.habits import chance
from glede.shoes.personas import Habits

AWAKE, LATEST = time(8, 5), time(17)
DAYS, MOST = 28, 40


def service_for(practice_id: UUID, *, visits: int) -> ServiceCard | None:
    """Return what somebody who has had so many visits asks for: what is for the new, the shortest, then the first."""
    found = [one for one in services(practice_id) if not one.is_ended]
    fitting = [one for one in found if one.for_new == (visits == 0)] or found
    return min(fitting, key=lambda one: one.minutes if visits == 1 else 0, default=None)


def free_time(practice_id: UUID, service_id: UUID | None, wished: date, *, seed: int, now: datetime) -> Offer | None:
    """Return a free time of the first day from ``wished`` on that has one."""
    free = free_times(practice_id, service_id, from_=wished, days=DAYS, now=now, limit=MOST)
    of_day = [one for one in free if one.day == free[0].day and one.wall_time < LATEST]
    return chance(seed, f"time {wished}").choice(of_day) if of_day else None


def good_hour(practice: Practice, habits: Habits, moment: datetime) -> datetime:
    """Return when somebody does it: who rings waits until the practice is open, and nobody does it at night."""
    if habits.books_by == "desk":
        return opening_hours(practice).next_open(moment)
    return max(moment, at_wall(day_of(moment, practice.zone), AWAKE, practice.zone))
