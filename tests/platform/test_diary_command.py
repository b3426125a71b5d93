"""The book of visits by command: the same operations, in a colleague's name, with words or JSON."""

import argparse
import json
from datetime import time
from typing import Any

import pytest

from glede.config.commands import diary
from glede.config.terminal import Refused, Terminal, WrongUsage
from glede.diary.apart import Kept
from glede.diary.operations import NewUrgentTimes, keep_urgent_times
from glede.diary.queries import appointment_by_link, history_of
from glede.diary.tests.stories import fresh, proved
from glede.kernel.ids import link_hash
from glede.ledger.queries import verify
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db

Run = Any


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", is_virtual=True)


@pytest.fixture
def run(house: House, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a word of ``glede diary`` and return its exit code with what it said in JSON."""

    def speak(words: str, *more: str) -> tuple[int, dict[str, Any]]:
        parser = argparse.ArgumentParser()
        diary.register(parser)
        parser.set_defaults(practice=house.practice.slug)
        code = diary.run(parser.parse_args([*words.split(), *more]), Terminal(is_json=True))
        return code, json.loads(capsys.readouterr().out)

    return speak


BOOK = "book --for S-1001 --service eye-test --at 2026-11-26T10:00 --with Amal --by"
INGRID = "Ingrid Berg"


def test_a_visit_is_booked_moved_and_cancelled_in_a_colleagues_name(house: House, run: Run) -> None:
    code, booked = run(BOOK, INGRID)
    assert (code, booked["state"], booked["day"], booked["at"], booked["minutes"]) == (
        0, "booked", "2026-11-26", "10:00", 40,
    )  # fmt: skip
    code, moved = run(f"move {booked['code']} --to 2026-11-26T13:00+01:00 --by", INGRID)
    assert (code, moved["code"], moved["at"]) == (0, booked["code"], "13:00")
    code, gone = run(f"cancel {booked['code']} --reason unwell --by", INGRID, "--words", "The flu.")
    assert (code, gone["state"]) == (0, "cancelled")
    visit = appointment_by_link(house.id, link_hash(booked["code"]))
    assert visit is not None
    lines = history_of(house.id, visit.appointment_id)
    assert [line.change for line in lines] == ["booked", "moved", "cancelled"]
    assert {line.by for line in lines} == {house.by("ingrid")}
    assert lines[-1].words == "The flu."
    assert fresh(house, visit.appointment_id).source == "command"
    proved(house)


def test_a_time_that_is_taken_is_refused_with_three_others(house: House, run: Run) -> None:
    words = "book --for S-1001 --service eye-test --at 2026-11-26T10:00 --by"
    for _ in house.chairs:
        assert run(words, INGRID)[0] == 0
    code, told = run(words, INGRID)
    assert (code, told["refusal"], len(told["alternatives"])) == (1, "time_taken", 3)
    assert verify(house.id).ok


def test_what_nobody_can_mean_is_refused_in_words(run: Run) -> None:
    for words in (
        "book --for nobody --at 2026-11-26T10:00 --by", "book --for S-1001 --at 2026-11-26T10:00 --service lasik --by",
        "move 0123456789ABC --to 2026-11-26T10:00 --by", "slots --from 2026-11-26 --with Nobody --limit",
    ):  # fmt: skip
        with pytest.raises(Refused):
            run(words, "3" if "slots" in words else INGRID)
    with pytest.raises(WrongUsage):
        run("cancel short --reason time --by", INGRID)
    with pytest.raises(Refused, match="No one colleague"):
        run("cancel 0123456789ABC --reason time --by", "Nobody")


def test_free_times_are_listed_with_who_has_them(run: Run) -> None:
    code, told = run("slots --service eye-test --from 2026-11-26 --days 1 --minutes 60 --between 10:00-12:00 --limit 2")
    assert code == 0
    assert [slot["at"] for slot in told["slots"]] == ["10:00", "10:10"]
    assert {slot["practitioner"] for slot in told["slots"]} == {"Dr Amal Haddad"}


def test_what_is_urgent_is_listed_and_booked_by_saying_so(house: House, run: Run) -> None:
    kept = Kept(3, time(10), time(11), 0, time(9))
    new = NewUrgentTimes(None, (kept,))
    keep_urgent_times(practice_id=house.id, new=new, by=house.by("sofie"), now=house.now)
    words = "slots --from 2026-11-26 --days 1 --minutes 60 --between 10:00-11:00"
    assert run(words) == (0, {"slots": []})
    assert [slot["at"] for slot in run(f"{words} --urgent")[1]["slots"]] == ["10:00"]
    assert run(BOOK, INGRID)[1]["refusal"] == "kept_for_urgent"
    assert run(BOOK.replace("--by", "--urgent --by"), INGRID)[0] == 0
