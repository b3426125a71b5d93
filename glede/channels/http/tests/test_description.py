"""A description is read strictly: every slip is refused with its place, and nothing a person writes is a place."""

from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.channels.http.accounts import shipped, written
from glede.channels.http.description import Proof, Secured, read_description
from glede.channels.http.filling import HttpConfig, fields_of
from glede.channels.http.line import Line
from glede.channels.http.proving import is_proved, signed
from glede.channels.tests.rigs import envelope
from glede.kernel import failpoints
from glede.kernel.addresses import BadAddress
from glede.outbox.reading import BadPolicy

WHOLE: dict[str, Any] = written(shipped()["vonage"])[0]
SECRET = "a secret"


def changed(path: str, value: Any) -> dict[str, Any]:
    """A description with one field changed; None takes it away."""
    raw = deepcopy(WHOLE)
    *steps, last = path.split("/")
    at = raw
    for step in steps:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return raw


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("name", None, "name: is missing"),
        ("mood", "good", "does not know mood"),
        ("request/url", "http://rest.nexmo.com/sms", "no https address"),
        ("request/url", "http://127.0.0.1/sms", "on the open net"),
        ("request/url", "https://localhost/sms", "on the open net"),
        ("request/url", "https://user:pw@rest.nexmo.com/", "no https address"),
        ("request/url", "https://rest.nexmo.com/{api_key}", "on the open net"),
        ("request/url", "ftp://rest.nexmo.com/", "no https address"),
        ("request/body", "xml", "does not know xml"),
        ("request/fields/to", "{nobody}", "names nobody"),
        ("request/fields/to", None, "to whom or what"),
        ("request/fields/text", "hello", "to whom or what"),
        ("request/fields/n", 3, "put numbers in quotes"),
        ("request/headers", {"Host": "elsewhere"}, "cannot be sent"),
        ("request/headers", {"X-A": "a\nb"}, "cannot be sent"),
        ("request/headers", {"X-A": "{text}"}, "hold no text"),
        ("request/encodings", None, "encodings"),
        ("answer/values/0", "fine", "does not know fine"),
        ("answer/values", {"1": "later"}, "what a yes looks like"),
        ("answer/values", None, "or neither"),
        ("answer/id", None, "id: is missing"),
        ("report/states", {"delivered": "here"}, "does not know here"),
        ("report/states", {"delivered": "planned"}, "does not know planned"),
        ("report/errors", {"1": "moved"}, "does not know moved"),
        ("secured", None, "nobody may call us unproved"),
        ("secured/by", "hope", "does not know hope"),
        ("secured/secret", "other", "none of the secrets"),
        ("secured/digest", "md5", "knows sha256"),
        ("needs", ["to", "hook"], "can be no secret"),
        ("needs", ["api_key", "hook"], "names api_secret"),
    ],
)
def test_every_slip_is_refused_with_its_place(path: str, value: Any, says: str) -> None:
    with pytest.raises(BadPolicy, match=says):
        read_description(changed(path, value))


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "name: !!python/object:os.x {}", "x" * 20_001])
def test_what_is_no_description_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadPolicy):
        written(text)


def test_every_shipped_description_is_right_and_says_where_it_is_from() -> None:
    assert set(shipped()) == {"vonage", "vonage-messages"}
    for text in shipped().values():
        _, said = written(text)
        assert said.source.startswith("https://")
        assert said.carries_our_id
        assert said.ends_in_time


@given(st.text(max_size=60) | st.sampled_from(["{api_secret}", "{to}", "{{text}}", "a&to=1"]))
def test_nothing_a_person_writes_is_read_as_a_place(words: str) -> None:
    config = HttpConfig(read_description(WHOLE), {"api_key": "k", "api_secret": SECRET, "hook": "h"}, "Solberg")
    made = fields_of(config, replace(envelope("sms", "+4740000101"), text=f"x{words}"))
    assert made["text"] == f"x{words}"
    assert made["api_secret"] == SECRET


@pytest.mark.parametrize(
    "number", ["127.0.0.1", "10.0.0.8", "192.168.1.4", "169.254.169.254", "100.64.0.1", "::1", "fd00::1",
               "::ffff:10.0.0.1", "0.0.0.0"]
)  # fmt: skip
def test_a_machine_inside_is_never_asked(number: str) -> None:
    for known in ([number], ["93.184.216.34", number]):
        line = Line("https://rest.nexmo.com/sms/json", 1.0, resolve=partial(standing_for, known))
        with pytest.raises(BadAddress, match="inside"):
            line.post({}, data={"a": "b"})
        line.close()


def standing_for(numbers: list[str], host: str, port: int) -> list[str]:
    """A look-up that finds these numbers."""
    return numbers


def test_loopback_is_asked_only_where_the_setting_says_so() -> None:
    line = Line("https://localhost/", 1.0, resolve=lambda host, port: ["127.0.0.1"])
    with pytest.raises(BadAddress, match="inside"):
        line.post({}, data={})
    line.close()


PROOFS = [
    (Secured(Proof.QUERY, "secret", "hook", "sha256", "hex", ""), {"query": {"secret": SECRET}}),
    (Secured(Proof.HEADER, "X-Key", "hook", "sha256", "hex", "Bearer "), {"headers": {"X-Key": f"Bearer {SECRET}"}}),
    (Secured(Proof.BASIC, "", "hook", "sha256", "hex", ""), {"headers": {"Authorization": "Basic dTphIHNlY3JldA=="}}),
    *(
        (way, {"headers": {"X-Sign": way.prefix + signed(way, SECRET, b"body")}})
        for way in (
            Secured(Proof.HMAC, "X-Sign", "hook", "sha256", "hex", "sha256="),
            Secured(Proof.HMAC, "X-Sign", "hook", "sha512", "base64", ""),
        )
    ),
]


@pytest.mark.parametrize(("secured", "told"), PROOFS)
def test_a_call_proves_itself_as_described_and_in_no_other_way(secured: Secured, told: dict[str, Any]) -> None:
    call = {"query": {}, "headers": {}, "body": b"body", **told}
    assert is_proved(secured, SECRET, **call)
    assert not is_proved(secured, "another", **call)
    assert not is_proved(secured, "", **call)
    assert not is_proved(secured, SECRET, query={}, headers={}, body=b"body")
    if secured.by is Proof.HMAC:
        assert not is_proved(secured, SECRET, **{**call, "body": b"bodz"})


def test_the_published_digest() -> None:
    way = Secured(Proof.HMAC, "X-Hub-Signature-256", "hook", "sha256", "hex", "sha256=")
    assert signed(way, "secret", b"test") == "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914"


def test_control_without_the_guard_anybody_may_call() -> None:
    failpoints.remove_guards("signature")
    try:
        assert is_proved(PROOFS[0][0], SECRET, query={}, headers={}, body=b"")
    finally:
        failpoints.remove_guards()
