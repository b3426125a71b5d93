"""Points 11 to 19: nothing is lost, everything says why, and before the house is live nobody is spoken to."""

import re
from datetime import timedelta
from random import Random
from typing import Any

from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from glede.diary.errors import Refused
from glede.diary.operations import move_appointment
from glede.diary.queries import appointment_for, free_times
from glede.diary.requests import Slot
from glede.outbox.queries import outbox_rows
from glede.portal.tests.guests import NONCE
from glede.ui import undo
from tests.checklist.desk_speed import benched
from tests.checklist.point import Figure, most, point, share
from tests.checklist.scene import Scene
from tests.checklist.verbs import VERBS
from tests.seats import at_desk
from tests.sockets import heard
from tests.walks.pages import card
from tests.walks.stage import Stage

LOST = "Never lost"
WHY = re.compile(r"<span>Because</span><p>\s*\w")


@point(11, LOST, "No booking can be deleted")
def deletes(_: Scene) -> Figure:
    """Ask the database which tables of bookings and their history the application may delete from, or empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, has_table_privilege(current_user, c.oid, 'truncate'),"
            " has_table_privilege(current_user, c.oid, 'delete') and not exists (select 1 from pg_trigger t"
            " where t.tgrelid = c.oid and not t.tgisinternal and (t.tgtype & 8) > 0) from pg_class c"
            " where c.relkind = 'r' and c.relname in"
            " ('diary_appointment', 'diary_statechange', 'diary_remark', 'ledger_event')"
        )
        rows = cursor.fetchall()
    open_ = [name for name, empties, deletes in rows if empties or deletes]
    return share(len(rows) - len(open_), len(rows), "tables let nobody delete", open_)


@point(12, LOST, "Each visit is found after a thousand random moves, under the id it had")
def moves(scene: Scene) -> Figure:
    """Move visits to random free times, and look for each by its link."""
    wanted, random = 50 if scene.is_small else 1000, Random(7)
    with scene.elsewhere() as stage:
        names = ("kari", "sunniva", "per", "emily")
        before = {name: stage.link(name) for name in names}
        found = sum(_moved(stage, random.choice(names), random) for _ in range(wanted))
        here = sum(stage.link(name) == before[name] and Client().get(before[name]).status_code == 200 for name in names)
    return Figure(
        f"{found} moves, {here} of {len(names)} visits found by their link", here == len(names) and found == wanted
    )


def _moved(stage: Stage, name: str, random: Random) -> bool:
    """Move a visit somewhere, and return whether it stands there under its id."""
    visit, now = appointment_for(stage.house.id, stage.visits[name]), stage.now()
    assert visit.service_id
    day = (now + timedelta(days=random.randint(1, 60))).date()
    offers = free_times(stage.house.id, visit.service_id, from_=day, days=6, now=now, limit=30)
    offer = random.choice(offers)
    to = Slot(day=offer.day, wall_time=offer.wall_time, practitioner_id=offer.practitioner_id)
    given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("ingrid"), "now": now}
    try:
        moved = move_appointment(appointment_id=visit.appointment_id, to=to, **given)
    except Refused:
        return True  # where it stood already, or somebody was quicker: it stands where it stood
    again = appointment_for(stage.house.id, visit.appointment_id)
    return (again.day, again.wall_time) == (offer.day, offer.wall_time) and moved.pk == visit.appointment_id


@point(13, LOST, "A link to move, pressed twice, is one visit")
def pressed_twice(scene: Scene) -> Figure:
    """Post the same form of a link five times."""
    with scene.elsewhere() as stage:
        link, client = stage.link("emily"), Client()
        page = client.get(f"{link}move/").content.decode()
        mark = NONCE.search(page)
        assert mark
        slot = page.partition('name="slot" value="')[2].partition('"')[0]
        codes = [client.post(f"{link}move/", {"nonce": mark[2], "slot": slot}).status_code for _ in range(5)]
        visits = _visits_of(stage, "emily")
    return Figure(f"5 presses, answered {sorted(set(codes))}, {visits} visit", visits == 1)


def _visits_of(stage: Stage, name: str) -> int:
    from glede.diary.queries.visits import visits_of

    return len(visits_of(stage.house.id, stage.house.people[name]))


@point(14, LOST, "What comes in is seen within five seconds")
def inbound(scene: Scene) -> Figure:
    """Let a burst of mails come, and wait until the last stands on Today."""
    return benched(scene.bench("mail", "--count 50", "--count 10"), "s from kept to seen, the longest", 5)


@point(15, LOST, "Each row of Today says by when, and whose it is")
def rows(scene: Scene) -> Figure:
    """Read every row."""
    with scene.page("ingrid") as page:
        page.goto(scene.stage.address)
        page.wait_for_load_state()
        whole = page.locator(".row[data-row]").evaluate_all(
            "rows => rows.map(r => ['.due', '.line b'].every(part => r.querySelector(part)?.innerText.trim()))"
        )
    return share(sum(whole), len(whole), "rows")


@point(16, LOST, "Whatever can be taken back is offered back for ten seconds or longer")
def taken_back(scene: Scene) -> Figure:
    """Press each such verb and look for the way back on the page that follows."""
    with scene.elsewhere() as stage:
        desks = {who: at_desk(stage.house, who, raise_request_exception=False) for who in {verb.who for verb in VERBS}}
        wrong = [verb.name for verb in VERBS if not verb.offers(stage, desks[verb.who])]
    figure = share(len(VERBS) - len(wrong), len(VERBS), f"verbs, for {undo.SECONDS} s", wrong)
    return Figure(figure.words, figure.is_met and undo.SECONDS >= 10)


@point(17, LOST, "Of what somebody writes two seconds at most are lost")
def draft(scene: Scene) -> Figure:
    """Write an answer, let the browser go without a word, and open the card in another one."""
    where = scene.stage.address + card("answer")(scene.stage)
    with scene.page("ingrid") as page:
        page.goto(where)
        page.wait_for_load_state()
        field = page.locator("#composer-words")
        with page.expect_response(lambda answer: "/draft/" in answer.url and answer.ok):
            field.press_sequentially("Yes, of course")
            began = page.evaluate("performance.now()")
        took = page.evaluate("performance.now()") - began
    with scene.page("ingrid") as other:
        other.goto(where)
        expect(other.locator("#composer-words")).to_have_value("Yes, of course")
    return most(round(took / 1000, 2), 2, "s until what was written is safe")


@point(18, LOST, "Each message that was sent or waits says why")
def reasons(scene: Scene) -> Figure:
    """Open each message of the outbox."""
    client = at_desk(scene.stage.house, "sofie")
    ids = [row["message"] for row in outbox_rows(scene.stage.house.id)]
    silent = []
    for message_id in ids:
        page = client.get(f"/outbox/{message_id}/").content.decode()
        if not WHY.search(page):
            silent.append(str(message_id))
    return share(len(ids) - len(silent), len(ids), "messages", silent)


@point(19, LOST, "In rehearsal nobody outside is spoken to")
def rehearsal(scene: Scene) -> Figure:
    """Let two weeks go by in rehearsal, and listen to every socket."""
    with scene.elsewhere() as stage:
        with heard() as told:
            stage.clock(stage.at("09:00", 14))
        sent = sum(row["state"] == "rehearsed" for row in outbox_rows(stage.house.id))
    return Figure(f"{len(told)} packets for {sent} messages rehearsed", not told and sent > 0)
