"""A form's mark carries one command, for one page, for a day."""

from datetime import timedelta

import pytest

from glede.ui import nonce


def test_a_mark_gives_back_its_command_each_time_it_is_read() -> None:
    token = nonce.issue("visit.confirm")
    assert nonce.read(token, "visit.confirm") == nonce.read(token, "visit.confirm")


def test_each_form_has_a_command_of_its_own() -> None:
    first, second = (nonce.read(nonce.issue("move"), "move") for _ in range(2))
    assert first != second
    assert first.version == 7


@pytest.mark.parametrize("token", ["", "x", "x:y:z", "e30:1abc:def"])
def test_what_is_no_mark_is_stale(token: str) -> None:
    with pytest.raises(nonce.StaleNonce):
        nonce.read(token, "move")


def test_a_mark_of_another_page_is_stale() -> None:
    with pytest.raises(nonce.StaleNonce):
        nonce.read(nonce.issue("visit.confirm"), "visit.cancel")


def test_a_changed_mark_is_stale() -> None:
    token = nonce.issue("move")
    with pytest.raises(nonce.StaleNonce):
        nonce.read("A" + token[1:] if token[0] != "A" else "B" + token[1:], "move")


def test_a_mark_ends_after_its_time() -> None:
    with pytest.raises(nonce.StaleNonce):
        nonce.read(nonce.issue("move"), "move", max_age=timedelta(seconds=-1))


def test_no_form_ends_before_twenty_hours() -> None:
    assert timedelta(hours=20) <= nonce.LIFETIME
