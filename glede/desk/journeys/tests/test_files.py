"""The journey goes out as a file and comes in again; what cannot work is told line by line, and nothing is lost."""

from html import escape, unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from glede.desk.journeys.faults import FAULTS, KINDS, fault_words
from glede.desk.journeys.files import _read
from glede.desk.journeys.tests.test_journeys import at, words
from glede.desk.settings.forms import Words
from glede.journeys import shape
from glede.journeys.checking import _WORDS, words_of
from glede.journeys.document import default_raw, read_yaml, validator, write_yaml
from glede.journeys.operations import change_journey
from glede.journeys.queries import journey_raw
from glede.kernel.actor import SYSTEM
from tests.cast import House, open_solberg
from tests.seats import at_desk

TEXT = write_yaml(default_raw())
BROKEN = (
    ("journey: visit", "journey: visitt", "journey", "Only the journey called “visit”"),
    ("  lane: care\n", "", "Step 3, Does it still suit you?", "“lane” is missing."),
    ("  alone_on", "  alone_in", "Step 2, The visit is booked", "Perhaps “alone_on_its_day” is meant."),
    ("purpose: thanks", "purpose: thanks\n  colour: red", "Step 12, Thank you", "There is no “colour” here."),
    (
        "after_minutes: 0",
        "after_minutes: soon",
        "Step 2, The visit is booked › when › after_minutes",
        "whole number",
    ),
    ("at: '15:00'", "at: 15:00", "Step 6, The day before › when › at", "Write an hour in quotes, like '09:00'."),
    ("act: call", "act: ring", "Step 5, A word before the visit › act", "Choose one of these: message, call."),
    ("step: 4", "step: 14", "Step 4, What matters to you? › step", "This is too large. The largest is 10."),
    ("days: -30", "days: -300", "Step 3, Does it still suit you? › when › days", "The smallest is -180."),
    (
        "{link}",
        "{lnk}",
        "Step 2, The visit is booked › booked › in English › text › Short and factual",
        "no place {lnk}",
    ),
    ("journey: visit", "journey: : visit", "", "This cannot be read as YAML."),
    (TEXT, "", "", "more lines below it"),
)


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("emily", is_virtual=True)


@pytest.fixture
def sofie(house: House) -> Client:
    """The owner's browser, in English."""
    return at_desk(house, "sofie")


def bring(sofie: Client, given: str | bytes, **more: str) -> Any:
    """Bring a file in, from the page as it comes with Glede."""
    raw = given if isinstance(given, bytes) else given.encode()
    return sofie.post(at("journey_bring"), {"file": SimpleUploadedFile("journey.yaml", raw), "seen": "0", **more})


@pytest.mark.parametrize(("was", "new", "place", "said"), BROKEN)
def test_what_cannot_work_is_told_with_its_line_and_place_in_plain_words(
    was: str, new: str, place: str, said: str
) -> None:
    broken = TEXT.replace(was, new, 1)
    with translation.override("en"):
        found = _read(broken)[1]
    (fault,) = [one for one in found if said in one.words]
    assert fault.place == place
    if "missing" not in said and "colour" not in new and was != TEXT:
        assert fault.line == TEXT[: TEXT.index(was)].count("\n") + 1
        assert fault.stands in TEXT.replace(was, new, 1).split("\n")[fault.line - 1]
    with translation.override("nb"):
        assert said not in _read(broken)[1][0].words


def test_the_file_goes_out_and_what_is_refused_stays_on_the_page_to_be_mended(house: House, sofie: Client) -> None:
    out = sofie.get(at("journey_file"))
    assert read_yaml(out.content.decode()) == default_raw()
    assert "journey-0.yaml" in out.headers["Content-Disposition"]
    assert "<textarea" not in sofie.get(at("journey_bring")).content.decode()
    broken = TEXT.replace("act: call", "act: ring").replace("15:00", "14:00")
    refused = bring(sofie, broken)
    assert refused.status_code == 422
    told = "Line 352 Step 5, A word before the visit › act Choose one of these: message, call. act: ring"
    assert told in words(refused)
    assert escape(broken) in refused.content.decode()
    mended = unescape(escape(broken)).replace("act: ring", "act: call").replace("\n", "\r\n")
    assert "Kept as version 1." in words(sofie.post(at("journey_bring"), {"text": mended, "seen": "0"}, follow=True))
    assert journey_raw(house.id)[0] == read_yaml(TEXT.replace("15:00", "14:00"))


def test_a_file_that_is_none_says_so_and_who_was_late_keeps_theirs(house: House, sofie: Client) -> None:
    for given, said in (
        (b"\xff\xfe\x00", "This file holds no text in UTF-8."),
        (b"  ", "There is nothing in this file."),
        (b"#" * 2_000_001, "This file is too large to be a journey."),
    ):
        refused = bring(sofie, given)
        assert refused.status_code == 422
        assert said in words(refused)
    assert "Choose a file" in words(sofie.post(at("journey_bring"), {"seen": "0"}))
    change_journey(practice_id=house.id, raw=default_raw(), by=SYSTEM, now=house.now)
    late = bring(sofie, TEXT.replace("15:00", "14:00"))
    assert "kept now, it takes the place of their change" in words(late)
    assert escape(TEXT.replace("15:00", "14:00")) in late.content.decode()
    assert journey_raw(house.id)[1] == 1


def test_every_fault_a_journey_can_have_is_told_in_words_here_and_by_the_command() -> None:
    assert set(_WORDS) == set(FAULTS) - {"not_visit"}
    assert set(shape.KINDS.values()) == set(KINDS)
    for code in _WORDS:
        what = "mistyped:a>b" if code == "mistyped" else "kind:list" if code == "kind" else f"{code}:x"
        assert fault_words(what)
        assert "{}" not in words_of(what)


def test_whatever_words_a_practice_may_write_fit_into_a_journey() -> None:
    forms: dict[str, Any] = dict(Words.base_fields)
    schema: Any = validator().schema
    for kind, names in (("text", ("short", "friendly")), ("mail", ("subject", "short", "friendly"))):
        for name in names:
            assert schema["$defs"][kind]["properties"][name]["maxLength"] >= forms[name].max_length
