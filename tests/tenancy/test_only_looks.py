"""Every page of the desk asked again and again: nothing of the practice is another than before."""

import pytest

from tests.depth import DEPTH, count
from tests.estate import Estate, address, an_estate, desk_pages
from tests.seats import at_desk
from tests.tenancy.traces import LOOKS, fingerprint

pytestmark = pytest.mark.django_db
TIMES = count(100) if DEPTH > 1 else 1


@pytest.fixture
def estate() -> Estate:
    return an_estate("solberg")


def pages() -> dict[str, set[str]]:
    """Return every page of the desk that may be asked for, with what its address names."""
    return {name: named for name, view, named in desk_pages() if "GET" in getattr(view, "desk_methods", ())}


def test_every_page_of_the_desk_asked_again_and_again_changes_nothing(estate: Estate) -> None:
    manager = at_desk(estate.house, "sofie", raise_request_exception=False)
    paths = {name: address(name, named, estate.ids) for name, named in pages().items()}
    before = fingerprint(estate.house.id, leave_out=LOOKS)
    answers = {
        name: {manager.get(path).status_code for _ in range(TIMES)} | {manager.head(path).status_code}
        for name, path in paths.items()
    }
    assert fingerprint(estate.house.id, leave_out=LOOKS) == before
    odd = {name: codes for name, codes in answers.items() if not codes <= {200, 302, 303, 403, 404}}
    assert odd == {}
    assert sum(200 in codes for codes in answers.values()) > len(paths) * 3 / 4
    assert len(paths) > 50


def test_a_page_that_writes_is_seen(estate: Estate) -> None:
    before = fingerprint(estate.house.id, leave_out=LOOKS)
    manager = at_desk(estate.house, "sofie")
    manager.post(address("desk:visit_confirm", {"appointment_id"}, estate.ids))
    after = fingerprint(estate.house.id, leave_out=LOOKS)
    assert "diary_appointment" in {table for table, hashed in after.items() if before[table] != hashed}
