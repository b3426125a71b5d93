"""Background work: look through a list, bring it in, take it back, while the page that asked shows how far it is."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.kernel.actor import SYSTEM, Actor
from glede.lists.errors import AlreadyUnderWay, ForgottenList, NoSuchList, StillUnclear, Stopped, TooLate, WrongState
from glede.lists.operations import begin_reading, bring_list, read_through, take_back_list
from glede.lists.operations.forgetting import forget_lists
from glede.lists.queries import list_line, lists_being_read, lists_going_back, lists_under_way
from glede.practices.queries import practice_by_id, practice_now, practices_in_use

if TYPE_CHECKING:
    from glede.practices.models import Practice

_OVER = (AlreadyUnderWay, ForgottenList, NoSuchList, StillUnclear, Stopped, WrongState)


@app.task(name="lists.read", queue="lists")
def read(practice_id: str) -> None:
    """Look through the long lists of a practice that were put in, and begin again where a worker died."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    for list_id in lists_being_read(practice.pk):
        with contextlib.suppress(ForgottenList, NoSuchList):
            read_through(practice_id=practice.pk, list_id=list_id, by=SYSTEM, now=practice_now(practice))


@app.task(name="lists.bring", queue="lists")
def bring(practice_id: str) -> None:
    """Bring in the lists of a practice that are under way, and go on with one whose worker died."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    for list_id, member_id in lists_under_way(practice.pk):
        by = Actor("staff", member_id) if member_id else SYSTEM
        with contextlib.suppress(*_OVER), _looked_at_again(practice, list_id):
            bring_list(practice_id=practice.pk, list_id=list_id, by=by, now=practice_now(practice))


@contextlib.contextmanager
def _looked_at_again(practice: "Practice", list_id: UUID) -> Iterator[None]:
    """Look again through a long list that was stopped: what is in is not found any more."""
    try:
        yield
    except Stopped:
        if list_line(practice.pk, list_id).is_long:
            begin_reading(practice_id=practice.pk, list_id=list_id, by=SYSTEM, now=practice_now(practice))


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
