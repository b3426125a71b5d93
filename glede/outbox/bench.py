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
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connections
from django.utils.html import linebreaks

from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.outbox import composing, limits
from glede.outbox.composing import Content, Draft
from glede.outbox.hands import is_flat, memory, together
from glede.outbox.operations import plan_touches
from glede.outbox.sending import send_on
from glede.outbox.touches import PlannedTouch
from glede.people.operations import add_patients
from glede.people.values import PersonForm
from glede.practices.operations import NewPractice, go_live, start_practice

RATIO = 0.5
"""What is asked: at least so much of the limit measured in the same run."""

ROUNDS, LONG = 4, 20_000
"""How often the two take turns; a run of more messages is one turn, so that one worker's memory is seen over all."""

STEP, AFTER = timedelta(minutes=5), timedelta(days=1)
BATCHES = 10

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


def send(messages: int = 8000) -> dict[str, Any]:
    """Send `messages` reminders by one worker, then as many by two, beside the same mails sent as plainly as can be.

    Glede and the plain sender take turns, so that whatever else the machine does weighs on both alike. Figures are
    messages a second; the memory is that of the one worker after a tenth of its messages and after all.
    """
    rounds = ROUNDS if messages <= LONG else 1
    with sink() as port:
        settings.GLEDE_SMTP_URL = f"smtp://127.0.0.1:{port}/"
        practice_id, now = _practice(messages, rounds)
        one = _measured(practice_id, now, port, messages, rounds, workers=1)
        two = _measured(practice_id, now + AFTER, port, messages, rounds, workers=2)
    return {
        "bench": "send",
        **one,
        "unit": "messages/s",
        "limit_words": "the same mails made by Django's message class and sent by smtplib alone, by as many processes",
        "target_ratio": RATIO,
        "two_workers": two,
        "ok": min(one["ratio"], two["ratio"]) >= RATIO and one["memory_flat"] and two["memory_flat"],
    }


def _measured(
    practice_id: UUID, now: datetime, port: int, messages: int, rounds: int, *, workers: int
) -> dict[str, Any]:
    each = messages // rounds
    plain = ours = 0.0
    sent, memories = 0, []
    for number in range(rounds):
        moment = now + number * STEP
        plain += together(workers, partial(_plain, port, each // workers))[0]
        took, told = together(workers, partial(_ours, practice_id, moment, each // workers))
        ours += took
        sent += sum(one["sent"] for one in told)
        memories = [one["memory"] for one in told]
    if sent != each * rounds:
        raise RuntimeError(f"{sent} of {each * rounds} left")
    figure, limit = each * rounds / ours, (each // workers) * workers * rounds / plain
    return {
        "figure": round(figure, 1),
        "limit": round(limit, 1),
        "ratio": round(figure / limit, 2),
        "messages": each * rounds,
        "memory_mb": memories,
        "memory_flat": all(is_flat(m["a_tenth"], m["all"]) for m in memories),
    }


def _plain(port: int, messages: int, _: int) -> dict[str, Any]:
    html = f"<!doctype html><html lang='en'><body>{linebreaks(TEXT)}</body></html>"
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
    return {"sent": messages}


def _ours(practice_id: UUID, now: datetime, share: int, _: int) -> dict[str, Any]:
    """Send what is due until nothing is, as a worker does; `share` is what one of the workers sends, more or less."""
    sent, early = 0, 0.0
    while True:
        told = send_on(practice_id, now=lambda: now, batches=BATCHES, limit=limits.BATCH_MOST)
        sent += told.accepted
        if not early and sent >= share // 10:
            early = memory()
        if not told.taken:
            return {"sent": sent, "memory": {"a_tenth": round(early, 1), "all": round(memory(), 1)}}


def _practice(messages: int, rounds: int) -> tuple[UUID, datetime]:
    composing.register(KIND, write)
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    practice_id = open_practice(now)
    each = messages // rounds
    forms = [PersonForm(given_name=f"Person {n}", emails=(f"person{n}@example.org",)) for n in range(each * rounds)]
    people = [i for i in add_patients(practice_id=practice_id, rows=forms, by=SYSTEM, now=now).ids if i is not None]
    for start in (now, now + AFTER):
        touches = [_touch(p, start + place // each * STEP, start) for place, p in enumerate(people)]
        plan_touches(practice_id=practice_id, touches=touches, by=SYSTEM, now=now)
    # As any database that has been in use for a minute: the planner knows its tables.
    with connections[OWNER].cursor() as cursor:
        cursor.execute("analyze")
    return practice_id, now


def open_practice(now: datetime) -> UUID:
    """Start a practice that has been live for a week at ``now``."""
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
    return practice.pk


def _touch(person: UUID, due_at: datetime, start: datetime) -> PlannedTouch:
    return PlannedTouch(
        row="6", journey_version=1, subject=Ref(KIND, person), subject_version=1, patient_id=person,
        occurrence=start.day, purpose="reminder", lane="reminder", due_at=due_at, channel="email",
        late_after=due_at + timedelta(hours=6),
    )  # fmt: skip


def write(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> Mapping[UUID, Content]:
    """Say the same to everybody."""
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
