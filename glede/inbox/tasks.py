"""Background work of the inbox: what time alone changes at the desk."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.inbox.operations import return_promises
from glede.kernel.actor import SYSTEM
from glede.practices.queries import practice_now, practices_on_real_time


@app.periodic(cron="* * * * *")
@app.task(name="inbox.return", queue="inbox")
def give_back(timestamp: int) -> None:
    """Give back to everybody, in every practice, what nobody has begun at half time."""
    close_old_connections()
    for practice in practices_on_real_time():
        return_promises(practice_id=practice.pk, by=SYSTEM, now=practice_now(practice))
