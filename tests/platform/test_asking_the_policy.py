"""`glede may-send`, `glede opt-out classify`, `glede mail classify`: what the pure parts say, by command."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.config import cli
from glede.outbox.policy import Channel, Purpose
from glede.outbox.policy.asked import FLAGS, read_questions
from glede.outbox.reading import BadPolicy

REMINDER = {"purpose": "reminder", "channel": "sms", "country": "GB", "now": "2026-11-24T18:00:00+00:00"}
TEXAS = {
    "purpose": "offer", "channel": "sms", "country": "US", "state": "TX", "zone": "America/Chicago", "hours": "law",
    "now": "2026-11-29T10:00:00-06:00", "consents": [{"kind": "written", "given_at": "2026-01-05T12:00:00-06:00"}],
}  # fmt: skip


class Told:
    """What a command answered: its exit code, its JSON, and its words on standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.facts, self.err = code, json.loads(out), err


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: str) -> Told:
        code = cli.main([*words, "--json"])
        return Told(code, *capsys.readouterr())

    return run


@pytest.fixture
def decided(told: Any, tmp_path: Path) -> Any:
    def ask(question: Any) -> Any:
        file = tmp_path / "questions.json"
        file.write_text(json.dumps(question), encoding="utf-8")
        return told("may-send", str(file))

    return ask


def test_questions_are_decided_in_their_order(decided: Any) -> None:
    answer = decided([REMINDER, TEXAS, REMINDER | {"text": "See you tomorrow, and 20 % off frames"}])
    allowed, texas, sold = answer.facts["decisions"]
    assert answer.code == 0
    assert (allowed["decision"], allowed["basis"]) == ("allow", "care")
    assert (texas["decision"], texas["defer_until"]) == ("defer", "2026-11-29T18:00:00+00:00")
    assert (sold["decision"], sold["reasons"][0]) == ("deny", {"code": "promotion", "word": "%"})
    assert sold["why"] == ["The words sell something."]


def test_a_purchase_is_an_address_got_in_a_sale(decided: Any) -> None:
    offer = REMINDER | {"purpose": "offer", "channel": "email", "last_purchase_at": "2026-09-24T12:00:00+01:00"}
    offered, unasked = decided([offer | {"flags": ["choice_offered"]}, offer]).facts["decisions"]
    assert (offered["decision"], offered["basis"]) == ("allow", "soft")
    assert "unsubscribe" in offered["must_include"]
    assert unasked["reasons"][0] == {"code": "no_choice_offered"}


@pytest.mark.parametrize("channel", ["whatsapp", "messenger", "instagram", "voice", "letter"])
def test_nothing_leaves_by_a_channel_that_is_not_there(decided: Any, channel: str) -> None:
    asked = REMINDER | {
        "purpose": "reply", "channel": channel, "last_inbound_at": "2026-11-24T17:00:00+00:00",
        "flags": ["by_person", "human_agent", "platform_consent", "template"],
    }  # fmt: skip
    (one,) = decided(asked).facts["decisions"]
    assert one["decision"] == "deny"
    assert {"code": "no_such_channel"} in one["reasons"]


def test_a_country_without_rules_is_refused(decided: Any) -> None:
    (one,) = decided(TEXAS | {"country": "CA", "state": "", "zone": "America/Toronto"}).facts["decisions"]
    assert (one["decision"], one["reasons"]) == ("deny", [{"code": "no_rules"}])


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"now": "2026-11-24T18:00:00"}, "now"), ({"now": None}, "now"), ({"zone": "Mars/Base"}, "zone"),
        ({"country": "US"}, "zone"), ({"channel": "pigeon"}, "channel"), ({"purpose": 7}, "purpose"),
        ({"flags": ["lazy"]}, "flags"), ({"colour": "red"}, "colour"), ({"consents": [{"kind": "maybe"}]}, "kind"),
        ({"hours": "none"}, "hours"), ({"counts": {"today": -1}}, "today"), ({"hours_from": "nine"}, "hours_from"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_the_rest_decided(decided: Any, changed: Any, named: str) -> None:
    answer = decided([REMINDER | changed, REMINDER])
    refused, decision = answer.facts["decisions"]
    assert answer.code == 1
    assert refused["error"].startswith("question 1")
    assert named in refused["error"]
    assert decision["decision"] == "allow"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{", b"[" * 100_000, b"9" * 5000])
def test_a_file_that_is_no_question_is_refused_in_one_line(told: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.json").write_bytes(content)
    answer = told("may-send", str(tmp_path / "broken.json"))
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "Error" not in answer.err


CAME_BACK = b"""From: MAILER-DAEMON@example.no
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.no

Final-Recipient: rfc822; kari@example.no
Action: failed
Status: 5.1.1
--b--
"""

PLAIN = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner) | (
    st.dictionaries(st.sampled_from([*REMINDER, *TEXAS, "counts", "hours_from", "kind"]), inner)
), max_leaves=8)  # fmt: skip


@given(PLAIN, st.sampled_from(list(Purpose)), st.sampled_from(list(Channel)), st.sets(st.sampled_from(FLAGS)))
def test_whatever_stands_in_a_file_is_read_or_named(raw: Any, purpose: str, channel: str, flags: set[str]) -> None:
    half = raw if isinstance(raw, dict) else {}
    for one in (raw, REMINDER | half | {"purpose": purpose, "channel": channel, "flags": sorted(flags)}):
        assert all(isinstance(asked, BadPolicy) or asked.now.tzinfo for asked in read_questions(one))


def test_a_refusal_is_classified(told: Any) -> None:
    stop = told("opt-out", "classify", "STOPP", "--country", "NO").facts
    assert (stop["class"], stop["stops"], stop["confirms"]) == ("hard", "all", True)
    visit = told("opt-out", "classify", "Avbestill", "--country", "NO", "--near-visit").facts
    assert (visit["stops"], visit["is_about_visit"], visit["colleague_asks"]) == ("nothing", True, True)
    usual = told("opt-out", "classify", "cancel my appointment", "--country", "UK").facts
    assert (usual["class"], usual["country"]) == ("none", "GB")


def test_a_mail_is_classified(told: Any, tmp_path: Path) -> None:
    mails = {
        "message": b"From: Kari <kari@example.no>\nSubject: Timen\n\nKan jeg komme senere?\n",
        "auto-reply": b"From: Kari <kari@example.no>\nSubject: Autosvar\nAuto-Submitted: auto-replied\n\nFerie.\n",
        "bounce": CAME_BACK,
    }
    for wanted, mail in mails.items():
        (tmp_path / "mail.eml").write_bytes(mail)
        facts = told("mail", "classify", str(tmp_path / "mail.eml")).facts
        assert (facts["class"], facts["addresses"]) == (wanted, ["kari@example.no"])
