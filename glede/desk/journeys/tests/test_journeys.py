"""The owner reads the journey as sentences, tries a change on the next 30 days, keeps it, and has an older one back."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from glede.desk.forecast import kept
from glede.desk.journeys.telling import Difference, differences, sentence
from glede.journeys.document import default_raw
from glede.journeys.models import Enrolment, Journey
from glede.journeys.operations import change_journey, follow
from glede.journeys.queries import journey_raw
from glede.journeys.tests.stories import book
from glede.kernel.actor import SYSTEM
from glede.practices import scope
from tests.cast import House, open_nordlys, open_solberg
from tests.seats import at_desk


@pytest.fixture
def house(db: None) -> House:
    kept._kept.clear()
    house = open_solberg("emily", is_virtual=True)
    book(house, "emily")
    follow(house.id, now=house.now)
    return house


@pytest.fixture
def sofie(house: House) -> Client:
    """The owner's browser, in English."""
    return at_desk(house, "sofie")


def words(response: Any) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def at(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


REMINDER = {"is_on": "on", "days": "2", "at": "16:00", "act": "message", "others": "message", "otherwise": "call"}


def asked(**changed: str) -> dict[str, str]:
    return {**REMINDER, "under_way": "move", "seen": "0", **changed}


def test_every_row_is_a_sentence_in_both_languages_and_rests_with_its_reason(house: House, sofie: Client) -> None:
    page = words(sofie.get(at("journeys")))
    for row in default_raw()["rows"]:
        with translation.override("nb"):
            norwegian = sentence(row)
        assert sentence(row) in page
        assert norwegian != sentence(row)
    assert "1 day before a visit at 15:00: they get a message." in page
    assert "What begins it is not there yet." in page
    assert "1 person in the next 30 days" in words(sofie.get(at("journeys") + "?count=1"))


def test_a_colleague_reads_and_changes_nothing(house: House) -> None:
    ingrid = at_desk(house, "ingrid", raise_request_exception=False)
    page = ingrid.get(at("journeys"))
    assert page.status_code == 200
    assert at("journey_row", "6") not in page.content.decode()
    assert ingrid.post(at("journey_row", "6"), asked()).status_code == 403


def test_a_change_is_tried_on_the_next_30_days_and_nothing_is_kept(house: House, sofie: Client) -> None:
    assert at("person", house.people["emily"]) not in sofie.get(at("journey_row", "6")).content.decode()
    page = words(sofie.post(at("journey_row", "6"), asked(**{"try": "1"})))
    assert "2 days before a visit at 16:00" in page
    wrote, today = page.split("As you wrote it")[1].split("As it is today")
    assert "1 person gets it. Emily Tue" in wrote
    assert "1 person gets it. Emily Wed" in today
    kept_old = words(sofie.post(at("journey_row", "6"), asked(under_way="keep", **{"try": "1"})))
    assert "The same people get it" in kept_old.split("As you wrote it")[1].split("As it is today")[0]
    nothing = words(sofie.post(at("journey_row", "6"), asked(under_way="stop", **{"try": "1"})))
    assert "Nobody gets it in these days." in nothing.split("As you wrote it")[1]
    with scope.transaction(house.id):
        assert not Journey.objects.exists()


def test_kept_it_is_a_version_and_one_key_takes_it_back(house: House, sofie: Client) -> None:
    done = sofie.post(at("journey_row", "6"), asked(), follow=True)
    assert "Kept as version 1." in words(done)
    assert "2 days before a visit at 16:00" in words(done)
    undo = at("journey_restore", 0) + "?under_way=move&seen=1"
    assert undo in unescape(done.content.decode())
    story = words(sofie.get(at("journey_history")))
    assert "Before: 1 day before a visit at 15:00" in story
    assert "Version 1" in story
    assert "Sofie" in story
    sofie.post(undo)
    raw, version = journey_raw(house.id)
    assert (raw, version) == (default_raw(), 2)
    with scope.transaction(house.id):
        assert set(Enrolment.objects.values_list("version", flat=True)) == {2}


def test_what_stands_already_or_was_changed_meanwhile_is_not_kept(house: House, sofie: Client) -> None:
    same = sofie.post(at("journey_row", "6"), asked(days="1", at="15:00"), follow=True)
    assert "That is how it stood already." in words(same)
    change_journey(practice_id=house.id, raw=default_raw(), by=SYSTEM, now=house.now)
    late = sofie.post(at("journey_row", "6"), asked())
    assert late.status_code == 422
    assert "Somebody else changed the journey meanwhile." in words(late)
    assert 'value="16:00"' in late.content.decode()
    assert journey_raw(house.id)[1] == 1
    seen = re.search(r'name="seen" value="(\d+)"', late.content.decode())
    assert "Kept as version 2." in words(
        sofie.post(at("journey_row", "6"), asked(seen=seen[1] if seen else ""), follow=True)
    )


def test_undo_takes_nothing_of_somebody_else_away(house: House, sofie: Client) -> None:
    done = sofie.post(at("journey_row", "6"), asked(), follow=True)
    undo = at("journey_restore", 0) + "?under_way=move&seen=1"
    assert undo in unescape(done.content.decode())
    change_journey(practice_id=house.id, raw=default_raw(), by=SYSTEM, now=house.now)
    assert "Somebody else changed the journey meanwhile." in words(sofie.post(undo, follow=True))
    assert journey_raw(house.id)[1] == 2
    # The control: without what was seen, undo takes their change away.
    assert "kept as version 3." in words(sofie.post(undo.removesuffix("&seen=1"), follow=True))
    back = sofie.post(at("journey_restore", 1), {"seen": "3"}, follow=True)
    assert "Version 1 is back, kept as version 4." in words(back)


def test_the_other_practice_sees_nothing_of_it_and_changes_its_own(house: House, sofie: Client) -> None:
    nordlys = open_nordlys()
    runa, leif = at_desk(nordlys, "runa"), at_desk(nordlys, "leif", raise_request_exception=False)
    sofie.post(at("journey_row_again", "6"))
    sofie.post(at("journey_row", "6"), asked(seen="1"))
    for page in ("journeys", "journey_history", "journey_file"):
        seen = runa.get(at(page)).content.decode()
        assert "16:00" not in seen
        assert "(6a)" not in seen
    assert "Version 2" not in words(runa.get(at("journey_history")))
    assert runa.get(at("journey_row", "6a")).status_code == 404
    assert runa.post(at("journey_restore", 2)).status_code == 404
    runa.post(at("journey_row", "6"), asked(at="11:00"))
    assert (journey_raw(nordlys.id)[1], journey_raw(house.id)[1]) == (1, 2)
    assert "16:00" in words(sofie.get(at("journeys")))
    assert leif.get(at("journeys")).status_code == 200
    for page, *of in (("journey_row", "6"), ("journey_history",), ("journey_file",), ("journey_bring",)):
        assert leif.get(at(page, *of)).status_code == 403


def test_the_words_of_a_row_stand_on_its_page_with_what_a_text_takes_and_lead_back(house: House, sofie: Client) -> None:
    place = at("settings_words", "6.visit.sms.en") + "?back=journey"
    page = sofie.get(at("journey_row", "6"))
    assert "Kari, see you tomorrow" in words(page)
    assert "ours, 1 text" in words(page)
    assert place in page.content.decode()
    short = "{name}, see you {when_at}. {link} {practice}"
    done = sofie.post(place, {"short": short, "friendly": short})
    assert done.headers["Location"] == at("journey_row", "6")
    told = words(sofie.get(at("journey_row", "6")))
    assert "Kari, see you Wednesday 25 November at 10am." in told
    assert "your words, 1 text" in told
    sofie.post(at("journey_row_again", "6"))
    assert "Kari, see you Wednesday 25 November at 10am." in words(sofie.get(at("journey_row", "6a")))
    assert sofie.get(at("settings_words", "6a.visit.sms.en") + "?back=journey").status_code == 200
    ingrid = at_desk(house, "ingrid", raise_request_exception=False)
    assert ingrid.get(place).status_code == 403


@pytest.mark.parametrize(
    ("row", "changed", "said"),
    [
        ("6", {"act": "call"}, "Say whom a colleague rings."),
        (
            "5",
            {"act": "call", "who": "new", "first": "4", "last": "2", "days": "9"},
            "outside the earliest and the latest day",
        ),
        ("3", {"days": "70", "booked_days_ahead": "60", "may_wait_days": "3"}, "before the visit is booked"),
        ("6", {"at": "25:99"}, "Write an hour like 09:00"),
    ],
)
def test_what_cannot_work_is_not_kept_and_says_why(sofie: Client, row: str, changed: dict[str, str], said: str) -> None:
    response = sofie.post(at("journey_row", row), asked(**changed))
    assert response.status_code == 422
    assert said in words(response)


def test_a_second_row_is_added_and_removed_and_ours_stay(house: House, sofie: Client) -> None:
    assert sofie.post(at("journey_row_again", "6")).headers["Location"] == at("journey_row", "6a")
    page = words(sofie.get(at("journey_row", "6a")))
    assert "Off." in page
    sofie.post(at("journey_row", "6a"), asked(seen="1", days="9"))
    assert "9 days before a visit at 16:00" in words(sofie.get(at("journeys")))
    sofie.post(at("journey_row_remove", "6a"))
    assert journey_raw(house.id) == (default_raw(), 3)
    assert sofie.post(at("journey_row_remove", "6")).status_code == 404
    assert sofie.get(at("journey_row", "1")).status_code == 404


def test_what_differs_is_told_of_rows_added_removed_and_reworded() -> None:
    before = default_raw()
    rows = [row for row in before["rows"] if row["row"] != "12"]
    assert differences(before, before) == []
    assert differences(before, {**before, "rows": rows}) == [Difference("Thank you", only="Removed.")]
    assert differences({**before, "rows": rows}, before) == [Difference("Thank you", only="Added.")]

    def changed(**what: Any) -> list[Difference]:
        after = [{**row, **what} if row["row"] == "12" else row for row in before["rows"]]
        return differences(before, {**before, "rows": after})

    assert changed(is_on=False) == [Difference("Thank you", "On.", "Off.")]
    assert changed(may_wait_days=0) == [Difference("Thank you", "It may wait at most 2 days for a free day.")]
    assert changed(wording={}) == [Difference("Thank you", only="Its words were changed.")]
    assert changed(lane="marketing") == [Difference("Thank you", only="A rule was changed that no sentence tells.")]
