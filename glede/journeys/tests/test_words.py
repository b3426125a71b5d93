"""Why a touch came can be told in both languages, whatever the planner stored."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from glede.journeys import calls, document, events, words
from glede.journeys.tests.making import planned, visit
from glede.journeys.timeline import words_of

PLANNER = Path(words.__file__).parent


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_touch_says_why_it_came(language: str) -> None:
    with translation.override(language):
        for touch in planned(visit(is_first=True)):
            sentences = words.why_words(touch.why)
            assert len(sentences) >= 3
            assert all(sentence.endswith(".") for sentence in sentences)


def test_every_code_of_the_planner_has_its_sentence() -> None:
    source = "".join((PLANNER / name).read_text("utf-8") for name in ("planner.py", "days.py"))
    codes = set(re.findall(r'"at": "([a-z_]+)"', source)) | {"undo_time", "at_once", "usual_hour", "their_hours"}
    assert codes <= words._HOURS.keys()
    triggers = {trigger for row in document.default().rows for trigger in row.triggers}
    assert triggers <= words._TRIGGERS.keys()
    assert set(calls.WISHES) == words.KINDS.keys()


def test_what_held_it_joined_it_and_beat_it_is_said() -> None:
    why = {
        "at": "after_visit", "variant": "done", "held_by": "one_a_day", "also": ["x"], "kinds": ["new", "anxious"],
        "instead_of_call": "full", "yields_to": {"row": "6", "because": "together"},
    }  # fmt: skip
    with translation.override("en"):
        said = " ".join(words.why_words(why))
    assert "whether they bought or not" in said
    assert "comes for the first time, is anxious" in said
    assert "one message a day" in said
    assert "cannot ring more people" in said


def test_the_stream_knows_our_events_and_no_others() -> None:
    for kind in (events.JOURNEY_CHANGED, events.CALL_REACHED, events.CALL_NOT_REACHED):
        assert words_of(kind, {})
    assert words_of("diary.appointment.booked", {}) is None


def test_the_ten_steps_have_names() -> None:
    assert sorted(words.STEPS) == list(range(1, 11))
