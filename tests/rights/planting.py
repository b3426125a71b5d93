"""A practice in which a person stands in every place a person can stand in, and a word of theirs in each."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.contrib.sessions.models import Session
from psycopg import sql

from glede.desk.handlers import SAID
from glede.diary.models import Remark, StateChange
from glede.feedback.models import Response
from glede.inbox.models import Assessment, Draft, Reply
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.lists.models import BroughtRow
from glede.outbox.models import Attempt, Breaker
from glede.people import operations as people
from glede.people.models import RightsRequest
from glede.practices import scope
from glede.promises.operations import NewPromise, keep_promise, make_promise
from tests.estate import Estate, an_estate
from tests.rights.places import WORDS

CANARY = "Zyxkanarigjøk"
PLACES = [(table, column) for table, columns in WORDS.items() for column in columns]
OUTSIDE = frozenset({"django_session"})


def a_full_life() -> Estate:
    """Open Solberg with Kari in every table of ``WORDS``."""
    estate = an_estate("solberg", "kari", password=None)
    house, ids, now = estate.house, estate.ids, estate.house.now
    given: dict[str, Any] = {"practice_id": house.id, "patient_id": ids["patient_id"], "by": SYSTEM, "now": now}
    people.change_patient(fields={"given_name": "Karin"}, **given)
    people.write_note(words="x", on=None, **given)
    owed = NewPromise("call", Ref("patient", ids["patient_id"]), now, "callback", patient_id=ids["patient_id"])
    promise = make_promise(practice_id=house.id, new=owed, by=SYSTEM, now=now)
    keep_promise(practice_id=house.id, promise_id=promise.pk, note="x", by=house.by("ingrid"), now=now)
    still = NewPromise("follow_up", Ref("patient", ids["patient_id"]), now, "note:x", patient_id=ids["patient_id"])
    make_promise(practice_id=house.id, new=still, by=SYSTEM, now=now)
    with scope.transaction(house.id):
        _rows(estate)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SAID] = CANARY
    session.create()
    return estate


def _rows(estate: Estate) -> None:
    house, ids, now = estate.house, estate.ids, estate.house.now
    here: dict[str, Any] = {"practice_id": house.id}
    talk = {**here, "conversation_id": ids["conversation_id"]}
    who = ids["membership_id"]
    due = now + timedelta(days=30)
    RightsRequest.objects.create(patient_id=ids["patient_id"], kind="correction", asked_at=now, due_at=due, **here)
    change = StateChange.objects.filter(practice_id=house.id, appointment_id=ids["appointment_id"]).first()
    assert change is not None
    Remark.objects.create(appointment_id=ids["appointment_id"], change_id=change.pk, words="x", **here)
    Breaker.objects.create(channel="email", since=now, words="x", **here)
    for kind in ("outcome", "report"):
        Attempt.objects.create(
            message_id=ids["message_id"], kind=kind, fence=1, at=now, outcome="failed", words="x", **here
        )
    Reply.objects.create(answers_to=0, words="x", channel="link", written_by=who, written_at=now, **talk)
    Assessment.objects.create(assesses_to=1, tier_before=1, reason="x", assessed_by=who, assessed_at=now, **talk)
    Draft.objects.create(membership_id=who, words="x", saved_at=now, **talk)
    Response.objects.create(
        patient_id=ids["patient_id"], appointment_id=ids["appointment_id"], score=2, words="x", given_at=now,
        is_unhappy=True, tier=5, **here,
    )  # fmt: skip
    BroughtRow.objects.create(
        list_id=ids["list_id"], number=1, kind="patient", subject_id=ids["patient_id"], word="changed", **here
    )


def plant(connection: "psycopg.Connection[Any]", person: UUID, *, says_where: bool = False) -> list[str]:
    """Write the word into every place, past every guard; return the places that have no row.

    Where it ``says_where`` the number of the place in ``PLACES`` stands behind the word.
    """
    empty = []
    connection.execute("set session_replication_role = replica")
    # A word is no number and no address.
    connection.execute("alter table people_contactpoint drop constraint people_contact_is_normal")
    for table, columns in WORDS.items():
        if table in OUTSIDE:
            continue
        types = dict(connection.execute(_TYPES, [table]).fetchall())
        marks = [f"{PLACES.index((table, one)):02}-" if says_where else "" for one in columns]
        words = [_word(types[one], mark) for one, mark in zip(columns, marks, strict=True)]
        changes = [sql.SQL("{} = {}").format(sql.Identifier(c), w) for c, w in zip(columns, words, strict=True)]
        whose = {"people_patient": "id"}.get(table, "patient_id" if table.startswith("people_") else "")
        only = sql.SQL(" where {} = {}").format(sql.Identifier(whose), person) if whose else sql.SQL("")
        update = sql.SQL("update {} set {}").format(sql.Identifier(table), sql.SQL(", ").join(changes))
        done = connection.execute(update + only)
        empty += [] if done.rowcount else [table]
    # Words nobody could place came from an address that is theirs alone.
    for table in ("inbox_straymessage", "channels_rawmail"):
        alone = "update {} set address = (select value from people_contactpoint where value ~ '^Zyx' limit 1)"
        connection.execute(sql.SQL(alone).format(sql.Identifier(table)))
    connection.execute("set session_replication_role = origin")
    return empty


_TYPES = "select column_name, data_type from information_schema.columns where table_name = %s"


def _word(kind: str, mark: str) -> sql.Composable:
    word = sql.Literal(CANARY + mark)
    if kind == "jsonb":
        return sql.SQL("jsonb_build_object('x', {}::text)").format(word)
    if kind == "bytea":
        return sql.SQL("convert_to({}, 'UTF8')").format(word)
    return sql.SQL("{} || right(id::text, 4)").format(word)


def seen(connection: "psycopg.Connection[Any]") -> set[str]:
    """Return every table in which the word stands, in any case, as text or as bytes."""
    tables = [name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
    found = set()
    for table in tables:
        like = sql.SQL("select 1 from {} t where t::text ilike any (%s) limit 1").format(sql.Identifier(table))
        if connection.execute(like, [[f"%{CANARY}%", f"%{CANARY.encode().hex()}%"]]).fetchone():
            found.add(table)
    return found


def said_in_sessions() -> bool:
    """Return whether a page of a colleague would still say the word."""
    return any(CANARY in str(one.get_decoded()) for one in Session.objects.all())
