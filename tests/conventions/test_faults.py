"""What went wrong elsewhere: each row of the table names a test that is there, and a control that is there too."""

import ast
import re
from pathlib import Path

import pytest

from tests.conventions import source

TABLE = re.compile(r"^## What went wrong elsewhere$(.*?)^## ", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"`([\w/]+)`: `(test_\w+)`")
THE_SAME = "the same"
# By any of these a test takes away what keeps us from a fault.
REMOVES = ("is_kept", "guards_off", "remove_guards", "GUARDS_OFF", "_guards_off", "monkeypatch", "without", "drop")


def rows() -> list[tuple[str, str, str, str]]:
    """Return the rows of the table: what went wrong, our guard, the tests, the control."""
    found = TABLE.search((source.ROOT / "docs/reliability.md").read_text(encoding="utf-8"))
    assert found
    cells = [re.split(r" ?\| ?", line.strip("| ")) for line in found[1].splitlines() if line.startswith("|")]
    assert {len(row) for row in cells} == {4}
    return [(one, two, three, four) for one, two, three, four in cells[2:]]


def room(named: str) -> Path:
    """Return the folder a room's tests stand in."""
    return source.ROOT / named if named.startswith("tests") else source.PACKAGE / named


def code_of(named: str, test: str) -> str:
    """Return the code of a test in a room; "" where there is none."""
    for path in room(named).rglob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if f"def {test}(" in text else ():
            if isinstance(node, ast.FunctionDef) and node.name == test:
                return "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
    return ""


@pytest.mark.parametrize("row", rows(), ids=lambda row: re.sub(r"\W+", "-", row[0]))
def test_each_fault_has_its_guard_its_test_and_a_control_without_the_guard(row: tuple[str, str, str, str]) -> None:
    fault, guard, ours, control = row
    assert fault
    assert guard
    tests = NAMED.findall(ours)
    controls = tests if control == THE_SAME else NAMED.findall(control)
    assert tests
    assert controls, "no control"
    for named, test in [*tests, *controls]:
        assert code_of(named, test), f"{named}: {test} is not there"
    assert any(word in code_of(named, test) for named, test in controls for word in REMOVES), "it removes nothing"


def test_a_test_that_is_not_there_is_seen() -> None:
    assert code_of("outbox", "test_what_is_put_off_day_by_day_leaves_once")
    assert not code_of("outbox", "test_what_is_put_off_day_by_day")
    assert not code_of("people", "test_what_is_put_off_day_by_day_leaves_once")
