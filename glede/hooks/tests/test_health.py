"""The check that the house stands says nothing about anybody."""

from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_standing_house_says_ok() -> None:
    answer = Client().get("/hooks/health/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert Client().post("/hooks/health/").status_code == 405


def test_without_the_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", broken)
    assert Client().get("/hooks/health/").status_code == 503
