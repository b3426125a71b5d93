"""Background work of the channels: what call-backs did not bring."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.channels.sms.accounts import is_open
from glede.channels.sms.sweeping import look_up
from glede.practices.queries import practice_now, practices_on_real_time


@app.periodic(cron="*/5 * * * *")
@app.task(name="channels.sweep", queue="channels")
def sweep(timestamp: int) -> None:
    """Ask for the list of texts of every live practice that has an account. In rehearsal no socket is opened."""
    close_old_connections()
    for practice in practices_on_real_time():
        if is_open(practice.pk) and practice.is_live:
            look_up(practice.pk, practice_now(practice))
