"""`glede run`: any process may be killed, the supervisor too, and the house stands again."""

import os
import random
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from glede.config.postgres import OWNER
from glede.config.processes import is_alive
from tests.depth import DEPTH, count, seeds
from tests.house import House, running, until

pytestmark = pytest.mark.slow
CHILDREN = ("database", "web", "worker")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("house")) as built:
        yield built


def test_it_prints_address_and_one_time_code(house: House) -> None:
    assert house.greeting["address"].startswith("http://127.0.0.1:")
    assert len(house.greeting["code"]) == 9
    assert house.answers() is not None


@pytest.mark.parametrize("name", CHILDREN)
def test_a_killed_process_is_started_again(house: House, name: str) -> None:
    house.healed(name, house.kill(name))
    assert f"{name} ended (signal 9)" in house.said()


@pytest.mark.parametrize("seed", seeds(20 if DEPTH > 1 else 10))
def test_nothing_written_is_lost_to_kills(house: House, seed: int) -> None:
    choice = random.Random(seed)
    for step in range(3):
        key = f"{seed}-{step}"
        with house.database() as connection:
            connection.execute("insert into django_session values (%s, 'd', '2026-01-01')", [key])
        name = choice.choice(CHILDREN)
        house.healed(name, house.kill(name))
        with house.database() as connection:
            assert connection.execute("select 1 from django_session where session_key = %s", [key]).fetchone()


@pytest.mark.parametrize("seed", seeds(30 if DEPTH > 1 else 10))
def test_any_process_at_all_may_be_killed(house: House, seed: int) -> None:
    """Pages, jobs, and PostgreSQL's own helpers: whichever dies, pages are answered and jobs done."""
    everybody = house.processes()
    os.kill(random.Random(seed).choice(everybody), signal.SIGKILL)
    until(lambda: house.answers() is not None, 30)
    house.works()


def test_a_job_of_a_killed_worker_is_done_by_the_next(house: House) -> None:
    """A job left in `doing` by a worker that died is swept up, and done."""
    with house.database() as connection:
        row = connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, args) "
            "values ('config', 'config.nothing', 'doing', '{}') returning id"
        ).fetchone()
        assert row is not None
        connection.execute(
            "insert into procrastinate_events (job_id, type, at) values (%s, 'started', '2026-01-01')", row
        )

        def is_swept() -> bool:
            found = connection.execute("select status from procrastinate_jobs where id = %s", row).fetchone()
            return found is None or found[0] != "doing"

        until(is_swept, 60)


def test_a_second_one_is_refused_in_one_line(house: House) -> None:
    done = house.command("run")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"glede: Glede already runs here: {house.greeting['address']}.",
    )


def test_a_command_beside_it_uses_its_database(house: House) -> None:
    done = house.command("db", "url", "--json")
    assert done.returncode == 0, done.stderr
    assert house.cluster.is_ready()


def test_the_application_cannot_migrate_nor_pass_the_wall(house: House) -> None:
    with house.database() as connection:
        row = connection.execute(
            "select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user"
        )
        assert row.fetchone() == (False, False, False)
    with house.database(OWNER) as connection:
        assert connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (False,)


def test_ctrl_c_stops_all_and_the_next_start_is_quick(tmp_path: Path) -> None:
    house = House(tmp_path / "h")
    house.start()
    pids = [house.pid(name) for name in CHILDREN]
    assert house.stop() == 0
    assert not any(map(is_alive, pids))
    quickest, crowd = 60.0, 1.0
    for _ in range(3):  # other tests take their share of the machine
        quickest = min(quickest, house.start())
        assert house.stop() == 0
        crowd = max(crowd, os.getloadavg()[0] / (os.cpu_count() or 1))
        if quickest <= 5 * crowd:
            break
    assert quickest <= 5 * crowd


@pytest.mark.timeout(300 + 30 * count(20))  # each round starts a whole house
def test_children_follow_a_killed_supervisor_and_the_next_start_is_clean(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    house = House(tmp_path / "h", port=port)
    house.start()
    for _ in range(count(20) if DEPTH > 1 else 1):
        pids = [house.pid(name) for name in CHILDREN]
        house.kill("supervisor")
        house.start()
        assert not any(map(is_alive, pids))
        assert house.greeting["address"].endswith(f":{port}/")
    pids = [house.pid(name) for name in CHILDREN]
    house.kill("supervisor")
    until(lambda: not any(map(is_alive, pids)), 15)


def test_a_busy_port_is_told_and_another_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        house = House(tmp_path / "h", port=port)
        house.start()
        try:
            assert f"Port {port} is busy" in house.said()
            assert house.answers() is not None
        finally:
            house.stop()
