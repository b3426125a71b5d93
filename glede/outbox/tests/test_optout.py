"""Refusals in any words, and short answers that a machine may read."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.outbox.optout import LISTS, Effect, OptOut, Reply, Stops, classify, effect, read_lists, read_reply
from glede.outbox.reading import BadPolicy, load

HARD, SOFT, NONE = OptOut.HARD, OptOut.SOFT, OptOut.NONE
B4 = [
    ("STOP", HARD),
    ("Stopp", HARD),
    ("stop.", HARD),
    ("STOP!!", HARD),
    ("Stop please", HARD),
    ("CANCEL", HARD),
    ("meld meg av", HARD),
    ("ARRÊT", HARD),
    ("please stop texting me", SOFT),
    ("ikke send flere meldinger", SOFT),
    ("slutt å sende sms", SOFT),
    ("ingen flere sms takk", SOFT),
    ("take me off your list", SOFT),
    ("wrong number", SOFT),
    ("Can I cancel my appointment on Friday?", NONE),
    ("avbestill timen min", NONE),
    ("The bus stop is closed", NONE),
    ("Yes", NONE),
    ("Kan ikke komme i morgen", NONE),
    ("I can't stop by today", NONE),
    ("weekend?", NONE),
    ("Nei takk, jeg kommer ikke", NONE),
]
B1 = [
    "stop",
    "stopall",
    "stop all",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "opt out",
    "opt-out",
    "remove",
    "arret",
    "td",
    "stopp",
    "stans",
    "avmeld",
    "meld av",
    "meld meg av",
    "slett meg",
    "fjern meg",
    "avregistrer",
    "stopp alle",
    "stopp sms",
    "afmeld",
    "frameld",
    "stop sms",
    "avsluta",
    "avanmäl",
    "avregistrera",
    "abmelden",
    "stoppen",
    "alto",
    "baja",
    "parar",
    "no mas",
    "cancelar",
    "desabonner",
    "annulla",
    "rezygnuje",
    "lopeta",
    "peruuta",
]
MORE = [
    ("S\u200bTOP", HARD),
    ("\uff33\uff34\uff2f\uff30", HARD),
    ("“Stop”", HARD),
    ("'STOP'", HARD),
    ("Désabonner", HARD),
    ("¡NO MÁS!", HARD),
    ("Stop texts now", HARD),
    ("unsubscribe me please", HARD),
    ("don’t text me", SOFT),
    ("dont text me again", SOFT),
    ("Please do not email me about this", SOFT),
    ("no more texts", SOFT),
    ("stop sending me messages", SOFT),
    ("could you stop the emails", SOFT),
    ("remove me from this", SOFT),
    ("leave me alone", SOFT),
    ("ikke kontakt meg", SOFT),
    ("Slutt og mase", SOFT),
    ("vil ikke ha reklame", SOFT),
    ("slett nummeret mitt", SOFT),
    ("Feil nummer!", SOFT),
    ("dere må stoppe å sende", NONE),
    ("My train makes a stop there first", NONE),
    ("", NONE),
    ("?", NONE),
    ("👍", NONE),
]


@pytest.mark.parametrize(("text", "expected"), [*B4, *MORE, *((word, HARD) for word in B1)])
def test_refusals(text: str, expected: OptOut) -> None:
    assert classify(text) is expected


@pytest.mark.parametrize("word", ["stop", "stopp", "unsubscribe", "stopall", "avmeld", "optout"])
def test_the_first_of_three_words(word: str) -> None:
    assert classify(f"{word} it now") is HARD
    assert classify(f"please {word} it") is NONE


def test_all_and_only_the_words_of_the_list() -> None:
    from glede.kernel.text import fold

    assert {fold(word) for word in B1} == LISTS.hard


@given(st.sampled_from(B1), st.sampled_from(["", " ", "!", "...", "\n", " 👋"]), st.booleans())
def test_case_and_marks_hide_no_refusal(word: str, mark: str, is_loud: bool) -> None:
    assert classify(mark + (word.upper() if is_loud else word) + mark) is HARD


EFFECTS = [
    ("STOP", "NO", True, False, Effect(Stops.ALL, confirms=True)),
    ("STOP", "NO", False, True, Effect(Stops.MARKETING, confirms=True)),
    ("STOP", "US", False, True, Effect(Stops.ALL, confirms=True)),
    ("CANCEL", "NO", True, False, Effect(Stops.NOTHING, is_about_visit=True, promises_colleague=True)),
    ("CANCEL", "NO", False, False, Effect(Stops.ALL, promises_colleague=True, confirms=True)),
    ("CANCEL", "US", True, False, Effect(Stops.ALL, is_about_visit=True, promises_colleague=True, confirms=True)),
    ("END", "US", True, False, Effect(Stops.ALL, promises_colleague=True, confirms=True)),
    ("quit", "us", True, False, Effect(Stops.ALL, promises_colleague=True, confirms=True)),
    ("avbestill", "NO", True, False, Effect(Stops.NOTHING, is_about_visit=True, promises_colleague=True)),
    ("avbestill", "NO", False, False, Effect(Stops.NOTHING)),
    ("kan ikke komme", "US", True, False, Effect(Stops.NOTHING, is_about_visit=True, promises_colleague=True)),
    ("please stop texting me", "NO", True, False, Effect(Stops.MARKETING, promises_colleague=True)),
    ("please stop texting me", "US", True, False, Effect(Stops.ALL, promises_colleague=True, confirms=True)),
    ("wrong number", "GB", False, False, Effect(Stops.ALL, promises_colleague=True, detaches=True)),
    ("Yes", "NO", True, False, Effect(Stops.NOTHING)),
]


@pytest.mark.parametrize(("text", "country", "near", "after_marketing", "expected"), EFFECTS)
def test_what_follows(text: str, country: str, near: bool, after_marketing: bool, expected: Effect) -> None:
    assert effect(text, country, near_visit=near, after_marketing=after_marketing) == expected


@given(
    st.text(max_size=30) | st.sampled_from([text for text, _ in [*B4, *MORE]]),
    st.sampled_from(["NO", "GB", "DE", "US"]),
)
def test_the_usa_never_stops_less(text: str, country: str) -> None:
    order = list(Stops)
    for near in (True, False):
        here, there = effect(text, country, near_visit=near), effect(text, "US", near_visit=near)
        assert order.index(there.stops) >= order.index(here.stops)
        if classify(text) is OptOut.HARD and not here.is_about_visit:
            assert here.stops is not Stops.NOTHING


ANSWERS = [
    ("1", Reply.CONFIRM),
    (" 1. ", Reply.CONFIRM),
    ("1\ufe0f\u20e3", Reply.CONFIRM),
    ("yes", Reply.CONFIRM),
    ("Ja!", Reply.CONFIRM),
    ("OK", Reply.CONFIRM),
    ("👍", Reply.CONFIRM),
    ("👍🏽", Reply.CONFIRM),
    ("👍👍", Reply.CONFIRM),
    ("Ja takk 👍", Reply.CONFIRM),
    ("I’ll be there", Reply.CONFIRM),
    ("2", Reply.MOVE),
    ("Flytt timen", Reply.MOVE),
    ("3", Reply.CALL_ME),
    ("ring meg", Reply.CALL_ME),
    ("CANCEL", Reply.CANCEL),
    ("Avbestill", Reply.CANCEL),
    ("Kan ikke komme", Reply.CANCEL),
    ("can’t make it", Reply.CANCEL),
    ("STOP", Reply.OPT_OUT),
    ("meld meg av", Reply.OPT_OUT),
    ("Takk!", Reply.THANKS),
    ("Thank you 🙂", Reply.THANKS),
    ("Kan ikke komme i morgen", Reply.UNCLEAR),
    ("yes but can I come at 3", Reply.UNCLEAR),
    ("1 or 2", Reply.UNCLEAR),
    ("yes?", Reply.UNCLEAR),
    ("12", Reply.UNCLEAR),
    ("ja 👎", Reply.UNCLEAR),
    ("👎", Reply.UNCLEAR),
    ("👍👎", Reply.UNCLEAR),
    ("END", Reply.OPT_OUT),
    ("no", Reply.UNCLEAR),
    ("nei", Reply.UNCLEAR),
    ("", Reply.UNCLEAR),
    ("  ", Reply.UNCLEAR),
    ("stop texting me please", Reply.UNCLEAR),
    ("4", Reply.UNCLEAR),
    ("I lost my sight", Reply.UNCLEAR),
]


@pytest.mark.parametrize(("text", "expected"), ANSWERS)
def test_answers_to_a_reminder(text: str, expected: Reply) -> None:
    assert read_reply(text) is expected


@given(st.text(max_size=40), st.sampled_from(["1", "yes", "ja", "avbestill", "2"]))
def test_a_word_more_is_read_by_a_person(more: str, word: str) -> None:
    if any(c.isalnum() for c in more):
        answer = read_reply(f"{word} because {more}")
        assert answer is Reply.UNCLEAR


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("replies", {**load("optout")["replies"], "move": ["1"]}, "two meanings"),
        ("replies", {**load("optout")["replies"], "sing": ["la"]}, "does not know"),
        ("hard", None, "is no list"),
        ("mood", "x", "does not know"),
    ],
)
def test_a_slip_in_the_lists_stops_the_program(key: str, value: Any, says: str) -> None:
    raw = deepcopy(load("optout"))
    raw[key] = value
    with pytest.raises(BadPolicy, match=says):
        read_lists("optout", raw)
