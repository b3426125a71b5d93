"""What may be sent is read by everybody; the owner takes something away, and nobody can add."""

import re

import pytest
from django.test import Client

from glede.practices.queries import practice_by_id
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
PAGE, NARROW = "/settings/policy/", "/settings/policy/narrow/"
OURS = {"texts_in_7_days": "3", "marketing_in_30_days": "2"}


@pytest.fixture
def house() -> House:
    return open_solberg("kari")


def read(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def test_everybody_reads_the_law_with_its_source(house: House) -> None:
    page = read(at_desk(house, "ingrid"))
    assert "markedsføringsloven §§12-15" in page
    assert "Last looked at on 22 November 2026" in page
    assert "never on public holidays" in page
    assert "We send: all that the law lets us send." in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("name", ["ingrid", "nina"])
def test_only_the_owner_takes_something_away(house: House, name: str) -> None:
    assert at_desk(house, name).post(NARROW, {**OURS, "purpose_thanks": "off"}).status_code == 403


def test_what_is_taken_away_is_kept_told_and_undone_by_the_owner(house: House) -> None:
    sofie = at_desk(house, "sofie")
    said = {**OURS, "purpose_thanks": "off", "purpose_recall": "sms", "quiet_days": ["6"], "texts_in_7_days": "2"}
    page = sofie.post(NARROW, said | {"marketing_from": "10", "marketing_to": "16"}, follow=True).content.decode()
    assert "not sent: thanks after a visit" in page
    assert practice_by_id(house.id).narrowed == {
        "off": ["thanks"], "ways": ["recall:sms"], "quiet_days": [6], "marketing_hours": ["10:00", "16:00"],
        "texts_in_7_days": 2,
    }  # fmt: skip
    undo = re.findall(r"/settings/history/([0-9a-f-]{36})/undo/", page)[0]
    told = read(at_desk(house, "nina"), "/settings/history/")
    assert "quiet on Sunday" in told
    assert f"{undo}/undo/" not in told
    assert at_desk(house, "nina").post(f"/settings/history/{undo}/undo/").status_code == 403
    sofie.post(f"/settings/history/{undo}/undo/")
    assert practice_by_id(house.id).narrowed == {}


def test_both_ways_closed_stand_in_the_form_as_they_are(house: House) -> None:
    sofie, both = at_desk(house, "sofie"), {"ways": ["recall:email", "recall:sms"]}
    sofie.post(NARROW, {**OURS, "purpose_recall": "neither"})
    assert practice_by_id(house.id).narrowed == both
    row = read(sofie).split('name="purpose_recall"')[1].split("</select>")[0]
    assert '<option value="neither" selected>' in row
    sofie.post(NARROW, {**OURS, "purpose_recall": "neither", "texts_in_7_days": "2"})
    assert practice_by_id(house.id).narrowed == {**both, "texts_in_7_days": 2}


@pytest.mark.parametrize(
    "wrong",
    [
        {"texts_in_7_days": "4"},
        {"marketing_in_30_days": "3"},
        {"purpose_thanks": "more"},
        {"quiet_days": ["0", "1", "2", "3", "4", "5", "6"]},
        {"marketing_from": "16:00", "marketing_to": "10:00"},
    ],
)
def test_the_form_cannot_say_more_than_the_law(house: House, wrong: dict[str, object]) -> None:
    assert at_desk(house, "sofie").post(NARROW, {**OURS, **wrong}).status_code == 422
    assert practice_by_id(house.id).narrowed == {}


def test_no_field_names_what_is_owed(house: House) -> None:
    sofie = at_desk(house, "sofie")
    sofie.post(NARROW, {**OURS, "purpose_safety": "off", "purpose_reply": "off", "hours_from": "00:00"})
    assert practice_by_id(house.id).narrowed == {}
