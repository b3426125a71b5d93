"""Each seed many times over, with all their history: rows by INSERT … SELECT, events chained anew one after another.

A copy's ids are the seed's with the last sixteen bits changed by the copy's number, its times are the seed's so many
weeks later. What belongs to the house itself (colleagues, chairs, services, journeys) is shared by all copies.
Everything is written as the application's role, by rows that pass every guard; no trigger is switched off.
"""

from collections.abc import Iterator
from datetime import timedelta
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg import sql

from glede.config.benches import Size
from glede.config.benches.names import Somebody, somebody
from glede.config.benches.retelling import Seed, retold
from glede.diary.models import Appointment
from glede.kernel.ids import link_code, link_hash, new_id
from glede.ledger import chain
from glede.ledger.models import Event
from glede.ledger.queries import last_seq
from glede.people.models import ContactPoint
from glede.people.rules.finding import Findable, order_key, tokens_of
from glede.practices import scope
from glede.practices.models import PracticeRow

COUNTRY = "NO"
WEEK = timedelta(weeks=1)
EVENTS_A_TRANSACTION = 1000
# One of each for the whole practice, or chained, or written by a way of their own.
SHARED = {
    "practices.OpeningHours", "practices.HoursException", "practices.SettingChange", "practices.ModeChange",
    "staff.Practitioner", "staff.Presence", "catalogue.Service", "diary.Shift", "journeys.Journey",
    "journeys.Wording", "team.Thanks",
    "ledger.Head", "ledger.Cursor", "ledger.Command", "ledger.AccessSeal", "ledger.Checkpoint", "ledger.Tile",
}  # fmt: skip
BY_ITSELF = {"ledger.Event", "ledger.Subject", "people.SearchToken"}

COPY_OF = """
create function pg_temp.copy_of(of uuid, number int) returns uuid language sql immutable strict as $$
  select encode(set_byte(set_byte(b, 14, get_byte(b, 14) # (number >> 8)), 15, get_byte(b, 15) # (number & 255)),
                'hex')::uuid from (select uuid_send(of) as b) bytes
$$
"""
MADE = (
    COPY_OF,
    "create temp table kept (id uuid primary key)",
    "create temp table copies (number int primary key, shift interval, days int)",
    "create temp table person (seed uuid, number int, given_name text, family_name text, birth_date date,"
    " sort_key text, external_id text, phone text, email text, primary key (seed, number))",
    "create temp table token (patient_id uuid, token text)",
    "create temp table link (appointment_id uuid primary key, hash bytea)",
)
# What a copy does not simply repeat. t: the seed's row, c: the copy, p: the copied person, l: the copied link.
OTHERWISE = {
    **{("people.Patient", name): f"p.{name}" for name in (
        "given_name", "family_name", "birth_date", "sort_key", "external_id",
    )},
    ("people.ContactPoint", "value"): "case t.kind when 'email' then p.email else p.phone end",
    ("people.ContactPoint", "email_key"): "case t.kind when 'email' then p.email else '' end",
    ("people.ContactPoint", "e164"): "case t.kind when 'email' then '' else p.phone end",
    ("diary.Appointment", "external_id"): "t.external_id || '-' || c.number",
    ("diary.Appointment", "day"): "t.day + c.days",
    ("diary.Appointment", "link_hash"): "l.hash",
    ("promises.Promise", "detail"): "case when t.detail ? 'patient' then jsonb_set(t.detail, '{patient}',"
    " to_jsonb(pg_temp.copy_of((t.detail ->> 'patient')::uuid, c.number))) else t.detail end",
    # One chair sees one person at a time; copies stand on lanes of their own beside each other.
    ("diary.Claim", "kind"): "'lane'",
    ("diary.Claim", "ref"): "pg_temp.copy_of(t.ref, c.number)",
    ("diary.Claim", "chair"): "t.chair",
}  # fmt: skip
JOINED = {
    "people.Patient": "join pg_temp.person p on p.seed = t.id and p.number = c.number",
    "people.ContactPoint": "join pg_temp.person p on p.seed = t.patient_id and p.number = c.number",
    "diary.Appointment": "join pg_temp.link l on l.appointment_id = pg_temp.copy_of(t.id, c.number)",
}


def copy_of(seed: UUID, number: int) -> UUID:
    """Return the id of the ``number``-th copy of a row."""
    return UUID(int=seed.int ^ number)


def copy_all(practice_id: UUID, seeds: list[UUID], size: Size) -> None:
    """Write every copy of every seed of a practice."""
    kept = _make_tables(practice_id, size)
    _name_people(practice_id, seeds, size)
    _link_visits(practice_id, size)
    for model in _in_order():
        with scope.transaction(practice_id), connection.cursor() as cursor:
            cursor.execute(_statement(model), [practice_id])
    with scope.transaction(practice_id), connection.cursor() as cursor:
        cursor.execute("insert into outside_link_index select hash, 'visit', %s from pg_temp.link", [practice_id])
        cursor.execute(
            "insert into people_searchtoken (id, practice_id, patient_id, token)"
            " select gen_random_uuid(), %s, patient_id, token from pg_temp.token order by token, patient_id",
            [practice_id],
        )
    _copy_events(practice_id, kept, size)
    with scope.transaction(practice_id), connection.cursor() as cursor:
        cursor.execute(SUBJECTS, [practice_id])
        for table in ("kept", "copies", "person", "token", "link"):
            cursor.execute(f"drop table pg_temp.{table}")
        cursor.execute("drop function pg_temp.copy_of")
        cursor.execute("update ledger_cursor set seq = %s where name = 'journeys'", [last_seq(practice_id)])


def _in_order() -> Iterator[type[PracticeRow]]:
    """Yield every model whose rows belong to a person, those that others point to first."""
    ours = {
        model._meta.label: model
        for model in apps.get_models()
        if issubclass(model, PracticeRow) and model._meta.label not in SHARED | BY_ITSELF
    }
    after = {
        label: {field.related_model._meta.label for field in model._meta.concrete_fields if field.related_model}
        & (ours.keys() - {label})
        for label, model in ours.items()
    }
    for label in TopologicalSorter(after).static_order():
        yield ours[label]


def _statement(model: type[PracticeRow]) -> sql.Composed:
    label, table = model._meta.label, sql.Identifier(model._meta.db_table)
    fields = model._meta.concrete_fields
    return sql.SQL(
        "insert into {} ({}) select {} from {} t cross join pg_temp.copies c {} where t.practice_id = %s"
    ).format(
        table,
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        sql.SQL(", ").join(_value(label, field) for field in fields),
        table,
        sql.SQL(JOINED.get(label, "")),
    )


def _value(label: str, field: "models.Field[Any, Any]") -> sql.Composable:
    column = sql.SQL("t.{}").format(sql.Identifier(str(field.column)))
    if own := OTHERWISE.get((label, str(field.column))):
        return sql.SQL(own)
    target = field.related_model
    if isinstance(target, type) and issubclass(target, models.Model):
        is_shared = not issubclass(target, PracticeRow) or target._meta.label in SHARED
        return column if is_shared else sql.SQL("pg_temp.copy_of({}, c.number)").format(column)
    if isinstance(field, models.UUIDField):
        kept = "case when {0} in (select id from pg_temp.kept) then {0} else pg_temp.copy_of({0}, c.number) end"
        return sql.SQL(kept).format(column)
    if isinstance(field, models.DateTimeField):
        return sql.SQL("{} + c.shift").format(column)
    return column


def _make_tables(practice_id: UUID, size: Size) -> frozenset[UUID]:
    with scope.transaction(practice_id), connection.cursor() as cursor:
        for statement in MADE:
            cursor.execute(statement)
        kept = {practice_id}
        for label in sorted(SHARED):
            table = apps.get_model(label)._meta.db_table
            cursor.execute(sql.SQL("select id from {}").format(sql.Identifier(table)))
            kept |= {row[0] for row in cursor.fetchall()}
        cursor.execute("select id from outside_membership where practice_id = %s", [practice_id])
        kept |= {row[0] for row in cursor.fetchall()}
        cursor.execute("insert into pg_temp.kept select unnest(%s::uuid[])", [sorted(kept)])
        numbers = list(range(1, size.copies))
        cursor.execute(
            "insert into pg_temp.copies select n, n * interval '7 days', n * 7 from unnest(%s::int[]) n", [numbers]
        )
    return frozenset(kept)


def _name_people(practice_id: UUID, seeds: list[UUID], size: Size) -> None:
    with scope.transaction(practice_id), connection.cursor() as cursor:
        kinds = set(ContactPoint.objects.values_list("patient_id", "kind"))
        with cursor.copy("copy pg_temp.person from stdin") as people:
            for seed, number, one in _everybody(seeds, size):
                key = order_key(one.given_name, one.family_name, "en")
                people.write_row((
                    seed, number, one.given_name, one.family_name, one.birth_date, key, one.external_id, one.phone,
                    one.email,
                ))  # fmt: skip
        with cursor.copy("copy pg_temp.token from stdin") as tokens:
            for seed, number, one in _everybody(seeds, size):
                patient_id = copy_of(seed, number)
                for token in _tokens(one, has_phone=(seed, "phone") in kinds, has_email=(seed, "email") in kinds):
                    tokens.write_row((patient_id, token))
        cursor.execute("analyze pg_temp.person")


def _everybody(seeds: list[UUID], size: Size) -> Iterator[tuple[UUID, int, Somebody]]:
    for place, seed in enumerate(seeds):
        for number in range(1, size.copies):
            yield seed, number, somebody(place * size.copies + number)


def _tokens(one: Somebody, *, has_phone: bool, has_email: bool) -> frozenset[str]:
    names = (one.given_name, one.family_name)
    emails, phones = (one.email,) if has_email else (), (one.phone,) if has_phone else ()
    return tokens_of(Findable(names, one.birth_date, one.external_id, emails, phones, COUNTRY))


def _link_visits(practice_id: UUID, size: Size) -> None:
    with scope.transaction(practice_id), connection.cursor() as cursor:
        visits = list(Appointment.objects.values_list("id", flat=True))
        with cursor.copy("copy pg_temp.link from stdin") as links:
            for visit in visits:
                for number in range(1, size.copies):
                    copied = copy_of(visit, number)
                    links.write_row((copied, link_hash(link_code(settings.GLEDE_LINK_KEY, copied, 0))))
        cursor.execute("analyze pg_temp.link")


def _copy_events(practice_id: UUID, kept: frozenset[UUID], size: Size) -> None:
    """Tell every event of the seeds again for every copy, in order of time, and chain them on from the head."""
    with scope.transaction(practice_id):
        fields = ("id", "kind", "actor_role", "actor_id", "subject_kind", "subject_id", "patient_id", "body")
        rows = Event.objects.exclude(patient_id=None).order_by("seq").values_list(*fields)
        seeds = [Seed.of(row, kept) for row in rows]
    told = retold(seeds, range(1, size.copies), WEEK)
    while some := list(islice(told, EVENTS_A_TRANSACTION)):
        with scope.transaction(practice_id), connection.cursor() as cursor:
            cursor.execute("select seq, hash from ledger_take_head(%s, %s)", [practice_id, new_id()])
            seq, prev = cursor.fetchone()
            links = chain.link_up(practice_id, seq, bytes(prev), (one.body for one in some))
            chained = [
                (*one.columns, link.seq, link.body, link.prev, link.hash) for one, link in zip(some, links, strict=True)
            ]
            cursor.execute(EVENTS, [practice_id, *(list(column) for column in zip(*chained, strict=True))])


EVENTS = """
insert into ledger_event (practice_id, id, at, kind, actor_role, actor_id, subject_kind, subject_id, patient_id, seq,
                          body, prev, hash)
select %s, * from unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::uuid[],
                         %s::uuid[], %s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[])
"""
SUBJECTS = """
insert into ledger_subject (id, practice_id, kind, subject_id, seq, last_kind, version)
select pg_temp.copy_of(s.id, c.number), s.practice_id, s.kind, n.subject_id, coalesce(
  (select max(e.seq) from ledger_event e where e.practice_id = s.practice_id and e.subject_kind = s.kind
     and e.subject_id = n.subject_id), 0), s.last_kind, s.version
from ledger_subject s cross join pg_temp.copies c
cross join lateral (select pg_temp.copy_of(s.subject_id, c.number) as subject_id) n
where s.practice_id = %s and s.kind <> 'list' and s.subject_id not in (select id from pg_temp.kept)
"""
