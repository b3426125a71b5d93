"""A journey that cannot work cannot be read, and says why."""

import copy

import pytest

from glede.journeys import document
from glede.journeys.document import DocumentRefused, parse, problems_of, read_yaml, write_yaml


@pytest.fixture
def raw():
    return copy.deepcopy(document.default_raw())


def row_of(raw, code: str):
    return next(row for row in raw["rows"] if row["row"] == code)


def codes(raw) -> set[str]:
    return {code for _, code in problems_of(raw)}


def test_the_journey_that_is_shipped_is_sound() -> None:
    shipped = document.default()
    assert [row.row for row in shipped.rows] == [
        "2", "3", "5", "6", "8", "10", "12", "26a", "26b", "26c", "26d", "26e", "26f", "27", "30",
    ]  # fmt: skip
    # What only those get who said yes to it waits until somebody switches it on.
    assert [row.row for row in shipped.rows if not row.is_on] == ["27", "30"]


def test_every_row_of_the_way_is_there_in_both_languages_and_says_why_it_rests(raw) -> None:
    there = [row["row"] for row in raw["rows"]]
    assert there == [
        *map(str, range(1, 26)), *(f"26{part}" for part in "abcdef"), "27", "28", "29a", "29b", "30", "31", "32",
    ]  # fmt: skip
    for rest in document.default().resting:
        assert rest.name.keys() == rest.says.keys() == {"en", "nb"}
        assert sum(map(bool, (rest.waits_for, rest.kept_by, rest.not_yet))) == 1


def test_a_row_that_rests_cannot_be_switched_on_or_say_two_reasons(raw) -> None:
    row_of(raw, "18")["is_on"] = True
    row_of(raw, "20")["kept_by"] = "inbox"
    assert {path for path, _ in problems_of(raw)} >= {"rows/18/is_on", "rows/20"}


def test_silence_is_counted_in_months_and_nothing_comes_before_its_event(raw) -> None:
    del row_of(raw, "30")["when"]["months"]
    row_of(raw, "21")["offsets"][0]["days"] = -3
    assert {"silence_needs_months", "nothing_before_its_event"} <= codes(raw)


def test_a_journey_with_nothing_to_walk_is_refused(raw) -> None:
    raw["rows"] = [row for row in raw["rows"] if document.is_resting(row)]
    assert codes(raw) == {"nothing_to_walk"}


def test_a_journey_leaves_as_yaml_and_comes_back_the_same(raw) -> None:
    assert parse(read_yaml(write_yaml(raw))) == parse(raw)


def test_yaml_makes_no_objects() -> None:
    with pytest.raises(DocumentRefused):
        read_yaml("!!python/object/apply:os.system ['true']")


def test_what_the_schema_does_not_know_is_refused(raw) -> None:
    raw["rows"][0]["colour"] = "red"
    with pytest.raises(DocumentRefused) as refused:
        parse(raw)
    assert refused.value.problems[0][0] == "rows/1"


@pytest.mark.parametrize("text", ["{name.__class__}", "{link!r}", "{name} {mood}", "{0}"])
def test_a_wording_names_only_known_places(raw, text: str) -> None:
    row_of(raw, "2")["wording"]["booked"]["en"]["sms"]["short"] = text + " {name} {link} {practice}"
    assert any(code.startswith("unknown_place") for code in codes(raw))


def test_brackets_must_close(raw) -> None:
    row_of(raw, "2")["wording"]["booked"]["en"]["sms"]["short"] = "{name} {link} {practice} [ Or call {phone}"
    assert "stray_bracket" in codes(raw)


@pytest.mark.parametrize("place", ["name", "link", "practice"])
def test_a_message_names_person_and_practice_and_holds_the_link(raw, place: str) -> None:
    texts = row_of(raw, "6")["wording"]["visit"]["nb"]["sms"]
    texts["short"] = texts["short"].replace(f"{{{place}}}", "")
    assert f"needs:{place}" in codes(raw)


def test_a_row_stands_once(raw) -> None:
    raw["rows"].append(row_of(raw, "2"))
    assert "row_twice:2" in codes(raw)


def test_a_row_about_some_visits_is_about_those_to_come_and_known_in_time(raw) -> None:
    row_of(raw, "3")["only"]["booked_days_ahead"] = 30
    row_of(raw, "12")["only"] = {"unconfirmed": True}
    assert {"due_before_it_is_known", "only_of_a_visit_to_come"} <= codes(raw)


def test_every_trigger_has_its_words(raw) -> None:
    del row_of(raw, "2")["wording"]["moved_by_patient"]
    assert "no_wording:moved_by_patient" in codes(raw)


def test_a_call_says_who_is_rung(raw) -> None:
    del row_of(raw, "5")["who"]
    assert "call_needs_who" in codes(raw)


def test_days_count_from_a_visit_and_lie_in_their_span(raw) -> None:
    row_of(raw, "5")["when"]["between"] = [-2, -1]
    row_of(raw, "10")["when"] = {"days": -1, "at": "15:00"}
    assert {"day_outside_its_span", "days_need_a_visit"} <= codes(raw)


def test_a_row_that_waits_for_its_room_is_off(raw) -> None:
    row_of(raw, "12")["waits_for"] = "dispensing.order.collected"
    row = parse(raw).row("12")
    assert row is not None
    assert not row.is_on


def test_a_row_without_words_for_a_variant_uses_its_first() -> None:
    row = document.default().row("6")
    assert row is not None
    assert row.words("elsewhere", "nb", "sms") == row.words("visit", "nb", "sms")
    assert document.default().row("99") is None
