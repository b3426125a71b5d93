"""The shipped descriptions against the provider's own published payloads: each is right, or refused with its reason."""

import json
from typing import Any

import pytest

from glede.channels.http.accounts import shipped, written
from glede.channels.http.description import Description, Means
from glede.channels.http.filling import HttpConfig, fields_of, headers_of
from glede.channels.http.reading import read_answer, read_arrival, read_report
from glede.channels.sms.tests.contract import collected
from glede.channels.tests.rigs import envelope
from glede.outbox.rules import Reason, State
from glede.outbox.transports import Accepted, Outcome, Refused, Unknown

TEXT = envelope("sms", "+4740000101")
SECRETS = {"api_key": "key", "api_secret": "secret", "hook": "hook"}
REPORT = {
    "msisdn": "4740000101", "to": "Solberg", "network-code": "24201", "messageId": "0A0000001234567B",
    "price": "0.03330000", "status": "delivered", "scts": "2001011400", "err-code": "0", "api-key": "abcd1234",
    "client-ref": str(TEXT.message_id), "message-timestamp": "2020-01-01T12:00:00.000+00:00",
}  # fmt: skip


def said(name: str) -> Description:
    """A shipped description, as read."""
    return written(shipped()[name])[1]


def payload(name: str) -> bytes:
    """A published payload."""
    return collected(f"messaging/vonage/{name}.json").read_bytes()


PUBLISHED: list[tuple[str, str, int, Outcome]] = [
    ("vonage", "send_long_sms", 200, Accepted("62dfdf68-6c7c-479a-a190-5c52f798a787")),
    ("vonage", "send_sms_error_throttling", 200, Refused(is_permanent=False, words="200 1", is_ours=True)),
    ("vonage", "send_sms_partial_error", 200, Unknown("1 of 2 parts taken (200 1)")),
    ("vonage", "messages_invalid_error", 422, Refused(True, Reason.CONTENT_REFUSED, "422")),
    ("vonage-messages", "messages_invalid_error", 422, Refused(True, Reason.CONTENT_REFUSED, "422")),
]


@pytest.mark.parametrize(("name", "file", "status", "expected"), PUBLISHED)
def test_every_published_payload_is_right_or_refused_with_a_reason(
    name: str, file: str, status: int, expected: Outcome
) -> None:
    assert read_answer(said(name).answers, status, payload(file)) == expected


def test_no_published_payload_is_left_out() -> None:
    folder = collected("messaging/vonage")
    assert {path.stem for path in folder.glob("*.json")} == {file for _, file, _, _ in PUBLISHED}


@pytest.mark.parametrize("name", ["vonage", "vonage-messages"])
def test_every_value_of_a_description_is_read_as_it_says(name: str) -> None:
    answers = said(name).answers
    for value, meaning in answers.values.items():
        told = json.dumps({"messages": [{"status": value, "message-id": "M1"}]}).encode()
        check(read_answer(answers, 200, told), meaning)
    for status, meaning in answers.http.items():
        check(read_answer(answers, int(status), b'{"message_uuid": "M1", "title": "no"}'), meaning)


def check(found: Outcome, meaning: str) -> None:
    """An outcome is what a description's word means."""
    if meaning == Means.ACCEPTED:
        assert isinstance(found, Accepted)
        return
    assert isinstance(found, Refused)
    assert found.is_permanent is (meaning not in set(Means))
    assert found.reason == (meaning if found.is_permanent else "")


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b""), (200, b"<html>"), (200, b"{}"), (200, b'{"messages": []}'), (200, b'{"messages": [{"status": "77"}]}'),
     (200, b'{"messages": [{"status": "0"}]}'), (500, b"{}"), (502, b"<html>"), (408, b"{}"), (302, b"")],
)  # fmt: skip
def test_an_answer_that_proves_nothing_leaves_it_in_doubt(status: int, body: bytes) -> None:
    assert isinstance(read_answer(said("vonage").answers, status, body), Unknown)


@pytest.mark.parametrize(
    ("status", "body", "permanent", "ours"),
    [(400, b'{"x": 1}', True, False), (400, b"<html>", False, True), (401, b"", False, True), (429, b"", False, True)],
)
def test_a_plain_refusal_of_the_request_is_certain(status: int, body: bytes, permanent: bool, ours: bool) -> None:
    found = read_answer(said("vonage").answers, status, body)
    assert isinstance(found, Refused)
    assert (found.is_permanent, found.is_ours) == (permanent, ours)


def config(name: str, *, called_at: str = "https://solberg.example/hooks/sms/k/http/") -> HttpConfig:
    """An account by a shipped description."""
    return HttpConfig(said(name), SECRETS, "+4759440000", called_at)


def test_a_request_is_as_the_provider_publishes_it() -> None:
    told = f"https://solberg.example/hooks/sms/k/http/status/{TEXT.message_id}/?secret=hook"
    assert fields_of(config("vonage"), TEXT) == {
        "api_key": "key", "api_secret": "secret", "from": "4759440000", "to": "4740000101", "text": TEXT.text,
        "type": "text", "client-ref": str(TEXT.message_id), "callback": told, "ttl": "13800000",
    }  # fmt: skip
    assert fields_of(config("vonage-messages"), TEXT) == {
        "message_type": "text", "channel": "sms", "to": "4740000101", "from": "4759440000", "text": TEXT.text,
        "client_ref": str(TEXT.message_id), "ttl": 13800, "webhook_url": told, "webhook_version": "v1",
        "sms": {"encoding_type": "text"},
    }  # fmt: skip
    assert headers_of(config("vonage-messages"), TEXT) == {"Authorization": "Basic a2V5OnNlY3JldA=="}
    assert "callback" not in fields_of(config("vonage", called_at=""), TEXT)


def test_reports_are_read_with_their_reason_and_price() -> None:
    reports = said("vonage").reports
    assert reports is not None
    about, report = read_report(reports, REPORT)
    assert about == TEXT.message_id
    assert report is not None
    assert (report.state, report.provider_id, str(report.price), report.currency) == (
        State.DELIVERED, "0A0000001234567B", "0.03330", "EUR",
    )  # fmt: skip
    for code, reason in reports.errors.items():
        _, failed = read_report(reports, {**REPORT, "status": "failed", "err-code": code})
        assert failed is not None
        assert (failed.state, failed.reason) == (State.FAILED, reason)
    assert read_report(reports, {**REPORT, "status": "dancing"}) == (None, None)
    assert read_report(reports, {**REPORT, "client-ref": "x"})[0] is None


def test_answers_are_read() -> None:
    arrivals = said("vonage").arrivals
    assert arrivals is not None
    told: dict[str, Any] = {"msisdn": "4740000101", "to": "4759440000", "messageId": "M1", "text": "Ja", "type": "text"}
    found = read_arrival(arrivals, told)
    assert found is not None
    assert (found.address, found.words, found.provider_id) == ("+4740000101", "Ja", "M1")
    assert read_arrival(arrivals, {**told, "msisdn": ""}) is None
