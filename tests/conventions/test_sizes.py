"""Hard stops of size (docs/style.md). An exception stands in the list with its reason."""

import ast

from tests.conventions import source

STOPS = {".py": 400, ".html": 150, ".css": 300, ".js": 150}
TEST_FILE, FUNCTION, TEST = 500, 60, 50

# path or path::function → why it may be longer
EXCEPTIONS: dict[str, str] = {}


def test_no_file_is_too_long() -> None:
    too_long = []
    for path in source.files(*STOPS):
        stop = TEST_FILE if source.is_test(path) else STOPS[path.suffix]
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > stop and "migrations" not in path.parts and source.name(path) not in EXCEPTIONS:
            too_long.append(f"{source.name(path)}: {lines} lines, stop {stop}")
    assert not too_long, "\n".join(too_long)


def test_no_function_is_too_long() -> None:
    too_long = []
    for path, module in source.python(tests=True):
        stop = TEST if source.is_test(path) else FUNCTION
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                spot = f"{source.name(path)}::{node.name}"
                if lines > stop and spot not in EXCEPTIONS:
                    too_long.append(f"{spot}: {lines} lines, stop {stop}")
    assert not too_long, "\n".join(too_long)


def test_every_exception_is_still_needed() -> None:
    there = {source.name(p) for p in source.files(*STOPS)}
    assert not [spot for spot in EXCEPTIONS if spot.partition("::")[0] not in there]
