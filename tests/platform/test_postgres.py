"""The server that comes along: private, checked, silent about what people typed, and quick to stand again."""

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from glede.config import postgres, server
from glede.config.postgres import APPLICATION, OWNER, SUPERUSER, Cluster
from glede.config.processes import is_alive


@pytest.fixture(scope="module")
def safe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a running server as the field has it."""
    with postgres.running(Cluster(tmp_path_factory.mktemp("pg") / "postgres")) as cluster:
        server.prepare(cluster)
        yield cluster


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_we_may_enter(safe: Cluster) -> None:
    assert {mode(safe.folder), mode(safe.data), mode(safe.socket)} == {0o700}
    assert {mode(path) for path in safe.folder.glob("*.password")} == {0o600}
    assert mode(safe.log) == 0o600


def test_it_listens_to_no_network_and_trusts_nobody(safe: Cluster) -> None:
    with psycopg.connect(safe.url(SUPERUSER)) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        rules = connection.execute("select type, auth_method from pg_hba_file_rules").fetchall()
    assert rules == [("local", "scram-sha-256")]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(safe.url(SUPERUSER).replace(safe.password(SUPERUSER), "guess"))


def test_it_loses_nothing_at_a_power_cut(safe: Cluster) -> None:
    with psycopg.connect(safe.url(APPLICATION)) as connection:
        assert list(server.refusals(connection)) == []


def test_the_log_holds_no_statement_and_no_value(safe: Cluster) -> None:
    with psycopg.connect(safe.url(APPLICATION), autocommit=True) as connection:
        for statement in ("select 'Kari Moe'::int", "insert into nobody values ('Kari Moe')", "select 1/0 as kari_moe"):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
    said = safe.log.read_text().lower()
    assert "kari" not in said
    assert "select" not in said


@pytest.mark.parametrize("role", [SUPERUSER, OWNER])
def test_a_role_that_can_pass_the_wall_is_refused(safe: Cluster, role: str) -> None:
    with psycopg.connect(safe.url(OWNER), autocommit=True) as connection:
        connection.execute("create table if not exists owned (id int)")
    with psycopg.connect(safe.url(role)) as connection:
        assert role in " ".join(server.refusals(connection))


@pytest.mark.parametrize("grant", ["bypassrls", "superuser"])
def test_an_application_made_mighty_is_refused(safe: Cluster, grant: str) -> None:
    alter = sql.SQL("alter role glede_app {}")
    with psycopg.connect(safe.url(SUPERUSER), autocommit=True) as above:
        above.execute(alter.format(sql.SQL(grant)))
        try:
            with psycopg.connect(safe.url(APPLICATION)) as connection:
                assert list(server.refusals(connection))
        finally:
            above.execute(alter.format(sql.SQL(f"no{grant}")))


def test_preparing_twice_changes_nothing(safe: Cluster) -> None:
    server.prepare(safe)
    server.prepare(safe)


def test_the_application_makes_no_table(safe: Cluster) -> None:
    with psycopg.connect(safe.url(APPLICATION)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("create table mine (id int)")


def test_half_a_folder_is_thrown_away(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "pg", is_forgetful=True)
    (cluster.folder / "data.new" / "base").mkdir(parents=True)
    with postgres.running(cluster):
        assert cluster.is_ready()


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("long" * 25), is_forgetful=True)
    with postgres.running(cluster), psycopg.connect(cluster.url(SUPERUSER, "postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert mode(cluster.socket) == 0o700


def test_a_foreign_folder_in_place_of_the_socket_is_refused(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "pg", is_forgetful=True)
    cluster.folder.mkdir()
    cluster.socket.symlink_to(tmp_path)
    with pytest.raises(postgres.ServerImpossible, match="not ours"):
        postgres.ensure_cluster(cluster)


@pytest.mark.slow
def test_it_starts_over_what_a_kill_left(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "pg", is_forgetful=True)
    postgres.ensure_cluster(cluster)
    child = postgres.start(cluster)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    again = postgres.start(cluster)
    assert cluster.is_ready()
    postgres.stop(again)
    assert cluster.pid() is None


def test_a_number_that_is_somebody_else_s_by_now_is_left_alone(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "pg", is_forgetful=True)
    postgres.ensure_cluster(cluster)
    other = subprocess.Popen(["sleep", "60"])
    try:
        (cluster.data / "postmaster.pid").write_text(f"{other.pid}\n{cluster.data}\n")
        assert cluster.pid() is None
        with postgres.running(cluster):
            assert cluster.is_ready()
        assert is_alive(other.pid)
    finally:
        other.kill()
        other.wait()
