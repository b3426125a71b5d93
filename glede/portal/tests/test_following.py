"""A patient's calendar follows a visit: neutral words, the same id for life, nothing changed, dead with the link."""

import re
from datetime import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from glede.diary.calendar_file import CalendarEntry, calendar_feed
from glede.diary.following import follow_token, is_followed, read_follow_token
from glede.diary.operations import cancel_appointment, revoke_link
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.ledger.queries import last_seq, who_looked
from glede.portal import throttle
from glede.portal.tests.guests import Visitor, visitor
from tests.cast import MORNING, House, open_solberg
from tests.depth import count
from tests.tenancy.traces import LOOKS, fingerprint

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    cache.clear()
    return open_solberg("kari", "emily", now=MORNING, is_virtual=True)


@pytest.fixture
def kari(house: House) -> Visitor:
    return visitor(house)


def given(kari: Visitor) -> dict[str, Any]:
    return {
        "practice_id": kari.house.id, "appointment_id": kari.appointment_id, "by": SYSTEM, "now": kari.house.now,
    }  # fmt: skip


def address(kari: Visitor) -> str:
    """Return the path of the address the page offers."""
    found = re.search(r'href="webcal://[^/]+(/t/\w+/follow\.ics)"', kari.get().content.decode())
    assert found
    return found.group(1)


def told(where: str) -> str:
    answer = Client().get(where)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return answer.content.decode().replace("\r\n ", "")


def test_it_says_when_and_where_and_carries_no_link(kari: Visitor) -> None:
    text = told(address(kari))
    assert "DTSTART:20261126T090000Z" in text
    assert "SUMMARY:Solberg Optikk" in text
    for word in ("synsprøve", "Kari", "Moe", "Amal", "URL:", kari.facts.link_code):
        assert word.lower() not in text.lower(), word
    assert f"UID:{kari.appointment_id}@glede" in text
    assert f"UID:{kari.appointment_id}@glede" in kari.get("visit.ics").content.decode().replace("\r\n ", "")


def test_a_move_keeps_the_id_and_a_cancelled_visit_says_so(kari: Visitor) -> None:
    where = address(kari)
    before = sequence(told(where))
    cancel_appointment(reason="time", **given(kari))
    text = told(where)
    assert "STATUS:CANCELLED" in text
    assert sequence(text) > before


def sequence(text: str) -> int:
    return int(text.partition("SEQUENCE:")[2].partition("\r\n")[0])


def test_asked_again_and_again_it_changes_nothing_and_is_noted_once(kari: Visitor) -> None:
    where, events = address(kari), last_seq(kari.house.id)
    before = fingerprint(kari.house.id, leave_out=LOOKS)
    for _ in range(count(100)):
        assert Client().get(where).status_code == Client().head(where).status_code == 200
    assert Client().post(where).status_code == 405
    assert (fingerprint(kari.house.id, leave_out=LOOKS), last_seq(kari.house.id)) == (before, events)
    looks = [page for _at, _role, _who, page in who_looked(kari.house.id, kari.facts.patient_id)]
    assert looks.count("visit.followed") == 1


def test_it_ends_with_the_link_and_asking_on_locks_nobody_out(house: House, kari: Visitor) -> None:
    where, emily = address(kari), visitor(house, "emily", at=time(14))
    revoke_link(**given(kari))
    for _ in range(throttle.LIMITS["wrong"] + 3):
        assert Client().get(where).status_code == 404
    assert "VEVENT" in told(address(emily))


def test_a_token_is_not_guessed_and_opens_no_page(kari: Visitor) -> None:
    token = address(kari).removeprefix("/t/").removesuffix("/follow.ics")
    assert Client().get(f"/t/{token}/").status_code == 404
    assert Client().get(f"/t/{kari.facts.link_code}/follow.ics").status_code == 404
    turned = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert Client().get(f"/t/{turned}/follow.ics").status_code == 404
    other = follow_token(kari.house.id, new_id(), kari.facts.link_code)
    assert Client().get(f"/t/{other}/follow.ics").status_code == 404
    for text in ("", "x", "ÆØÅ", "a" * 400, "=" * 8):
        assert read_follow_token(text) is None
    assert not is_followed("", kari.house.id, kari.appointment_id, kari.facts.link_code)


def test_nobody_writes_a_line_of_their_own_into_it(kari: Visitor) -> None:
    facts = kari.facts
    entry = CalendarEntry(facts.appointment_id, 1, facts.starts_at, facts.ends_at, MORNING, "a\r\nATTENDEE:x", "b\nX:1")
    text = calendar_feed("Solberg\r\nBEGIN:VALARM", [entry])
    names = [line.partition(":")[0] for line in text.replace("\r\n ", "").split("\r\n")]
    assert not {"ATTENDEE", "X"} & set(names)
    assert names.count("BEGIN") == 2


def test_a_visit_without_an_hour_takes_the_day(kari: Visitor) -> None:
    facts = kari.facts
    entry = CalendarEntry(facts.appointment_id, 1, facts.starts_at, facts.ends_at, MORNING, "a", whole_day=facts.day)
    assert "DTSTART;VALUE=DATE:20261126\r\nDTEND;VALUE=DATE:20261127\r\n" in calendar_feed("a", [entry])
