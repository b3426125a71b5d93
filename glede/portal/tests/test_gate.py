"""The door of the patient pages: who gets in, what a look changes, what the pages weigh and say."""

import gzip
import hashlib
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory

from glede.diary.operations import revoke_link
from glede.inbox.operations import Incoming, receive_message
from glede.kernel.actor import SYSTEM
from glede.ledger.queries import who_looked
from glede.people.operations import erase_patient
from glede.portal import throttle
from glede.portal.tests.guests import PRESSED, SHOWN, TEN, Visitor, set_clock, visitor
from glede.portal.urls import visit as visit_addresses
from glede.practices import scope
from glede.practices.operations import retire_practice
from tests.cast import MORNING, House, open_nordlys, open_solberg
from tests.depth import DEPTH, count

pytestmark = pytest.mark.django_db

PATHS = {pattern.name: str(pattern.pattern) for pattern in visit_addresses}
NOT_HASHED = {"ledger_access", "django_session", "procrastinate_jobs"}
# A shared phone shows none of these; the safety line, the same for all, is on the message page alone.
CLINICAL = re.compile(
    r"glaucoma|cataract|diabet|macula|retina|diagnos|prescription|pressure|myop"
    r"|glaukom|grå stær|resept|netthinne|trykk\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def fresh_throttle() -> None:
    cache.clear()


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "emily", now=MORNING, is_virtual=True)


@pytest.fixture
def kari(house: House) -> Visitor:
    return visitor(house)


def test_every_address_is_in_the_lists_of_this_test() -> None:
    assert set(PATHS) == {*SHOWN, *PRESSED}


@pytest.mark.parametrize("name", [name for name in SHOWN if name not in {"calendar", "receipt"}])
def test_each_page_speaks_both_languages(house: House, name: str) -> None:
    for who, at, language in (("kari", None, "nb"), ("emily", TEN, "en-GB")):
        answer = visitor(house, who, at=at).get(PATHS[name])
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("name", SHOWN)
def test_each_page_is_light_private_and_says_nothing_clinical(kari: Visitor, name: str) -> None:
    answer = kari.get(PATHS[name])
    text = answer.content.decode()
    assert len(gzip.compress(answer.content)) <= 10_000
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies
    assert not CLINICAL.search(text)
    assert "Moe" not in text
    assert "<script" not in text
    assert "style=" not in text


@pytest.mark.parametrize("name", [name for name in SHOWN if name not in {"calendar", "receipt"}])
def test_phone_and_message_stand_on_every_page(kari: Visitor, name: str) -> None:
    text = kari.get(PATHS[name]).content.decode()
    assert 'href="tel:+4722123456"' in text
    assert (f'href="{kari.path("messages/")}"' in text) == (name != "talk")  # which is the page it would lead to
    assert text.index("<footer>") < text.index('class="help"')


@pytest.mark.parametrize("name", PRESSED)
def test_what_writes_refuses_get(kari: Visitor, name: str) -> None:
    assert kari.get(PATHS[name]).status_code == 405


@pytest.mark.parametrize("name", ["visit", "calendar", "held", "prices", "bring", "place"])
def test_what_shows_refuses_post(kari: Visitor, name: str) -> None:
    assert kari.client.post(kari.path(PATHS[name])).status_code == 405


@pytest.mark.parametrize("name", [*PRESSED, "lateness", "move", "cancellation", "talk", "preferences", "feedback"])
def test_a_post_without_the_pages_mark_changes_nothing(kari: Visitor, name: str) -> None:
    marks = ("", "forged", visitor(kari.house, "emily", at=None).nonce("", "confirmation/"))
    before = fingerprint(kari.house)
    fields = {
        "words": "hello", "minutes": "10", "slot": "2026-11-27T09:00/", "score": "1", "pause": "quiet", "first": "sms",
        "hours": "any", "style": "short", "language": "en",
    }  # fmt: skip
    for mark in marks:
        answer = kari.client.post(kari.path(PATHS[name]), {**fields, "nonce": mark})
        assert answer.status_code in {200, 303}
        assert fingerprint(kari.house) == before


def test_scanners_change_nothing(kari: Visitor) -> None:
    receive_message(
        practice_id=kari.house.id, message=Incoming(patient_id=kari.house.people["kari"], words="hello"),
        by=kari.house.by("kari"), now=kari.house.now,
    )  # fmt: skip
    before = fingerprint(kari.house)
    for _ in range(count(100) if DEPTH > 1 else 3):
        for name in SHOWN:
            assert kari.get(PATHS[name]).status_code == 200
            assert kari.client.head(kari.path(PATHS[name])).status_code == 200
        for name in PRESSED:
            kari.get(PATHS[name])
    assert fingerprint(kari.house) == before


def test_each_look_is_noted(kari: Visitor) -> None:
    for name in SHOWN:
        kari.get(PATHS[name])
    looks = who_looked(kari.house.id, kari.house.people["kari"])
    assert len(looks) == len(SHOWN)
    assert {(role, who) for _, role, who, _ in looks} == {("patient", kari.house.people["kari"])}


def test_codes_are_forgiving_as_people_type_them(kari: Visitor) -> None:
    code = kari.code
    for typed in (code.lower(), f"{code[:4]}-{code[4:8]}-{code[8:]}"):
        assert Client().get(f"/t/{typed}/").status_code == 200


@pytest.mark.parametrize("name", [*SHOWN, *PRESSED])
def test_strangers_and_revoked_codes_get_one_and_the_same_page(kari: Visitor, name: str) -> None:
    old = kari.code
    client = Client()
    revoke_link(practice_id=kari.house.id, appointment_id=kari.appointment_id, by=SYSTEM, now=kari.house.now)
    send = client.post if name in PRESSED else client.get
    unknown = send(f"/t/0000000000000/{PATHS[name]}")
    short = send(f"/t/x/{PATHS[name]}")
    revoked = send(f"/t/{old}/{PATHS[name]}")
    assert {unknown.status_code, short.status_code, revoked.status_code} == {404}
    assert unknown.content.replace(b"0000000000000", b"x") == short.content
    assert "22 12 34 56" in revoked.content.decode()
    assert "Kari" not in revoked.content.decode()
    assert kari.get().status_code == 200


def test_the_erased_and_the_retired_have_no_page(kari: Visitor, house: House) -> None:
    emily = visitor(house, "emily", at=None)
    erase_patient(
        practice_id=house.id, patient_id=house.people["emily"], reason="asked", by=house.by("sofie"), now=house.now
    )
    assert emily.get().status_code == 404
    retire_practice(practice_id=house.id, by=SYSTEM, now=house.now)
    assert kari.get().status_code == 404


def test_who_guesses_is_stopped_and_others_are_not(kari: Visitor) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    answers = [guesser.get(f"/t/000000000000{n % 10}/").status_code for n in range(throttle.LIMITS["wrong"] + 1)]
    assert answers[-1] == 429
    assert guesser.get(f"/t/{kari.code}/").status_code == 429
    assert kari.get().status_code == 200


def test_too_many_presses_get_a_page_in_words(kari: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle.LIMITS, "write", 1)
    kari.press("", "confirmation/")
    answer = kari.client.post(kari.path("confirmation/"))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"


def test_while_the_world_is_guessing_a_right_code_opens(kari: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "GLOBAL_WRONG", 3)
    for n in range(5):
        Client(REMOTE_ADDR=f"203.0.113.{n}").get("/t/0000000000000/")
    assert kari.get().status_code == 200
    crowd = Client(REMOTE_ADDR="203.0.113.77")
    answers = [crowd.get("/t/0000000000000/").status_code for _ in range(throttle.GLOBAL_WRONG_EACH + 1)]
    assert answers == [404] * throttle.GLOBAL_WRONG_EACH + [429]


def test_the_throttle_keeps_no_address() -> None:
    caller = throttle.Caller.of(RequestFactory().get("/", REMOTE_ADDR="203.0.113.9"))
    assert re.fullmatch("[0-9a-f]{32}", caller.key)


def test_one_persons_mark_presses_nothing_of_anothers(house: House, kari: Visitor) -> None:
    emily = visitor(house, "emily", at=None)
    mark = emily.nonce("", "confirmation/")
    kari.client.post(kari.path("confirmation/"), {"nonce": mark})
    assert kari.facts.confirmed_at is None


def test_the_same_name_at_another_practice_sees_only_itself(kari: Visitor) -> None:
    nordlys = open_nordlys("kari", now=MORNING, is_virtual=True)
    set_clock(nordlys, MORNING + timedelta(hours=1))
    message = Incoming(patient_id=nordlys.people["kari"], words="only for Nordlys")
    receive_message(practice_id=nordlys.id, message=message, by=SYSTEM, now=nordlys.now)
    for name in SHOWN:
        text = kari.get(PATHS[name]).content.decode()
        assert "Nordlys" not in text


def fingerprint(house: House) -> str:
    """A hash over every row of every table, but who looked and the throttles."""
    digest = hashlib.sha256()
    with scope.transaction(house.id), connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        tables = [name for (name,) in cursor.fetchall() if name not in NOT_HASHED]
        for table in tables:
            cursor.execute("select has_table_privilege(current_user, %s, 'select')", [f'public."{table}"'])
            if cursor.fetchone()[0]:
                cursor.execute(
                    f"select md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) from \"{table}\" t"
                )
                digest.update(f"{table} {cursor.fetchone()[0]}\n".encode())
    return digest.hexdigest()
