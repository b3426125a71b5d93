"""PostgreSQL's own programs for a copy. Whom to ask stands in their environment: no password shows in a list."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from glede.config import postgres
from glede.config.terminal import Refused

_READ = 1 << 20
_VARIABLES = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "options": "PGOPTIONS", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}  # fmt: skip
# pg_restore 17 and later say this to any server; one before 17 does not know it, and needs it for nothing.
_HARMLESS = "transaction_timeout"


def dumped(url: str, *, practices: list[str], snapshot: str) -> Iterator[bytes]:
    """Yield a dump of the database at ``url`` as ``snapshot`` sees it. Raises ``Refused`` where it fails.

    The owner's role is behind the wall too: it is let in to ``practices`` for this one connection.
    """
    command = ["pg_dump", "--format=custom", "--enable-row-security", f"--snapshot={snapshot}", "--no-comments"]
    options = f"-c glede.practices={','.join(practices)}"
    with tempfile.TemporaryFile() as said:
        child = _start(command, url, options, stdout=subprocess.PIPE, stderr=said)
        assert child.stdout is not None  # noqa: S101 - asked for one line above
        try:
            while content := child.stdout.read(_READ):
                yield content
        finally:
            child.stdout.close()
            code = child.wait()
        if code:
            raise Refused(f"The database could not be copied: {_words(said)}")


def fill(url: str, parts: Iterable[bytes]) -> None:
    """Bring a dump into the empty database at ``url``. Raises ``Refused`` where any of it is refused."""
    with tempfile.TemporaryFile() as said:
        child = _start(["pg_restore", "--no-owner", "--no-comments", "--dbname", ""], url, "", stdin=subprocess.PIPE,
                       stdout=subprocess.DEVNULL, stderr=said)  # fmt: skip
        assert child.stdin is not None  # noqa: S101 - asked for one line above
        try:
            for part in parts:
                child.stdin.write(part)
            child.stdin.close()
        except BrokenPipeError:
            pass  # it has ended, and says why
        except BaseException:
            child.kill()
            raise
        finally:
            child.wait()
        problems = [line for line in _lines(said) if "error:" in line and _HARMLESS not in line]
        if problems:
            raise Refused(f"The database did not take the backup: {problems[0]}")


def _start(command: list[str], url: str, options: str, **streams: Any) -> "subprocess.Popen[bytes]":
    facts = conninfo_to_dict(url)
    known = {_VARIABLES[name]: str(value) for name, value in facts.items() if name in _VARIABLES and value}
    if options:
        known["PGOPTIONS"] = f"{known.get('PGOPTIONS', '')} {options}".strip()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "GLEDE_", "DATABASE"))}
    program = str(postgres.programs() / command[0])
    words = [known["PGDATABASE"] if word == "" else word for word in command[1:]]
    return subprocess.Popen([program, *words], env={**inherited, **known}, **streams)  # noqa: S603


def _lines(said: Any) -> list[str]:
    said.seek(0)
    return [line for line in said.read().decode("utf-8", errors="replace").splitlines() if line.strip()]


def _words(said: Any) -> str:
    lines = [line for line in _lines(said) if "error:" in line] or _lines(said) or ["it said nothing"]
    return lines[0][:300]
