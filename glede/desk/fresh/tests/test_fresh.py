"""Two desks: what one does, the other's next small question tells; and nothing is asked that costs anything."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from glede.inbox.queries import conversation_for
from glede.kernel import clock
from glede.kernel.ids import new_id
from glede.ledger.models import Access
from glede.practices import scope
from glede.promises.queries import open_promises
from glede.staff.models import Presence
from tests.estate import Estate, an_estate
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def estate() -> Estate:
    return an_estate("solberg")


@pytest.fixture
def ingrid(estate: Estate) -> Client:
    return at_desk(estate.house, "ingrid")


@pytest.fixture
def sofie(estate: Estate) -> Client:
    return at_desk(estate.house, "sofie")


def asked(desk: Client, version: str = "") -> Any:
    return desk.get("/fresh/", {"v": version}, headers={"HX-Request": "true"})


def act(desk: Client, estate: Estate) -> None:
    """Do something that another desk must see: write to Kari."""
    answer = desk.post(f"/people/{estate.ids['patient_id']}/message/", {"words": "Welcome.", "command": new_id()})
    assert answer.status_code == 302


def test_what_one_desk_does_the_next_question_of_the_other_tells(estate: Estate, ingrid: Client, sofie: Client) -> None:
    before = asked(ingrid).json()
    assert asked(ingrid, before["v"]).status_code == 204
    act(sofie, estate)
    after = asked(ingrid, before["v"]).json()
    assert after["seq"] > before["seq"]
    assert asked(ingrid, after["v"]).status_code == 204


def test_a_question_writes_nothing_and_costs_the_same_however_much_there_is(estate: Estate, ingrid: Client) -> None:
    version = asked(ingrid).json()["v"]
    looks, sessions = counted(estate), list(Session.objects.values_list("session_data", "expire_date"))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        asked(ingrid, version)
    written = [q["sql"] for q in captured if q["sql"].lower().startswith(("insert", "update", "delete"))]
    assert written == []
    assert len(captured) <= 9
    assert (counted(estate), list(Session.objects.values_list("session_data", "expire_date"))) == (looks, sessions)


def counted(estate: Estate) -> int:
    with scope.transaction(estate.house.id):
        return Access.objects.count()


def test_who_is_signed_out_is_led_to_the_door(estate: Estate) -> None:
    assert Client().get("/fresh/").status_code == 302


class TestTwoColleaguesOnOneRow:
    def opens(self, desk: Client, subject: Any, *, writes: bool) -> None:
        assert desk.post("/presence/", {"open": subject, "writes": "1" if writes else ""}).status_code == 204

    def test_the_second_sees_that_the_first_writes(self, estate: Estate, ingrid: Client, sofie: Client) -> None:
        owed = open_promises(estate.house.id)[0].id
        self.opens(ingrid, owed, writes=False)
        assert asked(sofie).json()["who"] == [{"id": str(owed), "words": "Ingrid has this open"}]
        before = asked(sofie).json()["v"]
        self.opens(ingrid, owed, writes=True)
        assert asked(sofie, before).json()["who"] == [{"id": str(owed), "words": "Ingrid is writing"}]
        assert asked(ingrid).json()["who"] == []

    def test_norwegian(self, estate: Estate, ingrid: Client) -> None:
        self.opens(ingrid, new_id(), writes=True)
        assert asked(at_desk(estate.house, "sofie", "nb")).json()["who"][0]["words"] == "Ingrid skriver"

    def test_it_ends_by_itself_on_real_time(self, estate: Estate, ingrid: Client, sofie: Client) -> None:
        self.opens(ingrid, new_id(), writes=True)
        with scope.transaction(estate.house.id):
            Presence.objects.update(seen_at=clock.now() - timedelta(seconds=16))
        assert asked(sofie).json()["who"] == []

    def test_one_colleague_is_in_one_place(self, estate: Estate, ingrid: Client, sofie: Client) -> None:
        for _ in range(3):
            self.opens(ingrid, new_id(), writes=False)
        assert len(asked(sofie).json()["who"]) == 1

    def test_nonsense_is_no_place(self, ingrid: Client, sofie: Client) -> None:
        self.opens(ingrid, "nonsense", writes=True)
        assert asked(sofie).json()["who"] == []

    def test_it_leaves_no_trace_in_the_record(self, ingrid: Client, sofie: Client) -> None:
        before = asked(sofie).json()["seq"]
        self.opens(ingrid, new_id(), writes=True)
        assert asked(sofie).json()["seq"] == before


def test_a_pressed_form_is_known_by_its_command(estate: Estate, ingrid: Client) -> None:
    pressed, lost = new_id(), new_id()
    place = f"/people/{estate.ids['patient_id']}/message/"
    assert ingrid.post(place, {"words": "Welcome.", "command": pressed}).status_code == 302
    told = ingrid.get("/fresh/", {"command": [str(pressed), str(lost), "nonsense"]}).json()
    assert told == {"done": [str(pressed)]}


def test_signing_out_clears_what_the_desk_kept(ingrid: Client) -> None:
    assert "Clear-Site-Data" not in ingrid.get("/").headers
    assert ingrid.post("/accounts/logout/").headers["Clear-Site-Data"] == '"storage"'


def test_the_worker_of_the_browser_may_answer_for_every_page(client: Client) -> None:
    answer = client.get("/ui/worker.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert "glede-pages" in answer.content.decode()
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_who_answers_second_is_told_what_the_first_did(estate: Estate, ingrid: Client, sofie: Client) -> None:
    owed = open_promises(estate.house.id, kinds=["answer"])[0]
    conversation = owed.subject.id
    given = {"answers_to": conversation_for(estate.house.id, conversation).last_n}  # type: ignore[union-attr]
    where = f"/conversations/{conversation}/reply/"
    ingrid.post(where, {**given, "words": "Of course, at ten.", "command": new_id()})
    told = sofie.post(where, {**given, "words": "No, at two.", "command": new_id()}, follow=True).content.decode()
    assert "Ingrid Berg answered before you" in told
    assert "No, at two." in told
    talk = conversation_for(estate.house.id, conversation)
    assert [piece.words for piece in talk.pieces if piece.kind == "answered"] == ["Of course, at ten."]  # type: ignore[union-attr]
