"""``glede journey``: out as YAML and in again; what cannot work is refused and says why."""

from pathlib import Path

import pytest

from glede.config import cli
from glede.config.terminal import Refused, Terminal
from glede.journeys.document import default_raw, read_yaml, write_yaml
from glede.journeys.models import Journey
from glede.journeys.operations import change_journey, follow
from glede.journeys.tests.stories import book, told, touches
from glede.journeys.tests.test_commands import typed
from glede.practices import scope
from tests.cast import House, open_solberg


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("emily", is_virtual=True)


def do(*words: str) -> int:
    args = cli._parser(list(words)).parse_args([*words, "--json"])
    return int(args.module.run(args, Terminal(is_json=True)))


def with_change(tmp_path: Path, before: str, after: str) -> Path:
    file = tmp_path / "changed.yaml"
    text = write_yaml(default_raw())
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")
    return file


def test_every_row_is_shown_and_says_why_it_rests(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["row"]: row for row in typed(capsys, "journey", "show")["rows"]}
    assert len(rows) == 38
    assert (rows["2"]["is_on"], rows["2"]["because"]) == (True, "")
    assert (rows["18"]["is_on"], rows["18"]["because"]) == (False, "waits for dispensing.order.placed")
    assert typed(capsys, "journey", "show", "--language", "nb")["rows"][0]["because"] == "ivaretas av inbox"


def test_a_journey_goes_out_and_comes_in_again(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "journey.yaml"
    assert typed(capsys, "journey", "export", str(file)) == {"journey": "visit", "version": 0, "file": str(file)}
    assert read_yaml(file.read_text("utf-8")) == default_raw()
    with pytest.raises(Refused):
        do("journey", "export", str(file))
    assert typed(capsys, "journey", "check", str(file)) == {"ok": True, "problems": []}
    brought = typed(capsys, "journey", "import", str(file))
    assert brought == {"journey": "visit", "version": 1, "under_way": "keep", "visits_under_way": 0}
    assert typed(capsys, "journey", "show")["version"] == 1


def test_a_journey_that_cannot_work_is_not_kept_and_says_why(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = with_change(tmp_path, "{link} {practice}[, {phone}]", "{mood} {practice}[, {phone}]")
    assert do("journey", "check", str(file)) == 1
    said = capsys.readouterr().out
    assert "there is no place {mood} to fill in" in said
    assert "every message names {link}" in said
    with pytest.raises(Refused, match="cannot work"):
        do("journey", "import", str(file))
    with scope.transaction(house.id):
        assert not Journey.objects.exists()
    with pytest.raises(Refused, match="cannot be read"):
        do("journey", "check", str(tmp_path / "nowhere.yaml"))


def test_those_under_way_can_be_stopped_and_are_counted(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = book(house, "emily")
    follow(house.id, now=house.now)
    assert any(fate == "open" for _row, _act, fate, _reason in told(touches(house, visit=visit)))
    file = with_change(tmp_path, "'15:00'", "'11:00'")
    assert typed(capsys, "journey", "import", str(file), "--under-way", "stop")["visits_under_way"] == 1
    follow(house.id, now=house.now)
    assert {(fate, why) for _row, _act, fate, why in told(touches(house, visit=visit))} == {("skipped", "not_needed")}
    later = book(house, "emily", clock="11:00")
    follow(house.id, now=house.now)
    assert {touch.journey_version for touch in touches(house, "6", later)} == {1}
    change_journey(practice_id=house.id, raw=default_raw(), under_way="move", by=house.by("sofie"), now=house.now)
    follow(house.id, now=house.now)
    assert {fate for _row, _act, fate, _reason in told(touches(house, visit=visit))} == {"skipped"}
