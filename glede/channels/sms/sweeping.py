"""What call-backs did not bring: the provider's list of the last days, both ways, held against what we know."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from uuid import UUID

from glede.channels.operations import note_swept
from glede.channels.sms.accounts import TWILIO, account_in_force, config_for, provider_of
from glede.channels.sms.config import SmsConfig
from glede.channels.sms.reading import Listed, read_list, read_listed
from glede.inbox.operations import take_arrival
from glede.kernel.actor import PROVIDER
from glede.outbox.operations import NoSuchMessage, Told, take_report, untold
from glede.outbox.queries import Awaited, awaited_texts
from glede.practices import scope

if TYPE_CHECKING:
    import httpx

FURTHEST = timedelta(days=7)
OVERLAP = timedelta(hours=26)
"""The list knows days, not hours, and a report may come a day late."""
SLACK = timedelta(minutes=2)
PAGES, PAGE_SIZE = 50, "1000"


_log = logging.getLogger(__name__)


class Unlisted(Exception):
    """The provider did not show its list; it is asked again in five minutes."""


def sweep_texts(practice_id: UUID, *, now: datetime) -> Counter[str]:
    """Take from the provider's list what nobody told us: reports, prices, answers, and what was in doubt.

    Opens a connection, so it is called outside every transaction. What it brings twice changes nothing. Raises
    `LookupError` without an open account and `Unlisted`.
    """
    config = config_for(practice_id)
    with scope.transaction(practice_id):
        account = account_in_force(practice_id)
        since = max(now - FURTHEST, (account.swept_at if account and account.swept_at else now) - OVERLAP)
    found: Counter[str] = Counter()
    ours = [one for one in _listed(config, since) if _is_ours(one, config)]
    awaited = awaited_texts(practice_id, since=since - SLACK)
    by_sid = {text.provider_id: text for text in awaited if text.provider_id}
    doubtful = [text for text in awaited if not text.provider_id]
    told: list[Told] = []
    for one in ours:
        if one.arrival is not None:
            taken = take_arrival(practice_id=practice_id, arrival=one.arrival, by=PROVIDER, now=now)
            found["arrived"] += bool(taken.message_id or taken.stray_id)
        elif one.report is not None and (text := by_sid.get(one.sid) or _in_doubt(one, doubtful)):
            told.append((text.message_id, one.report))
    found["told"] = sum(_take(practice_id, news, now) for news in untold(practice_id, told))
    note_swept(practice_id, now)
    return found


def look_up(practice_id: UUID, now: datetime) -> bool:
    """Ask the list about messages whose outcome nobody saw; where it cannot be had (False) they wait for the next.

    A provider that is described has no list that we know of: its reports alone tell.
    """
    if provider_of(practice_id) != TWILIO:
        return False
    try:
        sweep_texts(practice_id, now=now)
    except (LookupError, Unlisted) as error:
        _log.warning("the provider did not list its texts: %s", error)
        return False
    return True


def _take(practice_id: UUID, news: Told, now: datetime) -> bool:
    message_id, report = news
    try:
        return take_report(practice_id=practice_id, message_id=message_id, report=report, by=PROVIDER, now=now)
    except NoSuchMessage:
        return False


def _in_doubt(one: Listed, doubtful: list[Awaited]) -> Awaited | None:
    """Return the message in doubt that this entry is: to the same number, in the same words, after it was begun."""
    for text in doubtful:
        is_same = (text.address, text.words) == (one.to, one.words)
        if is_same and one.made_at is not None and one.made_at >= text.intent_at - SLACK:
            doubtful.remove(text)
            return text
    return None


def _is_ours(one: Listed, config: SmsConfig) -> bool:
    """Several practices may share one account: only what goes to or from this one's sender is its own."""
    if config.service_sid:
        return one.service_sid == config.service_sid
    return config.sender in {one.to, one.sender}


def _listed(config: SmsConfig, since: datetime) -> Iterator[Listed]:
    import httpx

    from glede.channels.sms.line import client_for

    query = {"DateSent>": since.date().isoformat(), "PageSize": PAGE_SIZE}
    with client_for(config) as client:
        address: str | None = str(httpx.URL(config.messages_url, params=query))
        for _ in range(PAGES):
            if address is None:
                return
            told = _page(client, config, address)
            yield from (read_listed(entry) for entry in told.get("messages", []) if isinstance(entry, dict))
            following = told.get("next_page_uri")
            address = urljoin(config.api, following) if isinstance(following, str) and following else None


def _page(client: httpx.Client, config: SmsConfig, address: str) -> Mapping[str, Any]:
    import httpx

    from glede.channels.sms.line import ask

    if not address.startswith(config.api):
        raise Unlisted("the list leads elsewhere")  # the account's token goes nowhere but to the provider
    try:
        status, body = ask(client, client.build_request("GET", address), config.deadline_seconds, most=LIST_MOST)
    except httpx.HTTPError as error:
        raise Unlisted(type(error).__name__) from error
    told = read_list(status, body)
    if told is None:
        raise Unlisted(str(status))
    return told


LIST_MOST = 8 * 1024 * 1024
