"""The line to the provider: one client, and an answer within its time. Taken in only where somebody asks.

httpx is a tenth of a second of every command's start, and most commands ask nobody.
"""

from __future__ import annotations

import httpx

from glede.channels.sms.config import SmsConfig, is_loopback
from glede.kernel import clock

CONNECT_SHARE = 0.4
ANSWER_MOST = 256 * 1024
NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
IN_DOUBT = (httpx.HTTPError, httpx.InvalidURL)
"""Raised when the request may have left."""


class TooSlow(httpx.TransportError):
    """The whole answer took longer than a message may take."""


def client_for(config: SmsConfig) -> httpx.Client:
    """Return a client of the provider's interface: it follows nothing elsewhere and waits no longer than it may."""
    connect = config.deadline_seconds * CONNECT_SHARE
    patience = httpx.Timeout(config.deadline_seconds - connect, connect=connect)
    return httpx.Client(
        auth=(config.account_sid, config.token), timeout=patience, trust_env=not is_loopback(config.api),
        limits=httpx.Limits(max_connections=1), headers={"Accept": "application/json", "User-Agent": "Glede"},
    )  # fmt: skip


def ask(
    client: httpx.Client, request: httpx.Request, deadline_seconds: float, *, most: int = ANSWER_MOST
) -> tuple[int, bytes]:
    """Return an answer's status and body, within the deadline and of a sane length. Raises what httpx raises."""
    ends_at = clock.monotonic() + deadline_seconds
    answer = client.send(request, stream=True)
    try:
        body = b""
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > most or clock.monotonic() > ends_at:
                raise TooSlow("the answer does not end")
        return answer.status_code, body
    finally:
        answer.close()
