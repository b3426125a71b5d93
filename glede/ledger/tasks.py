"""Background work of the record: the log of who looked gets its seals."""

from django.db import IntegrityError, close_old_connections
from procrastinate.contrib.django import app

from glede.kernel import clock
from glede.ledger.operations import seal_accesses
from glede.practices.queries import practices_in_use


@app.periodic(cron="*/5 * * * *")
@app.task(name="ledger.seal", queue="ledger")
def seal(timestamp: int) -> None:
    """Seal what was looked at, in every practice; running twice at once harms nobody."""
    close_old_connections()
    for practice in practices_in_use():
        try:
            seal_accesses(practice.pk, moment=clock.now())
        except IntegrityError:
            continue  # another worker was quicker
