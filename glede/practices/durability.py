"""How sure a commit must be before work goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def relaxed() -> Iterator[None]:
    """Go on without waiting until each commit has reached the disk. For practices whose clock is moved by hand.

    Should the machine itself fail, the last commits may be missing, but what is left is whole: the clock then stands
    where it stood, and moving it again does again what is missing. A process that is killed loses nothing by it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('synchronous_commit')")
        before = cursor.fetchone()[0]
        cursor.execute("select set_config('synchronous_commit', 'off', false)")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("select set_config('synchronous_commit', %s, false)", [before])
