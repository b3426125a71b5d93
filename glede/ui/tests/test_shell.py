"""The rail shows what is there, in its fixed order."""

import pytest
from django.test import RequestFactory

from glede.ui import shell


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    known: dict[str, str] = {}
    monkeypatch.setattr(shell, "_places", known)
    return known


def test_pages_keep_the_order_of_the_rail(places: dict[str, str]) -> None:
    shell.register_page("diary", "ui:gallery")
    shell.register_page("today", "ui:gallery")
    shell.register_page("settings", "ui:gallery")
    shell.register_palette("ui:gallery")
    found = shell.for_request(RequestFactory().get("/"))
    assert [place.key for place in found.places] == ["today", "diary"]
    assert [place.key for place in found.mine] == ["settings"]
    assert found.palette == found.home == "/ui/gallery/"
    assert found.clock == ""


def test_a_room_above_puts_its_own_first_in_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_templates", {})
    assert shell.for_request(RequestFactory().get("/")).menu == ""
    shell.register_menu("desk/today/_away.html")
    assert shell.for_request(RequestFactory().get("/")).menu == "desk/today/_away.html"


def test_what_is_not_built_is_not_shown(places: dict[str, str]) -> None:
    shell.register_page("jobs", "desk:not-built-yet")
    assert shell.for_request(RequestFactory().get("/")).places == []


def test_unknown_pages_are_refused(places: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        shell.register_page("adverts", "ui:gallery")
