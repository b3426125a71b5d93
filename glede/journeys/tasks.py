"""Background work: follow the ledger when an act wakes us, and every minute for what only time brings."""

from uuid import UUID

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.journeys.operations import agree, follow, is_behind
from glede.practices.queries import practice_by_id, practice_now, practices_on_real_time


@app.task(name="journeys.follow", queue="journeys")
def follow_practice(practice_id: str) -> None:
    """Follow one practice's ledger. A virtual clock is moved by one operation alone, never from here."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    if not practice.is_virtual and practice.retired_at is None:
        follow(practice.pk, now=practice_now(practice))


@app.periodic(cron="* * * * *")
@app.task(name="journeys.follow_all", queue="journeys")
def follow_all(timestamp: int) -> None:
    """Wake the follower of every practice that is behind: a lost wake-up costs a minute, a new day begins."""
    close_old_connections()
    for practice in practices_on_real_time():
        if is_behind(practice, now=practice_now(practice)):
            follow_practice.defer(practice_id=str(practice.pk))


@app.periodic(cron="*/20 * * * *")
@app.task(name="journeys.agree", queue="journeys", lock="journeys.agree")
def agree_all(timestamp: int) -> None:
    """Hold what patients were told against the book, once a night in every practice whose clock is real."""
    close_old_connections()
    for practice in practices_on_real_time():
        agree(practice.pk, now=practice_now(practice))
