"""``glede messages``: the catalogues of words, from .po (kept) to .mo (made)."""

import argparse
import io
from collections.abc import Iterator
from pathlib import Path

from glede.config.terminal import Terminal

HELP = "the words of the pages: compile the catalogues, or list what is not translated"
NEEDS_DJANGO = False
_PACKAGE = Path(__file__).resolve().parents[2]


def register(parser: argparse.ArgumentParser) -> None:
    """Take what to do."""
    parser.add_argument("act", choices=("compile", "missing"), nargs="?", default="compile")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Compile every catalogue; or name each msgid without a translation and exit 1 where there is one."""
    if args.act == "missing":
        found = [
            f"{path.relative_to(_PACKAGE.parent)}: {words}" for path in catalogues() for words in untranslated(path)
        ]
        terminal.answer({"missing": found}, "\n".join(found) or "Every word is translated.")
        return 1 if found else 0
    made = [str(compile_catalogue(path)) for path in catalogues()]
    terminal.answer({"compiled": made}, f"{len(made)} catalogues compiled.")
    return 0


def catalogues() -> list[Path]:
    """Return every .po of the house, sorted."""
    return sorted(_PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_catalogue(path: Path) -> Path:
    """Write the .mo beside ``path``; entries marked fuzzy stay out."""
    from babel.messages.mofile import write_mo

    out = io.BytesIO()
    write_mo(out, _read(path))
    made = path.with_suffix(".mo")
    made.write_bytes(out.getvalue())
    return made


def untranslated(path: Path) -> Iterator[str]:
    """Yield each msgid that has no translation, or one marked fuzzy."""
    for entry in _read(path):
        words = entry.string if isinstance(entry.string, (tuple, list)) else (entry.string,)
        if entry.id and (entry.fuzzy or not all(words)):
            yield entry.id if isinstance(entry.id, str) else entry.id[0]


def _read(path: Path):  # type: ignore[no-untyped-def]
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)
