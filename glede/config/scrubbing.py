"""The nightly scrub: whoever was forgotten leaves PostgreSQL's own files too.

What an erasure blanked still lies in the files as dead rows, in what the planner noted of common values, and in the
write-ahead log. The scrub writes every table anew that may hold words, and lets the log of before go. Databases kept
aside by a restore forget the same people first.
"""

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import errors, sql

from glede.config import embedded, environment
from glede.config.backups import databases
from glede.config.backups.making import House
from glede.config.postgres import SUPERUSER
from glede.kernel import clock

# The record holds ids, codes, numbers and times, never a word; it is also what grows longest.
WITHOUT_WORDS = ("ledger_event", "ledger_access", "ledger_subject", "ledger_command")
CATALOGUES = ("pg_statistic", "pg_statistic_ext_data")
LOOKS_END = 60.0  # seconds: so long is waited in all for whoever looks at the database as it was before
LOCK_PATIENCE = "10s"  # so long a table is waited for; nobody waits longer behind us
_LOG_CURE = (
    "The write-ahead log was not cleared: the owner's role may not. As a superuser: grant pg_checkpoint to {role}; "
    "grant execute on function pg_switch_wal() to {role}; and set wal_recycle = off."
)


@dataclass
class Scrubbed:
    """What a scrub did: how many people are forgotten, which tables were written anew, what could not be done."""

    people: int = 0
    tables: int = 0
    kept: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    is_log_clear: bool = False
    remarks: list[str] = field(default_factory=list)


def is_due() -> bool:
    """Return whether somebody was forgotten since the last scrub, or what was left to do then."""
    with contextlib.suppress(OSError, ValueError):
        return bool(json.loads(_note_file().read_text(encoding="utf-8")) != _forgotten())
    return bool(_forgotten())


def scrub(of: House) -> Scrubbed:
    """Let the files forget whom the rows forgot. Raises ``psycopg.Error`` where the server does not answer."""
    done = Scrubbed()
    noted = _forgotten()
    done.people = sum(len(people) for people in noted.values())
    _blank_again(noted)
    _scrub_kept(of, noted, done)
    done.tables = rewrite(of.url, done.remarks)
    done.is_log_clear = clear_log(of.url, done.remarks)
    if not done.remarks:
        _note_file().write_text(json.dumps(noted), encoding="utf-8")
    return done


def rewrite(url: str, remarks: list[str]) -> int:
    """Write every table of the database at ``url`` anew that may hold words; return how many.

    A table somebody holds for long is left, and named in ``remarks``.
    """
    with contextlib.closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(sql.SQL("set lock_timeout = {}").format(sql.Literal(LOCK_PATIENCE)))
        connection.execute("set client_min_messages = error")
        row = connection.execute("select pg_current_xact_id()::xid::text").fetchone()
        scrub = _Since(connection, row[0] if row else "0", clock.monotonic() + LOOKS_END, remarks)
        tables = connection.execute(_TABLES, [list(WITHOUT_WORDS)]).fetchall()
        for (table,) in tables:
            scrub.rewrite(table, "vacuum (full, analyze) {}")
        for table in CATALOGUES:  # what the planner noted of common values is words too
            scrub.rewrite(table, "vacuum (full) {}")
    return len(tables)


_TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'r' and not c.relname = any (%s)
  and pg_has_role(current_user, c.relowner, 'usage')
order by c.relname
"""


@dataclass
class _Since:
    """A scrub under way: what was dead before the transaction ``began`` may be carried along into no table."""

    connection: databases.Connection
    began: str
    ends_at: float
    remarks: list[str]

    def rewrite(self, table: str, statement: str) -> None:
        """Write a table anew, again where somebody looked at it as it was before, for they may still see dead rows."""
        written = sql.SQL(statement).format(sql.Identifier(table))
        try:
            self.connection.execute(written)
            while self._carried(table):
                if clock.monotonic() > self.ends_at:
                    self.remarks.append(
                        f"{table} was looked at for long: old rows in it are left until the next night."
                    )
                    return
                clock.wait(0.2)
                self.connection.execute(written)
        except errors.LockNotAvailable:
            self.remarks.append(f"{table} was in use and is left until the next night.")
        except errors.InsufficientPrivilege:
            self.remarks.append(f"{table} may not be written anew by this role.")

    def _carried(self, table: str) -> bool:
        """A table written anew says up to which transaction it is clean: the oldest anybody could still see."""
        asked = "select age(relfrozenxid) > age(%s::xid) from pg_class where oid = %s::regclass"
        row = self.connection.execute(asked, [self.began, table]).fetchone()
        return bool(row and row[0])


def clear_log(url: str, remarks: list[str]) -> bool:
    """Let the write-ahead log of before go; return whether that could be done."""
    address = databases.at(embedded.home_cluster().url(SUPERUSER), "postgres") if embedded.keeps(url) else url
    try:
        with contextlib.closing(psycopg.connect(address, autocommit=True)) as connection:
            # The first writes down what still waits in memory; after the second nothing before it is needed.
            connection.execute("checkpoint")
            connection.execute("select pg_switch_wal()")
            connection.execute("checkpoint")
    except errors.InsufficientPrivilege:
        remarks.append(_LOG_CURE.format(role=databases.role_of(url)))
        return False
    return True


def _forgotten() -> dict[str, list[str]]:
    """Return who is forgotten, by practice."""
    from glede.people.queries.rights import forgotten
    from glede.practices.queries import practices_in_use

    found = {str(practice.pk): [str(one) for one in forgotten(practice.pk)] for practice in practices_in_use()}
    return {practice: people for practice, people in found.items() if people}


def _blank_again(noted: dict[str, list[str]]) -> None:
    from glede.kernel.actor import SYSTEM
    from glede.people.operations.erasure import forget_again
    from glede.practices.queries import practice_by_id, practice_now

    for practice_id in noted:
        practice = practice_by_id(UUID(practice_id))
        forget_again(practice_id=practice.pk, by=SYSTEM, now=practice_now(practice))


def _scrub_kept(of: House, noted: dict[str, list[str]], done: Scrubbed) -> None:
    """Forget the same people in databases that a restore kept aside; one that cannot is dropped."""
    for name in databases.names(of.url, f"{of.database}_before_"):
        try:
            with databases.entered(name):
                _forget_there(noted)
            rewrite(databases.at(of.url, name), done.remarks)
            done.kept.append(name)
        except Exception:  # whatever stands in the way: the words in it may not stay
            databases.drop(of.url, name)
            done.dropped.append(name)


def _forget_there(noted: dict[str, list[str]]) -> None:
    from glede.kernel.actor import SYSTEM
    from glede.people.operations import NoSuchPatient, erase_patient
    from glede.people.queries.rights import forgotten, known
    from glede.practices.queries import NoSuchPractice, practice_by_id, practice_now

    for practice_id, people in noted.items():
        with contextlib.suppress(NoSuchPractice):
            practice = practice_by_id(UUID(practice_id))
            there = known(practice.pk, map(UUID, people)) - set(forgotten(practice.pk))
            for patient_id in sorted(there):
                with contextlib.suppress(NoSuchPatient):
                    erase_patient(
                        practice_id=practice.pk, patient_id=patient_id, reason="asked", by=SYSTEM,
                        now=practice_now(practice),
                    )  # fmt: skip


def _note_file() -> Path:
    return environment.home() / "scrubbed.json"
