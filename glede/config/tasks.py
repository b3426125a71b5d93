"""Background work of the house: what a killed worker left is done again, a backup is made every day,
and every night the files forget whom the rows forgot."""

import contextlib

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.kernel import clock

_SILENT = 15.0  # seconds without a heartbeat


@app.periodic(cron="* * * * * */20")
@app.task(name="config.sweep_stalled", queue="config")
async def sweep_stalled(timestamp: int) -> None:
    """Enqueue again the jobs of workers that died. Handlers are idempotent; rows decide."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT):
        await app.job_manager.retry_job(job)


@app.periodic(cron="*/15 * * * *")
@app.task(name="config.back_up", queue="config", lock="config.back_up")
def back_up_daily(timestamp: int) -> None:
    """Make the day's backup where one is due. What fails is noted for the owner, and tried again after an hour."""
    from glede.config.backups.keeping import back_up, is_due, usual_folder
    from glede.config.backups.making import house
    from glede.config.terminal import Refused

    close_old_connections()
    if is_due(moment=clock.now()):
        with contextlib.suppress(Refused):
            back_up(usual_folder(), of=house())


@app.periodic(cron="37 3 * * *")
@app.task(name="config.scrub", queue="config", lock="config.back_up")
def scrub_nightly(timestamp: int) -> None:
    """Let the files of the database forget whom the rows forgot; never while a backup is made."""
    from glede.config.backups.making import house
    from glede.config.scrubbing import is_due, scrub

    close_old_connections()
    if is_due():
        scrub(house())
