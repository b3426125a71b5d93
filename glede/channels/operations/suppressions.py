"""Let follow from an address that the provider writes to no more what a bounce, a complaint or a no would here."""

from __future__ import annotations

import hmac
import logging
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings

from glede.channels.mailapi.accounts import account_in_force, config_for
from glede.channels.mailapi.suppressing import Suppressed, Why, pages
from glede.channels.mailapi.sweeping import Unlisted
from glede.channels.models import MailAccount, MailCall
from glede.channels.operations.telling import promise_to_ask
from glede.kernel.actor import PROVIDER, Actor, patient
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.people.operations import ContactEnded, end_contact, opt_out
from glede.people.queries.finding import contacts_at
from glede.practices import scope
from glede.practices.queries import practice_by_id

EVERY: Final = timedelta(hours=1)
"""So often the lists are read: what a call told has acted at once, and these are long."""

_log = logging.getLogger(__name__)


def read_suppressions(practice_id: UUID, now: datetime) -> Counter[str]:
    """Read the provider's lists where that is due, and let follow what must; return what was read and what acted.

    Opens a connection, so it is called outside every transaction. A list that is not shown is asked for again.
    """
    from glede.channels.mailapi.line import Line

    found: Counter[str] = Counter()
    with scope.transaction(practice_id):
        account = account_in_force(practice_id)
    if account is None or (account.suppressed_at is not None and account.suppressed_at > now - EVERY):
        return found
    try:
        config = config_for(practice_id)
        with Line(config.deadline_seconds) as line:
            for page in pages(line, config):
                found["listed"] += len(page)
                found["acted"] += _take_page(practice_id, account, page, now)
    except (LookupError, Unlisted) as error:
        _log.warning("the provider did not list whom it writes to no more: %s", error)
        return found
    with scope.transaction(practice_id):
        MailAccount.objects.filter(practice_id=practice_id, pk=account.pk).update(suppressed_at=now)
    return found


def _take_page(practice_id: UUID, account: MailAccount, page: list[Suppressed], now: datetime) -> int:
    with scope.transaction(practice_id):
        ours = contacts_at(practice_id, [one.address for one in page])
        called = [_called(practice_id, one) for one in page]
        known = set(
            MailCall.objects.filter(practice_id=practice_id, called__in=called).values_list("called", flat=True)
        )
    new = [one for one in page if one.address in ours and _called(practice_id, one) not in known]
    return sum(
        take_suppression(practice_id=practice_id, account_id=account.pk, told=one, by=PROVIDER, now=now) for one in new
    )


def take_suppression(*, practice_id: UUID, account_id: UUID, told: Suppressed, by: Actor, now: datetime) -> bool:
    """Act on one entry, once; return False where it was known or is nobody's here.

    An address that is gone ends, and somebody is promised to ask for another; who complained or said no gets no
    more mail but care. Who gives the same address again later is written to: the entry has acted.
    """
    with act(practice_id, by=by, now=now) as taking:
        _row, is_new = MailCall.objects.get_or_create(
            practice_id=practice_id, called=_called(practice_id, told),
            defaults={
                "account_id": account_id, "came_at": now, "read_at": now, "state": "taken", "sort": told.why.value,
            },
        )  # fmt: skip
        contacts = contacts_at(practice_id, [told.address]).get(told.address, []) if is_new else []
        taking.lock(*(Ref("patient", owner) for owner in sorted({owner for _, owner in contacts})))
        for contact, owner in contacts:
            if told.why is Why.GONE:
                _end(practice_id, contact, now)
            else:
                opt_out(
                    practice_id=practice_id, patient_id=owner, channel="email", scope="marketing", how="email",
                    by=patient(owner), now=now,
                )  # fmt: skip
    return bool(contacts)


def _called(practice_id: UUID, told: Suppressed) -> str:
    """Return what makes an entry the same one. Keyed: whoever was forgotten is not to be guessed from what is left."""
    words = f"{practice_id}\n{told.address}\n{told.why}\n{told.since}"
    return hmac.new(settings.SECRET_KEY.encode(), b"suppressed" + words.encode(), sha256).hexdigest()


def _end(practice_id: UUID, contact: UUID, now: datetime) -> None:
    with suppress(ContactEnded):
        ended = end_contact(practice_id=practice_id, contact_id=contact, reason="undeliverable", by=PROVIDER, now=now)
        promise_to_ask(practice_by_id(practice_id), ended.patient_id, "address", contact, now=now)
