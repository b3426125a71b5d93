"""From a database address to Django's settings, and the rule that only the owner migrates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

APPLICATION = "default"
OWNER = "owner"


def from_url(url: str) -> dict[str, Any]:
    """Return Django's settings for ``postgresql://user:password@host:port/name?host=/socket``.

    Raises ``ImproperlyConfigured`` for anything but PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// (Glede runs on PostgreSQL 15 or later).")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


def let_go_after(seconds: float) -> None:
    """Have the database undo what this process leaves unfinished for so long, and free what it has locked.

    A process that is paused amid a transaction, as a machine that sleeps is, would hold up everybody until it wakes.
    Called before its first connection.
    """
    from django.db.backends.signals import connection_created

    def limit(connection: BaseDatabaseWrapper, **_: object) -> None:
        with connection.cursor() as cursor:
            value = f"{max(seconds, 0.001) * 1000:.0f}"
            cursor.execute("select set_config('idle_in_transaction_session_timeout', %s, false)", [value])

    connection_created.connect(limit, weak=False, dispatch_uid="let_go_after")


class OwnerMigrates:
    """The application's role owns nothing, so migrations run on the owner's connection only."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Return True on the owner's connection alone."""
        return db == OWNER
