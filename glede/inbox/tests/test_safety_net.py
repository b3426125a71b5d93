"""The one answer that a machine gives: out of hours, where to ring. Once in 12 hours a conversation, by its channel."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from glede.inbox.operations import Incoming, receive_message
from glede.outbox.models import Message, Touch
from glede.practices import scope
from glede.practices.operations import go_live
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
EVENING = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)  # 20:00 on the wall in Oslo
NIGHTS = {
    "a winter's night": EVENING,
    "the clock goes back": datetime(2026, 10, 24, 18, 30, tzinfo=UTC),  # Saturday 20:30; 12 hours on it is 07:30
    "the clock goes forward": datetime(2027, 3, 27, 19, 30, tzinfo=UTC),  # Saturday 20:30; 12 hours on it is 09:30
}


@pytest.fixture
def house() -> House:
    return open_solberg("jonas", "tor", now=MORNING - 90 * 24 * HOUR)


def write(house: House, at: datetime, who: str = "jonas", channel: str = "link", words: str = "Hello?") -> Any:
    message = Incoming(patient_id=house.people[who], words=words, channel=channel)
    return receive_message(practice_id=house.id, message=message, by=house.by(who), now=at)


def nets(house: House) -> list[Message]:
    with scope.transaction(house.id):
        touches = Touch.objects.filter(row="31/1").values("id")
        return list(Message.objects.filter(touch__in=touches).select_related("touch").order_by("id"))


@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS.keys())
def test_twelve_hours_are_twelve_hours_in_every_night(house: House, night: datetime) -> None:
    moments = [timedelta(0), timedelta(minutes=1), 12 * HOUR - timedelta(seconds=1)]
    given = [write(house, night + after).has_safety_net for after in moments]
    assert given == [True, False, False]


def test_from_twelve_hours_on_it_is_given_again(house: House) -> None:
    friday = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
    assert [write(house, friday + after).has_safety_net for after in (0 * HOUR, 12 * HOUR, 23 * HOUR, 24 * HOUR)] == [
        True, True, False, True,
    ]  # fmt: skip


def test_each_conversation_has_its_own(house: House) -> None:
    assert write(house, EVENING).has_safety_net
    assert write(house, EVENING, "tor").has_safety_net
    assert not write(house, EVENING + HOUR, "tor", channel="email").has_safety_net


@pytest.mark.parametrize(("channel", "by"), [("sms", "sms"), ("email", "email"), ("link", "")])
def test_it_goes_by_the_channel_they_wrote_on(house: House, channel: str, by: str) -> None:
    write(house, EVENING, channel=channel)
    (message,) = nets(house)
    assert (message.channel, message.lane, message.touch.purpose) == (by, "safety", "acknowledgement")
    assert message.due_at == EVENING


def test_in_rehearsal_it_is_rehearsed_and_live_it_is_live(house: House) -> None:
    write(house, EVENING)
    go_live(practice_id=house.id, by=house.by("sofie"), now=EVENING + HOUR)
    write(house, EVENING + 2 * HOUR, "tor")
    assert [message.live for message in nets(house)] == [False, True]


@pytest.mark.parametrize("words", ["Hello?", "Takk!", "I see flashes", "2", "I'll be 10 minutes late"])
def test_while_we_are_open_no_machine_answers(house: House, words: str) -> None:
    assert not write(house, MORNING + 2 * HOUR, words=words).has_safety_net
    with scope.transaction(house.id):
        assert not Touch.objects.filter(subject_kind="conversation").exists()
