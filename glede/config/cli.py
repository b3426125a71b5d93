"""The ``glede`` command: one parser, one module in ``commands`` for each word.

A command module holds ``HELP`` (one line), ``register(parser)`` and ``run(args, terminal) -> int``;
``NEEDS_DATABASE = False`` leaves the database alone, ``NEEDS_DJANGO = False`` Django too. Rooms are
imported inside ``run``: the database's address must stand before Django reads its settings. The file
``import_people.py`` is the command ``glede import-people``; a trailing underscore keeps a word
that Python has taken: ``import_.py`` is ``glede import``. Exit 0 done, 1 refused or a problem
found, 2 wrong usage.
"""

import argparse
import contextlib
import gc
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.core.exceptions import ImproperlyConfigured

from glede.config import commands, dotenv, embedded, environment
from glede.config.postgres import ServerImpossible
from glede.config.terminal import Refused, Terminal, WrongUsage

DONE, PROBLEM, USAGE = 0, 1, 2
_WITHOUT_DATABASE = {"help", "makemigrations", "version", "--help", "--version", "collectstatic"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    dotenv.read()
    args = _parser(words).parse_args(words)
    terminal = Terminal(is_json=args.json)
    module: ModuleType = args.module
    try:
        with _surroundings(module):
            return int(module.run(args, terminal) or DONE)
    except WrongUsage as wrong:
        terminal.refuse(str(wrong))
        return USAGE
    except (Refused, ServerImpossible) as refusal:
        terminal.refuse(str(refusal))
        return PROBLEM
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has seen enough; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # the edge of the program: one line, never a page of code
        if os.environ.get("GLEDE_DEBUG"):
            raise
        terminal.refuse(_words_of(error))
        return PROBLEM


def names() -> dict[str, str]:
    """Return every command's word with the name of its module."""
    found = (info.name for info in pkgutil.iter_modules(commands.__path__))
    return {name.rstrip("_").replace("_", "-"): name for name in found if not name.startswith("_")}


@contextlib.contextmanager
def management_environment(argv: Sequence[str]) -> Iterator[None]:
    """Give Django's own commands (``manage.py``) the same settings and database as ours."""
    dotenv.read()
    word = argv[1] if len(argv) > 1 else "help"
    with contextlib.nullcontext() if word in _WITHOUT_DATABASE else embedded.session():
        yield


def _parser(words: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="glede", description="Keeps every promise of an optical practice.")
    choices = parser.add_subparsers(metavar="COMMAND", required=True)
    known = names()
    asked = words[0] if words and words[0] in known else None
    for word, name in known.items():
        if asked and word != asked:
            continue  # importing one command's module is enough to run it
        module = import_module(f"{commands.__name__}.{name}")
        one = choices.add_parser(word, help=module.HELP, description=module.HELP)
        module.register(one)
        one.set_defaults(module=module, json=False, practice=None)
        _add_common(one)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Let ``--json`` and ``--practice`` stand behind every word: ``glede db url --json``."""
    missing = argparse.SUPPRESS
    parser.add_argument("--json", action="store_true", default=missing, help="JSON alone on standard output")
    parser.add_argument("--practice", metavar="SLUG", default=missing, help="which practice, where there are several")
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                _add_common(inner)


@contextlib.contextmanager
def _surroundings(module: ModuleType) -> Iterator[None]:
    needs_django = getattr(module, "NEEDS_DJANGO", True)
    needs_database = needs_django and getattr(module, "NEEDS_DATABASE", True)
    with embedded.session() if needs_database else contextlib.nullcontext():
        if needs_django:
            _set_up_django()
        yield


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glede.config.settings")
    import django

    # Nothing of what is taken in here is ever thrown away: to look through it for that is a sixth of the start.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()


def _words_of(error: Exception) -> str:
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if isinstance(error, OSError) and _is_about_the_home(error):
        return f"{error.filename} cannot be used: {error.strerror}. Put that right, or name another GLEDE_HOME."
    first = str(error).strip().splitlines()
    told = f"{type(error).__name__}: {first[0]}" if first else type(error).__name__
    return f"{told} (GLEDE_DEBUG=1 shows where)"


def _is_about_the_home(error: OSError) -> bool:
    return isinstance(error.filename, str) and Path(error.filename).is_relative_to(environment.home())


if __name__ == "__main__":
    sys.exit(main())
