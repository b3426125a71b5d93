"""Background work of the desk: the day on paper, each morning and each evening."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.desk.paper.keeping import keep_sheets
from glede.practices.queries import practice_now, practices_on_real_time


@app.periodic(cron="*/5 * * * *")
@app.task(name="desk.keep_sheets", queue="desk", lock="desk.keep_sheets")
def keep_all_sheets(timestamp: int) -> None:
    """Store the day on paper where one is due, in every practice whose clock is real."""
    close_old_connections()
    for practice in practices_on_real_time():
        keep_sheets(practice, practice_now(practice))
