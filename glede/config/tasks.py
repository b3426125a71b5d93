"""Background work about background work: what a killed worker left is done again."""

from procrastinate.contrib.django import app

_SILENT = 15.0  # seconds without a heartbeat


@app.periodic(cron="* * * * * */20")
@app.task(name="config.sweep_stalled", queue="config")
async def sweep_stalled(timestamp: int) -> None:
    """Enqueue again the jobs of workers that died. Handlers are idempotent; rows decide."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT):
        await app.job_manager.retry_job(job)
