"""Background work of the record: the log of who looked gets its seals, the tree its signed checkpoints."""

import logging

from django.db import IntegrityError, close_old_connections
from procrastinate.contrib.django import app

from glede.kernel import clock
from glede.ledger.checkpoints import RecordDiffers
from glede.ledger.operations import seal_accesses
from glede.ledger.signing import sign_record
from glede.practices.queries import practice_now, practices_in_use

log = logging.getLogger(__name__)


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


@app.periodic(cron="*/5 * * * *")
@app.task(name="ledger.checkpoint", queue="ledger")
def checkpoint(timestamp: int) -> None:
    """Sign each practice's record where it grew, and carry the note out of the database.

    A practice whose clock is moved by hand has checkpoints, but no file. Where file and database differ nothing more
    is signed, and the log says so until ``glede verify`` is heard.
    """
    close_old_connections()
    for practice in practices_in_use():
        try:
            sign_record(practice, at=practice_now(practice))
        except IntegrityError:
            continue  # another worker was quicker
        except (RecordDiffers, ValueError) as difference:
            log.error("The record of %s is not signed any more: %s. Run glede verify.", practice.slug, difference)
