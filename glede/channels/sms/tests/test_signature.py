"""Who may call: every published vector, Twilio's own example, anything changed by one sign, and no guard at all."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from glede.channels.sms.signature import is_genuine, sign
from glede.channels.sms.tests.contract import collected
from glede.kernel import failpoints

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = [
    ("CallSid", "CA1234567890ABCDE"), ("Caller", "+12349013030"), ("Digits", "1234"), ("From", "+12349013030"),
    ("To", "+18005551212"),
]  # fmt: skip
MADE = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def test_the_example_in_the_documentation() -> None:
    assert sign("12345", URL, FIELDS) == MADE
    assert is_genuine("12345", URL, FIELDS[::-1], MADE)


def vectors() -> list[dict[str, Any]]:
    """The published vectors."""
    found: list[dict[str, Any]] = json.loads(collected("messaging/twilio-signature/vectors.json").read_text())
    return found


def test_every_published_vector_is_answered_as_it_says() -> None:
    assert len(vectors()) == 7
    for vector in vectors():
        pairs = [(name, value) for name, value in vector.get("params", [])]
        body = vector["body"].encode() if "body" in vector else None
        told = is_genuine(vector["token"], vector["url"], pairs, vector["signature"], body=body)
        assert told is vector["valid"], vector["name"]
        assert not is_genuine("12346", vector["url"], pairs, vector["signature"], body=body), vector["name"]
        if body is not None:
            assert not is_genuine(vector["token"], vector["url"], pairs, vector["signature"], body=body + b" ")


@given(st.integers(0, 4), st.text(max_size=6), st.sampled_from(["name", "value", "url", "signature", "more"]))
def test_nothing_may_be_changed(place: int, other: str, what: str) -> None:
    pairs, url, signature = list(FIELDS), URL, MADE
    name, value = pairs[place]
    if what == "name":
        pairs[place] = (name + "x" + other, value)
    elif what == "value":
        pairs[place] = (name, value + "x" + other)
    elif what == "url":
        url += "x" + other
    elif what == "more":
        pairs.append(("X" + other, "1"))
    else:
        signature = signature[:place] + chr(ord(signature[place]) ^ 1) + signature[place + 1 :]
    assert not is_genuine("12345", url, pairs, signature)
    assert not is_genuine("12345", url, pairs, "")


def test_control_without_the_guard_anybody_may_call() -> None:
    failpoints.remove_guards("signature")
    try:
        assert is_genuine("12345", URL, FIELDS, "made up")
    finally:
        failpoints.remove_guards()
