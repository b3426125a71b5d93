"""What colleagues see of a practice, printed as JSON: ``python -m tests.main_job.boards FIRST-DAY DAYS``."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from glede.config import embedded
from glede.kernel.clock import at_wall, wall

if TYPE_CHECKING:
    from glede.desk.today.board import Board
    from glede.practices.models import Practice

HORIZON = timedelta(days=1)


def seen(first: date, days: int) -> dict[str, Any]:
    """Return the outbox day by day, what was handed to colleagues and whether Today shows it, and what was not done."""
    from glede.config.choosing import chosen_practice
    from glede.desk.today.board import board
    from glede.outbox.queries import conservation

    practice = chosen_practice(None)
    assert practice.virtual_now is not None
    today = board(practice, now=practice.virtual_now)
    return {
        "outbox": [line for n in range(days) for line in _outbox(practice, first + timedelta(days=n))],
        "handed": dict(_handed(practice, today)),
        "undone": _undone(practice),
        "conserved": conservation(practice.pk).holds,
    }


def _outbox(practice: "Practice", day: date) -> list[list[str]]:
    from glede.outbox.queries import board

    since, until = (at_wall(day + timedelta(days=n), time(0), practice.zone) for n in (0, 1))
    assert practice.virtual_now is not None
    found = board(practice.pk, since=since, until=until, now=practice.virtual_now, limit=10**6)
    assert sum(found.counts.values()) == len(found.lines)
    return [[str(line.message_id), line.row, line.state, line.reason] for line in found.lines]


def _handed(practice: "Practice", today: "Board") -> Iterator[tuple[str, str]]:
    """Yield each message handed to a colleague, and where its promise stands: today, later, closed or nowhere."""
    from glede.outbox.models import Message
    from glede.practices import scope
    from glede.promises.models import Promise

    with scope.transaction(practice.pk):
        handed = list(Message.objects.filter(state="handed").values_list("id", "promise_id"))
        promises = Promise.objects.in_bulk([promise for _, promise in handed if promise])
    alone = {owed.id for entry in today.entries for owed in entry.owed}
    # Three or more of one cause on one day are one row, which names the first of them.
    joined = {_kin(owed, practice.zone) for entry in today.entries if len(entry.owed) > 1 for owed in entry.owed}
    assert practice.virtual_now is not None
    end = at_wall(wall(practice.virtual_now, practice.zone).date() + HORIZON, time(0), practice.zone)
    for message, promise_id in handed:
        promise = promises.get(promise_id)
        if promise is None:
            yield str(message), "nowhere"
        elif promise.closed_at is not None:
            yield str(message), "closed"
        elif promise.due_at >= end:
            yield str(message), "later"
        else:
            is_shown = promise.pk in alone or _kin(promise, practice.zone) in joined
            yield str(message), "today" if is_shown else "hidden"


def _kin(promise: Any, zone: str) -> tuple[str, str, date]:
    return promise.kind, promise.cause, wall(promise.due_at, zone).date()


def _undone(practice: "Practice") -> list[str]:
    """Return the messages that fell due, are not held, and came to nothing."""
    from django.db.models import Q

    from glede.outbox.models import Message
    from glede.practices import scope

    with scope.transaction(practice.pk):
        fell_due = Message.objects.filter(due_at__lte=practice.virtual_now, closed_at=None)
        held = Q(held_until__gt=practice.virtual_now)
        return [str(pk) for pk in fell_due.exclude(held).values_list("id", flat=True)]


if __name__ == "__main__":
    with embedded.session():
        os.environ["DJANGO_SETTINGS_MODULE"] = "glede.config.settings"
        import django

        django.setup()
        print(json.dumps(seen(date.fromisoformat(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 - the answer
