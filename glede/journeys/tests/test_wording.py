"""Every message: short enough, plain enough, whole."""

from itertools import product

import pytest

from glede.journeys import document
from glede.journeys.easy import too_hard
from glede.journeys.wording import WISHED_FOR, Words, faults, fill, fill_text, text_message
from glede.kernel import reading
from glede.kernel.gsm import sms_segments

VALUES = {
    "en": {
        "name": "Kari",
        "service": "Eye test",
        "when": "Tuesday 24 November, 2:30pm",
        "when_at": "Tuesday 24 November at 2:30pm",
        "tomorrow": "tomorrow",
        "today": "today",
        "who": "Amal",
        "sender": "Sofie",
        "price": "890 kr",
        "minutes": "40",
        "late": "25",
        "stop": "STOP = no more texts",
        "begins": "2:55pm",
        "bring": "Your glasses and a list of your medicines.",
    },
    "nb": {
        "name": "Kari",
        "service": "Synsprøve",
        "when": "tirsdag 24. november kl. 14.30",
        "when_at": "tirsdag 24. november kl. 14.30",
        "tomorrow": "i morgen",
        "today": "i dag",
        "who": "Amal",
        "sender": "Sofie",
        "price": "890 kr",
        "minutes": "40",
        "late": "25",
        "stop": "STOP = ingen flere SMS",
        "begins": "kl. 14.55",
        "bring": "Brillene dine og en liste over medisinene dine.",
    },
}
SHORTER = {
    "en": {"when": "24 November, 2:30pm", "when_at": "24 November at 2:30pm"},
    "nb": {"when": "24. november kl. 14.30", "when_at": "24. november kl. 14.30"},
}
HOUSE = {
    "practice": "Solberg Optikk",
    "phone": "22 12 34 56",
    "link": "https://solberg.example/t/K7M4Q9XW2P3TB/",
    "code": "K7M4Q9XW2P3TB",
    "address": "Storgata 1, 0155 Oslo",
}
LONG_HOUSE = {**HOUSE, "practice": "Nordstrand Synsenter", "link": "https://nordstrandsynsenter.no/t/K7M4Q9XW2P3TB/"}
EVERY = [
    pytest.param(row, variant, language, channel, style, id=f"{row.row}-{variant}-{language}-{channel}-{style}")
    for row in document.default().rows
    for (variant, language, channel), style in product(row.wording, ("short", "friendly"))
]
TEXTS = [p for p in EVERY if p.values[3] == "sms"]


def text_of(row, variant, language, channel, style, house=HOUSE) -> str:
    words, values = row.wording[variant, language, channel], {**VALUES[language], **house}
    return text_message(words, style, values, SHORTER[language]) if channel == "sms" else fill(words.of(style), values)


@pytest.mark.parametrize("house", [HOUSE, LONG_HOUSE], ids=["short", "long"])
@pytest.mark.parametrize(("row", "variant", "language", "channel", "style"), TEXTS)
def test_a_text_is_one_part_with_the_real_address(row, variant, language, channel, style, house) -> None:
    text = text_of(row, variant, language, channel, style, house)
    segments = sms_segments(text)
    assert (segments.encoding, segments.parts) == ("GSM-7", 1), text


@pytest.mark.parametrize(("row", "variant", "language", "channel", "style"), TEXTS)
def test_a_text_begins_with_the_name_and_holds_link_and_sender(row, variant, language, channel, style) -> None:
    text = text_of(row, variant, language, channel, style)
    assert text.startswith("Kari,")
    if "{link}" in row.words(variant, language, channel).short:
        assert text.count("https://") == 1
        assert HOUSE["link"] in text
    else:  # a greeting sells nothing and leads nowhere, but it says how to hear no more
        assert row.purpose in WISHED_FOR
        assert VALUES[language]["stop"] in text
    assert HOUSE["practice"] in text


@pytest.mark.parametrize(("row", "variant", "language", "channel", "style"), EVERY)
def test_every_message_is_easy_to_read(row, variant, language, channel, style) -> None:
    text = fill(row.wording[variant, language, channel].of(style), {**VALUES[language], **HOUSE})
    if language == "nb":
        assert reading.lix(text) <= reading.LIX_MOST, text
    else:
        assert reading.grade(text) <= reading.GRADE_MOST, text


def test_norwegian_is_easy_on_the_whole() -> None:
    found = [
        reading.lix(fill(row.wording[variant, "nb", channel].of(style), {**VALUES["nb"], **HOUSE}))
        for row in document.default().rows
        for variant, language, channel in row.wording
        for style in ("short", "friendly")
        if language == "nb"
    ]
    assert sum(found) / len(found) <= reading.LIX_MEAN


@pytest.mark.parametrize(("row", "variant", "language", "channel", "style"), EVERY)
def test_no_message_says_reply_cancel_or_leaves_a_gap(row, variant, language, channel, style) -> None:
    text = text_of(row, variant, language, channel, style)
    assert "reply" not in text.lower()
    assert not any(sign in text for sign in "{}[]")
    assert "  " not in text
    # Everything that may be missing is missing: what is left still reads.
    needed = {place: VALUES[language][place] for place in ("name", "service", "when", "when_at", "late", "begins")}
    bare = fill(row.wording[variant, language, channel].of(style), {**needed, **HOUSE, "phone": "", "address": ""})
    assert not any(gap in bare for gap in (" ,", " .", "..", ",,", "  "))


def test_thanks_ask_for_nothing_and_are_the_same_for_everybody() -> None:
    row = document.default().row("12")
    assert row is not None
    for words in row.wording.values():
        for text in (words.short, words.friendly):
            assert "review" not in text.lower()
            assert "anmeld" not in text.lower()


def test_the_phone_falls_away_first_then_the_weekday() -> None:
    text, shorter = "{name}, see you {when}. {link}[ Or call {phone}]", {"when": "24 November"}

    def with_link(length: int) -> str:
        values = {"name": "Kari", "when": "Tuesday 24 November", "link": "x" * length, "phone": "22 12 34 56"}
        return fill_text(text, values, shorter)

    assert with_link(105).endswith("Or call 22 12 34 56")
    assert with_link(125) == f"Kari, see you Tuesday 24 November. {'x' * 125}"
    assert with_link(130) == f"Kari, see you 24 November. {'x' * 130}"
    assert with_link(200) == f"Kari, see you Tuesday 24 November. {'x' * 200} Or call 22 12 34 56"


def test_a_friendly_text_that_does_not_fit_gives_way_to_the_short_one() -> None:
    words = Words("{name}: {link}", "{name}, we look forward to it very much: {link}")
    assert text_message(words, "friendly", {"name": "Kari", "link": "x" * 130}, {}) == f"Kari: {'x' * 130}"
    assert text_message(words, "friendly", {"name": "Kari", "link": "x" * 50}, {}).startswith("Kari, we look")
    assert text_message(words, "friendly", {"name": "Kari", "link": "x" * 170}, {}).startswith("Kari, we look")


def test_curly_quotes_do_not_cost_a_second_text() -> None:
    assert fill_text("{name}", {"name": "O’Hara"}, {}) == "O'Hara"


def test_a_wording_reaches_no_attribute() -> None:
    assert faults("{name.__class__}") == ["unknown_place:name.__class__"]
    assert fill("{name}", {"name": "{link}", "link": "x"}) == "{link}"


@pytest.mark.parametrize(("row", "variant", "language", "channel", "style"), EVERY)
def test_our_words_pass_the_gate_of_a_practice_s_own(row, variant, language, channel, style) -> None:
    assert too_hard(row.wording[variant, language, channel].of(style), language) == ""


def test_the_gate_says_which_sentence_is_too_hard() -> None:
    long = "Comprehensive ophthalmological examinations necessitate considerable preparation"
    assert too_hard(f"{{name}}, see you at {{practice}}. {long}: see {{link}}.", "en") == long
    assert too_hard("{name}, see you at {practice} tomorrow: {link}", "en") == ""


def test_reading_measures() -> None:
    assert reading.lix("Dette er en kort setning.") == pytest.approx(5 + 20)
    assert reading.grade("The cat sat.") < 1
    assert reading.lix("") == reading.grade("") == 0
