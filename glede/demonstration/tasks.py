"""Background work: live the made-up year, while the first page says how far it is."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.demonstration import operations as demonstration
from glede.kernel import clock


@app.task(name="demonstration.make", queue="demonstration", lock="demonstration", queueing_lock="demonstration")
def make(instead_of: str) -> None:
    """Make a demonstration where none is ready, or one in place of ``instead_of``.

    Killed on the way, it begins afresh, and what was half made is put away.
    """
    close_old_connections()
    practice = demonstration.standing()
    if practice is None or str(practice.pk) == instead_of:
        demonstration.reset_demonstration(now=clock.now())
