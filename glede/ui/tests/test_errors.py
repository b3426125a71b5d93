"""Each error says what happened and what to do, in the reader's language."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from glede.ui import errors
from glede.ui.look import LookMiddleware
from glede.ui.views import form_expired
from tests.cast import open_solberg
from tests.seats import at_desk

HANDLERS = {
    400: errors.bad_request,
    403: errors.forbidden,
    404: errors.not_found,
    429: errors.too_many,
    500: errors.server_error,
}


def _answer(handler: Any, language: str) -> Any:
    request = RequestFactory().get("/x", headers={"Cookie": f"glede_look=1..{language}.on"})
    return LookMiddleware(handler)(request)


@pytest.mark.parametrize("code", HANDLERS)
@pytest.mark.parametrize(("language", "first"), [("en-gb", "Go to the first page"), ("nb", "Gå til forsiden")])
def test_each_error_speaks_both_languages(code: int, language: str, first: str) -> None:
    answer = _answer(HANDLERS[code], language)
    assert answer.status_code == code
    html = answer.content.decode()
    assert first in html
    assert str(errors._WORDS[code][0]) in html or language == "nb"


@pytest.mark.django_db
def test_a_colleague_stays_at_the_desk_and_a_patient_outside() -> None:
    house = open_solberg("kari")
    ingrid = at_desk(house, "ingrid")
    for path, code in (("/nothing/here/", 404), ("/settings/", 403)):
        answer = ingrid.get(path)
        assert answer.status_code == code
        html = answer.content.decode()
        assert 'class="rail"' in html
        assert "Go to Today" in html
    assert 'class="rail"' not in ingrid.get("/t/nothing-here/at/all/").content.decode()
    assert 'class="rail"' not in Client().get("/nothing/here/").content.decode()


def test_too_many_says_when_to_come_back() -> None:
    assert _answer(errors.too_many, "nb")["Retry-After"] == "60"


def test_an_old_form_is_told_kindly() -> None:
    assert "Ingenting er endret" in _answer(form_expired, "nb").content.decode()


def test_our_own_fault_is_told_even_when_pages_cannot_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(errors, "_page", broken)
    html = errors.server_error(HttpRequest()).content.decode()
    assert "We could not do this" in html
    assert "Vi fikk det ikke til" in html


def test_an_address_that_leads_nowhere(client: Client) -> None:
    assert client.get("/t/nothing-here/at/all/").status_code == 404
