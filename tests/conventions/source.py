"""The files of the house, as the conventions read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "glede"


def name(path: Path) -> str:
    """Return ``path`` as one writes it: ``glede/diary/models.py``."""
    return path.relative_to(ROOT).as_posix()


def is_test(path: Path) -> bool:
    """Return True for tests and what only they use."""
    return "tests" in path.relative_to(ROOT).parts or path.name == "conftest.py"


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Return the files of the house with one of the suffixes, sorted; nothing that was made or fetched."""
    places = (PACKAGE, ROOT / "tests", ROOT / "scripts", ROOT / "docs")
    found = (p for place in places for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return tuple(sorted(p for p in found if p.suffix in suffixes))


def python(*, tests: bool = False, migrations: bool = False) -> Iterator[tuple[Path, ast.Module]]:
    """Yield the Python files of the package with their trees."""
    for path in files(".py"):
        if (is_test(path) and not tests) or ("migrations" in path.parts and not migrations):
            continue
        yield path, tree(path)


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for a chain of names, attributes, calls and look-ups; what is neither is left out."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return ""


def calls(module: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call with the dotted name of what is called."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)
