"""``glede messages``: the catalogues of words, gathered from the code (.po, kept) and compiled (.mo, made)."""

import argparse

from glede.config.terminal import Terminal

HELP = "the words of the pages: compile the catalogues, gather new words, or check that none lacks a translation"
NEEDS_DJANGO = False


def register(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and for which room."""
    parser.add_argument("act", choices=("compile", "update", "check"), nargs="?", default="compile")
    parser.add_argument("--room", help="one room only (glede/ROOM)")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Compile or update each catalogue; or name each word that is not translated and exit 1 where there is one."""
    from glede.ui import catalogues

    rooms = [args.room] if args.room else catalogues.rooms()
    if args.act == "check":
        flaws = [str(flaw) for flaw in catalogues.check(rooms)]
        terminal.answer({"flaws": flaws}, "\n".join(flaws) or "Every word is translated.")
        return 1 if flaws else 0
    act = catalogues.update if args.act == "update" else catalogues.compile_room
    made = [str(path) for room in rooms if (path := act(room)) is not None]
    terminal.answer(
        {"made": made}, f"{len(made)} catalogues {'compiled' if args.act == 'compile' else 'brought up to date'}."
    )
    return 0
