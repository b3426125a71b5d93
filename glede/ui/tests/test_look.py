"""One cookie holds how a reader wants to see pages; only a pressed button sets it."""

import pytest
from django.test import Client

from glede.ui.look import COOKIE, Look, code_of


@pytest.mark.parametrize("text", ["", "9.neon.xx.maybe", "....", "1", "\x00.", "2.dark.nb.off.more"])
def test_any_cookie_can_be_read(text: str) -> None:
    look = Look.read(text)
    assert Look.read(look.write()) == look


def test_what_is_impossible_is_left_alone() -> None:
    look = Look().changed({"size": "3", "theme": "purple", "language": "nb", "keys": "off"})
    assert look == Look("3", "", "nb", "off")


def test_the_letters_go_round() -> None:
    assert [Look(size).next_size for size in "123"] == ["2", "3", "1"]


@pytest.mark.parametrize(
    ("language", "code"), [("nb", "nb"), ("nn", "nb"), ("no", "nb"), ("en", "en-gb"), ("pl", "en-gb")]
)
def test_each_person_is_spoken_to(language: str, code: str) -> None:
    assert code_of(language) == code


def test_pressing_keeps_the_choice_and_goes_back(client: Client) -> None:
    answer = client.post("/ui/look/", {"language": "nb", "next": "/ui/gallery/?a=1"})
    assert answer.status_code == 303
    assert answer["Location"] == "/ui/gallery/?a=1"
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = client.get("/ui/gallery/")
    assert b'<html lang="nb"' in page.content
    assert page["Content-Language"] == "nb"


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_it_leads_nowhere_else(client: Client, there: str) -> None:
    assert client.post("/ui/look/", {"size": "2", "next": there})["Location"] == "/"


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_changes_nothing(client: Client, method: str) -> None:
    answer = getattr(client, method)("/ui/look/?size=3")
    assert answer.status_code == 405
    assert not answer.cookies


def test_the_browser_is_asked_where_nothing_was_chosen(client: Client) -> None:
    assert b'<html lang="nb"' in client.get("/ui/gallery/", headers={"Accept-Language": "nb-NO,nb;q=0.9"}).content
    assert b'<html lang="en-GB"' in client.get("/ui/gallery/", headers={"Accept-Language": "pl"}).content
