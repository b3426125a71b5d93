"""``glede may-send``: what the policy says of a question that stands in a file."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glede.config.terminal import Refused, Terminal

if TYPE_CHECKING:
    from glede.outbox.policy.asked import Asked

HELP = "ask the policy whether a message may leave: one question, or a list of them, in a JSON file"
NEEDS_DJANGO = False


def register(parser: argparse.ArgumentParser) -> None:
    """Take the file."""
    parser.add_argument("file", metavar="FILE", help="JSON, its shape told in docs/cli.md; - for standard input")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Decide each question in its order; exit 1 where one of them cannot be read, each named."""
    from glede.outbox.policy.asked import read_questions
    from glede.outbox.reading import BadPolicy

    decided = [
        {"error": f"{asked}."} if isinstance(asked, BadPolicy) else _decided(asked)
        for asked in read_questions(_read(args.file))
    ]
    terminal.answer({"decisions": decided}, "\n".join(map(_words, decided)) or "No question stands in it.")
    return 1 if any("error" in one for one in decided) else 0


def _decided(asked: "Asked") -> dict[str, Any]:
    from glede.outbox.policy import may_send
    from glede.outbox.policy.words import SENTENCES

    verdict = may_send(asked.question, asked.now, law_alone=asked.law_alone)
    return {**verdict.as_json(), "why": [SENTENCES[code] for code in verdict.codes()]}


def _words(one: dict[str, Any]) -> str:
    if "error" in one:
        return f"not read  {one['error']}"
    until = f" until {one['defer_until']}" if one["defer_until"] else ""
    return f"{one['decision']}{until} ({one['basis']}, {one['policy']})  {' '.join(one['why'])}"


def _read(name: str) -> Any:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        return json.loads(text)
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{name} is not UTF-8 at byte {error.start}.") from error
    except json.JSONDecodeError as error:
        raise Refused(f"{name} is no JSON: line {error.lineno}, column {error.colno}: {error.msg}.") from error
    except ValueError as error:  # Python reads no number of more than some thousand digits
        raise Refused(f"{name} holds a number too long to be one.") from error
    except RecursionError as error:
        raise Refused(f"{name} is nested too deep to be a question.") from error
