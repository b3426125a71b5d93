"""Mails that came back: which of ours, what follows for the address and the person, and what a forger can do."""

from datetime import timedelta
from typing import Any

import pytest

from glede.channels.mailbox.tests.imapserver import a_mail
from glede.channels.mailbox.tests.scenes import bring, mails, owed, written_to
from glede.outbox.models import Message
from glede.outbox.tests.scenes import NOON, Scripted
from glede.people.queries import patients_at, reach
from glede.practices import scope
from tests.cast import House

METTE = "mette.dahl@example.org"
LATER = NOON + timedelta(minutes=5)


def report(ref: str = "", *, to: str = METTE, status: str = "5.1.1", action: str = "failed", words: str = "") -> bytes:
    """The report of a mail system, by RFC 3464."""
    returned = f"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {ref}\r\nTo: {to}\r\n\r\nHei\r\n" if ref else ""
    body = (
        "--x\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} {words}\r\n\r\n{returned}--x--\r\n"
    )
    head = (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\r\nReturn-Path: <>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
    )
    return (head + body).encode()


def message(house: House) -> Message:
    """The mail to Mette, as the outbox has it."""
    with scope.transaction(house.id):
        return Message.objects.filter(touch__patient_id=house.people["mette"]).earliest("n")


def reached(house: House) -> bool:
    """Whether Mette's address is in use."""
    return bool(patients_at(house.id, "email", METTE))


def test_no_such_address_ends_it_goes_on_to_a_call_and_has_a_colleague_ask(house: House, email: Scripted) -> None:
    ref = written_to(house, "mette")
    bring(house, report(ref), now=LATER)
    assert (message(house).state, message(house).reason, reached(house)) == ("failed", "bad_address", False)
    mette = house.people["mette"]
    found = [(kind, cause.partition(":")[0]) for kind, cause, person in owed(house) if person == mette]
    assert sorted(found) == [("call", "undelivered"), ("undelivered", "address")]
    assert [(m.sort, m.state, m.patient_id, m.address) for m in mails(house)] == [("bounce", "read", mette, METTE)]


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"status": "5.2.2", "words": "mailbox full"}, "failed"), ({"status": "4.4.7"}, "failed"),
        ({"status": "5.7.1", "words": "listed as spam"}, "failed"),
        ({"status": "4.4.1", "action": "delayed"}, "accepted"),
        ({"action": "delivered", "status": "2.0.0"}, "accepted"),
    ],
)  # fmt: skip
def test_any_other_failure_leaves_the_address_alone(house: House, email: Scripted, told: Any, state: str) -> None:
    ref = written_to(house, "mette")
    bring(house, report(ref, **told), now=LATER)
    assert (message(house).state, reached(house)) == (state, True)
    assert (("settle", "mail_blocked", None) in owed(house)) is (told["status"] == "5.7.1")


def test_the_third_time_in_a_fortnight_nobody_reads_there(house: House, email: Scripted) -> None:
    ref = written_to(house, "mette")
    reports = [report(ref, status="4.4.1", action="delayed", words=str(n)) for n in range(3)]
    bring(house, *reports[:2], now=LATER)
    assert reached(house)
    bring(house, reports[2], now=LATER)
    assert (reached(house), message(house).reason) == (False, "bad_address")


def test_who_only_knows_an_address_can_end_none(house: House, email: Scripted) -> None:
    written_to(house, "mette")
    bring(house, report(), now=LATER)
    assert (message(house).state, message(house).reason, reached(house)) == ("failed", "refused", True)
    assert ("call", house.people["mette"]) in [(kind, person) for kind, _, person in owed(house)]


def test_what_was_not_ours_is_refused_with_that_reason(house: House, email: Scripted) -> None:
    forged = f"<{'0' * 32}.1@elsewhere.example>"
    bring(house, report(forged), report(to="nobody@example.net"), now=LATER)
    assert [(m.sort, m.state, m.reason) for m in mails(house)] == [("bounce", "refused", "not_ours")] * 2
    assert (reached(house), owed(house)) == (True, [])


def test_a_report_twice_is_one(house: House, email: Scripted) -> None:
    ref = written_to(house, "mette")
    bring(house, report(ref), report(ref), report(ref, words="again"), now=LATER)
    kinds = [kind for kind, _, person in owed(house) if person == house.people["mette"]]
    assert sorted(kinds) == ["call", "undelivered"]


def test_who_calls_our_mail_unwanted_gets_no_more_marketing(house: House, email: Scripted) -> None:
    ref = written_to(house, "mette")
    raw = (
        "From: fbl@example.net\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {ref}\r\nTo: {METTE}\r\n\r\nHei\r\n--x--\r\n"
    ).encode()
    bring(house, raw, now=LATER)
    mette = house.people["mette"]
    assert ("email", "marketing") in reach(house.id, [mette])[mette].opted_out
    assert ("email", "all") not in reach(house.id, [mette])[mette].opted_out


def test_words_about_a_failed_delivery_are_still_words(house: House) -> None:
    bring(house, a_mail("Brillene er ikke levert. Kan de leveres fredag?", subject="Delivery of my glasses failed"))
    assert [(m.sort, m.state) for m in mails(house)] == [("words", "read")]
