"""What a practice takes away holds at the next claim, is kept with who and when, and is undone as it was made."""

import pytest

from glede.kernel import failpoints
from glede.outbox.operations import narrow_sending
from glede.outbox.policy.narrowing import WouldWiden
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, messages, planned
from glede.practices import scope
from glede.practices.models import SettingChange
from glede.practices.operations import undo_settings
from glede.practices.queries import practice_by_id
from tests.cast import House


@pytest.fixture(autouse=True)
def all_guards_on():
    """Whatever a test switches off is on again afterwards."""
    yield
    failpoints.remove_guards()


def narrow(house: House, **narrowed: object):
    return narrow_sending(practice_id=house.id, narrowed=narrowed, by=house.by("sofie"), now=house.now)


def test_what_is_switched_off_does_not_leave_at_the_next_claim(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    narrow(live, off=["reminder"])

    send_due(live.id, now=NOON)

    assert email.sent == []
    assert (messages(live)[0].state, messages(live)[0].reason) == ("skipped", "purpose_off")


def test_without_the_guard_it_would_leave(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    narrow(live, off=["reminder"])
    failpoints.remove_guards("narrowed")

    send_due(live.id, now=NOON)

    assert len(email.sent) == 1


def test_a_closed_way_is_no_way_for_this_and_a_colleague_rings(live: House, email: Scripted) -> None:
    planned(live, a_touch(live))
    narrow(live, ways=["reminder:email", "reminder:sms"])

    send_due(live.id, now=NOON)

    assert email.sent == []
    assert (messages(live)[0].state, messages(live)[0].reason) == ("handed", "way_off")


def test_it_is_kept_with_who_and_undone(live: House, email: Scripted) -> None:
    change = narrow(live, off=["reminder"])
    assert change
    assert narrow(live, off=["reminder"]) is None
    with scope.transaction(live.id):
        kept = SettingChange.objects.get(pk=change)
        assert (kept.before, kept.after) == ({"narrowed": {}}, {"narrowed": {"off": ["reminder"]}})
    undo_settings(practice_id=live.id, change_id=change, by=live.by("sofie"), now=live.now)
    assert practice_by_id(live.id).narrowed == {}
    planned(live, a_touch(live))
    assert send_due(live.id, now=NOON).accepted == 1


def test_what_would_widen_is_refused_and_changes_nothing(live: House) -> None:
    with pytest.raises(WouldWiden):
        narrow(live, texts_in_7_days=4)
    assert practice_by_id(live.id).narrowed == {}
