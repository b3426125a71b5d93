"""How quickly journeys plan for those of whom the record tells while many more walk one, and what an idle tick costs.

A few people are enrolled by our own operations and copied many times by plain SQL; those who fall due are brought by a
list, and followed from the record to the last row. The limit is the same touches, messages and enrolments, staged by
COPY and inserted into empty twins of their tables with the same indexes and foreign keys, in portions of the same size.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from statistics import median
from typing import Any, Final
from uuid import UUID

from django.db import connection, connections
from psycopg import sql

from glede.config.benches.importing import keys_of
from glede.config.benches.names import somebody
from glede.config.benches.scratch import gather_statistics
from glede.config.databases import OWNER
from glede.diary.operations import import_appointments
from glede.diary.requests import ListedVisit
from glede.journeys.operations import advance, follow, is_behind
from glede.journeys.operations.following import BATCH
from glede.kernel import clock
from glede.kernel.actor import IMPORT, SYSTEM
from glede.outbox.hands import is_flat, memory, together
from glede.outbox.queries import best_lane_due
from glede.people.operations import add_patients
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.operations import NewPractice, start_practice
from glede.practices.queries import practice_by_id

ENROLLED: Final = 100_000
RATIO, TICK_MILLISECONDS = 0.25, 20.0
"""What is asked: at least so much of the limit measured in the same run; no idle tick longer than this."""

SEEDS: Final = 50
TENTH: Final = 10
ROUNDS: Final = 40
NOW: Final = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
LATER: Final = date(2027, 1, 12)
SOON: Final = date(2026, 11, 27)
_COPIED: Final = {
    "people_patient": ("id",),
    "people_contactpoint": ("id", "patient_id"),
    "diary_appointment": ("id", "patient_id"),
    "diary_statechange": ("id", "appointment_id"),
    "ledger_subject": ("id", "subject_id"),
    "outbox_touch": ("id", "subject_id", "patient_id"),
    "outbox_message": ("id", "touch_id"),
    "journeys_enrolment": ("id", "subject_id"),
}
"""Each table of which the seeds have rows, with the columns by which a copy is another one."""

_OTHERWISE: Final = {
    ("people_patient", "external_id"): "t.external_id || '-' || c.n",
    ("diary_appointment", "external_id"): "t.external_id || '-' || c.n",
    ("diary_appointment", "link_hash"): "sha256(uuid_send(pg_temp.copy_of(t.id, c.n)))",
}
_COPY_OF: Final = """
create function pg_temp.copy_of(of uuid, n int) returns uuid language sql immutable strict as $$
  select (left(of::text, 24)
          || lpad(to_hex(('x' || right(of::text, 12))::bit(48)::bigint # n::bigint), 12, '0'))::uuid
$$
"""


@dataclass
class Enrolled:
    """A practice whose first people are enrolled by our own operations, the rows of which are copied."""

    practice_id: UUID
    seeds: dict[str, list[UUID]]
    copies: int = 1

    def grow(self, people: int) -> None:
        """Copy the seeds until so many walk a journey."""
        wanted = max(1, people // SEEDS)
        with scope.transaction(self.practice_id), connection.cursor() as cursor:
            cursor.execute(_COPY_OF)
            for table in _COPIED if wanted > self.copies else ():
                cursor.execute(_copying(cursor, table), [self.copies, wanted - 1, self.seeds[table]])
            cursor.execute("drop function pg_temp.copy_of")
        self.copies = max(self.copies, wanted)

    def follow(self, mark: str, due: int, now: datetime) -> "Followed":
        """Let so many fall due, and follow the record in a process of its own."""
        advance(self.practice_id, to=now, is_counted=False)
        idle = _idle_tick(self.practice_id, now)
        _bring(self.practice_id, mark, due, SOON, now)
        gather_statistics()
        (told,) = together(1, partial(_followed, self.practice_id, now))[1]
        return Followed(idle, told["seconds"], told["memory"], _written(self.practice_id, now))


@dataclass(frozen=True)
class Followed:
    """Milliseconds of an idle tick, seconds it took to follow, memory at the end, and the rows that were written."""

    idle_tick: float
    seconds: float
    memory: float
    rows: dict[str, list[UUID]]


def measure(enrolled: int = ENROLLED) -> dict[str, Any]:
    """Plan for a tenth of those enrolled and return touches a second; an idle tick, and memory at a tenth and twice."""
    practice = _practice()
    few, due = enrolled // TENTH, enrolled // TENTH
    found = {}
    for number, (size, some) in enumerate(((few, due // TENTH), (enrolled, due), (2 * enrolled, due // TENTH))):
        practice.grow(size)
        found[size] = practice.follow(f"D{number}-", max(1, some), NOW + timedelta(minutes=number))
    main = found[enrolled]
    bare = _bare(practice.practice_id, main.rows)
    touches = len(main.rows["outbox_touch"])
    figure, limit = touches / main.seconds, touches / bare
    ticks, held = [one.idle_tick for one in found.values()], [one.memory for one in found.values()]
    return {
        "bench": "journeys",
        "figure": round(figure),
        "unit": "touches/s",
        "limit": round(limit),
        "limit_words": "the same rows staged by COPY and inserted into twins of their tables, in as many portions",
        "ratio": round(figure / limit, 3),
        "target_ratio": RATIO,
        "seconds": round(main.seconds, 2),
        "rows": {table: len(rows) for table, rows in main.rows.items()},
        "enrolled": list(found),
        "due": due,
        "idle_tick_ms": ticks,
        "memory_mb": held,
        "memory_flat": is_flat(held[0], held[-1]),
        "ok": figure >= RATIO * limit and max(ticks) <= TICK_MILLISECONDS and is_flat(held[0], held[-1]),
    }


def _practice() -> Enrolled:
    new = NewPractice("Bench", "NO", "nb", "Europe/Oslo", virtual_now=NOW - timedelta(minutes=1))
    practice_id = start_practice(new, by=SYSTEM, now=NOW).pk
    _bring(practice_id, "S", SEEDS, LATER, NOW)
    follow(practice_id, now=NOW)
    seeds = {}
    with scope.transaction(practice_id), connection.cursor() as cursor:
        for table in _COPIED:
            cursor.execute(sql.SQL("select id from {}").format(sql.Identifier(table)))
            seeds[table] = [row_id for (row_id,) in cursor.fetchall()]
    return Enrolled(practice_id, seeds)


def _bring(practice_id: UUID, mark: str, many: int, day: date, now: datetime) -> None:
    """Let a list bring so many people, each with a visit of a day."""
    given: dict[str, Any] = {"practice_id": practice_id, "by": IMPORT, "now": now}
    forms = [
        PersonForm(
            given_name=one.given_name, family_name=one.family_name, external_id=f"{mark}{n}",
            emails=(f"{mark}{n}@example.org",),
        )
        for n, one in enumerate(map(somebody, range(many)))
    ]  # fmt: skip
    people = [person for person in add_patients(rows=forms, **given).ids if person]
    lines = [
        ListedVisit(
            external_id=f"V{mark}{n}", patient_id=person, day=day + timedelta(days=7 * (n % 2)), minutes=30,
            wall_time=time(9 + n % 16 // 2, n % 2 * 30),
        )
        for n, person in enumerate(people)
    ]  # fmt: skip
    import_appointments(rows=lines, **given)


def _copying(cursor: Any, table: str) -> sql.Composed:
    cursor.execute("select column_name from information_schema.columns where table_name = %s", [table])
    columns = [name for (name,) in cursor.fetchall()]
    own = {name: f"pg_temp.copy_of(t.{name}, c.n)" for name in _COPIED[table]}
    values = [sql.SQL(_OTHERWISE.get((table, name)) or own.get(name) or f"t.{name}") for name in columns]
    return sql.SQL(
        "insert into {table} ({columns}) select {values} from generate_series(%s, %s) c (n), {table} t"
        " where t.id = any (%s)"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
    )


def _idle_tick(practice_id: UUID, now: datetime) -> float:
    """Return in milliseconds the median of what a minute's look costs where there is nothing to do."""

    def look() -> float:
        began = clock.monotonic()
        practice = practice_by_id(practice_id)
        if is_behind(practice, now=now) or best_lane_due(practice_id, now=now):
            raise AssertionError("the practice has something to do")
        return (clock.monotonic() - began) * 1000

    return round(median(look() for _ in range(ROUNDS)), 1)


def _followed(practice_id: UUID, now: datetime, _: int) -> dict[str, Any]:
    """Follow the record to its end; what a worker does when a list was brought."""
    began = clock.monotonic()
    read = 0
    while some := follow(practice_id, now=now):
        read += some
    return {"seconds": clock.monotonic() - began, "read": read, "memory": round(memory(), 1)}


def _written(practice_id: UUID, now: datetime) -> dict[str, list[UUID]]:
    """Return the rows that were written at ``now``, in order."""
    found = {}
    with scope.transaction(practice_id), connection.cursor() as cursor:
        for table, query in _WRITTEN.items():
            cursor.execute(query, [now])
            found[table] = [row_id for (row_id,) in cursor.fetchall()]
    return found


def _bare(practice_id: UUID, ids: dict[str, list[UUID]]) -> float:
    """Return the seconds that plain SQL needs for the same rows, in twins of their tables with indexes and keys."""
    took = 0.0
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select set_config('glede.practices', %s, false)", [str(practice_id)])
        for table, rows in ids.items():
            names = {
                "table": sql.Identifier(table), "twin": sql.Identifier(f"twin_{table}"),
                "staged": sql.Identifier(f"staged_{table}"),
            }  # fmt: skip
            cursor.execute(sql.SQL("create table {twin} (like {table} including all)").format(**names))
            for key in keys_of(table):
                cursor.execute(sql.SQL("alter table {twin} add {key}").format(**names, key=sql.SQL(key)))
            cursor.execute(sql.SQL("create temporary table {staged} (like {table})").format(**names))
            for start in range(0, len(rows), BATCH):
                took += _inserted(cursor, names, rows[start : start + BATCH])
            cursor.execute(sql.SQL("drop table {twin}, {staged}").format(**names))
    return took


def _inserted(cursor: Any, names: dict[str, sql.Identifier], rows: list[UUID]) -> float:
    """Bring these rows from here into the twin, and return how many seconds that took."""
    query = sql.SQL("copy (select * from {table} where id = any ({rows})) to stdout (format binary)")
    with cursor.copy(query.format(**names, rows=sql.Literal(rows))) as copying:
        sent = b"".join(bytes(part) for part in copying)
    began = clock.monotonic()
    with cursor.copy(sql.SQL("copy {staged} from stdin (format binary)").format(**names)) as copying:
        copying.write(sent)
    cursor.execute(sql.SQL("insert into {twin} select * from {staged}").format(**names))
    took = clock.monotonic() - began
    cursor.execute(sql.SQL("truncate {staged}").format(**names))
    return took


_WRITTEN: Final = {
    "outbox_touch": "select id from outbox_touch where planned_at = %s order by id",
    "outbox_message": "select m.id from outbox_message m join outbox_touch t on t.id = m.touch_id"
    " where t.planned_at = %s order by m.id",
    "journeys_enrolment": "select id from journeys_enrolment where enrolled_at = %s order by id",
}
