"""What a practice's rows amount to: one hash over every table, to prove that nothing was written."""

from hashlib import sha256
from uuid import UUID

from django.apps import apps
from django.db import connection

from glede.practices import scope


def hash_of_everything(practice_id: UUID, *, but: frozenset[str] = frozenset()) -> str:
    """Return a hash over all rows of all tables that the practice can see, those named in ``but`` left out."""
    told = sha256()
    with scope.transaction(practice_id), connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in apps.get_models()} - but):
            cursor.execute(f"select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t")
            told.update(f"{table} {cursor.fetchone()[0]}\n".encode())
    return told.hexdigest()
