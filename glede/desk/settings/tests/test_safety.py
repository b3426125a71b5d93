"""What the owner reads of backups, and the page between a restored backup and sending again."""

from datetime import timedelta

import pytest

from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.practices.models import BackupProof
from glede.practices.operations import Returned, begin_restored, note_backup
from glede.practices.queries import last_restoration, practice_by_id
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
PAGE = "/settings/restored/"


@pytest.fixture
def house() -> House:
    """Solberg with Kari and colleagues who sign in."""
    return open_solberg("kari", now=clock.now())


def proved(days_ago: int, *, problem: str = "") -> None:
    """Note a backup so many days ago."""
    at = clock.now() - timedelta(days=days_ago)
    note_backup(
        BackupProof(
            at=at, folder="/backups", file_name="" if problem else "glede.backup", size=0 if problem else 400_000,
            proved_at=None if problem else at, problem=problem,
        )
    )  # fmt: skip


def restored(house: House, newer: str = "compared") -> None:
    """Let the practice stand where a backup of yesterday stood."""
    line = {"what": "booked", "visit": str(house.id), "patient": str(house.people["kari"])}
    line |= {"starts_at": (house.now + timedelta(days=2)).isoformat(), "state": "booked"}
    told = Returned(
        house.now - timedelta(days=1), "glede.backup", newer, "glede_before", {"messages_went": 7}, [line]
    )  # fmt: skip
    begin_restored(practice_id=house.id, returned=told, by=SYSTEM, now=house.now)


@pytest.mark.parametrize(
    ("days", "level"), [(None, "late"), (0, ""), (3, "late")], ids=["never", "today", "three days ago"]
)
def test_the_owner_reads_when_a_restore_was_last_proved(house: House, days: int | None, level: str) -> None:
    if days is not None:
        proved(days)
    page = at_desk(house, "sofie").get("/settings/").content.decode()
    part = page.partition('id="safety"')[2].partition("</section>")[0]
    words = {None: "Last backup: never", 0: "Last proven restore: today", 3: "Last proven restore: 3 days ago"}[days]
    assert words in part
    assert ('class="fate late"' in part) is bool(level)


def test_a_try_that_failed_is_told_with_its_reason(house: House) -> None:
    proved(1)
    proved(0, problem="The disk of /backups is full.")
    part = at_desk(house, "sofie").get("/settings/").content.decode().partition('id="safety"')[2]
    assert "The last try failed: The disk of /backups is full." in part
    assert "Last proven restore: 1 day ago" in part


def test_after_a_return_the_owner_sees_what_differs_and_lets_messages_go(house: House) -> None:
    restored(house)
    owner = at_desk(house, "sofie")
    assert 'href="/settings/restored/"' in owner.get("/settings/").content.decode()
    page = owner.get(PAGE).content.decode()
    assert "Messages that left since, and are not sent again: 7" in page
    assert "Kari Moe" in page
    assert practice_by_id(house.id).stopped_at is not None, "looking changes nothing"
    owner.post(PAGE)
    assert practice_by_id(house.id).stopped_at is None
    assert last_restoration(house.id) is None
    assert owner.get(PAGE).status_code == 302


def test_nobody_else_lets_messages_go_after_a_return(house: House) -> None:
    restored(house)
    manager = at_desk(house, "nina")
    assert manager.post(PAGE).status_code == 403
    answer = manager.post("/outbox/stop/", follow=True)
    assert "The owner lets messages go again" in answer.content.decode()
    assert practice_by_id(house.id).stopped_at is not None
