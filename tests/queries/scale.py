"""A database of 50,000 people, built once for each state of the code behind it, read by tests that roll back."""

import contextlib
import fcntl
import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from django.db import connection, connections, transaction
from django.test import override_settings
from psycopg import sql

from glede.config import postgres
from glede.config.benches import SIZES
from glede.config.benches.scratch import gather_statistics
from glede.config.benches.world import World, build
from glede.config.postgres import SUPERUSER, Cluster
from tests.database import ROOT, clone, pointed_at

SIZE = "quick"
_ALONE = 50_000
# The same in every run: what the rows hold was sealed and signed with them.
KEYS = {"GLEDE_MASTER_KEY": "c2NhbGUtc2NhbGUtc2NhbGUtc2NhbGUtc2NhbGUtMTI=", "GLEDE_LINK_KEY": b"the key of the scale"}


@dataclass(frozen=True)
class Scale:
    """The database, what lives in it, and the server it is on."""

    cluster: Cluster
    name: str
    world: World

    @contextlib.contextmanager
    def entered(self) -> Iterator[World]:
        """Lead the connections here, as the application's role; whatever is written is rolled back."""
        with override_settings(**KEYS), pointed_at(self.cluster, self.name), transaction.atomic():
            yield self.world
            transaction.set_rollback(True)
        connection.close()

    @contextlib.contextmanager
    def without(self, *statements: str) -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
        """Yield a connection as the application's role in which the owner's ``statements`` (a guard removed) hold."""
        with psycopg.connect(self.cluster.url(SUPERUSER, self.name)) as own:
            # One at a time: two that each hold a table and read the other's would wait for ever.
            own.execute("select pg_advisory_xact_lock(%s)", [_ALONE])
            for statement in statements:
                own.execute(statement)
            own.execute(sql.SQL("set local role {}").format(sql.Identifier(postgres.APPLICATION)))
            own.execute("select set_config('glede.practices', %s, true)", [str(self.world.house.practice_id)])
            yield own
            own.rollback()


def scale_of(cluster: Cluster, template: str) -> Scale:
    """Return the scale database of this state of the code, built where it is missing."""
    name = f"scale_{_fingerprint(template)}"
    told = cluster.folder / f"{name}.pickle"
    with (cluster.folder / "scale.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not _is_there(cluster, name) or not told.exists():
            told.write_bytes(pickle.dumps(_built(cluster, template, name)))
    return Scale(cluster, name, pickle.loads(told.read_bytes()))


def _built(cluster: Cluster, template: str, name: str) -> World:
    making = f"{name}_making"
    with clone(cluster, template, making), override_settings(**KEYS), pointed_at(cluster, making):
        world = build(SIZES[SIZE])
        gather_statistics()
        connections.close_all()
        _keep(cluster, making, name)
    return world


def _is_there(cluster: Cluster, name: str) -> bool:
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as own:
        return own.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def _keep(cluster: Cluster, making: str, name: str) -> None:
    """Give what was made its name, and let those of earlier states go."""
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as own:
        earlier = own.execute("select datname from pg_database where datname ~ '^scale_[0-9a-f]{16}$'").fetchall()
        for (old,) in earlier:
            with contextlib.suppress(psycopg.errors.ObjectInUse):
                own.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(old)))
        own.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(making), sql.Identifier(name)))
        own.execute(
            sql.SQL("grant connect, temporary on database {} to {}").format(
                sql.Identifier(name), sql.Identifier(postgres.APPLICATION)
            )
        )


def _fingerprint(template: str) -> str:
    digest = hashlib.sha256(template.encode())
    for file in sorted((ROOT / "glede/config/benches").glob("*.py")):
        if file.stem not in {"pages", "scratch"}:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
