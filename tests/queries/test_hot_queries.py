"""Every hot query, explained as the application's role at 50,000 people, runs along an index.

Read with row-level security in force, with the statement's own parameters, in a database whose statistics are
fresh. A statement fails that reads a whole table which grows with the practice, or thousands of rows in vain.
"""

import json
from typing import Any

import pytest
from django.db import connection

from glede.config.benches import PRESENT, pages
from glede.config.benches.present import somebody_of
from glede.config.benches.world import World
from tests.queries.asking import ACTS, WHOLE, values
from tests.queries.plans import explained, growing_tables, offences_of
from tests.queries.scale import Scale
from tests.tenancy.questions import asked, every_query

pytestmark = pytest.mark.slow

GROWING = {
    "diary_appointment", "diary_claim", "diary_statechange", "inbox_conversation", "inbox_inboundmessage",
    "journeys_enrolment", "ledger_access", "ledger_event", "ledger_subject", "outbox_attempt", "outbox_message",
    "outbox_touch", "outside_link_index", "people_contactpoint", "people_contactpreference", "people_need",
    "people_note", "people_patient", "people_patientkey", "people_searchtoken", "promises_promise",
}  # fmt: skip


def test_the_practice_is_as_large_as_it_says(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, reltuples from pg_class where relname = 'people_patient'")
        role, people = cursor.fetchone()
    assert role == "glede_app"
    assert people >= 50_000
    assert GROWING - growing_tables() == set()


def test_every_query_runs_along_an_index(world: World) -> None:
    value, found, named = values(world), [], set()
    for name, function in every_query():
        named.add(name)
        if name in WHOLE:
            continue
        with explained() as plans:
            answer = asked(name, function, value)
        assert not answer.startswith("refused"), f"{name} {answer}"
        found += [f"{name} {offence}" for offence in plans.offences()]
    assert not found, "\n".join(found)
    assert set(WHOLE) - named == set(), "take it off the list"


@pytest.mark.parametrize("name", ACTS)
def test_every_hot_act_runs_along_an_index(world: World, name: str) -> None:
    given = {"practice_id": world.house.practice_id, "by": world.house.desk, "now": PRESENT}
    with explained() as plans:
        ACTS[name](world, given)
    assert not plans.offences(), "\n".join(plans.offences())
    assert plans.statements


@pytest.mark.parametrize("words", ["Ing", "Ingrid Sol", "Øst kar", "40000", "1950-03-02", "person.7@example.org", "zz"])
def test_whatever_is_searched_runs_along_an_index(world: World, words: str) -> None:
    from glede.people.queries import search

    with explained() as plans:
        search(world.house.practice_id, words, limit=20)
    assert not plans.offences(), "\n".join(plans.offences())


def test_every_page_runs_along_an_index(world: World) -> None:
    client, found = pages.at_desk(world), []
    for page in pages.every_page(world):
        for number in range(3):
            with explained() as plans:
                assert client.get(page.address(number)).status_code == 200
            found += [f"{page.name} {offence}" for offence in plans.offences()]
    assert not found, "\n".join(found)


WITHOUT = {
    "people_in_order": "people.patients_page",
    "people_search": "people.search",
    "events_of_patient": "ledger.events_of_patient",
    "diary_by_day": "diary.day",
    "diary_claims_by_start": "diary.free_times",
    "access_of_patient": "ledger.who_looked",
    "outbox_touch_of_patient": "outbox.of_patient",
}
CONSTRAINTS = {"people_search": "people_searchtoken"}


@pytest.mark.parametrize("index", WITHOUT)
def test_without_its_index_a_query_is_found_out(scale: Scale, world: World, index: str) -> None:
    functions: dict[str, Any] = dict(every_query())
    name, value = WITHOUT[index], values(world, somebody_of(world.house, world.size, 3))  # before: it puts rows in
    with explained() as plans:
        asked(name, functions[name], value)
    table = CONSTRAINTS.get(index)
    drop = f"alter table {table} drop constraint {index}" if table else f"drop index {index}"
    found: list[str] = []
    connection.close()
    with scale.without(drop) as own:
        for _, statement, _ in plans.statements:
            told: Any = own.execute(f"explain (analyze, format json) {statement}").fetchone()
            plan = told[0] if not isinstance(told[0], str) else json.loads(told[0])
            found += offences_of(plan[0]["Plan"], plans.growing)
    assert found
