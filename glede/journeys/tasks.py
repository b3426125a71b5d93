"""Background work: follow the ledger when an act wakes us, and every minute for what only time brings."""

from uuid import UUID

from procrastinate.contrib.django import app

from glede.journeys.operations import follow
from glede.practices.queries import practice_by_id, practice_now, practices_on_real_time


@app.task(name="journeys.follow", queue="journeys")
def follow_practice(practice_id: str) -> None:
    """Follow one practice's ledger. A virtual clock is moved by one operation alone, never from here."""
    practice = practice_by_id(UUID(practice_id))
    if not practice.is_virtual and practice.retired_at is None:
        follow(practice.pk, now=practice_now(practice))


@app.periodic(cron="* * * * *")
@app.task(name="journeys.follow_all", queue="journeys")
def follow_all(timestamp: int) -> None:
    """Follow every practice on real time: a lost wake-up costs a minute, and each new day its calls are shared out."""
    for practice in practices_on_real_time():
        follow(practice.pk, now=practice_now(practice))
