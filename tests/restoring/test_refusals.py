"""Whatever is wrong with a backup, its key, its disk or a migration is said in plain words, and nothing is lost."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connections
from django.test import override_settings
from psycopg import sql

from glede.config import tasks
from glede.config.backups import databases, making, programs
from glede.config.backups.keeping import back_up, is_due
from glede.config.backups.making import House, Made, aside_name, make_backup, prove
from glede.config.backups.returning import restore
from glede.config.backups.sealing import PART, Sealed, Sealer
from glede.config.backups.upgrading import upgrade
from glede.config.postgres import APPLICATION, OWNER, SUPERUSER, Cluster
from glede.config.terminal import Refused
from glede.kernel import clock, failpoints
from glede.ledger.queries import verify
from glede.practices.queries import practices_in_use, safety
from tests.estate import an_estate


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture
def guards() -> Iterator[None]:
    """Put every guard back at the end."""
    yield
    failpoints.remove_guards()


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let planted migrations stand in for those of a room, for this test alone."""
    monkeypatch.syspath_prepend(tmp_path)
    with override_settings(MIGRATION_MODULES={"feedback": "planted"}):
        yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "planted"]:
        del sys.modules[name]


@pytest.fixture
def of(cluster: Cluster, own_database: str) -> Iterator[House]:
    """A database of two practices."""
    an_estate("solberg")
    an_estate("nordlys")
    connections.close_all()
    yield House(cluster.url(OWNER, own_database), APPLICATION, settings.GLEDE_MASTER_KEY)
    connections.close_all()


def backup(of: House, folder: Path) -> Made:
    """Make a backup."""
    made = make_backup(folder, of=of, days=35, say=quiet)
    connections.close_all()
    return made


def left_beside(of: House) -> list[str]:
    """Databases of ours beside the one in use."""
    return [name for name in databases.names(of.url, of.database) if name != of.database]


def is_whole() -> bool:
    """Whether the database in use verifies."""
    return all(verify(practice.pk).ok for practice in practices_in_use())


def fingerprint(of: House) -> dict[str, str]:
    """A digest of every table, as the owner sees it."""
    with psycopg.connect(of.url) as connection:
        ids = ",".join(str(row[0]) for row in connection.execute("select id from outside_practice").fetchall())
        connection.execute("select set_config('glede.practices', %s, true)", [ids])
        told = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        tables = [table for (table,) in told if table != "outside_backup_proof"]
        rows = "select md5(string_agg(t::text, '|' order by t::text)) from {} t"
        return {t: str(connection.execute(sql.SQL(rows).format(sql.Identifier(t))).fetchone()) for t in tables}


def test_a_backup_is_for_its_keeper_alone_and_tells_nothing_without_the_key(of: House, tmp_path: Path) -> None:
    made = backup(of, tmp_path / "backups")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    content = made.path.read_bytes()
    assert content.startswith(b"glede backup 1\n")
    assert not any(word in content for word in (b"outside_practice", b"Solberg", b"Kari", b"COPY", b"PGDMP"))
    assert (left_beside(of), len(list(made.path.parent.iterdir()))) == ([], 1)


FAULTS = {
    "other key": "another key", "cut short": "damaged", "cut at a part": "damaged", "flipped bit": "damaged",
    "no backup": "not a backup", "missing": "cannot be read",
}  # fmt: skip


def test_a_file_that_is_not_right_is_refused_before_anything_is_touched(of: House, tmp_path: Path) -> None:
    made = backup(of, tmp_path / "backups")
    before = fingerprint(of)
    for fault, words in FAULTS.items():
        bad = _spoilt(fault, made.path, of, tmp_path)
        with_key = House(of.url, of.application, Fernet.generate_key().decode()) if fault == "other key" else of
        with pytest.raises(Refused, match=words):
            restore(bad, of=with_key, carries=True, say=quiet)
        assert (fingerprint(of) == before, left_beside(of)) == (True, []), fault


def _spoilt(fault: str, good: Path, of: House, folder: Path) -> Path:
    """Write a copy with one fault and return where it is."""
    content, bad = bytearray(good.read_bytes()), folder / f"{fault}.backup"
    if fault == "flipped bit":
        content[len(content) // 2] ^= 1
    elif fault == "cut short":
        del content[-100:]
    elif fault == "cut at a part":
        padded = folder / "long.backup"
        _seal(padded, of, bytes(3 * PART))
        content = bytearray(padded.read_bytes()[: 39 + PART + 16])
    elif fault == "no backup":
        content = bytearray(b"Kundenr;Etternavn\n")
    if fault != "missing":
        bad.write_bytes(content)
    return bad


def _seal(path: Path, of: House, content: bytes) -> None:
    with path.open("wb") as file:
        sealer = Sealer(file, of.master)
        sealer.write(content)
        sealer.finish()


def test_an_older_key_beside_the_new_one_still_opens(of: House, tmp_path: Path) -> None:
    made = backup(of, tmp_path)
    turned = House(of.url, of.application, f"{Fernet.generate_key().decode()},{of.master}")
    assert prove(Sealed(made.path, turned.master), turned)[0].practices


def test_a_full_disk_is_said_and_leaves_the_older_backups_alone(of: House, tmp_path: Path, cluster: Cluster) -> None:
    """On a real disk of one megabyte, where the system lets us make one."""
    older = backup(of, tmp_path / "disk")
    kept = tmp_path / older.path.name
    shutil.copy(older.path, kept)
    script = (
        "mount -t tmpfs -o size=256k tmpfs $0 && cp $1 $0/ && $2 -m glede.config.cli backup --json $0; "
        "code=$?; ls -A $0; exit $code"
    )
    words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, str(tmp_path / "disk"), str(kept)]
    if subprocess.run([*words[:4], "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system allows no user namespaces, so no small disk can be made")
    kept.write_bytes(kept.read_bytes()[:1000])
    environment = {**os.environ, "DATABASE_URL": cluster.url(APPLICATION, of.database), "DATABASE_OWNER_URL": of.url}
    environment["GLEDE_MASTER_KEY"] = of.master
    done = subprocess.run([*words, sys.executable], capture_output=True, text=True, env=environment, check=False)
    answer, *listed = done.stdout.splitlines()
    assert done.returncode == 1, done.stderr
    assert "is full" in json.loads(answer)["error"]
    assert listed == [kept.name]
    assert left_beside(of) == []


def test_a_copy_that_does_not_come_back_whole_is_not_taken_for_a_backup(
    of: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guards: None
) -> None:
    fill = programs.fill

    def loses_a_row(url: str, parts: Iterator[bytes]) -> None:
        fill(url, parts)
        with psycopg.connect(url) as connection:
            connection.execute("truncate people_searchtoken")

    monkeypatch.setattr(programs, "fill", loses_a_row)
    with pytest.raises(Refused, match=r"did not come back whole: .*\.unproved"):
        make_backup(tmp_path, of=of, days=35, say=quiet)
    assert [path.suffix for path in tmp_path.iterdir()] == [".unproved"]
    failpoints.remove_guards("backup_compared")
    assert make_backup(tmp_path, of=of, days=35, say=quiet).path.suffix == ".backup"


def test_a_record_that_was_changed_is_noticed_by_the_proof(of: House, tmp_path: Path, cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(SUPERUSER, of.database)) as superuser:
        superuser.execute("alter table ledger_event disable trigger user")
        superuser.execute("update ledger_event set kind = 'diary.appointment.moved' where seq = 3")
        superuser.execute("alter table ledger_event enable trigger user")
    with pytest.raises(Refused, match="glede verify found"):
        back_up(tmp_path, of=of)
    found = safety(moment=clock.now())
    assert ("glede verify found" in found.problem, found.proved_at, found.is_proof_old) == (True, None, True)


def test_old_backups_go_and_nobody_may_keep_them_longer_than_erasure_allows(
    of: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backup(of, tmp_path)
    (tmp_path / "notes.txt").write_text("not ours")
    databases.make(of.url, aside_name(of, clock.now()), application=of.application)
    later = clock.now() + timedelta(days=36)
    monkeypatch.setattr(clock, "now", lambda: later)
    made = backup(of, tmp_path)
    assert first.path.name in made.dropped
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([made.path.name, "notes.txt"])
    assert left_beside(of) == []
    with pytest.raises(Refused, match="1 to 35"):
        back_up(tmp_path, days=36, of=of)


def test_a_backup_is_due_each_day_and_the_owner_is_told_when_there_is_none(
    of: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    assert not is_due(moment=now), "off where somebody said so"
    monkeypatch.setenv("GLEDE_BACKUP", "yes")
    assert is_due(moment=now)
    back_up(tmp_path, of=of)
    days = timedelta(days=1)
    assert [is_due(moment=now + n * days) for n in (0, 1, 2)] == [False, True, True]
    states = [(s.is_backup_old, s.is_proof_old) for s in (safety(moment=now + n * days) for n in (1, 3, 8))]
    assert states == [(False, False), (True, False), (True, True)]


def test_the_worker_makes_the_days_backup_and_notes_what_fails(
    of: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "house", lambda: of)
    monkeypatch.setenv("GLEDE_BACKUP", "yes")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("GLEDE_BACKUP_DIR", str(tmp_path / "file"))
    tasks.back_up_daily(0)
    found = safety(moment=clock.now())
    assert ("cannot be written" in found.problem, found.proved_at) == (True, None)
    monkeypatch.setenv("GLEDE_BACKUP_DIR", str(tmp_path / "backups"))
    tasks.back_up_daily(0)
    assert not (tmp_path / "backups").exists(), "what failed is not tried again within the hour"
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    tasks.back_up_daily(0)
    tasks.back_up_daily(0)
    assert len(list((tmp_path / "backups").glob("*.backup"))) == 1
    assert safety(moment=later).problem == ""


def plant(folder: Path, *, fails: bool) -> None:
    """Make migrations of a room that go further than the real ones, the last of which may fail."""
    package = folder / "planted"
    shutil.copytree(Path("glede/feedback/migrations"), package, ignore=shutil.ignore_patterns("__pycache__"))
    last = max(path.stem for path in package.glob("0*.py"))
    head = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    "
    grows = "migrations.RunSQL('create table planted_one (id int)')"
    breaks = "migrations.RunSQL('insert into planted_one select 1 / 0')" if fails else ""
    (package / "0101_grows.py").write_text(
        f"{head}dependencies = [('feedback', '{last}')]\n    operations = [{grows}]\n"
    )
    (package / "0102_more.py").write_text(
        f"{head}dependencies = [('feedback', '0101_grows')]\n    operations = [{breaks}]\n"
    )


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_migration_that_fails_is_taken_back(
    of: House, tmp_path: Path, planted: None, guards: None, is_guarded: bool
) -> None:
    plant(tmp_path, fails=True)
    before = fingerprint(of)
    if not is_guarded:
        failpoints.remove_guards("upgrade_on_copy")
    with pytest.raises(Refused, match=r"taken back: .*division by zero"):
        upgrade(tmp_path / "backups", of=of, say=quiet)
    connections.close_all()
    assert (fingerprint(of) == before) is is_guarded, "the control leaves half an upgrade behind"
    assert left_beside(of) == []
    assert is_whole()


def test_an_upgrade_keeps_everything_and_what_stood_before(of: House, tmp_path: Path, planted: None) -> None:
    plant(tmp_path, fails=False)
    before = fingerprint(of)
    done = upgrade(tmp_path / "backups", of=of, say=quiet)
    assert (done.steps, left_beside(of)) == (2, [done.kept_as])
    after = fingerprint(of)
    changed = {table for table in after if after[table] != before.get(table)}
    assert changed <= {"planted_one", "django_migrations", "auth_permission"}
    assert is_whole()
    assert not safety(moment=clock.now()).is_proof_old
    connections.close_all()
    assert upgrade(tmp_path / "backups", of=of, say=quiet).steps == 0
    connections.close_all()
    with (
        override_settings(MIGRATION_MODULES={}),
        pytest.raises(Refused, match=r"of a newer Glede \(feedback.0101_grows\)"),
    ):
        upgrade(tmp_path / "backups", of=of, say=quiet)
    databases.drop(of.url, done.kept_as)


def test_who_is_in_the_database_is_not_overtaken(of: House, tmp_path: Path, cluster: Cluster) -> None:
    made = backup(of, tmp_path)
    with psycopg.connect(cluster.url(APPLICATION, of.database)), pytest.raises(Refused, match="Stop Glede"):
        restore(made.path, of=of, carries=True, say=quiet)
    with psycopg.connect(cluster.url(APPLICATION, of.database)), pytest.raises(Refused, match="Stop Glede"):
        upgrade(tmp_path, of=of, say=quiet)


@pytest.mark.parametrize("point", ["backup.part", "backup.before_name"])
def test_a_backup_that_is_interrupted_leaves_no_half_file(of: House, tmp_path: Path, point: str) -> None:
    failpoints.arm(f"{point}:raise")
    try:
        with pytest.raises(failpoints.FailpointReached):
            make_backup(tmp_path, of=of, days=35, say=quiet)
    finally:
        failpoints.arm("")
    assert (list(tmp_path.iterdir()), left_beside(of)) == ([], [])


@pytest.mark.parametrize("point", ["restore.before_place"])
def test_a_return_that_is_interrupted_changes_nothing(of: House, tmp_path: Path, point: str) -> None:
    made = backup(of, tmp_path)
    before = fingerprint(of)
    failpoints.arm(f"{point}:raise")
    try:
        with pytest.raises(failpoints.FailpointReached):
            restore(made.path, of=of, carries=True, say=quiet)
    finally:
        failpoints.arm("")
    assert (fingerprint(of) == before, left_beside(of)) == (True, [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "point"),
    [("restore", "restore.before_place"), ("upgrade", "upgrade.before_place"), ("backup", "backup.part")],
)
def test_a_command_that_is_killed_changes_nothing_and_the_next_one_clears_up(
    of: House, tmp_path: Path, cluster: Cluster, word: str, point: str
) -> None:
    made = backup(of, tmp_path / "backups")
    before = fingerprint(of)
    environment = {
        **os.environ, "DATABASE_URL": cluster.url(APPLICATION, of.database), "DATABASE_OWNER_URL": of.url,
        "GLEDE_MASTER_KEY": of.master, "GLEDE_HOME": str(tmp_path / "home"), "GLEDE_TESTING": "1",
    }  # fmt: skip
    words = [sys.executable, "-m", "glede.config.cli", word, "--json"]
    words += {"restore": [str(made.path)], "backup": [str(tmp_path / "more")], "upgrade": []}[word]
    killed = subprocess.run(
        words, capture_output=True, env={**environment, "GLEDE_FAILPOINTS": f"{point}:kill"}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert fingerprint(of) == before
    again = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert (again.returncode, json.loads(again.stdout)["ok"]) == (0, True), again.stderr
    aside = json.loads(again.stdout).get("kept_as") or "none"
    assert left_beside(of) in ([], [aside])
    assert is_whole()
    databases.drop(of.url, aside)
