"""What DNS says of a sending domain, as it is read; and a name server on loopback that is asked for real."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest

from glede.channels.mailapi import dns as asking
from glede.channels.mailapi.config import MAILGUN, POSTMARK
from glede.channels.mailapi.domain import Standing, Unasked, look, records_for

KEY = "k=rsa; p=MIGfMA0GCSqGSIb3"
GOOD = {
    ("TXT", "20261123pm._domainkey.solberg.example"): [KEY],
    ("TXT", "solberg.example"): ["google-site-verification=x", "v=spf1 include:spf.mtasv.net ~all"],
    ("TXT", "_dmarc.solberg.example"): ["v=DMARC1; p=none"],
    ("CNAME", "pm-bounces.solberg.example"): ["pm.mtasv.net."],
}


def standings(said: dict[tuple[str, str], list[str]], provider: str = POSTMARK, **given: str) -> dict[str, str]:
    """How each record of a domain is read, of which DNS says this."""
    told = {"domain": "solberg.example", "selector": "20261123pm", "key": KEY, **given}

    def resolve(kind: str, name: str) -> Sequence[str]:
        return said.get((kind, name), [])

    return {what: seen.standing for what, seen in look(records_for(provider, **told), resolve).items()}


def test_a_domain_with_all_its_records_is_as_it_must_be() -> None:
    assert set(standings(GOOD).values()) == {Standing.RIGHT}
    assert set(standings({}).values()) == {Standing.MISSING}


@pytest.mark.parametrize(
    ("what", "record", "said", "standing"),
    [
        ("dkim", ("TXT", "20261123pm._domainkey.solberg.example"), ["k=rsa; p="], Standing.REVOKED),
        ("dkim", ("TXT", "20261123pm._domainkey.solberg.example"), [KEY[:-4]], Standing.OTHER),
        ("dkim", ("TXT", "20261123pm._domainkey.solberg.example"), ["k=rsa; p=MIGfMA0 GCSqGSIb3;"], Standing.RIGHT),
        ("dkim", ("TXT", "20261123pm._domainkey.solberg.example"), [KEY, KEY], Standing.TWICE),
        ("spf", ("TXT", "solberg.example"), ["v=spf1 -all"], Standing.OTHER),
        ("spf", ("TXT", "solberg.example"), ["v=spf1 include:spf.mtasv.net ~all", "v=spf1 -all"], Standing.TWICE),
        ("spf", ("TXT", "solberg.example"), ["v=spf10 include:spf.mtasv.net"], Standing.MISSING),
        ("dmarc", ("TXT", "_dmarc.solberg.example"), ["v=DMARC1; rua=mailto:a@b.example"], Standing.OTHER),
        ("return_path", ("CNAME", "pm-bounces.solberg.example"), ["elsewhere.example."], Standing.OTHER),
    ],
)
def test_a_record_that_is_not_as_it_must_be_is_named(
    what: str, record: tuple[str, str], said: list[str], standing: Standing
) -> None:
    assert standings({**GOOD, record: said})[what] == standing


def test_a_record_that_stands_is_kept_and_added_to() -> None:
    records = records_for(MAILGUN, "solberg.example", "", "")
    seen = look(records, lambda kind, name: ["v=spf1 mx -all"] if name == "solberg.example" else [])
    assert seen["spf"].advice == "v=spf1 include:mailgun.org mx -all"
    assert seen["dkim"].standing == Standing.UNTOLD


def test_what_is_said_above_a_domain_of_its_forged_mail_holds_below_it() -> None:
    above = {("TXT", "_dmarc.solberg.example"): ["v=DMARC1; p=reject"]}
    assert standings(above, MAILGUN, domain="mg.solberg.example")["dmarc"] == Standing.RIGHT
    top = {("TXT", "_dmarc.example"): ["v=DMARC1; p=reject"]}
    assert standings(top, MAILGUN, domain="mg.solberg.example")["dmarc"] == Standing.MISSING


@contextmanager
def serving(said: dict[str, list[str]], rcode: int = 0) -> Iterator[str]:
    """A name server on loopback that says this of TXT; what it does not know is not there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(0.2)
        done = threading.Event()

        def answer() -> None:
            while not done.is_set():
                try:
                    asked, sender = line.recvfrom(4096)
                except TimeoutError:
                    continue
                line.sendto(_answer(asked, said, rcode), sender)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{line.getsockname()[1]}"
        done.set()
        thread.join()


def _answer(asked: bytes, said: dict[str, list[str]], rcode: int) -> bytes:
    query = dns.message.from_wire(asked)
    answer = dns.message.make_response(query)
    name = query.question[0].name
    texts = said.get(name.to_text().rstrip("."), [])
    answer.set_rcode(dns.rcode.Rcode(rcode if rcode or texts else 3))
    answer.answer += [dns.rrset.from_text(name, 60, "IN", "TXT", *texts)] if texts else []
    return answer.to_wire()


def test_a_name_server_is_asked_and_a_text_in_pieces_is_one(settings: Any) -> None:
    with serving({"solberg.example": ['"v=spf1 " "-all"']}) as address:
        settings.GLEDE_DNS = address
        resolve = asking.resolver()
        assert list(resolve("TXT", "solberg.example")) == ["v=spf1 -all"]
        assert list(resolve("TXT", "nowhere.example")) == []


def test_a_name_server_that_fails_is_not_one_that_says_no(settings: Any) -> None:
    with serving({}, rcode=2) as address:
        settings.GLEDE_DNS = address
        with pytest.raises(Unasked):
            asking.resolver()("TXT", "solberg.example")
