"""``glede shoes run``."""

import argparse
from typing import Any

from glede.config.terminal import Refused, Terminal
from glede.config.typed import typed_day, typed_number

HELP = "walk up to a year as somebody, and print every frame"
DAYS_MOST = 366


def register(parser: argparse.ArgumentParser) -> None:
    """Take who, how long, by which seed and from when."""
    parser.add_argument("--persona", metavar="NAME", help="who to be: kari, jonas, mette, tor, per or emily")
    parser.add_argument("--person", metavar="NUMBER", help="somebody of the list, masked: only how they are reached")
    parser.add_argument("--days", metavar="N", type=typed_number(1, DAYS_MOST), default=365, help="how many days")
    parser.add_argument(
        "--seed", metavar="S", type=typed_number(0, 999_999), default=1, help="the same is the same year"
    )
    parser.add_argument("--from", dest="first", metavar="DATE", type=typed_day, help="the first day; today if left out")
    parser.add_argument("--language", choices=("en", "nb"), default="", help="their language, in place of their own")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Walk, and print ``{"frames": […], "seconds": …}``. Where the practice lives nothing is written."""
    from glede.config.choosing import chosen_practice
    from glede.kernel.clock import at_wall
    from glede.practices.queries import practice_now
    from glede.shoes import sealed
    from glede.shoes.operations import Asked
    from glede.shoes.playing import EIGHT, first_moment, play

    practice = chosen_practice(args.practice)
    now = practice_now(practice)
    began_at = at_wall(args.first, EIGHT, practice.zone) if args.first else first_moment(practice.pk, now)
    asked = Asked(_persona(args, practice.pk), args.seed, began_at, args.days, args.language)
    try:
        copy_id, frames, seconds = play(practice.pk, asked)
    except sealed.NoSealedDatabase as refusal:
        raise Refused(str(refusal)) from refusal
    told = {
        "persona": asked.persona.known_as, "seed": args.seed, "from": began_at.isoformat(), "days": args.days,
        "walk": str(copy_id), "frames": frames, "seconds": round(seconds, 2),
    }  # fmt: skip
    terminal.answer(told, "\n".join([*map(_line, frames), f"{len(frames)} frames in {seconds:.2f} s"]))
    return 0


def _persona(args: argparse.Namespace, practice_id: Any) -> Any:
    from glede.config.choosing import chosen_person
    from glede.shoes.copying import read_person
    from glede.shoes.personas import PERSONAS

    if args.person:
        return read_person(practice_id, chosen_person(practice_id, args.person))
    if args.persona not in PERSONAS:
        raise Refused(f"Say whose shoes: --persona {' | '.join(PERSONAS)}, or --person NUMBER.")
    return PERSONAS[args.persona]


def _line(frame: Any) -> str:
    what = frame.get("what") or frame.get("promise") or frame.get("row") or ""
    words = " ".join(str(frame.get("text", "")).split())
    return (
        f"{frame['at']}  day {frame['day']:<4} {frame['kind']:<8} {what:<10} {frame.get('channel', ''):<6} {words[:90]}"
    )
