"""A burst of new mails: how long after a mail was kept it stands on Today.

Each mail is of somebody on file who may be owed an answer. They are kept in portions and read after each, as a look
into a mailbox does it; the other side's server and line are left out. Beside it stands the keeping alone.
"""

from datetime import UTC, datetime, time
from email.message import EmailMessage
from itertools import islice
from time import process_time
from typing import Any, Final
from uuid import UUID

from django.db import connection

from glede.channels.mailbox.kept import waiting
from glede.channels.mailbox.values import PORTION, Came
from glede.channels.operations.mailboxes import NewMailbox, set_mailbox
from glede.channels.operations.mails import store_mails
from glede.channels.tasks import read_or_hold
from glede.config.benches.names import somebody
from glede.config.benches.present import ZONE
from glede.config.benches.seeds import WORDS
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.periods import Span
from glede.people.operations import add_patients
from glede.people.values import PersonForm
from glede.practices.operations import NewPractice, set_opening_hours, start_practice
from glede.promises.queries import open_promises

MAILS: Final = 50
TARGET_SECONDS: Final = 5.0
NOW: Final = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)


def measure(count: int = MAILS) -> dict[str, Any]:
    """Let ``count`` mails come in the database the connection leads to; return the figures."""
    practice_id, mailbox_id = _practice(count)
    mails = iter([_mail(number) for number in range(count)])
    kept, took, statements = 0.0, list[float](), 0

    def count_statement(execute: Any, *given: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*given)

    processor = process_time()
    while portion := list(islice(mails, PORTION)):
        began = clock.monotonic()
        store_mails(practice_id, mailbox_id, portion, NOW)
        stored = clock.monotonic()
        kept += stored - began
        with connection.execute_wrapper(count_statement):
            for mail_id in waiting(practice_id):
                read_or_hold(practice_id, mail_id)
                took.append(clock.monotonic() - stored)
    processor = process_time() - processor
    longest = max(took)
    return {
        "bench": "mail",
        "figure": round(longest, 2),
        "unit": "s from the moment a mail is kept until it stands on Today, the longest of all",
        "limit": round(kept, 2),
        "limit_words": "seconds to keep all of them, none read",
        "ratio": round(kept / longest, 2),
        "target": TARGET_SECONDS,
        "ok": longest <= TARGET_SECONDS,
        "mails": count,
        "on_today": len(open_promises(practice_id, kinds=["answer"])),
        "statements_a_mail": round(statements / count, 1),
        "processor_ms_a_mail": round(processor / count * 1000, 1),
    }


def _practice(people: int) -> tuple[UUID, UUID]:
    """Open a practice with as many people who have an e-mail address, and its mailbox."""
    practice = start_practice(NewPractice("Bench", "NO", "nb", ZONE, virtual_now=NOW), by=SYSTEM, now=NOW)
    own: dict[str, Any] = {"practice_id": practice.pk, "by": SYSTEM, "now": NOW}
    set_opening_hours(spans=[Span(day, time(9), time(17)) for day in range(7)], **own)
    known = [somebody(number) for number in range(people)]
    forms = [PersonForm(given_name=one.given_name, family_name=one.family_name, emails=(one.email,)) for one in known]
    add_patients(rows=forms, **own)
    new = NewMailbox(host="localhost", user="desk", password="bench", port=143, tls="no", folder="INBOX")  # noqa: S106
    return practice.pk, set_mailbox(mailbox=new, **own).pk


def _mail(number: int) -> Came:
    """Return a mail of one of them, with what they answer to quoted below."""
    mail = EmailMessage()
    mail["From"], mail["To"] = somebody(number).email, "desk@solberg.example"
    mail["Subject"], mail["Message-ID"] = "My glasses", f"<{number}@home.example>"
    quoted = "".join(f"> You are welcome on day {day}.\n" for day in range(20))
    mail.set_content(f"{WORDS[number % len(WORDS)]}\n\nKind regards\n\nOn Tuesday you wrote:\n{quoted}")
    raw = mail.as_bytes()
    return Came(key=f"imap:bench:1:{number}", raw=raw, size=len(raw), came_at=NOW, uidvalidity=1, uid=number + 1)
