"""Background work of the outbox: thin wake-ups. The rows say what is to be done; running one twice harms nobody."""

from __future__ import annotations

from threading import Lock
from uuid import UUID

from django.db import IntegrityError, close_old_connections
from procrastinate.contrib.django import app

from glede.kernel.actor import SYSTEM
from glede.ledger.checkpoints import RecordDiffers
from glede.ledger.marks import set_mark
from glede.ledger.signing import sign_record
from glede.outbox import campaigns, limits, queries, transports
from glede.outbox.operations import (
    end_stopped,
    expire_leases,
    mail_checkpoint,
    reconcile,
    stop_if_put_back,
    unfold_campaign,
)
from glede.outbox.rules import LANES
from glede.outbox.sending import send_on
from glede.practices.queries import practice_by_id, practice_now, practices_on_real_time

_sending = Lock()
BATCHES = 10
"""After so many batches a practice goes to the end of the line, so that one campaign holds up nobody else."""


@app.task(name="outbox.send", queue="outbox")
def send(practice_id: str, lane: str = "") -> None:
    """Send what is due in one practice, safety first, whatever lane the wake-up came for."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    if practice.is_virtual:
        return
    # One worker sends on one connection at a time: should it be killed, one message at most is in doubt.
    if not _sending.acquire(blocking=False):
        send.configure(schedule_in={"seconds": 1}).defer(practice_id=practice_id)
        return
    try:
        if practice.is_live and stop_if_put_back(practice_id=practice.pk, now=practice_now(practice)):
            return
        sent = send_on(practice.pk, now=lambda: practice_now(practice), batches=BATCHES, limit=limits.BATCH)
        if sent.taken and practice.is_live:
            set_mark(practice.pk, practice_now(practice))
    finally:
        _sending.release()
    if sent.taken:
        send.defer(practice_id=practice_id)


@app.periodic(cron="* * * * *")
@app.task(name="outbox.sweep", queue="outbox")
def sweep(timestamp: int) -> None:
    """Wake the sender of every practice where something is due, whether or not somebody has asked for it."""
    close_old_connections()
    for practice in practices_on_real_time():
        lane = queries.best_lane_due(practice.pk, now=practice_now(practice))
        if lane is not None:
            waking = send.configure(priority=-LANES.index(lane))
            waking.defer(practice_id=str(practice.pk), lane=lane.value)
        if campaigns.under_way(practice.pk):
            unfold.configure(priority=-len(LANES)).defer(practice_id=str(practice.pk))


@app.task(name="outbox.unfold", queue="outbox")
def unfold(practice_id: str) -> None:
    """Unfold the next portion of each campaign, and end the next of what a stopped one has waiting; then come again.

    One portion a turn, so that reminders due meanwhile never wait for a campaign.
    """
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    if practice.is_virtual:
        return
    now, is_more = practice_now(practice), False
    for campaign_id in campaigns.under_way(practice.pk):
        left = unfold_campaign(practice_id=practice.pk, campaign_id=campaign_id, by=SYSTEM, now=now)
        ended = end_stopped(practice_id=practice.pk, campaign_id=campaign_id, by=SYSTEM, now=now, portions=1)
        is_more = is_more or bool(left or ended)
    if is_more:
        unfold.configure(priority=-len(LANES)).defer(practice_id=practice_id)


@app.periodic(cron="* * * * * */30")
@app.task(name="outbox.settle", queue="outbox")
def settle(timestamp: int) -> None:
    """Take over from workers that went silent, and settle what nobody heard of."""
    close_old_connections()
    for practice in practices_on_real_time():
        now = practice_now(practice)
        if practice.is_live:
            stop_if_put_back(practice_id=practice.pk, now=now)
        expire_leases(practice_id=practice.pk, now=now)
        looked = transports.look_up(practice.pk, queries.channels_in_doubt(practice.pk), now)
        reconcile(practice_id=practice.pk, now=now, looked_up=looked)


@app.periodic(cron="*/10 * * * *")
@app.task(name="outbox.mail_checkpoints", queue="outbox", lock="outbox.mail_checkpoints")
def mail_checkpoints(timestamp: int) -> None:
    """Once a practice has closed for the day sign what is not signed yet, and mail it to the owners."""
    close_old_connections()
    for practice in practices_on_real_time():
        try:
            sign_record(practice, at=practice_now(practice))
        except IntegrityError:
            pass  # another worker was quicker
        except (RecordDiffers, ValueError):
            continue  # the task that signs says so
        mail_checkpoint(practice_id=practice.pk, by=SYSTEM, now=practice_now(practice))
