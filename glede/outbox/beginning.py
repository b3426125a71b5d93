"""One statement for the moment before a call: what was, is told; what comes, begins, if the fence still holds.

A function of the database, so that each message costs one round trip and one commit. It runs with the rights of
whoever calls it and sees the practice it is given and no other, as inside any transaction of that practice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from weakref import WeakSet

from psycopg import Connection, Cursor, errors, pq

Value = UUID | datetime | int | bool | str | None

FUNCTION = """
create or replace function outbox_begin(
  practice uuid, message uuid, its_fence int, moment timestamptz, begun_id uuid, unguarded boolean,
  told_id uuid, before uuid, before_fence int, before_at timestamptz, before_outcome text, why text, provider text,
  said text
) returns boolean language plpgsql as $$
begin
  perform set_config('glede.practices', practice::text, true);
  -- The share lock makes whoever takes the lease away wait for this commit, or this one see that it is gone.
  perform 1 from outbox_message m
    where m.practice_id = practice and m.id = message
      and (unguarded or (m.state = 'sending' and m.fence = its_fence and m.lease_until > moment))
    for share;
  if found and before is not null then
    insert into outbox_attempt
      (id, practice_id, message_id, kind, fence, at, outcome, reason, provider_id, request_hash, words)
    values (told_id, practice, before, 'outcome', before_fence, before_at, before_outcome, why, provider, '', said),
           (begun_id, practice, message, 'begun', its_fence, moment, '', '', '', '', '');
    return true;
  elsif found then
    insert into outbox_attempt
      (id, practice_id, message_id, kind, fence, at, outcome, reason, provider_id, request_hash, words)
    values (begun_id, practice, message, 'begun', its_fence, moment, '', '', '', '', '');
    return true;
  end if;
  if before is not null then
    insert into outbox_attempt
      (id, practice_id, message_id, kind, fence, at, outcome, reason, provider_id, request_hash, words)
    values (told_id, practice, before, 'outcome', before_fence, before_at, before_outcome, why, provider, '', said);
  end if;
  return false;
end $$
"""
ROOM_TO_CHANGE = "alter table outbox_touch set (fillfactor = 75)"
"""A touch closes in place, on the page it stands on, without a new entry in any index."""

CALL = "select outbox_begin(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_NAME = b"outbox_begin"
_PREPARED = b"select outbox_begin($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
_prepared: WeakSet[Connection[Any]] = WeakSet()


def call(connection: Connection[Any], values: Sequence[Value], *, is_alone: bool) -> bool:
    """Call the function and return its answer. Raises what psycopg raises.

    Alone, outside every transaction, it is a transaction of its own and is asked of libpq directly: it is the one
    statement that every message waits for, and psycopg's cursor spent as long on it in Python as the database.
    """
    if not is_alone:
        found = Cursor(connection).execute(CALL, values).fetchone()
        return bool(found and found[0])
    if connection not in _prepared:
        _checked(connection, connection.pgconn.prepare(_NAME, _PREPARED))
        _prepared.add(connection)
    texts = cast("list[bytes]", [_text(value) for value in values])  # None is NULL, whatever its types say
    told = _checked(connection, connection.pgconn.exec_prepared(_NAME, texts))
    return told.get_value(0, 0) == b"t"


def _text(value: Value) -> bytes | None:
    return None if value is None else str(value).encode()


def _checked(connection: Connection[Any], result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status not in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
        raise errors.error_from_result(result, encoding=connection.info.encoding)
    return result
