"""``glede demo``: the practice in which people look around."""

import argparse

from glede.config.terminal import Terminal

HELP = "make the demonstration practice, or begin it again"


def register(parser: argparse.ArgumentParser) -> None:
    """Take ``--reset``."""
    parser.add_argument("--reset", action="store_true", help="put the demonstration away and make a new one")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Make or remake the demonstration and say what it is called."""
    from glede.config.prepare import migrate
    from glede.demonstration import operations as demonstration
    from glede.kernel import clock

    migrate()
    practice = None if args.reset else demonstration.standing()
    if practice is None:
        terminal.say("Living a made-up year …")
        practice = demonstration.reset_demonstration(now=clock.now())
    facts = {"practice": practice.slug, "now": practice.virtual_now}
    terminal.answer(facts, f"{practice.name} ({practice.slug}), its clock shows {practice.virtual_now}.")
    return 0
