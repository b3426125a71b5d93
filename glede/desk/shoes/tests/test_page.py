"""Ingrid walks as Jonas: the page, his phone with the real pages in it, and what she does in his place."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from glede.practices import scope
from glede.shoes import sealed
from glede.shoes.models import Walk
from tests.cast import House, open_solberg
from tests.seats import at_desk
from tests.tenancy.traces import LOOKS, fingerprint


@pytest.fixture
def house(own_database: str, template_database: str) -> Iterator[House]:
    """Solberg, and an empty sealed database beside it."""
    house = open_solberg("kari")
    sealed.make(template_database)
    yield house
    sealed.drop()


def test_a_colleague_lives_a_year_as_jonas(house: House) -> None:
    client, before = at_desk(house, "ingrid"), fingerprint(house.id, leave_out=LOOKS)
    assert "frame-src 'self'" in client.get("/shoes/").headers["Content-Security-Policy"]
    begun = client.post("/shoes/walks/", {"persona": "jonas", "seed": "3"})
    copy_id = parse_qs(urlsplit(begun.headers["Location"]).query)["walk"][0]

    def press(action: str, **more: str) -> str:
        answer = client.post("/shoes/steps/", {"walk": copy_id, "action": action, **more}, follow=True)
        assert answer.status_code == 200, action
        return answer.content.decode()

    page = ""
    for action, words, told in (
        ("next", "", "A message comes by"), ("felt", "welcome", "<q>welcome</q>"), ("say", "Hello?", "They write"),
        ("move", "", "The visit is moved"), ("buy_nothing", "", "They buy nothing"), ("complain", "", "They write"),
    ):  # fmt: skip
        page = press(action, words=words)
        assert told in page, action
    assert "Write something first." in press("say", words=" ")
    _the_phone_is_real_and_marked(client, copy_id, page)
    assert "The visit is done" in press("year")
    first = client.get(f"/shoes/?walk={copy_id}&n=1").content.decode()
    assert "A visit is booked" in first
    assert client.get(f"/shoes/?walk={copy_id}&n=2&phone=page").content.count(b"<iframe") == 0
    assert client.get("/shoes/?walk=none").status_code == 404
    assert client.post("/shoes/walks/", {"persona": "nobody"}).status_code == 404
    assert fingerprint(house.id, leave_out=LOOKS) == before
    with scope.transaction(house.id):
        assert not Walk.objects.exists()


def _the_phone_is_real_and_marked(client: Client, copy_id: str, page: str) -> None:
    opened = client.get(f"/shoes/?walk={copy_id}&phone=page").content.decode()
    found = re.search(r'<iframe src="([^"]+)"', opened)
    assert found, page
    phone = client.get(found[1])
    html = phone.content.decode()
    assert phone.status_code == 200
    assert "Nothing here is real." in html
    assert "Jonas" in html
    assert 'href="/ui/patient.' in html
    assert phone.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in phone.headers["Content-Security-Policy"]
    mark = re.search(r'name="nonce" value="([^"]+)"', html)
    assert mark
    pressed = client.post(f"{found[1]}confirmation/", {"nonce": mark[1]})
    assert pressed.status_code == 303
    assert pressed.headers["Location"].startswith("/shoes/phone/")
    assert Client().get(found[1]).status_code == 302  # nobody but a colleague
    assert client.get(found[1].split("/shoes/phone/")[1].partition("/")[2].join(("/", ""))).status_code == 404
    assert client.get(f"/shoes/phone/{copy_id}/people/").status_code == 404
