"""docs/roles.md is the table of who may open what; the code agrees with each of its cells."""

import re
from functools import cache
from pathlib import Path

import pytest

from glede.staff.models import Role
from tests.cast import open_solberg
from tests.depth import DEPTH
from tests.estate import address, an_estate, desk_pages
from tests.seats import at_desk

TABLE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
ROLES = [role.value for role in Role]
SEATS = {
    "receptionist": "ingrid",
    "dispensing_optician": "marius",
    "optometrist": "amal",
    "manager": "nina",
    "owner": "sofie",
}
BEFORE_ANYBODY = {"desk:start", "desk:look_around", "desk:start_practice", "desk:join", "desk:join_code"}


@cache
def written() -> dict[str, set[str]]:
    """Return who may use each address, as the table says."""
    found = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"`desk:\w+`", cells[0]):
            found[cells[0].strip("`")] = {role for role, cell in zip(ROLES, cells[1:], strict=True) if cell == "yes"}
    return found


def test_the_table_names_every_address_and_no_other() -> None:
    names = {name for name, _view, _parameters in desk_pages()} - BEFORE_ANYBODY
    assert set(written()) == names


def test_the_code_asks_for_the_roles_of_the_table() -> None:
    for name, view, _parameters in desk_pages():
        if name not in BEFORE_ANYBODY:
            assert set(view.desk_roles) == written()[name], name


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_refused_what_the_table_refuses(role: str) -> None:
    estate = an_estate("solberg")
    client = at_desk(estate.house, SEATS[role], raise_request_exception=False)
    turn = ROLES.index(role)
    for number, (name, view, parameters) in enumerate(desk_pages()):
        if name in BEFORE_ANYBODY:
            continue
        if DEPTH < 10 and role in written()[name] and number % len(ROLES) != turn:
            continue  # who is let in opens it in turn: the same page for each of them takes a minute
        where = address(name, parameters, estate.ids)
        response = client.get(where) if "GET" in view.desk_methods else client.post(where, {})
        if role in written()[name]:
            assert response.status_code != 403, name
        else:
            assert response.status_code == 403, name
        assert response.status_code != 500, name


@pytest.mark.django_db
def test_the_cast_has_somebody_in_every_role() -> None:
    house = open_solberg()
    assert set(SEATS.values()) <= set(house.colleagues)
