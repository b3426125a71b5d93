"""How fast reminders leave, beside the same mails made by Django's message class and sent by smtplib alone.

Needs a database of its own (`glede bench send` gives it one): it makes a live practice and leaves it there.
"""

from __future__ import annotations

import smtplib
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connections
from django.utils.html import linebreaks

from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.outbox import composing, limits
from glede.outbox.composing import Content, Draft
from glede.outbox.operations import plan_touches
from glede.outbox.sending import send_on
from glede.outbox.touches import PlannedTouch
from glede.people.operations import add_patients
from glede.people.values import PersonForm
from glede.practices.operations import NewPractice, go_live, start_practice

RATIO = 0.5
"""What is asked: at least so much of the limit measured in the same run."""

KIND = "benchvisit"
OWNER = "owner"
SUBJECT = "See you tomorrow, Tuesday 24 November at 10:20am"
TEXT = """Dear Kari

See you tomorrow, Tuesday 24 November at 10:20am. You will meet Dr Amal Haddad.

Does the time not suit you any more? Move it, or tell us anything you wish here:
https://solberg.example/t/7KX2M9QRT4VWB/

Warm regards
Ingrid, Solberg Optikk
22 12 34 56
"""


def send(messages: int = 2000, rounds: int = 4) -> dict[str, Any]:
    """Send `messages` reminders twice, as Glede does and as plainly as can be. Figures are messages a second.

    The two take turns, so that whatever else the machine does weighs on both alike.
    """
    each = messages // rounds
    plain = ours = 0.0
    with sink() as port:
        settings.GLEDE_SMTP_URL = f"smtp://127.0.0.1:{port}/"
        practice_id, now = _practice(each * rounds)
        for _ in range(rounds):
            plain += _plain(port, each)
            ours += _ours(practice_id, now, each)
    figure, limit = each * rounds / ours, each * rounds / plain
    return {
        "bench": "send",
        "figure": round(figure, 1),
        "unit": "messages/s",
        "limit": round(limit, 1),
        "limit_words": "the same mails made by Django's message class and sent by smtplib alone",
        "ratio": round(figure / limit, 2),
        "target_ratio": RATIO,
        "messages": each * rounds,
        "ok": figure >= RATIO * limit,
    }


def _plain(port: int, messages: int) -> float:
    html = f"<!doctype html><html lang='en'><body>{linebreaks(TEXT)}</body></html>"
    began = clock.monotonic()
    with smtplib.SMTP("127.0.0.1", port, "localhost") as smtp:
        for number in range(messages):
            mail = EmailMultiAlternatives(
                SUBJECT,
                TEXT,
                "Solberg Optikk <hei@solberg.example>",
                [f"person{number}@example.org"],
                headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<{number}@solberg.example>"},
            )
            mail.attach_alternative(html, "text/html")
            smtp.sendmail("hei@solberg.example", mail.to, mail.message().as_bytes())
    return clock.monotonic() - began


def _ours(practice_id: UUID, now: datetime, messages: int) -> float:
    size = min(messages, limits.BATCH_MOST)
    began, sent = clock.monotonic(), 0
    while sent < messages:
        batches = max(1, (messages - sent) // size)
        told = send_on(practice_id, now=lambda: now, batches=batches, limit=min(size, messages - sent))
        if not told.accepted:
            raise RuntimeError(f"not all of them left: {told}")
        sent += told.accepted
    return clock.monotonic() - began


def _practice(messages: int) -> tuple[UUID, datetime]:
    composing.register(KIND, _write)
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    new = NewPractice(
        "Bench",
        "NO",
        "en",
        "Europe/Oslo",
        details={
            "email": "hei@solberg.example",
            "public_url": "https://solberg.example",
            "proved_url": "https://solberg.example",
        },
    )
    practice = start_practice(new, by=SYSTEM, now=now - timedelta(days=9))
    go_live(practice_id=practice.pk, by=SYSTEM, now=now - timedelta(days=8))
    forms = [PersonForm(given_name=f"Person {n}", emails=(f"person{n}@example.org",)) for n in range(messages)]
    people = [i for i in add_patients(practice_id=practice.pk, rows=forms, by=SYSTEM, now=now).ids if i is not None]
    touches = [_touch(person, now) for person in people]
    plan_touches(practice_id=practice.pk, touches=touches, by=SYSTEM, now=now)
    # As any database that has been in use for a minute: the planner knows its tables.
    with connections[OWNER].cursor() as cursor:
        cursor.execute("analyze")
    return practice.pk, now


def _touch(person: UUID, now: datetime) -> PlannedTouch:
    return PlannedTouch(
        row="6", journey_version=1, subject=Ref(KIND, person), subject_version=1, patient_id=person,
        purpose="reminder", lane="reminder", due_at=now, channel="email", late_after=now + timedelta(hours=6),
    )  # fmt: skip


def _write(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> Mapping[UUID, Content]:
    return {draft.touch_id: Content(SUBJECT, TEXT) for draft in drafts}


@contextmanager
def sink() -> Iterator[int]:
    """A mail server in a process of its own that takes everything and keeps nothing; yields its port."""
    command = [sys.executable, "-m", "glede.outbox.sink"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            yield int(process.stdout.readline())
        finally:
            process.kill()
