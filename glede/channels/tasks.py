"""Background work of the channels: what call-backs did not bring, and the mail that comes in."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections
from procrastinate.contrib.django import app

from glede.channels.mailapi.accounts import has_account
from glede.channels.mailbox.accounts import is_on
from glede.channels.mailbox.fetching import look_into_mailbox
from glede.channels.mailbox.kept import waiting
from glede.channels.mailing import look_up as look_up_mails
from glede.channels.operations.provided import read_mail_call, waiting_calls
from glede.channels.operations.reading import hold_unread, read_mail
from glede.channels.operations.suppressions import read_suppressions
from glede.channels.sms.accounts import TWILIO, is_open, provider_of
from glede.channels.sms.sweeping import look_up
from glede.kernel.actor import PROVIDER
from glede.practices.queries import practice_by_id, practice_now, practices_on_real_time

_log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="channels.sweep", queue="channels")
def sweep(timestamp: int) -> None:
    """Ask the providers that have lists, for every live practice. In rehearsal no socket is opened."""
    close_old_connections()
    for practice in practices_on_real_time():
        if practice.is_live and provider_of(practice.pk) == TWILIO and is_open(practice.pk):
            look_up(practice.pk, practice_now(practice))
        if practice.is_live and has_account(practice.pk):
            look_up_mails(practice.pk, practice_now(practice))
            read_suppressions(practice.pk, practice_now(practice))
        if waiting_calls(practice.pk):
            read_mail_calls.defer(practice_id=str(practice.pk))


@app.periodic(cron="* * * * *")
@app.task(name="channels.look_for_mail", queue="channels")
def look_for_mail(timestamp: int) -> None:
    """Wake a look into every mailbox that is switched on, in rehearsal too, and the reader where mails wait for it."""
    close_old_connections()
    for practice in practices_on_real_time():
        if is_on(practice.pk):
            fetch_mail.defer(practice_id=str(practice.pk))
        if waiting(practice.pk, limit=1):
            read_mails.defer(practice_id=str(practice.pk))


@app.task(name="channels.fetch_mail", queue="channels")
def fetch_mail(practice_id: str) -> None:
    """Keep what is new in one practice's mailbox. Of a full one the rest follows at once."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    if practice.is_virtual:
        return
    looked = look_into_mailbox(practice.pk, lambda: practice_now(practice), lambda: read_waiting(practice.pk))
    if looked is not None and looked.is_more and not looked.failure:
        fetch_mail.defer(practice_id=practice_id)


@app.task(name="channels.read_mails", queue="channels")
def read_mails(practice_id: str) -> None:
    """Read what is kept unread. One mail at which reading breaks is held, and the next is read."""
    close_old_connections()
    read_waiting(practice_by_id(UUID(practice_id)).pk)


def read_waiting(practice_id: UUID) -> None:
    """Read all that waits; what another worker is at is left to it."""
    while ids := waiting(practice_id):
        for mail_id in ids:
            read_or_hold(practice_id, mail_id)
        if set(waiting(practice_id)) & set(ids):
            return


def read_or_hold(practice_id: UUID, mail_id: UUID) -> None:
    """Read one mail; what breaks at it is noted without its words, and holds it."""
    practice = practice_by_id(practice_id)
    try:
        read_mail(practice_id=practice_id, mail_id=mail_id, by=PROVIDER, now=practice_now(practice))
    except (InterfaceError, OperationalError):
        raise  # nothing is wrong with the mail: it is read by the next wake-up
    except Exception as error:
        _log.error("a mail could not be read: %s", type(error).__name__)
        hold_unread(practice_id=practice_id, mail_id=mail_id, by=PROVIDER, now=practice_now(practice))


@app.task(name="channels.read_mail_calls", queue="channels")
def read_mail_calls(practice_id: str) -> None:
    """Read what providers of e-mail called to tell; what breaks at one stops no other, and is tried again."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    for call_id in waiting_calls(practice.pk):
        try:
            read_mail_call(practice_id=practice.pk, call_id=call_id, by=PROVIDER, now=practice_now(practice))
        except (InterfaceError, OperationalError):
            raise
        except Exception as error:
            _log.error("a call about a mail could not be read: %s", type(error).__name__)
