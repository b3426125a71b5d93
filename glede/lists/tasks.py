"""Background work: bring a list in while the page that asked for it shows how far it is."""

import contextlib
from uuid import UUID

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.kernel.actor import SYSTEM, Actor
from glede.lists.errors import AlreadyUnderWay, ForgottenList, NoSuchList, StillUnclear, Stopped, TooLate, WrongState
from glede.lists.operations import bring_list, take_back_list
from glede.lists.operations.forgetting import forget_lists
from glede.lists.queries import lists_going_back, lists_under_way
from glede.practices.queries import practice_by_id, practice_now, practices_in_use

_OVER = (AlreadyUnderWay, ForgottenList, NoSuchList, StillUnclear, Stopped, WrongState)


@app.task(name="lists.bring", queue="lists")
def bring(practice_id: str) -> None:
    """Bring in the lists of a practice that are under way, and go on with one whose worker died."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    for list_id, member_id in lists_under_way(practice.pk):
        by = Actor("staff", member_id) if member_id else SYSTEM
        with contextlib.suppress(*_OVER):
            bring_list(practice_id=practice.pk, list_id=list_id, by=by, now=practice_now(practice))


@app.task(name="lists.take_back", queue="lists")
def take_back(practice_id: str) -> None:
    """Take back the lists of a practice of which that was asked, and go on with one whose worker died."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    for list_id, member_id in lists_going_back(practice.pk):
        by = Actor("staff", member_id) if member_id else SYSTEM
        with contextlib.suppress(NoSuchList, TooLate, WrongState):
            take_back_list(practice_id=practice.pk, list_id=list_id, by=by, now=practice_now(practice))


@app.periodic(cron="17 3 * * *")
@app.task(name="lists.forget", queue="lists")
def forget(timestamp: int) -> None:
    """Throw away the files nobody brought, and the reports of lists that nobody can take back any more."""
    close_old_connections()
    for practice in practices_in_use():
        forget_lists(practice_id=practice.pk, by=SYSTEM, now=practice_now(practice))
