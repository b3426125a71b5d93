"""Texts against a provider on loopback that keeps to the published contract: certain, refused, or in doubt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from glede.channels.sms.adapter import TextSession, TextTransport, valid_seconds
from glede.channels.sms.config import BadAddress, SmsConfig, api_address
from glede.channels.sms.tests.contract import Contract
from glede.channels.sms.tests.provider import ACCOUNT, NUMBER, TOKEN, Provider, providing, refuses, takes_and
from glede.kernel import clock
from glede.kernel.ids import new_id
from glede.outbox.rules import Reason, Resolution
from glede.outbox.transports import Accepted, Envelope, Refused, Unknown

NOON = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
TEXT = Envelope(
    message_id=new_id(), channel="sms", key="k" * 64, message_ref="<k.1@solberg.example>", to_address="+4740000101",
    to_name="Kari", from_name="Solberg Optikk", from_address="hei@solberg.example", subject="",
    text="Kari, vi sees onsdag 25. november kl. 10. Åpent fra 9: Solberg Optikk, 22 12 34 56", date=NOON,
    expires_at=NOON + timedelta(hours=4),
)  # fmt: skip


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that does as told."""
    with providing() as server:
        yield server


_open: list[TextSession] = []


@pytest.fixture(autouse=True)
def all_hang_up() -> Iterator[None]:
    """Every session of a test ends with it."""
    yield
    while _open:
        _open.pop().close()


def session(provider: Provider, **changes: Any) -> TextSession:
    """A session with the provider's account."""
    config = SmsConfig(
        ACCOUNT, TOKEN, NUMBER, called_at="https://solberg.example/hooks/sms/k/", api=provider.address,
        deadline_seconds=1.0,
    )  # fmt: skip
    _open.append(TextSession(replace(config, **changes)))
    return _open[-1]


def test_many_texts_leave_over_one_connection(provider: Provider) -> None:
    sending = session(provider)
    answers = [sending.send(replace(TEXT, message_id=new_id())) for _ in range(4)]
    assert [a.provider_id for a in answers if isinstance(a, Accepted)] == [m["sid"] for m in provider.made]
    assert (len(provider.made), provider.connections) == (4, 1)


def test_request_and_answer_are_as_the_published_contract_says(provider: Provider) -> None:
    contract = Contract()
    for changes in ({}, {"service_sid": "MG" + "a" * 32, "sender": ""}, {"sender": "Solberg"}, {"called_at": ""}):
        assert isinstance(session(provider, **changes).send(TEXT), Accepted)
    for form in provider.forms:
        contract.check_request(form, ACCOUNT)
    for made in provider.made:
        contract.check_message(made)
    with pytest.raises(AssertionError):
        contract.check_request({**provider.forms[0], "Form": NUMBER}, ACCOUNT)


def test_a_request_carries_our_id_its_end_and_one_sender(provider: Provider) -> None:
    session(provider).send(TEXT)
    session(provider, service_sid="MG" + "a" * 32, called_at="").send(replace(TEXT, expires_at=None))
    first, second = provider.forms
    assert first == {
        "To": "+4740000101", "Body": TEXT.text, "From": NUMBER, "ValidityPeriod": "13800",
        "StatusCallback": f"https://solberg.example/hooks/sms/k/status/{TEXT.message_id}/",
    }  # fmt: skip
    assert second == {"To": "+4740000101", "Body": TEXT.text, "MessagingServiceSid": "MG" + "a" * 32}


@pytest.mark.parametrize(
    ("left", "valid"),
    [(timedelta(days=3), 36_000), (timedelta(hours=1), 3_000), (timedelta(minutes=2), 60), (timedelta(seconds=8), 5)],
)
def test_a_text_is_void_before_its_hour(left: timedelta, valid: int) -> None:
    assert valid_seconds(NOON + left, NOON) == valid < left.total_seconds()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (21610, Reason.OPTED_OUT), (21211, Reason.UNKNOWN_NUMBER), (21614, Reason.UNKNOWN_NUMBER),
        (21635, Reason.LANDLINE), (21617, Reason.CONTENT_REFUSED), (21608, Reason.REFUSED),
    ],
)  # fmt: skip
def test_a_no_in_the_providers_own_words_is_certain(provider: Provider, code: int, reason: Reason) -> None:
    provider.faults = [refuses(400, code)]
    found = session(provider).send(TEXT)
    assert found == Refused(is_permanent=True, reason=reason, words=f"400 {code}")
    assert provider.made == []


@pytest.mark.parametrize(
    ("status", "code"), [(429, 20429), (429, None), (401, 20003), (403, None), (404, 20404), (503, 20503), (400, 21606)]
)
def test_what_is_wrong_with_us_keeps_the_whole_batch(provider: Provider, status: int, code: int | None) -> None:
    provider.faults = [refuses(status, code)]
    found = session(provider).send(TEXT)
    assert isinstance(found, Refused)
    assert (found.is_permanent, found.is_ours) == (False, True)


def broken(words: bytes, status: int = 201) -> Any:
    """A provider that took the message and answers with something else."""
    return takes_and(lambda handler, made: handler.answer(status, words))


@pytest.mark.parametrize(
    "fault",
    [
        broken(b'{"sid": "SM'), broken(b"[]"), broken(b"<html>welcome</html>", 200), broken(b"{}", 500),
        broken(b"<html>gateway</html>", 502), broken(b"<html>later</html>", 503), broken(b"", 408),
        takes_and(lambda handler, made: handler.hang_up()), takes_and(lambda handler, made: clock.wait(1.5)),
    ],
)  # fmt: skip
def test_an_answer_that_proves_nothing_leaves_it_in_doubt(provider: Provider, fault: Any) -> None:
    provider.faults = [fault]
    sending = session(provider)
    assert isinstance(sending.send(TEXT), Unknown)
    assert len(provider.made) == 1
    assert isinstance(sending.send(TEXT), Accepted)


def test_an_answer_that_never_ends_is_not_waited_for(provider: Provider) -> None:
    def drip(handler: Any, made: Any) -> None:
        handler.send_response(201)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            clock.wait(0.05)

    provider.faults = [takes_and(drip)]
    started = clock.monotonic()
    assert isinstance(session(provider).send(TEXT), Unknown)
    assert clock.monotonic() - started < 20  # the deadline is one second, the drops go on for fifty


def test_nobody_at_home_is_our_trouble_not_the_messages(provider: Provider) -> None:
    found = session(provider, api="http://127.0.0.1:9").send(TEXT)
    assert isinstance(found, Refused)
    assert (found.is_permanent, found.is_ours) == (False, True)
    assert session(provider, token="another").send(TEXT) == Refused(False, words="401 20003", is_ours=True)


def test_what_cannot_be_a_text_never_reaches_the_provider(provider: Provider) -> None:
    for envelope, reason in (
        (replace(TEXT, text="a" * 1_601), Reason.CONTENT_REFUSED),
        (replace(TEXT, text=" "), Reason.CONTENT_REFUSED),
        (replace(TEXT, to_address="22 12 34 56"), Reason.BAD_ADDRESS),
    ):
        found = session(provider).send(envelope)
        assert isinstance(found, Refused)
        assert found.reason == reason
    assert provider.forms == []


def test_a_message_that_failed_at_once_has_failed(provider: Provider) -> None:
    def fail(handler: Any, form: dict[str, str]) -> None:
        handler.answer(201, handler.server.make(form, status="failed", error_code=30006))

    provider.faults = [fail]
    found = session(provider).send(TEXT)
    assert isinstance(found, Refused)
    assert (found.is_permanent, found.reason) == (True, Reason.LANDLINE)


@pytest.mark.parametrize("address", ["http://api.twilio.com", "ftp://127.0.0.1.example", ""])
def test_a_token_never_travels_in_the_clear(settings: Any, address: str) -> None:
    settings.GLEDE_SMS_URL = address
    with pytest.raises(BadAddress):
        api_address()


def test_a_token_is_not_shown() -> None:
    assert TOKEN not in repr(SmsConfig(ACCOUNT, TOKEN, NUMBER))


def test_what_nobody_heard_of_waits_for_the_call_back() -> None:
    assert TextTransport().capabilities(new_id()).resolution is Resolution.CALL_BACK
