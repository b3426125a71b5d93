"""Words that do not belong in a message, and the ones that do."""

from copy import deepcopy
from typing import Any

import pytest

from glede.outbox.linter import Kind, lint, read_lists
from glede.outbox.reading import BadPolicy, load

WRONG = [
    ("…and 20 % off frames", Kind.PROMOTION, "%"),
    ("save 10kr off today", Kind.PROMOTION, "10kr off"),
    ("a special OFFER", Kind.PROMOTION, "offer"),
    ("New Collection in store", Kind.PROMOTION, "new collection"),
    ("use your voucher", Kind.PROMOTION, "voucher"),
    ("win a pair", Kind.PROMOTION, "win"),
    ("summer sale", Kind.PROMOTION, "sale"),
    ("Tilbud!", Kind.PROMOTION, "tilbud"),
    ("vi har rabatter", Kind.PROMOTION, "rabatter"),
    ("gavekort til deg", Kind.PROMOTION, "gavekort"),
    ("ny kampanje", Kind.PROMOTION, "kampanje"),
    ("gratis synsprøve", Kind.PROMOTION, "gratis"),
    ("konkurranse", Kind.PROMOTION, "konkurranse"),
    ("kontroll av grønn stær", Kind.DIAGNOSIS, "gronn staer"),
    ("Glaukomkontroll", Kind.DIAGNOSIS, "glaukomkontroll"),
    ("diabetic screening", Kind.DIAGNOSIS, "diabetic"),
    ("your cataract check", Kind.DIAGNOSIS, "cataract"),
    ("bring latanoprost", Kind.DRUG, "latanoprost"),
    ("prøvesvaret er her", Kind.RESULT, "provesvaret"),
    ("your test results", Kind.RESULT, "test results"),
    ("Rx follows", Kind.PRESCRIPTION, "rx"),
    ("2 dioptrier", Kind.PRESCRIPTION, "dioptrier"),
    ("du skylder 400 kr", Kind.DEBT, "du skylder"),
    ("inkassovarsel", Kind.DEBT, "inkassovarsel"),
    ("You will get drops", Kind.PREPARATION, "drops"),
    ("dråper i øynene", Kind.PREPARATION, "draper"),
    ("Reply CANCEL", Kind.STOP_WORD, "reply cancel"),
    ('text us the word "QUIT"', Kind.STOP_WORD, 'text us the word "quit'),
    ("svar END", Kind.STOP_WORD, "svar end"),
    ("Send STOP to cancel your visit", Kind.STOP_WORD, "stop to cancel"),
    ("skriv STOPP for å avbestille", Kind.STOP_WORD, "stopp for a avbestille"),
]
LINK = "https://solberg.no/t/K7M4Q9XW2P"
RIGHT = [
    f"Kari, your eye test is booked: Tuesday 24 November, 2:30pm, Solberg Optikk. See, move or cancel: {LINK}",
    f"Kari, synsprøven er bestilt: tirsdag 24. november kl. 14.30. Se, flytt eller avbestill: {LINK} Ring 22 12 34 56",
    f"Kari, vi sees i morgen. Du møter Amal. Flytt timen eller forbered deg: {LINK} Solberg Optikk",
    "Kari, your new glasses are ready. Come in any day 9am to 5pm.",
    "Thanks Kari, we have your message. If it is about sudden loss of sight, call us now: 22 12 34 56",
    "Gjelder det plutselig synstap, ring oss nå: 22 12 34 56",
    "Reply 1 to confirm, 2 to move, 3 and we call you.",
    "Reply STOP to opt out",
    "The full price is 890 kr to 1,290 kr. Feel free to call. Free parking.",
    "Please call us about your visit.",
    "Map: https://example.org/?q=Solberg%20Optikk",
    "Vi møtes ved resepsjonen. Ta med brillene dine.",
    "",
]


@pytest.mark.parametrize(("text", "kind", "word"), WRONG)
def test_what_does_not_belong(text: str, kind: Kind, word: str) -> None:
    assert (kind, word) in [(found.kind, found.word) for found in lint(text)]


@pytest.mark.parametrize("text", RIGHT)
def test_what_does(text: str) -> None:
    assert lint(text) == ()


def test_one_of_each_kind_in_the_order_they_stand() -> None:
    found = lint("Your drops, 10 % off, a voucher, and glaucoma")

    assert [(one.kind, one.word) for one in found] == [
        (Kind.PREPARATION, "drops"),
        (Kind.PROMOTION, "%"),
        (Kind.DIAGNOSIS, "glaucoma"),
    ]


def test_names_are_left_out_whole() -> None:
    assert lint("Hei Win", ("Win",)) == ()
    assert lint("Hei winner, win", ("Win",)) == ()
    assert lint("Hei, win a sale", ("Win",)) != ()


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [("promotion", [], "has no words"), ("gossip", ["x"], "does not know"), ("version", 1, "is no text")],
)
def test_a_slip_in_the_lists_stops_the_program(key: str, value: Any, says: str) -> None:
    raw = deepcopy(load("lint"))
    raw[key] = value
    with pytest.raises(BadPolicy, match=says):
        read_lists("lint", raw)


@pytest.mark.parametrize("code", ["7KX2M9QRT4VWB", "KX72M9QRT4VWB", "RABATT2345678", "0RABATT234567"])
def test_a_visits_code_is_one_word_for_all_and_one_that_says_something_is_found(code: str) -> None:
    text = f"Kari, your receipt code is {code}. See https://solberg.example/t/{code}/"
    found = [(one.kind, one.word) for one in lint(text, ["Kari"])]
    assert found == ([(Kind.PROMOTION, code.lower())] if code.startswith("RABATT") else [])


def test_a_word_before_or_after_a_code_is_found() -> None:
    for code in ("7KX2M9QRT4VWB", "KX72M9QRT4VWB"):
        assert lint(f"A special offer {code}")
        assert lint(f"{code} % off")
