"""A visit's history and its proof by command, and the program that checks it in a process of its own."""

import argparse
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from glede.config.commands import diary, verify
from glede.config.terminal import Refused, Terminal
from glede.diary.tests.stories import book, cancel, move
from glede.kernel.ids import link_code
from glede.ledger.models import Checkpoint
from glede.practices import scope
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> House:
    settings.GLEDE_HOME = tmp_path / "home"
    return open_solberg("kari")


@pytest.fixture
def code(house: House, settings: Any) -> str:
    """A visit that was booked, moved by its patient and cancelled with a reason."""
    visit = book(house, "kari")
    move(house, visit.pk, "13:00", by="kari")
    cancel(house, visit.pk, reason="unwell")
    return link_code(settings.GLEDE_LINK_KEY, visit.pk, 0)


def run(house: House, command: Any, *words: str, is_json: bool = True) -> tuple[int, Any]:
    parser = argparse.ArgumentParser()
    command.register(parser)
    parser.set_defaults(practice=house.practice.slug)
    said = StringIO()
    exit_code = command.run(parser.parse_args(words), Terminal(is_json=is_json, out=said, err=said))
    return exit_code, json.loads(said.getvalue()) if is_json else said.getvalue()


def check(folder: Path, *fingerprint: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-I", str(folder / "check_receipt.py"), str(folder / "receipt.json"), *fingerprint]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def test_its_history_is_told_in_plain_words(house: House, code: str) -> None:
    exit_code, told = run(house, diary, "history", code)
    assert (exit_code, told["whole"]) == (0, True)
    assert [e["kind"].rpartition(".")[2] for e in told["events"]] == ["booked", "moved", "cancelled"]
    assert [e["by"] for e in told["events"]] == ["staff", "patient", "staff"]
    assert not told["events"][0]["signed"]
    _, words = run(house, diary, "history", code.lower(), is_json=False)
    assert "You moved it to Thursday 26 November" in words
    assert "We cancelled it." in words
    assert "not signed yet" in words


def test_what_it_writes_is_checked_by_anybody(house: House, code: str, tmp_path: Path) -> None:
    exit_code, told = run(house, diary, "prove", code, "--out", str(tmp_path / "proof"))
    assert (exit_code, told["events"]) == (0, 3)
    checked = check(tmp_path / "proof", told["fingerprint"].replace(" ", ""))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "This receipt is whole." in checked.stdout
    assert "unwell" not in (tmp_path / "proof/receipt.json").read_text()
    path = tmp_path / "proof/receipt.json"
    path.write_text(path.read_text().replace("13:00", "12:00"))
    assert check(tmp_path / "proof").returncode == 1
    kept = str(tmp_path / "proof/checkpoint.txt")
    exit_code, found = run(house, verify, "--against", kept)
    assert (exit_code, found["problems"]) == (0, [])
    assert found["practices"][house.practice.slug]["counts"]["receipts"] == 1


def test_where_the_record_is_not_as_it_was_signed_nothing_is_proved(house: House, code: str, tmp_path: Path) -> None:
    run(house, diary, "prove", code, "--out", str(tmp_path))
    with scope.transaction(house.id), pytest.MonkeyPatch.context() as patched:
        patched.setattr(Checkpoint, "objects", Checkpoint.objects.none())
        with pytest.raises(Refused, match="Nothing is signed any more"):
            run(house, diary, "prove", code, "--out", str(tmp_path))


def test_a_file_without_a_checkpoint_is_refused(house: House, tmp_path: Path) -> None:
    (tmp_path / "mail.txt").write_text("Dear owner")
    for name in ("mail.txt", "none.txt"):
        with pytest.raises(Refused):
            run(house, verify, "--against", str(tmp_path / name))
