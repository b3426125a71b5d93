"""A provider of texts on loopback that answers by the published contract, or as badly as it is told to.

    python -m glede.channels.sms.tests.provider LOG PORTFILE DELAY_SECONDS

As a process of its own it writes each message down before it answers (one JSON object a line): from then on it is
sent, whether or not who asked for it lives to hear so.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from glede.kernel import clock
from tests.loopback import Answering, Loopback, beside

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token of thirty-two characters"
NUMBER = "+4759440000"
HANG_UP = "hang up"
Fault = Callable[["Handler", dict[str, Any]], bool]
"""What a provider does wrong with a message it has made; False: it does not even make it."""


class Provider(Loopback):
    """Makes messages, lists them, and does wrong what it is told to, one fault a message."""

    def __init__(self, log: Path | None = None, delay: float = 0) -> None:
        super().__init__(Handler)
        self.delay = delay
        self.log = log.open("a", buffering=1, encoding="utf-8") if log else None
        self.made: list[dict[str, Any]] = []
        self.forms: list[dict[str, str]] = []
        self.queries: list[dict[str, str]] = []
        self.faults: list[Any] = []
        self.numbers = count(1)
        self.now: Callable[[], datetime] = clock.now
        self.connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        """Count connections."""
        self.connections += 1
        super().process_request(request, client_address)

    def make(self, form: dict[str, str], **more: Any) -> dict[str, Any]:
        """Make a message from a form and write it down."""
        sid = f"SM{next(self.numbers):032x}"
        made = {
            "account_sid": ACCOUNT, "api_version": "2010-04-01", "body": form.get("Body", ""),
            "date_created": format_datetime(self.now()), "date_sent": None,
            "date_updated": format_datetime(self.now()), "direction": "outbound-api", "error_code": None,
            "error_message": None, "from": form.get("From"), "messaging_service_sid": form.get("MessagingServiceSid"),
            "num_media": "0", "num_segments": "1", "price": None, "price_unit": "USD", "sid": sid, "status": "queued",
            "subresource_uris": {}, "to": form.get("To"),
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json", **more,
        }  # fmt: skip
        self.made.append(made)
        if self.log is not None:
            called = {"to": form.get("To"), "sid": sid, "callback": form.get("StatusCallback", "")}
            self.log.write(json.dumps(called) + "\n")
        return made


class Handler(Answering):
    """One request at a time on a kept connection."""

    server: Provider

    def takes(self) -> None:
        """Make a message."""
        form = dict(parse_qsl(self.body().decode(), keep_blank_values=True))
        self.server.forms.append(form)
        if not self._is_known():
            self.answer(401, {"code": 20003, "message": "Authenticate", "more_info": "", "status": 401})
            return
        fault = self.server.faults.pop(0) if self.server.faults else None
        if fault is not None:
            fault(self, form)
            return
        clock.wait(self.server.delay / 2)
        made = self.server.make(form)
        clock.wait(self.server.delay / 2)
        self.answer(201, made)

    def shows(self) -> None:
        """List the messages, the newest first."""
        self.server.queries.append(dict(parse_qsl(urlsplit(self.path).query)))
        listed = {
            "end": 0, "first_page_uri": self.path, "next_page_uri": None, "page": 0, "page_size": 50,
            "previous_page_uri": None, "start": 0, "uri": self.path, "messages": self.server.made[::-1],
        }  # fmt: skip
        self.answer(200, listed)

    def _is_known(self) -> bool:
        _, _, told = self.headers.get("Authorization", "").partition(" ")
        return b64decode(told).decode() == f"{ACCOUNT}:{TOKEN}" and ACCOUNT in self.path


def refuses(status: int, code: int | None, message: str = "no") -> Callable[[Handler, dict[str, str]], None]:
    """Refuse a message in the provider's own words; without a code in somebody else's."""

    def fault(handler: Handler, form: dict[str, str]) -> None:
        told: Any = {"code": code, "message": message, "more_info": "", "status": status}
        handler.answer(status, told if code is not None else b"<html>no</html>")

    return fault


def takes_and(act: Callable[[Handler, dict[str, Any]], None]) -> Callable[[Handler, dict[str, str]], None]:
    """Take a message, then answer as badly as `act` does."""
    return lambda handler, form: act(handler, handler.server.make(form))


@contextmanager
def providing(**given: Any) -> Iterator[Provider]:
    """A provider that runs beside the test."""
    with beside(Provider(**given)) as server:
        yield server


if __name__ == "__main__":
    standing = Provider(Path(sys.argv[1]), float(sys.argv[3]))
    Path(sys.argv[2]).write_text(str(standing.server_port))
    standing.serve_forever()
