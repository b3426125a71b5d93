"""What the provider of e-mail did not call to tell: its own lists of the last days, held against what we know."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from glede.channels.mailapi.accounts import account_in_force, config_for
from glede.channels.mailapi.config import OUR_ID, POSTMARK, MailConfig
from glede.channels.mailapi.reading import LISTED, read_told
from glede.channels.operations.provided import note_mails_swept, take_mail_news
from glede.kernel.actor import PROVIDER
from glede.outbox.returned import AwaitedMail, awaited_mails
from glede.practices import scope

if TYPE_CHECKING:
    from uuid import UUID

    from glede.channels.mailapi.line import Line

FURTHEST: Final = timedelta(days=7)
OVERLAP: Final = timedelta(hours=26)
SLACK: Final = timedelta(minutes=2)
PAGES: Final = 40
PAGE: Final = {True: 250, False: 300}
ASKED_ONE_BY_ONE: Final = 40

_log = logging.getLogger(__name__)
Told = Mapping[str, Any]


class Unlisted(Exception):
    """The provider did not show its list; it is asked again in five minutes."""


def look_up(practice_id: UUID, now: datetime) -> bool:
    """Take from the list what is known of mails in doubt; True only where it must have shown every one of them."""
    try:
        return sweep_mails(practice_id, now=now)["whole"] > 0
    except (LookupError, Unlisted) as error:
        _log.warning("the provider did not list its mails: %s", error)
        return False


def sweep_mails(practice_id: UUID, *, now: datetime) -> Counter[str]:
    """Take from the provider's lists what nobody told us: what was taken, what arrived, what came back, who complained.

    Opens a connection, so it is called outside every transaction; what it brings twice changes nothing. ``whole`` is 0
    where a mail in doubt left before this account stood: another list would have it. Raises ``LookupError`` without an
    account, and ``Unlisted``.
    """
    from glede.channels.mailapi.line import Line

    config = config_for(practice_id)
    with scope.transaction(practice_id):
        account = account_in_force(practice_id)
    awaited = awaited_mails(practice_id, since=now - FURTHEST)
    doubtful = [mail for mail in awaited if not mail.provider_id]
    swept = account.swept_at if account and account.swept_at else now
    since = min([max(now - FURTHEST, swept - OVERLAP), *(mail.intent_at - SLACK for mail in doubtful)])
    found: Counter[str] = Counter()
    with Line(config.deadline_seconds) as line:
        for told in _listed(line, config, since, awaited):
            found["listed"] += 1
            news = read_told(config.provider, told)
            found["ours"] += take_mail_news(practice_id=practice_id, news=news, by=PROVIDER, now=now)
    note_mails_swept(practice_id, now)
    is_known = account is not None and all(mail.intent_at >= account.added_at for mail in doubtful)
    found["whole"] = int(is_known)
    return found


def _listed(line: Line, config: MailConfig, since: datetime, awaited: list[AwaitedMail]) -> Iterator[Told]:
    if config.provider == POSTMARK:
        yield from _postmark(line, config, since, awaited)
    else:
        yield from _mailgun(line, config, since)


def _postmark(line: Line, config: MailConfig, since: datetime, awaited: list[AwaitedMail]) -> Iterator[Told]:
    """Yield its messages, what came back, and of those still under way whether they arrived, as its calls tell it."""
    day = (since - timedelta(days=1)).date().isoformat()  # it counts days by its own clock
    for mail in _pages(line, config, "messages/outbound", "Messages", day):
        sent = mail.get("Status") == "Sent"
        yield {**_as_call(mail), "RecordType": LISTED, "Status": "sent" if sent else "queued"}
    for bounce in _pages(line, config, "bounces", "Bounces", day):
        yield {**bounce, "RecordType": "Bounce"}
    under_way = [mail.provider_id for mail in awaited if mail.provider_id][:ASKED_ONE_BY_ONE]
    for number in under_way:
        told = ask(line, config, f"messages/outbound/{quote(number, safe='')}/details", {}, or_none=True)
        happened = told.get("MessageEvents")
        for one in happened if isinstance(happened, list) else ():
            if isinstance(one, dict) and one.get("Type") == "Delivered":
                yield {**_as_call(told), "RecordType": "Delivery"}


def _as_call(mail: Told) -> dict[str, Any]:
    metadata = mail.get("Metadata")
    return {
        "MessageID": mail.get("MessageID"),
        "Metadata": {OUR_ID: metadata.get(OUR_ID)} if isinstance(metadata, dict) else {},
    }


def _pages(line: Line, config: MailConfig, path: str, key: str, day: str) -> Iterator[Told]:
    size, offset = PAGE[True], 0
    for _ in range(PAGES):
        told = ask(line, config, path, {"count": str(size), "offset": str(offset), "fromdate": day})
        some = told.get(key)
        if not isinstance(some, list):
            raise Unlisted(f"no {key} in its list")
        yield from (one for one in some if isinstance(one, dict))
        offset += size
        if offset >= int(told.get("TotalCount") or 0):
            return
    raise Unlisted("the list does not end")


def _mailgun(line: Line, config: MailConfig, since: datetime) -> Iterator[Told]:
    """Yield its events, as its calls tell them."""
    query = {"begin": f"{since.timestamp():.0f}", "ascending": "yes", "limit": str(PAGE[False])}
    path = f"{quote(config.domain, safe='')}/events"
    for _ in range(PAGES):
        told = ask(line, config, path, query)
        some = told.get("items")
        if not isinstance(some, list):
            raise Unlisted("no items in its list")
        if not some:
            return
        yield from ({"event-data": one} for one in some if isinstance(one, dict))
        following = told.get("paging", {}).get("next", "")
        if not str(following).startswith(config.api):
            raise Unlisted("the list leads elsewhere")  # the key goes nowhere but to the provider
        path, query = str(following).removeprefix(config.api), {}
    raise Unlisted("the list does not end")


def ask(line: Line, config: MailConfig, path: str, query: Mapping[str, str], *, or_none: bool = False) -> Told:
    """Return one answer of the provider's interface; nothing for a refusal where ``or_none``. Raises ``Unlisted``."""
    import requests

    given: dict[str, Any] = {"params": dict(query), "headers": {"Accept": "application/json"}}
    if config.provider == POSTMARK:
        given["headers"]["X-Postmark-Server-Token"] = config.secrets["token"]
    else:
        given["auth"] = ("api", config.secrets["key"])
    try:
        answer = line.get(f"{config.api}{path}", **given)
        if answer.status_code != 200:
            if or_none:
                return {}
            raise Unlisted(str(answer.status_code))
        told = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Unlisted(type(error).__name__) from error
    if not isinstance(told, dict):
        raise Unlisted("no list")
    return told
