"""Fetch a calendar from its address: one way, within limits of size and time, and never from inside the house.

Each step of a redirect is checked anew, and the machine that was checked is the one that is asked.
"""

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from glede.calendars.errors import BadAddress
from glede.calendars.reading.lines import SIZE_MOST
from glede.calendars.values import Fetched
from glede.kernel import clock
from glede.kernel.addresses import Place, checked, may_be_asked

if TYPE_CHECKING:
    import httpx

SECONDS_MOST: Final = 30.0
STEP_SECONDS: Final = 10.0
REDIRECTS_MOST: Final = 3
SAME, MOVED = 304, frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str, int], list[str]]


def numbers_of(host: str, port: int) -> list[str]:
    """Return the numbers a name stands for. Raises ``OSError``."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetch(url: str, *, etag: str = "", modified: str = "", resolve: Resolve = numbers_of) -> Fetched:
    """Return what an address answers; a failure by its code, never raised."""
    import httpx  # a tenth of a second, and most starts fetch nothing

    asked = {"Accept": "text/calendar, */*;q=0.1", "User-Agent": "Glede"}
    asked |= {"If-None-Match": etag} if etag else {}
    asked |= {"If-Modified-Since": modified} if modified else {}
    ends = clock.monotonic() + SECONDS_MOST
    try:
        for _ in range(REDIRECTS_MOST + 1):
            found = _once(checked(url), asked, ends, resolve)
            if isinstance(found, Fetched):
                return found
            url = urljoin(url, found)
    except BadAddress as refusal:
        return Fetched(failure=str(refusal))
    except httpx.TimeoutException:
        return Fetched(failure="slow")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
        return Fetched(failure="unreachable")
    return Fetched(failure="redirects")


def _once(place: Place, asked: dict[str, str], ends: float, resolve: Resolve) -> Fetched | str:
    """Ask one address; return what it says, or where it sends us."""
    import httpx

    number = _number(place, resolve)
    url = httpx.URL(place.url)
    headers = {**asked, "Host": url.netloc.decode("ascii")}
    with (
        httpx.Client(timeout=STEP_SECONDS, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "GET", url.copy_with(host=number), headers=headers, extensions={"sni_hostname": place.host}
        ) as answer,
    ):
        if answer.status_code == SAME:
            return Fetched(is_same=True, etag=asked.get("If-None-Match", ""),
                           modified=asked.get("If-Modified-Since", ""))  # fmt: skip
        if answer.status_code in MOVED and "location" in answer.headers:
            return answer.headers["location"]
        if not answer.is_success:
            return Fetched(failure=f"status_{answer.status_code}")
        content, failure = _body(answer, ends)
        return Fetched(
            content, failure=failure, etag=answer.headers.get("etag", ""),
            modified=answer.headers.get("last-modified", ""),
        )  # fmt: skip


def _number(place: Place, resolve: Resolve) -> str:
    """Return the number to ask, once every number of the name may be asked. Raises ``BadAddress``."""
    numbers = resolve(place.host, place.port)
    if not numbers or not all(may_be_asked(number, is_here=place.is_here) for number in numbers):
        raise BadAddress("inside")
    return numbers[0]


def _body(answer: "httpx.Response", ends: float) -> tuple[bytes, str]:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > SIZE_MOST:
            return b"", "too_big"
        if clock.monotonic() > ends:
            return b"", "slow"
        parts.append(part)
    return b"".join(parts), ""
