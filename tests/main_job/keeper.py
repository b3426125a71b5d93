"""Keep a home's server up, and run commands beside it: ``python -m tests.main_job.keeper``.

Each line of standard input is a list of a command's words; the answer is its exit code. A command runs in a process
of its own, forked from this one, so that a test of twenty commands takes the code in once. That a command starts by
itself is shown by ``tests/platform`` and by the ticks of ``test_forecast.py``.
"""

import gc
import json
import os
import sys
import traceback
from pathlib import Path

from glede.config import cli, embedded, environment

OUT, ERR = "out.txt", "err.txt"


def main() -> None:
    """Say ``up``, then run what is asked until there is nothing more."""
    with embedded.session():
        cli._set_up_django()
        gc.freeze()
        print("up", flush=True)  # noqa: T201 - the answer
        for line in sys.stdin:
            print(_ran(json.loads(line)), flush=True)  # noqa: T201 - the answer


def _ran(words: list[str]) -> int:
    child = os.fork()
    if child == 0:
        os._exit(_run(words))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(words: list[str]) -> int:
    """Run a command as its own process would: it looks for the database itself, and its words go to two files."""
    for number, name in ((1, OUT), (2, ERR)):
        os.dup2(os.open(environment.home() / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    del os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"]
    try:
        code = cli.main(words)
    except SystemExit as left:
        code = cli.USAGE if left.code else cli.DONE
    except BaseException:
        traceback.print_exc()
        code = cli.PROBLEM
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def said(home: Path) -> tuple[str, str]:
    """Return what the last command wrote on standard output and on standard error."""
    return (home / OUT).read_text(encoding="utf-8"), (home / ERR).read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
