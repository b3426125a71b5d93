"""Ingrid of Solberg asks for everything of Nordlys by its own ids: no page shows it, no button touches it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from glede.ledger.queries import last_seq
from tests.estate import CANARY, Estate, address, an_estate, desk_pages
from tests.seats import at_desk

WITHOUT_A_DESK = {"desk:start", "desk:look_around", "desk:start_practice", "desk:join", "desk:join_code"}
FORMS: dict[str, Any] = {
    "owner": "", "note": "x", "outcome": "reached", "words": "x", "answers_to": "2", "reason": "time", "kind": "need",
    "value": "912 34 567", "first": "sms", "language": "nb", "scope": "all", "minutes": "10",
    "slot": "2026-11-26T10:00|", "price": "100",
}  # fmt: skip
PAGES = [(name, parameters) for name, _view, parameters in desk_pages() if name not in WITHOUT_A_DESK]
WITH_IDS = [(name, parameters) for name, parameters in PAGES if parameters - {"shown"}]


@pytest.fixture
def ours(db: None) -> Estate:
    """Solberg."""
    return an_estate("solberg")


@pytest.fixture
def theirs(ours: Estate) -> Estate:
    """Nordlys, in the same database."""
    return an_estate("nordlys")


def sofie_of(estate: Estate) -> Client:
    """Return the browser of an owner, who may see everything of her own practice."""
    return at_desk(estate.house, "sofie", raise_request_exception=False)


def test_no_page_shows_the_other_practice(ours: Estate, theirs: Estate) -> None:
    client = sofie_of(ours)
    for name, parameters in PAGES:
        where = address(name, parameters, theirs.ids)
        response = client.get(where)
        expected = {404, 405} if parameters - {"shown"} else {200, 302, 405}
        assert response.status_code in expected, name
        body = response.content.decode().replace(where, "")
        for secret in (CANARY, "kari@example.net", str(theirs.ids["patient_id"])):
            assert secret not in body, name


def test_no_button_touches_the_other_practice(ours: Estate, theirs: Estate) -> None:
    before, client = last_seq(theirs.house.id), sofie_of(ours)
    for name, parameters in WITH_IDS:
        response = client.post(address(name, parameters, theirs.ids), FORMS)
        assert response.status_code != 500, name
        assert CANARY not in response.content.decode(), name
        assert last_seq(theirs.house.id) == before, name


def test_ids_of_the_other_practice_in_a_form_touch_nothing(ours: Estate, theirs: Estate) -> None:
    client, before = sofie_of(ours), last_seq(theirs.house.id)
    posted = {"person": str(theirs.ids["patient_id"]), "service": str(theirs.ids["service_id"]), "slot": FORMS["slot"]}
    assert client.post("/book/", posted).status_code in {404, 409}
    mine = address("desk:hand_promise", {"promise_id"}, ours.ids)
    client.post(mine, {"owner": str(theirs.house.colleagues["runa"])})
    assert client.get(f"/?open={theirs.ids['promise_id']}").status_code == 200
    assert CANARY not in client.get(f"/?open={theirs.ids['promise_id']}").content.decode()
    assert client.get(f"/book/?person={theirs.ids['patient_id']}").status_code == 404
    assert last_seq(theirs.house.id) == before


def test_a_colleague_who_left_is_out_at_once(ours: Estate) -> None:
    from glede.kernel.actor import SYSTEM
    from glede.staff.operations import end_membership

    client = at_desk(ours.house, "ingrid", raise_request_exception=False)
    assert client.get("/").status_code == 200
    end_membership(
        practice_id=ours.house.id, membership_id=ours.house.colleagues["ingrid"], by=SYSTEM, now=ours.house.now
    )
    assert client.get("/").headers["Location"].startswith("/accounts/login/")  # no practice is theirs any more


def test_a_stranger_is_sent_to_the_door(ours: Estate) -> None:
    for name, parameters in PAGES:
        response = Client().get(address(name, parameters, ours.ids))
        assert response.status_code == 302, name
        assert "Kari" not in response.content.decode()


def test_outside_a_transaction_no_table_of_a_practice_shows_a_row(ours: Estate) -> None:
    walled = (
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind = 'r' and c.relrowsecurity"
    )
    with connection.cursor() as cursor:
        cursor.execute("select set_config('glede.practices', '', true)")
        cursor.execute(walled)
        tables = [row[0] for row in cursor.fetchall()]
        assert len(tables) > 20
        for table in tables:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,), table
