"""The one stream of a person: paged, filtered, whole; nothing lost and nothing doubled between two pages."""

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glede.config.benches.talkative import fill
from glede.desk.people import stream
from glede.desk.people.stream import KINDS, Entry, Known, counts
from glede.diary.queries import times_of
from glede.people.operations import merge_patients
from glede.people.queries import patient_card
from glede.practices import scope
from glede.practices.paging import Place
from glede.practices.queries import practice_by_id
from tests.depth import count
from tests.estate import Estate, an_estate
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
FILLED = 110


@pytest.fixture
def estate() -> Estate:
    """Kari, with whom much happened at a few moments, and into whose record Emily's was merged."""
    estate = an_estate("solberg", "kari", "emily")
    emily = estate.house.people["emily"]
    happen(estate, "kari", FILLED, seed=1)
    happen(estate, "emily", 33, seed=2)
    kari, by = estate.ids["patient_id"], estate.house.by("ingrid")
    merge_patients(practice_id=estate.house.id, keep_id=kari, merge_id=emily, by=by, now=estate.house.now)
    return estate


def happen(estate: Estate, name: str, number: int, seed: int, moments: int = 9) -> None:
    house, drawn = estate.house, random.Random(seed)
    ats = [house.now - timedelta(days=1, hours=drawn.randrange(moments)) for _ in range(number)]
    fill(house.id, house.people[name], estate.ids["appointment_id"], house.by("ingrid"), ats)


def known(estate: Estate) -> Known:
    practice, kari = practice_by_id(estate.house.id), estate.ids["patient_id"]
    request = cast("Any", SimpleNamespace(practice=practice, now=estate.house.now))
    return Known(request, kari, "Kari", tuple(v.appointment_id for v in times_of(estate.house.id, kari)))


def pages(whose: Known, shown: str) -> Iterator[list[Entry]]:
    """Yield the pages of a stream, as somebody finds them who presses "Earlier" to the end."""
    place, seen = "", set()
    while place not in seen:
        seen.add(place)
        page = stream.stream(whose, shown, place)
        yield page.entries
        place = page.older or place


def walked(whose: Known, shown: str, size: int, monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    monkeypatch.setattr(stream, "PAGE", size)
    return [entry for page in pages(whose, shown) for entry in page]


def test_walking_the_pages_finds_what_stands_there_at_once(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(count(1)):
        happen(estate, "kari", 22, seed=100 + seed, moments=2)
        with scope.transaction(estate.house.id, read_only=True):
            whose = known(estate)
            whole = walked(whose, "all", 10_000, monkeypatch)
            assert counts(whose) == {kind: sum(e.kind == kind for e in whole) for kind in KINDS if kind != "all"}
            assert len(whole) >= FILLED + 33 + 22 * (seed + 1)
            for shown in KINDS:
                wanted = [entry for entry in whole if shown in {"all", entry.kind}]
                for size in (7, 30) if shown == "all" else (11,):
                    assert walked(whose, shown, size, monkeypatch) == wanted, (shown, size)
        stands_in_order(whole)


def stands_in_order(whole: list[Entry]) -> None:
    owed = [entry.kind == "promised" for entry in whole]
    past = [entry.at for entry in whole if entry.kind != "promised"]
    assert {entry.kind for entry in whole} == set(KINDS) - {"all"}
    assert owed == sorted(owed, reverse=True), "what is owed stands first"
    assert past == sorted(past, reverse=True)
    assert len(set(past)) < len(past) / 5, "many of them share a moment"


@pytest.mark.parametrize("micros", [0, 1])
def test_control_by_time_alone_entries_are_lost_or_doubled(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, micros: int
) -> None:
    def by_time(place: Any, rank: int) -> Place | None:
        return Place(place.at + timedelta(microseconds=micros)) if place and place.rank != stream.OWED_RANK else None

    with scope.transaction(estate.house.id, read_only=True):
        whole = walked(known(estate), "said", 10_000, monkeypatch)
        monkeypatch.setattr(stream, "_before", by_time)
        assert walked(known(estate), "said", 7, monkeypatch) != whole


def test_a_page_asks_as_many_statements_however_much_there_is(estate: Estate) -> None:
    ingrid = at_desk(estate.house, "ingrid")
    address = f"/people/{estate.ids['patient_id']}/"

    def asked(where: str) -> int:
        with CaptureQueriesContext(connection) as statements:
            assert ingrid.get(where).status_code == 200
        return len(statements)

    asked(address)
    before = [asked(f"{address}?show={kind}") for kind in KINDS]
    happen(estate, "kari", 330, seed=3)
    asked(address)
    after = [asked(f"{address}?show={kind}") for kind in KINDS]
    assert after[1:] == before[1:]
    assert after[0] <= before[0], "where much is owed, the past is not asked for yet"


def test_older_entries_come_without_scripts_and_with(estate: Estate) -> None:
    ingrid, kari = at_desk(estate.house, "ingrid"), estate.ids["patient_id"]
    first = ingrid.get(f"/people/{kari}/?show=said").content.decode()
    older = unescape(re.findall(r'href="([^"]+from=[^"]+)#stream"', first)[0])
    assert f"/people/{kari}/?show=said&from=" in older
    second = ingrid.get(older).content.decode()
    assert "The newest" in second
    assert "What matters to me" in second
    assert "autofocus" not in second.partition("stream")[2]
    part = ingrid.get(older, headers={"HX-Request": "true"}).content.decode()
    assert part.count('tabindex="-1" autofocus') == 1
    assert part.strip().startswith("<li")
    assert "What matters to me" not in part
    assert second.partition('<ol class="stream" id="stream">')[2].count("<li") == part.count("<li")
    for place in ("x", "MCAw", older.partition("from=")[2][:-6], "LTEgMSAx"):
        for headers in ({}, {"HX-Request": "true"}):
            assert ingrid.get(f"/people/{kari}/", {"from": place}, headers=headers).status_code == 404
    stranger = an_estate("nordlys").ids["patient_id"]
    assert ingrid.get(f"/people/{stranger}/?from=MCAwIDA", headers={"HX-Request": "true"}).status_code == 404


def test_whoever_was_merged_is_told_with_them(estate: Estate) -> None:
    with scope.transaction(estate.house.id, read_only=True):
        card = patient_card(estate.house.id, estate.house.people["emily"])
        assert card is not None
        assert card.person.patient_id == estate.ids["patient_id"]
        counted = counts(known(estate))
    assert counted["said"] >= (FILLED + 33) // 4
