"""A note whose day is understood, and one way put first."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from glede.kernel.clock import wall
from glede.outbox.models import Message
from glede.people.queries import field_history, reach, search
from glede.practices import scope
from glede.promises.queries import Owed, open_promises
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("jonas", is_virtual=True)


@pytest.fixture
def ingrid(house: House) -> Client:
    return at_desk(house, "ingrid")


def follow_ups(house: House) -> list[Owed]:
    return open_promises(house.id, kinds=["follow_up"])


def note(client: Client, house: House, words: str, day: str = "") -> str:
    where = reverse("desk:note", args=[house.people["jonas"]])
    return unescape(client.post(where, {"words": words, "day": day}, follow=True).content.decode())


def test_the_day_is_shown_before_the_note_is_kept(house: House, ingrid: Client) -> None:
    words = "His sister marries, wedding in May"
    shown = ingrid.post(reverse("desk:note_day", args=[house.people["jonas"]]), {"words": words}).content.decode()
    assert "on <b>Monday 3 May 2027</b> you are reminded" in shown
    assert follow_ups(house) == []
    assert "Kept." in note(ingrid, house, words, "none")
    assert follow_ups(house) == []


def test_who_writes_quicker_than_it_is_shown_is_told_of_the_day_and_may_take_it_back(
    house: House, ingrid: Client
) -> None:
    page = note(ingrid, house, "His sister marries, wedding in May")
    assert "Kept. “in May”: it comes back to you on Mon 3 May." in page
    assert len(follow_ups(house)) == 1


def test_what_may_mean_two_days_is_asked_and_a_day_that_is_over_too(house: House, ingrid: Client) -> None:
    asked = note(ingrid, house, "ring next Friday", "2026-11-30")
    assert "which day?" in asked
    assert follow_ups(house) == []
    assert "is over. Choose a day below" in note(ingrid, house, "ask about 3 May 2020")
    note(ingrid, house, "ring next Friday", "2026-12-04")
    (owed,) = follow_ups(house)
    assert f"{wall(owed.due_at, 'Europe/Oslo'):%Y-%m-%d}" == "2026-12-04"


def test_a_day_in_the_words_is_kept_shown_and_taken_back(house: House, ingrid: Client) -> None:
    page = note(ingrid, house, "His sister marries, wedding in May", "2027-05-01")
    assert "Kept. “in May”: it comes back to you on Mon 3 May." in page  # the 1st is a Saturday
    (owed,) = follow_ups(house)
    assert f"{wall(owed.due_at, 'Europe/Oslo'):%Y-%m-%d}" == "2027-05-03"
    back = reverse("desk:note_undated", args=[owed.id])
    assert back in page
    for _press in range(2):
        assert "The note stays, without a day." in ingrid.post(back, follow=True).content.decode()
    assert follow_ups(house) == []


def test_norwegian_words_and_no_day_at_all(house: House) -> None:
    amal = at_desk(house, "amal", "nb")
    assert "«om 2 uker»: Det kommer tilbake til deg ti" in note(amal, house, "ring om 2 uker", "2026-12-08")
    note(amal, house, "Har to barn")
    assert len(follow_ups(house)) == 1


def test_one_way_is_put_first_and_nobody_is_messaged(house: House, ingrid: Client) -> None:
    where = reverse("desk:channel", args=[house.people["jonas"]])
    for way in ("call", "email"):
        assert ingrid.post(where, {"channel": way}).status_code == 302
        assert reach(house.id, [house.people["jonas"]])[house.people["jonas"]].channels[0] == way
    assert ingrid.post(where, {"channel": "pigeon"}).status_code == 404
    with scope.transaction(house.id):
        assert not Message.objects.filter(practice_id=house.id).exists()


def test_a_name_an_address_and_a_birth_date_are_put_right_and_found_at_once(house: House, ingrid: Client) -> None:
    jonas = house.people["jonas"]
    where = reverse("desk:details", args=[jonas])
    said = {
        "given_name": "Jonas", "family_name": "Berglund", "how_to_say": "", "birth_date": "1990-02-28",
        "street": "Elvegata 6", "postcode": "1531", "city": "Moss",
    }  # fmt: skip
    page = ingrid.post(where, said, follow=True).content.decode()
    assert "Elvegata 6, 1531 Moss" in page
    assert [one.patient_id for one in search(house.id, "berglund")] == [jonas]
    assert [one.patient_id for one in search(house.id, "28.2.1990")] == [jonas]
    assert {one.field for one in field_history(house.id, jonas)} >= {"family_name", "birth_date", "street"}
    assert "Nothing was changed." in ingrid.post(where, said, follow=True).content.decode()


def test_nobody_is_born_tomorrow(house: House, ingrid: Client) -> None:
    where = reverse("desk:details", args=[house.people["jonas"]])
    page = ingrid.post(where, {"given_name": "Jonas", "birth_date": "2031-01-01"})
    assert page.status_code == 422
    assert "Choose a day that has been" in page.content.decode()


def test_one_kind_of_message_goes_another_way(house: House, ingrid: Client) -> None:
    jonas = house.people["jonas"]
    said = {"first": "sms", "then": "call", "style": "", "language": "nb", "for_visits": "email"}
    ingrid.post(reverse("desk:wishes", args=[jonas]), said)
    assert reach(house.id, [jonas])[jonas].channels_for == {"visits": ("email", "sms", "call")}
    shown = ingrid.get(reverse("desk:person", args=[jonas])).content.decode()
    assert '<option value="email" selected>' in shown.partition('name="for_visits"')[2]
