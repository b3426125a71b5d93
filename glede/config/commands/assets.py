"""``glede assets``: fonts and icons, from the packages they came in, to what pages load."""

import argparse
import importlib
import importlib.util

from glede.config.terminal import Terminal

HELP = "make the fonts and icons that pages load, out of the packages that bring them"
NEEDS_DJANGO = False
_MAKER = "glede.ui.assets"


def register(parser: argparse.ArgumentParser) -> None:
    """Take nothing more."""


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Let the ui make its assets; ``glede.ui.assets.build()`` returns the paths it made."""
    made = []
    if importlib.util.find_spec("glede.ui") and importlib.util.find_spec(_MAKER):
        made = [str(path) for path in importlib.import_module(_MAKER).build() or ()]
    terminal.answer({"made": made}, f"{len(made)} files made.")
    return 0
