"""Calls of a provider, a hundred a second, at the web server of the field: how fast each is answered, and none lost.

Each call is a text that somebody wrote, signed as the provider signs it. Callers take turns on connections that stay;
a call that had to wait for a free one counts from the moment at which it was due. The limit is one bare row of the same
body put into a table, a commit each.
"""

import http.client
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import quantiles
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection, connections

from glede.channels.operations import NewTextAccount, set_text_account
from glede.channels.sms.signature import sign
from glede.config.benches.served import served
from glede.inbox.models import InboundMessage, StrayMessage
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.outbox.bench import open_practice
from glede.practices import scope

SECONDS, A_SECOND, CALLERS = 60, 100, 16
TARGET_MILLISECONDS = 250.0  # p99
ACCOUNT, TOKEN, NUMBER = "AC" + "1" * 32, "2" * 32, "+4759440000"
BASE = "https://solberg.example"
ANSWERED = 200


@dataclass
class Calls:
    """What was called so far: how long each took, in milliseconds, and what was not answered with yes."""

    key: str
    port: int
    began: float
    many: int
    next: int = 0
    took: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def call_on(self) -> None:
        """Make one call after the other, each at its moment, until all are made."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while (number := self._take()) is not None:
            due = self.began + number / A_SECOND
            clock.wait(max(0.0, due - clock.monotonic()))
            status = self._call(line, number)
            with self.lock:
                self.took.append((clock.monotonic() - due) * 1000)
                if status != str(ANSWERED):
                    self.refused.append(status)
        line.close()

    def _take(self) -> int | None:
        with self.lock:
            number, self.next = self.next, self.next + 1
        return number if number < self.many else None

    def _call(self, line: http.client.HTTPConnection, number: int) -> str:
        path, fields = f"/hooks/sms/{self.key}/", text(number)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": sign(TOKEN, f"{BASE}{path}", list(fields.items())),
        }  # fmt: skip
        try:
            line.request("POST", path, urlencode(fields), headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            line.close()
            return type(error).__name__
        return str(answer.status)


def text(number: int) -> dict[str, str]:
    """Return the fields of one text, each from somebody else."""
    return {
        "MessageSid": f"SM{number:032x}", "From": f"+4790{number:06d}", "To": NUMBER, "Body": f"Hello, it is {number}",
        "NumMedia": "0",
    }  # fmt: skip


def measure(seconds: int = SECONDS) -> dict[str, Any]:
    """Call for so many seconds."""
    practice_id = open_practice(clock.now() - timedelta(hours=1))
    account = NewTextAccount(account_sid=ACCOUNT, token=TOKEN, sender=NUMBER)
    key = set_text_account(practice_id=practice_id, account=account, by=SYSTEM, now=clock.now()).hook_key
    many = seconds * A_SECOND
    limit = _limit(min(many, 1000))
    with served() as port:
        calls = Calls(key, port, clock.monotonic(), many)
        callers = [Thread(target=calls.call_on) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        took_seconds = clock.monotonic() - calls.began
    kept = _kept(practice_id)
    p50, p99 = (quantiles(calls.took, n=100)[place - 1] for place in (50, 99))
    return {
        "bench": "hooks",
        "figure": round(p99, 1),
        "unit": "ms, p99",
        "limit": round(limit, 2),
        "limit_words": "one bare row of the same body put into a table and committed, p99",
        "ratio": round(limit / p99, 3),
        "target": TARGET_MILLISECONDS,
        "p50": round(p50, 1),
        "calls": many,
        "a_second": round(many / took_seconds, 1),
        "refused": sorted(set(calls.refused)),
        "kept": kept,
        "lost": many - kept,
        "ok": p99 <= TARGET_MILLISECONDS and kept == many and not calls.refused,
    }


def _kept(practice_id: UUID) -> int:
    with scope.transaction(practice_id):
        return int(StrayMessage.objects.count() + InboundMessage.objects.count())


def _limit(rows: int) -> float:
    took = []
    with connections["owner"].cursor() as cursor:
        cursor.execute("create table bench_bodies (id bigint primary key, body text)")
        for number in range(rows):
            began = clock.monotonic()
            cursor.execute("insert into bench_bodies values (%s, %s)", [number, urlencode(text(number))])
            took.append((clock.monotonic() - began) * 1000)
        cursor.execute("drop table bench_bodies")
    connection.close()
    return quantiles(took, n=100)[98]
