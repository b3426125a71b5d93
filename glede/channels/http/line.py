"""The line to a described provider: https to a machine of the open net, the one that was looked at.

A name is looked up once a batch, and the number that was found fit is the one that is asked, so that a name which
changes under our hands leads nowhere else. No redirect is followed: a secret goes where the description says.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import httpx

from glede.kernel import clock
from glede.kernel.addresses import BadAddress, checked, may_be_asked

CONNECT_SHARE = 0.4
ANSWER_MOST = 256 * 1024
NOTHING_LEFT = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol,
    BadAddress,
)  # fmt: skip
IN_DOUBT = (httpx.HTTPError, httpx.InvalidURL)
"""Raised when the request may have left."""

Resolve = Callable[[str, int], list[str]]


def numbers_of(host: str, port: int) -> list[str]:
    """Return the numbers a name stands for. Raises ``BadAddress`` where it stands for none."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise BadAddress("unknown") from error


class Line:
    """One client for a batch, to one address."""

    def __init__(
        self, url: str, deadline_seconds: float, *, may_be_loopback: bool = False, resolve: Resolve = numbers_of
    ) -> None:
        connect = deadline_seconds * CONNECT_SHARE
        self.place, self.deadline_seconds = checked(url), deadline_seconds
        self._may_be_loopback, self._resolve = may_be_loopback, resolve
        self._number = ""
        self._client = httpx.Client(
            timeout=httpx.Timeout(deadline_seconds - connect, connect=connect), trust_env=False,
            follow_redirects=False, limits=httpx.Limits(max_connections=1), headers={"User-Agent": "Glede"},
        )  # fmt: skip

    def post(self, headers: dict[str, str], **body: Any) -> tuple[int, bytes]:
        """Return an answer's status and body, within the deadline. Raises ``NOTHING_LEFT`` and ``IN_DOUBT``."""
        ends_at = clock.monotonic() + self.deadline_seconds
        url = httpx.URL(self.place.url)
        told = {"Accept": "application/json", **headers, "Host": url.netloc.decode("ascii")}
        request = self._client.build_request(
            "POST",
            url.copy_with(host=self._known()),
            headers=told,
            extensions={"sni_hostname": self.place.host},
            **body,
        )
        answer = self._client.send(request, stream=True)
        try:
            found = b""
            for piece in answer.iter_bytes():
                found += piece
                if len(found) > ANSWER_MOST or clock.monotonic() > ends_at:
                    raise httpx.ReadTimeout("the answer does not end")
            return answer.status_code, found
        finally:
            answer.close()

    def _known(self) -> str:
        """Return the number to ask, once every number of the name may be asked. Raises ``BadAddress``."""
        if not self._number:
            is_here = self.place.is_here and self._may_be_loopback
            numbers = self._resolve(self.place.host, self.place.port)
            if not numbers or not all(may_be_asked(number, is_here=is_here) for number in numbers):
                raise BadAddress("inside")
            self._number = numbers[0]
        return self._number

    def close(self) -> None:
        """Hang up."""
        self._client.close()
